"""One way of writing what people type in many."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|[\x00-\x08\x0e-\x1f\x7f]")


def normalise(text: str) -> str:
    """Return ``text`` in small plain letters, with straight quotes, single spaces and nothing unseen.

    Letters of another shape (bold, full width) become the plain ones (Unicode's NFKC), and what takes no
    room, such as a zero-width space, goes: "h\u200bits" is "hits".
    """
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).lower()
    return re.sub(r"\s+", " ", plain.replace("’", "'").replace("‘", "'")).strip()
