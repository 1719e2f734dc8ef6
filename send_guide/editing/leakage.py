"""Ways of asking that are too near to the questions we measure with: the figures would flatter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from send_guide.content.checks import sentence_keys
from send_guide.measuring.questions import Line, read_questions


@dataclass(frozen=True)
class Copy:
    """An example and the question that it copies.

    Attributes:
        example: the way of asking.
        question: the question that is kept for measuring.
        exact: whether the words are the same; else one is changed, added or left out.
    """

    example: str
    question: str
    exact: bool


def copies(examples: Iterable[tuple[str, str]], questions: Sequence[Line]) -> list[Copy]:
    """Return the examples that copy a question.

    No example may have the words of a question; and none may be one word away from a question that it
    gives the answer to.

    Args:
        examples: (answer id or intent, way of asking) of each.
        questions: lines as :func:`send_guide.measuring.questions.read_questions` returns them.
    """
    same: dict[frozenset[str], str] = {}
    near: dict[tuple[str, frozenset[str]], str] = {}
    for line in questions:
        for text, answers in _asked(line):
            keys = sentence_keys(text)
            if keys[0]:  # emoji and other alphabets have no words to compare
                same[keys[0]] = text
            near.update(((answer_id, key), text) for answer_id in answers for key in keys)
    found = []
    for answer_id, text in examples:
        keys = sentence_keys(text)
        if keys[0] in same:
            found.append(Copy(text, same[keys[0]], True))
        elif question := next((near[answer_id, key] for key in keys if (answer_id, key) in near), None):
            found.append(Copy(text, question, False))
    return found


def _asked(line: Line) -> list[tuple[str, list[str]]]:
    """Return (message, ids of its answers) of a question; of a dialogue, those of its turns that ask for an
    answer and stand alone.
    """
    turns = (turn for turn in line.get("turns") or [] if not turn.get("needs_context"))
    messages = [(turn["say"], turn["answers"]) for turn in turns if turn.get("answers")]
    return [*messages, *([(line["q"], line.get("answers") or [])] if "q" in line else [])]


def all_questions(folder: Path) -> list[Line]:
    """Return every question of a folder, those of its folders too; none where there is no such folder.

    Raises:
        BadQuestionsError: a line cannot be used.
    """
    return [line for path in sorted(folder.rglob("*.jsonl")) for line in read_questions(path)]
