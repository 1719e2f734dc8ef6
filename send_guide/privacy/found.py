"""What redaction finds in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"\[(?:name|phone|email|postcode|address|NHS number|UPN|NI number|date of birth)\]")
"""What stands in place of a piece of personal data."""


@dataclass(frozen=True)
class Found:
    """A piece of personal data in a text: its kind, and where it stands."""

    kind: str
    start: int
    end: int


class Letters:
    """Which letters of a text belong to something already."""

    def __init__(self, count: int) -> None:
        """Begin with none of ``count`` letters."""
        self._taken = bytearray(count)

    def take(self, start: int, end: int) -> bool:
        """Take the letters from ``start`` to before ``end``; return False where one of them was taken."""
        if start >= end or any(self._taken[start:end]):
            return False
        self._taken[start:end] = b"\1" * (end - start)
        return True

    def free(self, start: int, end: int) -> bool:
        """Return whether none of the letters from ``start`` to before ``end`` is taken."""
        return not any(self._taken[start:end])
