"""The letters of text messages: the GSM 7-bit alphabet, and how other letters are brought into it."""

from __future__ import annotations

import re
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
        "´": "'",
        "`": "'",
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
        "×": "x",
        "⁄": "/",
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
    """Return ``text`` in the basic alphabet where that is possible without losing what it says.

    Typographic quotes, dashes and dots become plain ones, accents that GSM-7 does not know are left off, a
    fraction is written out: "1½ hours" is "1 1/2 hours". What cannot be written so, such as Arabic or a
    raised figure, stays as it is.
    """
    spaced = _FRACTION.sub(" ", unicodedata.normalize("NFC", text))
    return "".join(_letter(letter) for letter in spaced.translate(_PLAIN))


_FRACTION = re.compile(r"(?<=[\d\u00bc-\u00be\u2150-\u215e])(?=[\u00bc-\u00be\u2150-\u215e])")
"""Where a figure meets a fraction: without a space 1½ would be eleven halves."""
_OTHER = frozenset(("<super>", "<sub>", "<circle>", "<square>"))
"""Kinds of letters (Unicode's decomposition types) whose plain one says something else: 10² is not 102."""


def _letter(letter: str) -> str:
    if letter in GSM_7 or letter in EXTENSION:
        return letter
    kind = unicodedata.decomposition(letter).partition(" ")[0]
    if kind in _OTHER:
        return letter
    if kind.startswith("<"):  # the same in another shape: a fraction, full width, two letters in one
        plain = unicodedata.normalize("NFKC", letter).translate(_PLAIN)
    else:  # a letter with an accent
        plain = unicodedata.normalize("NFD", letter)[0]
    return plain if plain and set(plain) <= GSM_7 else letter
