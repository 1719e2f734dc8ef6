"""Whose conversation it is, without the telephone number: the number itself lives in memory only."""

from __future__ import annotations

import hashlib
import hmac
import re

import phonenumbers

_NUMBER = re.compile(r"\+?(\d{5,15})")
HOME = "GB"
"""Where a number is from that says no country."""


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


def as_providers_write(channel: str, number: str) -> str:
    """Return a telephone number, however a person writes it, as the providers write it: ``+447700900123``.

    Args:
        channel: ``sms`` or ``whatsapp``.
        number: ``07700 900123``, ``+44 (0)7700 900-123``, ``0044...``, or WhatsApp's own id: all digits,
            with the country and without a plus.

    Raises:
        NoNumberError: nobody has such a number.
    """
    plain = number.strip().removeprefix("whatsapp:")
    for written in (plain, f"+{plain}"):
        try:
            parsed = phonenumbers.parse(written, HOME)
        except phonenumbers.NumberParseException:
            continue
        if _is_somebodys(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if channel == "whatsapp" and re.fullmatch(r"[1-9]\d{7,14}", plain):
        return f"+{plain}"  # some of WhatsApp's ids are older than the numbers people have by now
    raise NoNumberError(
        "that is no telephone number: write it as people ring it, or with its country, +44..."
    )


def _is_somebodys(number: phonenumbers.PhoneNumber) -> bool:
    """Return whether it is in use, or as long as its country's mobile numbers: new ranges come up."""
    long_enough = phonenumbers.is_possible_number_for_type_with_reason(
        number, phonenumbers.PhoneNumberType.MOBILE
    )
    return long_enough == phonenumbers.ValidationResult.IS_POSSIBLE or phonenumbers.is_valid_number(number)
