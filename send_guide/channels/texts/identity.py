"""Whose conversation it is, without the telephone number: the number itself lives in memory only."""

from __future__ import annotations

import hashlib
import hmac
import re

import phonenumbers

from send_guide.privacy.numbers import HOME

_NUMBER = re.compile(r"\+?(\d{5,15})")
_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
"""What WhatsApp calls people by who show no number (Meta's page on business-scoped user ids)."""


class NoNumberError(ValueError):
    """What was written is no telephone number that somebody can have."""


def conversation_of(key: str, channel: str, address: str) -> str:
    """Return the name of the conversation of whoever writes from an address on a channel.

    It is a keyed hash: there are few enough telephone numbers to try them all on one without a key.

    Args:
        key: the secret of the service; another one makes everybody a stranger.
        channel: ``sms`` or ``whatsapp``: the same number has a conversation on each.
        address: a number, or the id of somebody who shows none, as the provider writes it.
    """
    plain = address.removeprefix("whatsapp:").strip()
    number = _NUMBER.fullmatch(plain)
    who = number.group(1) if number else plain
    found = hmac.new(key.encode(), f"{channel}/{who}".encode("utf-8", "surrogatepass"), hashlib.sha256)
    return f"{channel}-{found.hexdigest()[:48]}"


def is_user_id(address: str) -> bool:
    """Return whether an address is one of WhatsApp's ids of people who show no number."""
    return _USER_ID.fullmatch(address) is not None


def as_providers_write(channel: str, number: str) -> str:
    """Return a telephone number, however a person writes it, as the providers write it: ``+447700900123``.

    Args:
        channel: ``sms`` or ``whatsapp``.
        number: ``07700 900123``, ``+44 (0)7700 900-123``, ``0044...``, or WhatsApp's own id: all digits,
            with the country and without a plus, or such as ``GB.1349...`` of who shows no number.

    Raises:
        NoNumberError: nobody has such a number.
    """
    plain = number.strip().removeprefix("whatsapp:")
    if channel == "whatsapp" and is_user_id(plain):
        return plain
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
