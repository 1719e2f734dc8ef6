"""Picks up what people tell of themselves on the way: the phase, the kind of school, how far they got.

What fits stands in ``data/facts.yml``.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import yaml

from send_guide.content.loader import data_directory

SPOKEN_TO = "spoken_to"
SEVERAL = (SPOKEN_TO, "reached")
"""Facts of which a message may tell more than one."""


def facts(text: str) -> list[tuple[str, str, int, int]]:
    """Return (fact, value, first letter, letter after the last) of what ``text`` tells."""
    plain = text.lower().replace("’", "'")
    if len(plain) != len(text):  # a few letters grow when they are made small
        plain = text.replace("’", "'")
    found = []
    for fact, values in _patterns(data_directory() / "facts.yml").items():
        hits = [(value, hit) for value, pattern in values if (hit := pattern.search(plain))]
        found += [(fact, value, *hit.span()) for value, hit in (hits if fact in SEVERAL else hits[:1])]
    return found


@functools.cache
def _patterns(path: Path) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    words = lists.pop("words")

    def compiled(lines: list[str]) -> re.Pattern[str]:
        pattern = "|".join(lines)
        for word, meaning in words.items():
            pattern = pattern.replace(word, f"(?:{meaning})")
        return re.compile(rf"\b(?:{pattern})\b")

    return {
        fact: [(value, compiled(lines)) for value, lines in values.items()] for fact, values in lists.items()
    }
