"""The parts of a message that are looked at for danger.

A disclosure can hide in a question about something else, so every part of a message is looked at:
the whole, its sentences, and overlapping windows of the long ones. The words of danger are looked for in
``domain/safety.py``, the statistics are in ``analysis.py``.
"""

from __future__ import annotations

import re

WINDOW = 16
"""Words in a window: about one sentence as people type it, for those who type no full stops."""
STEP = 8
"""Words from the beginning of one window to that of the next: each reaches half into its neighbours."""
FEWEST_WORDS = 5
"""Words of a sentence; one with fewer says too little by itself."""
LONG = 30
"""Words from which an example is long enough for its pieces to be learnt from."""
MOST_PARTS = 60
"""Parts of one message that are looked at; a message of 300 words has fewer."""
_ENDS = re.compile(r"[.!?;\n]+\s*")
_QUESTION = (
    r"(?:what|whats|who|whos|where|when|how|why|which|can|could|is|are|do|does|should|must|will)\b"
    r"[^.!?\n]*\??\s*$"
)
_ASIDES = (
    re.compile(r"[.!?,;\s]\s*(?:anyways?|btw|by the way|also|ps|another thing)\b[,:]?\s+" + _QUESTION),
    re.compile(r"[.!?,;]\s*(?:(?:and|so)\s+)?" + _QUESTION),
)
"""A question at the end of a message, as it is put beside another matter."""
MOST_LINES = 4
"""Lines that are read by themselves at most; a reading takes 2 to 4 ms."""
_WORD = re.compile(r"\S+")


def parts(text: str) -> list[tuple[int, int]]:
    """Return where the sentences of ``text``, and the windows of long ones, begin and end.

    A window never reaches into the next sentence: what is torn from two reads like neither. A part that is
    the whole is not a part.

    Args:
        text: a message, as :func:`normalise` writes it.

    Returns:
        At most :data:`MOST_PARTS` places: the first letter, and the one after the last.
    """
    sentences = _sentences(text)
    found = sentences + [window for sentence in sentences for window in _windows(text, sentence, STEP)]
    whole = (0, len(text))
    return [part for part in dict.fromkeys(found) if part != whole][:MOST_PARTS]


def by_themselves(text: str) -> list[str]:
    """Return what is judged as if nothing else stood beside it: each line, and what is before a question.

    Args:
        text: a message, as :func:`normalise` writes it, with its lines.
    """
    lines = [line for line in text.split("\n") if line]
    before = [aside.sub("", line).strip() for line in lines[-1:] for aside in _ASIDES]
    found = dict.fromkeys([*(lines if len(lines) > 1 else []), *before])
    return [line for line in found if line and line != text][:MOST_LINES]


def pieces(texts: list[str]) -> list[str]:
    """Return the pieces of long texts: as :func:`parts`, without overlap.

    Args:
        texts: examples, as :func:`normalise` writes them; one of fewer than :data:`LONG` words has no pieces.

    Returns:
        The words of the pieces, each once.
    """
    long = [text for text in texts if len(text.split()) >= LONG]
    places = [
        (text, place)
        for text in long
        for sentence in _sentences(text)
        for place in _windows(text, sentence, WINDOW) or [sentence]
    ]
    return list(dict.fromkeys(text[start:end] for text, (start, end) in places))


def _sentences(text: str) -> list[tuple[int, int]]:
    """Return the places of the sentences that have words enough."""
    ends = [end.span() for end in _ENDS.finditer(text)]
    starts = [0, *(after for _, after in ends)]
    found = zip(starts, [*(before for before, _ in ends), len(text)], strict=True)
    return [(start, end) for start, end in found if len(text[start:end].split()) >= FEWEST_WORDS]


def _windows(text: str, sentence: tuple[int, int], step: int) -> list[tuple[int, int]]:
    """Return the places of windows of a sentence, one every ``step`` words; none of a short one."""
    words = [word.span() for word in _WORD.finditer(text, *sentence)]
    if len(words) <= WINDOW:
        return []
    windows = [words[at : at + WINDOW] for at in range(0, len(words) - STEP, step)]
    return [(window[0][0], window[-1][1]) for window in windows]
