"""Says whether a message may tell of danger: by its words, whatever the rest of it is about.

A disclosure can hide in a question about something else, so every part of a message is looked at:
the whole, its sentences and clauses, and overlapping windows of a few words. The statistics are in
``selector.py``; what is here needs no trained model and works when nothing else does.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import yaml

from send_guide.content.loader import data_directory

WINDOW = 10
"""Words in a window: about one clause as people type it."""
STEP = 5
MOST_PARTS = 60
"""Parts of one message that are looked at; a message of 300 words has fewer."""
_CLAUSES = re.compile(r"[.!?;\n]+\s*|\s+-\s+|,\s+|\b(?:because|and|but|so|also)\b")


def parts(text: str) -> list[str]:
    """Return the clauses of ``text`` and its overlapping windows, without the whole, no part twice."""
    words = text.split()
    clauses = [clause.strip() for clause in _CLAUSES.split(text)]
    found = [clause for clause in clauses if len(clause.split()) >= 3]
    if len(words) > WINDOW:
        found += [" ".join(words[at : at + WINDOW]) for at in range(0, len(words) - STEP, STEP)]
    return [part for part in dict.fromkeys(found) if part != text][:MOST_PARTS]


def by_words(text: str) -> str | None:
    """Return the id of the urgent answer whose words ``text`` holds, or None.

    Args:
        text: the message, as typed.
    """
    plain = re.sub(r"[^\w ]+", " ", re.sub(r"['’‘`]", "", text.lower()))
    plain = re.sub(r"\s+", " ", plain).strip()
    for answer_id, pattern in _patterns(data_directory() / "urgent-words.yml"):
        if pattern.search(plain):
            return answer_id
    return None


@functools.cache
def _patterns(path: Path) -> list[tuple[str, re.Pattern[str]]]:
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        (answer_id, re.compile(r"\b(?:" + "|".join(lines) + r")(?:\b|(?<= ))"))
        for answer_id, lines in lists.items()
    ]
