"""A trial run: what would be understood otherwise if the examples of a folder were trained with.

Only the linear models are trained anew; the encoder stays, and what it made of a sentence is kept from
one trial to the next. What is asked before is asked of the model in service.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from send_guide.content.loader import Content
from send_guide.errors import SendGuideError
from send_guide.measuring.evaluation_sets import Asked, questions_of
from send_guide.measuring.questions import Line, Verdict
from send_guide.nlu import sentence_encoder
from send_guide.nlu.analysis import Analyser, fit
from send_guide.nlu.archive import open_analyser
from send_guide.nlu.decide import Thresholds
from send_guide.rasa_adapter.training_data import examples_of

Progress = Callable[[float, str], None]
"""Told the share that is done, 0 to 1, and in words what is being done."""
AT_A_TIME = 200
"""Sentences that are encoded before progress is told."""
NAMES = {
    "covered": "questions that have an answer",
    "uncovered": "questions near to the guide that have none, or a signpost",
    "off-topic": "questions that are not for the guide",
    "urgent": "messages of danger",
    "distress": "upset messages without danger",
    "smalltalk": "greetings and the like",
    "long": "long messages, some with danger in a sentence of them",
}


class NoQuestionsError(SendGuideError):
    """There are no questions to measure with."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no questions to measure with in {folder}: set SEND_GUIDE_QUESTIONS")


@dataclass(frozen=True)
class Difference:
    """A question that fares otherwise.

    Attributes:
        question: its words.
        set: a name of :data:`NAMES`.
        expected: titles of the answers that would be right; none where none is.
        before: what becomes of it now, in words.
        after: what would become of it, in words.
        better: whether that is better; else it is worse.
    """

    question: str
    set: str
    expected: tuple[str, ...]
    before: str
    after: str
    better: bool


@dataclass(frozen=True)
class Fared:
    """How a set of questions fares: how many fare well, before and after."""

    set: str
    asked: int
    before: int
    after: int


@dataclass(frozen=True)
class Trial:
    """What a trial has shown.

    Attributes:
        fared: a line for each set.
        differences: the questions that fare otherwise, the worse first.
        examples: how many examples were trained with.
        seconds: how long it took.
    """

    fared: tuple[Fared, ...]
    differences: tuple[Difference, ...]
    examples: int
    seconds: float

    @property
    def better(self) -> int:
        """How many questions fare better."""
        return sum(difference.better for difference in self.differences)

    @property
    def worse(self) -> int:
        """How many questions fare worse."""
        return len(self.differences) - self.better

    def __str__(self) -> str:
        """Return the result in one line."""
        asked = sum(one.asked for one in self.fared)
        return f"{self.better} better, {self.worse} worse, of {asked} questions"

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can keep it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Trial:
        """Return what :meth:`as_dict` has kept."""
        differences = [
            Difference(**{**one, "expected": tuple(one["expected"])}) for one in kept["differences"]
        ]
        fared = tuple(Fared(**one) for one in kept["fared"])
        return cls(fared, tuple(differences), kept["examples"], kept["seconds"])


def run_trial(
    model: Path, data: Path, content: Content, questions: Path, vectors: Path | None, progress: Progress
) -> Trial:
    """Train with the examples of ``data`` and ask every question, of the model in service and of the new one.

    Args:
        model: the model archive in service.
        data: the folder of the content as it would be.
        content: what ``data`` holds, for the titles.
        questions: the folder of the questions.
        vectors: a file that keeps what the encoder made of sentences; None: nothing is kept.
        progress: told how far it is.

    Raises:
        BadArchiveError: there is no model.
        NoQuestionsError: there are no questions.
        BadQuestionsError: a line of them cannot be used.
    """
    start = time.monotonic()
    asked = list(questions_of(questions))
    if not asked:
        raise NoQuestionsError(questions)
    progress(0.0, "Opening the model")
    trained, thresholds = open_analyser(model)
    encoder = Remembering(trained.encoder, vectors)
    examples = examples_of(data)
    texts = [example.text for example in examples]
    for done in range(0, len(texts), AT_A_TIME):
        progress(0.05 + 0.35 * done / len(texts), "Reading the ways of asking")
        encoder.encode(texts[done : done + AT_A_TIME])
    progress(0.4, "Training")
    models = fit(examples, encoder.encode)
    after, before = (Analyser(encoder, one, thresholds.suspicious_at) for one in (models, trained.models))
    pairs = []
    for number, (name, line) in enumerate(asked):
        if number % 50 == 0:
            progress(0.7 + 0.3 * number / len(asked), "Asking the questions")
        pairs.append((name, _judged(before, line, thresholds), _judged(after, line, thresholds)))
    encoder.keep()
    fared, differences = _compared(pairs, content)
    return Trial(fared, differences, len(texts), round(time.monotonic() - start, 1))


Judged = tuple[Line, Verdict]


def _judged(analyser: Analyser, line: Line, thresholds: Thresholds) -> Judged:
    return Asked(line, analyser.analyse(line["q"])).judged(thresholds)


def _compared(
    pairs: Iterable[tuple[str, Judged, Judged]], content: Content
) -> tuple[tuple[Fared, ...], tuple[Difference, ...]]:
    counts: dict[str, list[int]] = {}
    differences = []
    for name, (line, was), (would, is_now) in pairs:
        marks = _mark(line, was), _mark(would, is_now)
        count = counts.setdefault(name, [0, 0, 0])
        count[0] += 1
        for place, mark in enumerate(marks, start=1):
            count[place] += mark >= _best(line)
        if marks[0] != marks[1]:
            expected = tuple(_title(answer_id, content) for answer_id in line.get("answers") or [])
            words = _outcome(line, was, content), _outcome(would, is_now, content)
            differences.append(Difference(line["q"], name, expected, *words, marks[1] > marks[0]))
    fared = tuple(Fared(name, *count) for name, count in counts.items())
    return fared, tuple(sorted(differences, key=lambda one: one.better))


WRONG, HELD_BACK, OFFERED, RIGHT = 1, 2, 3, 4
MISSED = 0


def _mark(line: Line, verdict: Verdict) -> int:
    """Return how well a question fares; more is better."""
    if line.get("kind") == "urgent":
        return RIGHT if verdict.urgent else MISSED
    if verdict.urgent:  # a false alarm
        return MISSED
    if verdict.right:
        return RIGHT
    if verdict.confident_wrong:
        return WRONG
    return OFFERED if verdict.offered else HELD_BACK


def _best(line: Line) -> int:
    """Return the mark from which a question fares well: where no answer is right, to hold back is."""
    return RIGHT if line.get("answers") or line.get("kind") == "urgent" else HELD_BACK


def _outcome(line: Line, verdict: Verdict, content: Content) -> str:
    """Return what becomes of a question, in words."""
    titles = ", ".join(f"“{_title(answer_id, content)}”" for answer_id in line["answered"])
    if verdict.urgent:
        return f"hears what to do in danger: {titles}"
    if line["answered"]:
        return f"hears {titles}"
    if line["offered"] and line["reply_kind"] == "choices":
        return "is offered " + ", ".join(f"“{_title(answer_id, content)}”" for answer_id in line["offered"])
    return {"fallback": "hears who can help"}.get(line["reply_kind"], "hears small talk")


def _title(answer_id: str, content: Content) -> str:
    answer = content.answers.get(answer_id)
    return answer.title if answer else answer_id


class Remembering(sentence_encoder.Encoder):
    """An encoder that encodes a text once, and can keep vectors in a file."""

    def __init__(self, encoder: sentence_encoder.Encoder, path: Path | None = None) -> None:
        """Remember for ``encoder``; read what was kept in ``path`` for this very encoder."""
        self._inner, self._path = encoder, path
        self._states: dict[str, sentence_encoder.States] = {}
        self._mark = hashlib.sha256(encoder.states("who must appoint a senco").vector().tobytes()).hexdigest()
        self._vectors: dict[str, sentence_encoder.FloatArray] = self._kept()

    def states(self, text: str) -> sentence_encoder.States:
        """Return the states of ``text``."""
        if text not in self._states:
            self._states[text] = self._inner.states(text)
        return self._states[text]

    def encode(self, texts: list[str]) -> sentence_encoder.FloatArray:
        """Return one vector a text, shape (len(texts), 1152)."""
        for text in texts:
            if text not in self._vectors:
                self._vectors[text] = self._inner.encode([text])[0]
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)

    def keep(self) -> None:
        """Write the vectors to the file; a file that cannot be written only makes the next trial slower."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_suffix(".new.npz")
            np.savez(new, mark=self._mark, texts=list(self._vectors), vectors=list(self._vectors.values()))
            new.replace(self._path)

    def _kept(self) -> dict[str, sentence_encoder.FloatArray]:
        if self._path is None or not self._path.is_file():
            return {}
        try:
            with np.load(self._path, allow_pickle=False) as kept:
                if str(kept["mark"]) != self._mark:
                    return {}
                return dict(zip(map(str, kept["texts"]), kept["vectors"], strict=True))
        except (OSError, ValueError, KeyError):
            return {}
