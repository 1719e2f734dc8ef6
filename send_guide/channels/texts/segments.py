"""How many segments a text message is sent, and paid, as (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from send_guide.content.gsm7 import EXTENSION, is_gsm_7

ONE, OF_MANY = 160, 153
"""Septets that a single text and a segment of a longer one hold."""
ONE_UCS_2, OF_MANY_UCS_2 = 70, 67
"""The same, in 16-bit units, for a text with a letter outside GSM-7."""


def segments(text: str) -> int:
    """Return how many segments ``text`` takes; a letter of two units is never split over two."""
    if is_gsm_7(text):
        return _packed([2 if letter in EXTENSION else 1 for letter in text], ONE, OF_MANY)
    return _packed([len(letter.encode("utf-16-be")) // 2 for letter in text], ONE_UCS_2, OF_MANY_UCS_2)


def _packed(widths: list[int], one: int, of_many: int) -> int:
    if sum(widths) <= one:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > of_many:
            count, used = count + 1, 0
        used += width
    return count
