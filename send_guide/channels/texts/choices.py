"""What was offered as a numbered list, and which of it a message picks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from send_guide.domain.picks import bare, number_within
from send_guide.domain.reply import Choice

_AROUND = re.compile(
    r"^(?:(?:the|no|nr|number|option|choice|answer|reply)\s+)*(\w+)(?:\s+(?:one|please|pls))*$"
)


def number_in(text: str) -> int | None:
    """Return the number that a message is: "2", "2.", "two", "number 2", "the second one"; else None.

    A number with more words around it is left to the conversation.
    """
    return number_within(bare(text), _AROUND)


def chosen(text: str, offered: Sequence[Choice]) -> Choice | None:
    """Return the choice that a message picks, by its number or by its words; None where it says more."""
    number = number_in(text)
    if number is not None and 1 <= number <= len(offered):
        return offered[number - 1]
    words = bare(text)
    return next((choice for choice in offered if words and bare(choice.title) == words), None)
