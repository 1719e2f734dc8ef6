"""One way of writing what people type in many, and what may stand in a file and in its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from send_guide.content.files import UNPRINTABLE

LONGEST_NAME = 80
"""Characters of a file's name."""
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|[\x00-\x08\x0e-\x1f\x7f]")


_SIGNED = re.compile(
    r"\n\s*(?:(?:sent|get) (?:from|via|outlook)\b.*|"
    r"(?:many |kind |best |warm )?(?:thanks|thank you|regards|wishes)"
    r"(?:,[^\S\n]*\w+(?: \w+){0,2})?\W*(?:\n.*|$)|"
    r"-- ?\n.*|https?://\S+\s*$)",
    re.IGNORECASE | re.DOTALL,
)
"""A signature, what a telephone puts under a message, or an address by itself at the end."""
_STAMP = re.compile(
    r"^\[?\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?\]?(?: [-\u2013])? "
    r"[^:\n]{1,40}: ",
    re.IGNORECASE | re.MULTILINE,
)
"""What WhatsApp puts before a message that is copied, when and who: no date of what the message tells."""
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


def printable(text: str) -> str:
    """Return ``text`` with lines for the breaks that word processors make, and no control characters.

    A Word file is XML, which holds none of them (XML 1.0, section 2.2).
    """
    lines = text.replace("\r\n", "\n").replace("\v", "\n").replace("\f", "\n")
    return UNPRINTABLE.sub("", lines)


def slug(title: str, leave_out: Collection[str] = ()) -> str:
    """Return a title as the name of a file: small plain letters and figures, with hyphens.

    Args:
        title: for instance "A complaint to the head".
        leave_out: small words that the name can do without.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain.replace("'", "")) if word not in leave_out]
    return "-".join(words)[:LONGEST_NAME].strip("-")


def own_words(text: str) -> str:
    """Return ``text`` without what stands around a message and says nothing of its matter: the time that
    WhatsApp puts before a copied one, a signature, an address, "lol".

    Args:
        text: what was typed. One that is nothing else stays as it is.
    """
    return _IDLE_END.sub("", _SIGNED.sub("", _STAMP.sub("", text))).rstrip() or text
