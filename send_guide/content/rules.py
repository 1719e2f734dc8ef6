"""What the content rules measure: strength words, reading grade, letters of a text message.

Shared by the checks of answers and of the guided path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import textstat

from send_guide.content.loader import Content
from send_guide.content.schema import AlsoSays, Strength

MAX_SHORT_CHARACTERS = 306
"""Two GSM-7 segments of 153 characters each (3GPP TS 23.040, concatenated messages)."""
MAX_TEXT_GRADE = 8.0
MAX_EASY_READ_GRADE = 5.0

_FREE = re.compile(
    r"\b(?:(?:do|does|did) not|don't|doesn't|didn't) (?:have|need) to\b|\bneed not\b|\bneedn't\b", re.I
)
_FAMILIES = {
    "required": re.compile(r"\brequired\b", re.I),
    "must": re.compile(r"\b(?:must|have to|has to|had to|needs? to|needed to)\b", re.I),
    "should": re.compile(r"\b(?:should|ought to|expected to|good practice)\b", re.I),
}
ALLOWED: dict[str, set[str]] = {
    "must": {"must", "required"},
    "should": {"should"},
    "is-required-to": {"required"},
    "information": set(),
}
_ADDRESS = re.compile(
    r"\b[\w.+-]+@[\w.-]+\b|\b(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}\b(?:/[\w./-]*)?|\b\d[\d /]{2,}\d\b"
)
_TYPED = re.compile(
    # a telephone number: 0800 2222, 020 7946 0000, 01632-960000, (01632) 960000, +44 (0)20 7946 0000
    r"(?<![\w+])(?:\+44[ -]?(?:\(0\))?[ -]?\d{2,4}|\(?0\d{2,4})\)?"
    r"(?:[ .\u00a0\u2010-\u2013-]?\d{3,4}){1,2}(?!\d)"
    r"|[\w.+-]+@[\w-]+(?:\.\w+)+"  # an e-mail address
    # a web address, with what follows it: www.x, https://x, x.org.uk; GOV.UK is a name
    r"|\b(?:(?i:https?://|www\.)[\w.-]*\w|(?:[\w-]+\.)+(?:uk|com|org|net|info|eu)\b)(?:/[\w./?=&%#-]*[\w/])?"
)


def strength_words(text: str) -> set[str]:
    """Return the families of strength words (``must``, ``should``, ``required``) that ``text`` holds.

    "Do not have to" and "need not" take a duty away and are no strength of their own.
    """
    text = _FREE.sub(" ", text)
    return {family for family, pattern in _FAMILIES.items() if pattern.search(text)}


def reading_grade(text: str) -> float:
    """Return the Flesch-Kincaid US grade of ``text``, addresses and numbers counted as one short word."""
    lines = [line.strip() for line in _ADDRESS.sub("this", text).splitlines() if line.strip()]
    sentences = " ".join(line if line[-1] in ".!?:" else line + "." for line in lines)
    return float(textstat.flesch_kincaid_grade(sentences))


def allowed_strengths(strength: Strength, also: Iterable[AlsoSays]) -> set[str]:
    """Return the families of strength words that a text of this strength may hold."""
    return ALLOWED[strength].union(*(ALLOWED[other.strength] for other in also))


def typed_numbers(text: str, content: Content) -> Iterator[str]:
    """Yield telephone numbers, e-mail and web addresses in ``text`` that are not in the contacts."""
    known = {detail.shown for contact in content.contacts.values() for detail in contact.details.values()}
    for match in _TYPED.finditer(text):
        if not any(match.group() in value for value in known):
            yield match.group()
