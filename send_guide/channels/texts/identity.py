"""Whose conversation it is, without the telephone number: the number itself lives in memory only."""

from __future__ import annotations

import hashlib
import hmac
import re

_NUMBER = re.compile(r"\+?(\d{5,15})")


class NoNumberError(ValueError):
    """The sender is no telephone number: a name, or nothing. Nobody can be answered there."""


def digits(address: str) -> str:
    """Return the digits of an address such as ``+447700900123`` or ``whatsapp:+447700900123``.

    Raises:
        NoNumberError: the address holds no telephone number.
    """
    match = _NUMBER.fullmatch(address.removeprefix("whatsapp:").strip())
    if match is None:
        raise NoNumberError("the sender is no telephone number")
    return match.group(1)


def conversation_of(key: str, channel: str, address: str) -> str:
    """Return the name of the conversation of a telephone number on a channel.

    It is a keyed hash: there are few enough telephone numbers to try them all on one without a key.

    Args:
        key: the secret of the service; another one makes everybody a stranger.
        channel: ``sms`` or ``whatsapp``: the same number has a conversation on each.
        address: the number as the provider writes it.

    Raises:
        NoNumberError: the address holds no telephone number.
    """
    found = hmac.new(key.encode(), f"{channel}/{digits(address)}".encode(), hashlib.sha256)
    return f"{channel}-{found.hexdigest()[:48]}"
