"""Which of the choices that were offered a message picks, however it is typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from send_guide.domain.reply import Choice
from send_guide.domain.text import plain_text

_ORDER = (
    "one first 1st",
    "two second 2nd",
    "three third 3rd",
    "four fourth 4th",
    "five fifth 5th",
    "six sixth 6th",
    "seven seventh 7th",
    "eight eighth 8th",
    "nine ninth 9th",
    "ten tenth 10th",
)
_NUMBERS = {word: number for number, words in enumerate(_ORDER, start=1) for word in words.split()}
_SIGNATURE = re.compile(r"\n+\s*(?:sent from|get outlook|sent via)\b.*", re.I | re.S)
_AROUND = re.compile(
    r"^(?:(?:ok|okay|yes|yeah|um|er|please|its|it is|the|no|nr|number|option|choice|answer|reply|pick|i pick|"
    r"i choose|try)\s+)*(\w+)(?:\s+(?:one|please|pls|plz|thanks|thank you|ta|thx))*$"
)
_BOTH = frozenset(("both", "both of them", "both please", "all", "all of them", "all three", "all of those"))
_NONE = frozenset(
    (
        "none",
        "none of them",
        "none of these",
        "none of those",
        "neither",
        "not any",
        "neither of them",
        "nope none",
    )
)
_LAST = frozenset(("last", "the last", "the last one", "last one", "the bottom one"))


def plain(text: str) -> str:
    """Return ``text`` in small letters, without signature and punctuation, with single spaces."""
    return bare(plain_text(_SIGNATURE.sub("", text)).text)


def bare(text: str) -> str:
    """Return ``text`` in small letters, without punctuation, with single spaces."""
    return " ".join(re.findall(r"[^\W_]+", text.lower().replace("'", "").replace("’", "")))


def number_in(text: str) -> int | None:
    """Return the number that a message is: "2", "two", "number 2", "ok 2 thanks"; else None."""
    return number_within(plain(text), _AROUND)


def number_within(words: str, around: re.Pattern[str]) -> int | None:
    """Return the number that ``words`` are, in figures or letters; None where they are none.

    "No one" is nobody, not number one.

    Args:
        words: a message in small letters, without punctuation.
        around: what may stand around the number; its one group is the number.
    """
    match = around.match(words)
    if match is None or words == "no one":
        return None
    word = match.group(1)
    if word.isascii() and word.isdigit():
        return int(word[:4])
    return _NUMBERS.get(word)


def picked(text: str, offered: Sequence[Choice]) -> list[Choice] | None:
    """Return the choices that a message picks: one, several ("both", "1 and 2"), or none of them (an empty
    list); None where it picks nothing and says something else.

    Args:
        text: what was typed.
        offered: what could be tapped, in order.
    """
    words = plain(text)
    if not offered or not words:
        return None
    if words in _NONE:
        return []
    if words in _BOTH:
        return list(offered[:2] if "both" in words else offered[:3])
    if words in _LAST:
        return [offered[-1]]
    several = [number_in(part) for part in re.split(r"\band\b|&|,|\+", text.lower())]
    if len(several) > 1 and all(number and number <= len(offered) for number in several):
        return [*dict.fromkeys(offered[number - 1] for number in several if number)]
    number = number_in(text)
    if number is not None:
        return [offered[number - 1]] if 1 <= number <= len(offered) else None
    title = next((choice for choice in offered if plain(choice.title) == words), None)
    return [title] if title else None
