"""An address that sends too much is refused, but never before its message has been looked at for danger.

Many people can share one address: a school, a hostel, a mobile network. ``server.py`` counts; a request that
is over the limit and may hold a message goes on to its channel, which tells of danger first or refuses it.
"""

from __future__ import annotations

import ipaddress
import re

from sanic.request import Request

HOLD_MESSAGES = frozenset(
    (
        "/chat/messages",
        "/chat/feedback",
        "/chat/return",
        "/guide",
        "/guide/feedback",
        "/guide/return",
        "/helpline/answer",
        "/webhooks/rest/webhook",
    )
)
"""Addresses that what people write is posted to."""
LEAVE = frozenset(("/chat/conversation", "/guide/end", "/guide/leave"))
"""Addresses by which people leave and delete: nobody has to stay because others of their network ask much."""
NOT_COUNTED = frozenset(
    (
        "/healthz",
        "/readyz",
        "/metrics",
        "/send-guide.js",
        "/pages.css",
        "/icon.svg",
        "/helpline/helpline.js",
        "/helpline/helpline.css",
        "/editor/editor.js",
        "/editor/editor.css",
        # without a conversation nobody can say that they are in danger; a token costs nothing
        "/chat/conversations",
    )
)
"""Addresses that cost next to nothing: probes, files, the begin of a conversation."""
PAGES = frozenset(("", "/chat", "/guide"))
"""Pages on which people write; they are made without a database."""
_NETWORK_BITS = 64
"""Of an IPv6 address: the rest is chosen by whoever holds it (RFC 4291, 2.5.1; RFC 6177)."""
_WITH_PORT = re.compile(r"\[(?P<six>.+)\](:\d+)?|(?P<four>[\d.]+):\d+")


def address_of(request: Request) -> str:
    """Return the address that a request counts for: one of IPv4, or a /64 of IPv6.

    What the proxy says is taken where it is an address, with or without a port; else all that comes by that
    proxy counts for the proxy's own address, so that nobody escapes by what they write.
    """
    for said in (request.remote_addr, request.ip):
        with_port = _WITH_PORT.fullmatch(said)
        bare = (with_port["six"] or with_port["four"]) if with_port else said
        try:
            address = ipaddress.ip_address(bare)
        except ValueError:
            continue
        if isinstance(address, ipaddress.IPv4Address):
            return str(address)
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), _NETWORK_BITS), strict=False))
    return str(request.ip)


def is_counted(request: Request) -> bool:
    """Return whether a request counts for the limit of its address."""
    path = request.path.rstrip("/")
    return path not in NOT_COUNTED and not (request.method == "GET" and path in PAGES)


def goes_on(request: Request) -> bool:
    """Return whether a request over the limit goes on to its channel: it may hold somebody's message, or end
    their conversation.
    """
    path = request.path.rstrip("/")
    return path in LEAVE or (request.method == "POST" and path in HOLD_MESSAGES)


def mark_over(request: Request) -> None:
    """Say that the address of a request has sent too much: nothing but danger is answered."""
    request.ctx.over_limit = True


def is_over(request: Request) -> bool:
    """Return whether the address of a request has sent too much."""
    return getattr(request.ctx, "over_limit", False)
