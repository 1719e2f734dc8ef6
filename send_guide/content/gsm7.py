"""The letters of text messages: the GSM 7-bit alphabet, and how other letters are brought into it."""

from __future__ import annotations

import unicodedata

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic alphabet, one septet a letter (3GPP TS 23.038)."""
EXTENSION = frozenset("^{}\\[~]|€\f")
"""The extension table, two septets a letter."""

_PLAIN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‘": "'",
        "’": "'",
        "‚": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "•": "-",
        "…": "...",
        "\u00a0": " ",
        "\u202f": " ",
        "\u200b": "",
        "\t": " ",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
    }
)


def not_gsm_7(text: str) -> str:
    """Return the letters of ``text`` that a GSM-7 text message cannot hold at one septet each."""
    return "".join(sorted(set(text) - GSM_7))


def is_gsm_7(text: str) -> bool:
    """Return whether a text message can hold ``text`` without the dearer alphabet (UCS-2)."""
    return set(text) <= GSM_7 | EXTENSION


def to_gsm_7(text: str) -> str:
    """Return ``text`` in the basic alphabet where that is possible without losing a word.

    Typographic quotes, dashes and dots become plain ones, accents that GSM-7 does not know are left off.
    What cannot be written so, such as Arabic, stays as it is.
    """
    return "".join(_letter(letter) for letter in text.translate(_PLAIN))


def _letter(letter: str) -> str:
    if letter in GSM_7 or letter in EXTENSION:
        return letter
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base in GSM_7 else letter
