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
from send_guide.understanding.text import normalise

WINDOW = 16
"""Words in a window: about one sentence as people type it, for those who type no full stops."""
STEP = 8
FEWEST_WORDS = 5
"""Words of a clause; one with fewer says too little by itself."""
LONG = 20
"""Words from which an example is long enough for its pieces to be learnt from."""
MOST_PARTS = 60
"""Parts of one message that are looked at; a message of 300 words has fewer."""
_CLAUSES = re.compile(r"[.!?;\n]+\s*|\s+-\s+|,\s+|\b(?:because|and|but|so|also)\b")


def parts(text: str) -> list[tuple[int, int]]:
    """Return where the clauses of ``text`` and its overlapping windows begin and end, in letters.

    A part that is the whole is not a part.
    """
    found = _clauses(text)
    words = [word.span() for word in re.finditer(r"\S+", text)]
    if len(words) > WINDOW:
        windows = [words[at : at + WINDOW] for at in range(0, len(words) - STEP, STEP)]
        found += [(window[0][0], window[-1][1]) for window in windows]
    whole = (0, len(text))
    return [part for part in dict.fromkeys(found) if part != whole][:MOST_PARTS]


def pieces(texts: list[str]) -> list[str]:
    """Return the clauses of the long ones of ``texts``, each once: what is read when a message is long."""
    long = (text for text in texts if len(text.split()) >= LONG)
    return list(dict.fromkeys(text[start:end].strip() for text in long for start, end in _clauses(text)))


def _clauses(text: str) -> list[tuple[int, int]]:
    found = _between(text, [boundary.span() for boundary in _CLAUSES.finditer(text)])
    return [(start, end) for start, end in found if len(text[start:end].split()) >= FEWEST_WORDS]


def _between(text: str, boundaries: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what lies before, between and after the boundaries."""
    starts = [0, *(end for _, end in boundaries)]
    ends = [*(start for start, _ in boundaries), len(text)]
    return list(zip(starts, ends, strict=True))


def by_words(text: str) -> str | None:
    """Return the id of the urgent answer whose words ``text`` holds, or None.

    Args:
        text: the message, as typed.
    """
    plain = re.sub(r"[^\w ]+", " ", re.sub(r"['`]", "", normalise(text)))
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
