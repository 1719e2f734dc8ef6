"""One way of writing what people type in many."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|[\x00-\x08\x0e-\x1f\x7f]")


_SIGNED = re.compile(
    r"\n\s*(?:(?:sent|get) (?:from|via|outlook)\b.*|"
    r"(?:many |kind |best |warm )?(?:thanks|regards|wishes)\W*\n.*|"
    r"-- ?\n.*|https?://\S+\s*$)",
    re.IGNORECASE | re.DOTALL,
)
"""A signature, what a telephone puts under a message, or an address by itself at the end."""
_IDLE_END = re.compile(
    r"(?:\s+(?:https?://\S+|lol|lmao|haha+|xx*|thx|thanks|thank you|ty|many thanks|cheers|please|pls)|"
    r"[\s\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F]|\s[:;][-']?[()/|DPp])+[.!]*$",
    re.IGNORECASE,
)
"""Words and pictures at the end of a message that say nothing of its matter."""


def normalise(text: str, *, lines: bool = False) -> str:
    """Return ``text`` in small plain letters, with straight quotes, single spaces and nothing unseen.

    Letters of another shape (bold, full width) become the plain ones (Unicode's NFKC), and what takes no
    room, such as a zero-width space, goes: "h\u200bits" is "hits".

    Args:
        text: what was typed.
        lines: whether lines stay lines; else an end of line is a space.
    """
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).lower()
    plain = plain.replace("’", "'").replace("‘", "'")
    if not lines:
        return re.sub(r"\s+", " ", plain).strip()
    return "\n".join(re.sub(r"[^\S\n]+", " ", line).strip() for line in plain.strip().split("\n"))


def without_tail(text: str) -> str:
    """Return ``text`` without what ends it and says nothing of its matter: signature, address, "lol".

    Args:
        text: what was typed. One that is nothing else stays as it is.
    """
    return _IDLE_END.sub("", _SIGNED.sub("", text)).rstrip() or text
