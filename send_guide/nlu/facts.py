"""Picks up what people tell of themselves on the way: the phase, the kind of school, how far they got.

What fits stands in ``data/facts.yml``.
"""

from __future__ import annotations

import re

from send_guide.content import get_content

SPOKEN_TO = "spoken_to"
SEVERAL = (SPOKEN_TO, "reached", "child")
"""Facts of which a message may tell more than one."""


def facts(text: str) -> list[tuple[str, str, int, int]]:
    """Return (fact, value, first letter, letter after the last) of what ``text`` tells."""
    plain = text.lower().replace("’", "'")
    if len(plain) != len(text):  # a few letters grow when they are made small
        plain = text.replace("’", "'")
    found = []
    for fact, values in get_content().fact_words.items():
        hits = [(value, hit) for value, pattern in values if (hit := _told(pattern, plain))]
        found += [(fact, value, *hit.span()) for value, hit in (hits if fact in SEVERAL else hits[:1])]
    return found


def _told(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return where a text tells it first; where it says that it is not so, it does not."""
    return next((hit for hit in pattern.finditer(text) if not hit.groupdict().get("negated")), None)
