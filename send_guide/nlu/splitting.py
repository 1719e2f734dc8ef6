"""Splits a message into the questions it holds."""

from __future__ import annotations

import re

from send_guide.domain.text import plain_text

MIN_WORDS = 3
MAX_QUESTIONS = 8
_BOUNDARY = re.compile(
    r"(?<=[.!?])\s|\n|\?+|"
    r",?\s\b(?:and also|and what about|also|plus)\b\s|"
    r",?\s\band\b\s(?=(?:do|does|can|could|how|what|who|when|where|why|is|are|should|must|will)\b)",
    re.IGNORECASE,
)
"""Between two questions. There is one blank at a time (:func:`plain_text`): a pattern that takes many takes
time that grows with their square.
"""
_ASKS = re.compile(
    r"(?:(?:so|but|and|also|ok|please|or)\W+)*(?:do|does|did|can|could|how|what|whats|who|whos|whom|when|where|why|"
    r"which|is|are|am|was|should|shall|must|will|would|has|have i|have we|have they|may|any)\b|"
    r".*\b(?:can|could|should|do|must|may) (?:i|we|they|you|he|she)\b",
    re.IGNORECASE,
)
"""How a piece that asks begins, or what it holds, for those who type no question mark."""


def split_questions(text: str) -> list[str]:
    """Return the sentences and joined questions of ``text``, in order.

    "does he need a plan and who do i ask" holds two. Pieces of fewer than three words stay with
    nobody: they seldom ask anything by themselves. A message without a boundary is one piece.
    """
    pieces = [piece.strip(" ,;-") for piece in _BOUNDARY.split(plain_text(text).text)]
    return [piece for piece in pieces if len(piece.split()) >= MIN_WORDS][:MAX_QUESTIONS]


def asked(text: str) -> list[str]:
    """Return the pieces of ``text`` that ask something, without those that only tell."""
    return [piece for piece in split_questions(text) if _ASKS.match(piece)]
