"""Takes personal data out of people's words before anything is stored or logged.

Understanding reads the original in memory; what is kept has placeholders such as ``[name]``. Numbers
and addresses that the guide itself gives out (``data/contacts.yml``) are public and stay.

Redaction reads what understanding reads (:func:`send_guide.domain.text.plain_text`), and takes out of the
original what stands there: a number in letters of another shape is no less a number.
"""

from __future__ import annotations

import re

from send_guide.domain.text import plain_text
from send_guide.privacy.found import PLACEHOLDER, Found, Letters
from send_guide.privacy.names import NAME, find_names
from send_guide.privacy.numbers import find_numbers

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a"), "-")


def redact(text: str) -> str:
    """Return ``text`` with every piece of personal data replaced by its kind, such as ``[phone]``."""
    kept, end = [], 0
    for found in find(text):
        kept += [text[end : found.start], f"[{found.kind}]"]
        end = found.end
    return "".join([*kept, text[end:]])


def says_who(text: str) -> bool:
    """Return whether ``text`` says who somebody is: a full name, an address, a date of birth, a number.

    A bare date is not kept, but most are those of letters and meetings: nobody is asked to leave it out.
    """
    for piece in find(text):
        words = text[piece.start : piece.end].strip()
        bare = piece.kind == "date of birth" and not re.search(r"[a-z]", words, re.I)
        if not bare and (piece.kind != NAME or " " in words):
            return True
    return False


def find(text: str) -> list[Found]:
    """Return the pieces of personal data in ``text``, none inside another, in order.

    It takes time in proportion to the text.
    """
    plain = plain_text(text)
    readable = plain.text.translate(_DASHES)
    taken = Letters(len(readable))
    for match in PLACEHOLDER.finditer(readable):
        taken.take(*match.span())
    pieces = [
        found
        for found in (*find_numbers(readable), *find_names(readable))
        if taken.take(found.start, found.end)
    ]
    pieces.sort(key=lambda piece: piece.start)
    return [Found(piece.kind, *plain.original(piece.start, piece.end)) for piece in pieces]
