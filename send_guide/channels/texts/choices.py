"""What was offered as a numbered list, and which of it a message picks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from send_guide.domain.reply import Choice

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
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
        ),
        start=1,
    )
    for word in words.split()
}
_AROUND = re.compile(
    r"^(?:(?:the|no|nr|number|option|choice|answer|reply)\s+)*(\w+)(?:\s+(?:one|please|pls))*$"
)


def plain(text: str) -> str:
    """Return ``text`` in small letters, without punctuation, with single spaces."""
    return " ".join(re.findall(r"[^\W_]+", text.lower().replace("'", "").replace("’", "")))


def number_in(text: str) -> int | None:
    """Return the number that a message is: "2", "2.", "two", "number 2", "the second one"; else None.

    "No one" is nobody, not number one.
    """
    words = plain(text)
    match = _AROUND.match(words)
    if match is None or words == "no one":
        return None
    word = match.group(1)
    if word.isascii() and word.isdigit():
        return int(word[:4])
    return _NUMBERS.get(word)


def chosen(text: str, offered: Sequence[Choice]) -> Choice | None:
    """Return the choice that a message picks, by its number or by its words; None where it says more."""
    number = number_in(text)
    if number is not None and 1 <= number <= len(offered):
        return offered[number - 1]
    words = plain(text)
    return next((choice for choice in offered if words and plain(choice.title) == words), None)
