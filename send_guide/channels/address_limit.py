"""An address that sends too much is refused, but never before its message has been looked at for danger.

Many people can share one address: a school, a hostel, a mobile network. ``server.py`` counts; a request that
is over the limit and may hold a message goes on to its channel, which tells of danger first or refuses it.
"""

from __future__ import annotations

from sanic.request import Request

HOLD_MESSAGES = frozenset(("/chat/messages", "/guide", "/webhooks/rest/webhook"))
"""Addresses that messages are posted to."""
NOT_COUNTED = frozenset(
    (
        "/healthz",
        "/readyz",
        "/metrics",
        "/send-guide.js",
        "/pages.css",
        "/icon.svg",
        # without a conversation nobody can say that they are in danger; a token costs nothing
        "/chat/conversations",
    )
)
"""Addresses that cost next to nothing: probes, public files, the begin of a conversation. Staff's files are
not among them: each looks for a session in the database.
"""


def is_counted(request: Request) -> bool:
    """Return whether a request counts for the limit of its address."""
    return request.path.rstrip("/") not in NOT_COUNTED


def holds_message(request: Request) -> bool:
    """Return whether a request may hold somebody's message."""
    return request.method == "POST" and request.path.rstrip("/") in HOLD_MESSAGES


def mark_over(request: Request) -> None:
    """Say that the address of a request has sent too much: nothing but danger is answered."""
    request.ctx.over_limit = True


def is_over(request: Request) -> bool:
    """Return whether the address of a request has sent too much."""
    return getattr(request.ctx, "over_limit", False)
