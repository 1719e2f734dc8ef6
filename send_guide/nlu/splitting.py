"""Splits a message into the questions it holds."""

from __future__ import annotations

import re

MIN_WORDS = 3
MAX_QUESTIONS = 8
_BOUNDARY = re.compile(
    r"(?<=[.!?])\s+|\n+|\?+\s*|"
    r",?\s+\b(?:and also|and what about|also|plus)\b\s+|"
    r",?\s+\band\b\s+(?=(?:do|does|can|could|how|what|who|when|where|why|is|are|should|must|will)\b)",
    re.IGNORECASE,
)


def split_questions(text: str) -> list[str]:
    """Return the sentences and joined questions of ``text``, in order.

    "does he need a plan and who do i ask" holds two. Pieces of fewer than three words stay with
    nobody: they seldom ask anything by themselves. A message without a boundary is one piece.
    """
    pieces = [piece.strip(" ,;-") for piece in _BOUNDARY.split(text)]
    return [piece for piece in pieces if len(piece.split()) >= MIN_WORDS][:MAX_QUESTIONS]
