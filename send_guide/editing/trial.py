"""A trial run: what would be understood otherwise because of a change of the ways of asking.

Two models are trained with the same seed, without and with the change; the encoder stays as it is. The one
without is the model in service where that has learnt from the files as they are; else it is trained, and kept
from one trial to the next.

New ways of asking for one answer move every other a little: a question counts as better or worse only where
the changed answer has come in or gone out of what is said or offered, or danger is seen otherwise. How many
others fare otherwise is told as a number: training alone does that.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from send_guide.content.loader import Content
from send_guide.domain.text import normalise
from send_guide.editing.drafts import Draft
from send_guide.errors import SendGuideError
from send_guide.measuring.evaluation_sets import Asked, questions_of
from send_guide.measuring.questions import Line, Verdict
from send_guide.nlu import sentence_encoder
from send_guide.nlu.analysis import Analyser, fit
from send_guide.nlu.archive import open_analyser
from send_guide.nlu.classifiers import Models, NgramFeatures
from send_guide.nlu.decide import Thresholds
from send_guide.nlu.examples import Example
from send_guide.nlu.sentence_encoder import MEANING
from send_guide.rasa_adapter.training_data import calm_replies, examples_of

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
        of_change: whether the changed answer comes in or goes out; else it is danger, which is always shown.
        because: the way of asking of the change that is most like the question; empty where none is known.
    """

    question: str
    set: str
    expected: tuple[str, ...]
    before: str
    after: str
    better: bool
    of_change: bool = True
    because: str = ""


@dataclass(frozen=True)
class Fared:
    """How a set of questions fares: how many fare well, without and, because of the change, with it."""

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
        by_chance: how many other questions fare otherwise, which has nothing to do with the change.
    """

    fared: tuple[Fared, ...]
    differences: tuple[Difference, ...]
    examples: int
    seconds: float
    by_chance: int = 0

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
        by_chance = kept.get("by_chance", 0)
        return cls(fared, tuple(differences), kept["examples"], kept["seconds"], by_chance)


@dataclass(frozen=True)
class Places:
    """Where a trial finds and keeps things.

    Attributes:
        model: the model archive in service, for its encoder and thresholds.
        before: the folder of the content as it is.
        after: the folder of the content as it would be.
        questions: the folder of the questions.
        kept: a folder for what the encoder made of sentences and the model without the change; None: nothing
            is kept.
        trained: a folder for the model with the change, so that it can be asked; None: it is not kept.
    """

    model: Path
    before: Path
    after: Path
    questions: Path
    kept: Path | None = None
    trained: Path | None = None


def run_trial(places: Places, draft: Draft, content: Content, progress: Progress) -> Trial:
    """Train without and with a change, and ask every question of both models.

    Args:
        places: where everything is.
        draft: the change.
        content: as it would be, for the titles.
        progress: told how far it is.

    Raises:
        BadArchiveError: there is no model.
        NoQuestionsError: there are no questions.
        BadQuestionsError: a line of them cannot be used.
    """
    start = time.monotonic()
    asked = list(questions_of(places.questions))
    if not asked:
        raise NoQuestionsError(places.questions)
    progress(0.0, "Opening the model")
    opened, thresholds = open_analyser(places.model)
    encoder = Remembering(opened.encoder, places.kept / VECTORS if places.kept else None)
    without, with_it = examples_of(places.before), examples_of(places.after)
    _read(encoder, [example.text for example in (*without, *with_it)], progress)
    encoder.keep()
    progress(0.4, "Training without the change")
    trained = opened.models if _learnt_from(opened.models, without) else None
    replies = calm_replies(content)
    base = trained or _without(without, replies, encoder, places.kept)
    progress(0.55, "Training with the change")
    models = base, _rounded(fit(with_it, encoder.encode, calm_replies=replies), places.trained)
    if places.trained:
        with contextlib.suppress(OSError):  # nothing can be kept here: the trial cannot be asked
            (places.trained / THRESHOLDS).write_text(thresholds.model_dump_json(), encoding="utf-8")
    before, after = (Analyser(encoder, one, thresholds.suspicious_at) for one in models)
    pairs = []
    for number, (name, line) in enumerate(asked):
        if number % 50 == 0:
            progress(0.7 + 0.3 * number / len(asked), "Asking the questions")
        pairs.append((name, _judged(before, line, thresholds), _judged(after, line, thresholds)))
    encoder.keep()
    fared, differences, by_chance = _compared(pairs, content, draft.answer)
    tied = _tied(differences, (*draft.add, *draft.leave_out), encoder)
    return Trial(fared, tied, len(with_it), round(time.monotonic() - start, 1), by_chance)


VECTORS, THRESHOLDS = "vectors.npz", "thresholds.json"


def open_trial(folder: Path, encoder: sentence_encoder.Encoder) -> tuple[Analyser, Thresholds] | None:
    """Return what a trial has trained, to be asked; None where it is no longer kept.

    Args:
        folder: of the trial.
        encoder: of the model in service: trials share it.
    """
    try:
        settings = Thresholds.model_validate_json((folder / THRESHOLDS).read_text(encoding="utf-8"))
        return Analyser(encoder, Models.load(folder), settings.suspicious_at), settings
    except OSError:
        return None


def heard(analyser: Analyser, thresholds: Thresholds, question: str, content: Content) -> str:
    """Return what becomes of a question, in words."""
    return _outcome(
        *_judged(analyser, {"q": question, "kind": "covered", "answers": []}, thresholds), content
    )


def _read(encoder: Remembering, texts: Sequence[str], progress: Progress) -> None:
    for done in range(0, len(texts), AT_A_TIME):
        progress(0.05 + 0.35 * done / len(texts), "Reading the ways of asking")
        encoder.encode(list(texts[done : done + AT_A_TIME]))


def _learnt_from(models: Models, examples: Sequence[Example]) -> bool:
    """Return whether models have learnt from the very texts of these examples: then they need no training."""
    texts = sorted(example.text for example in examples)
    letters = NgramFeatures()
    letters.fit(texts)
    same = letters.vocabularies == models.letters.vocabularies
    return same and all(map(np.allclose, letters.idfs, models.letters.idfs))


def _without(
    examples: Sequence[Example], replies: Sequence[str], encoder: Remembering, kept: Path | None
) -> Models:
    """Return the model without the change: that of an earlier trial with the same examples, or a new one."""
    if kept is None:
        return _rounded(fit(list(examples), encoder.encode, calm_replies=replies), None)
    same = hashlib.sha256(f"{encoder.mark} {sorted(map(repr, examples))}".encode()).hexdigest()[:16]
    folder = kept / f"without-{same}"
    if not (folder / "model.json").is_file():
        for old in kept.glob("without-*"):
            shutil.rmtree(old, ignore_errors=True)
        return _rounded(fit(list(examples), encoder.encode, calm_replies=replies), folder)
    return Models.load(folder)


def _rounded(models: Models, folder: Path | None) -> Models:
    """Return models as they are read from a file, which rounds their weights.

    Args:
        models: as they were trained.
        folder: where they are kept, if anywhere.
    """
    with tempfile.TemporaryDirectory(prefix="send-guide-") as place:
        models.save(Path(place))
        if folder is not None:
            with contextlib.suppress(OSError):  # nothing can be kept here: the trial cannot be asked
                folder.parent.mkdir(parents=True, exist_ok=True)
                shutil.copytree(place, folder, dirs_exist_ok=True)
        return Models.load(Path(place))


def _tied(
    differences: Sequence[Difference], ways: Sequence[str], encoder: Remembering
) -> tuple[Difference, ...]:
    """Return differences with the way of asking of the change that is most like each question."""
    if not ways or not differences:
        return tuple(differences)
    of_ways = encoder.encode([normalise(way) for way in ways])[:, MEANING]
    asked = encoder.encode([normalise(one.question) for one in differences])[:, MEANING]
    nearest = (asked @ of_ways.T).argmax(axis=1)
    return tuple(
        replace(one, because=ways[at] if one.of_change else "")
        for one, at in zip(differences, nearest, strict=True)
    )


Judged = tuple[Line, Verdict]
MOVES = ("answered", "offered")
"""Where a changed answer comes in or goes out."""


def _judged(analyser: Analyser, line: Line, thresholds: Thresholds) -> Judged:
    return Asked(line, analyser.analyse(line["q"])).judged(thresholds)


def _compared(
    pairs: Iterable[tuple[str, Judged, Judged]], content: Content, changed: str
) -> tuple[tuple[Fared, ...], tuple[Difference, ...], int]:
    """Return how each set fares, the questions that fare otherwise because of a change, and how many others.

    Args:
        pairs: (set, without, with) of each question.
        content: for the titles.
        changed: the id of the changed answer.
    """
    counts: dict[str, list[int]] = {}
    differences, by_chance = [], 0
    for name, (line, was), (would, is_now) in pairs:
        marks = _mark(line, was), _mark(would, is_now)
        otherwise = marks[0] != marks[1]
        of_change = any((changed in line[place]) != (changed in would[place]) for place in MOVES)
        if otherwise and not of_change and was.urgent == is_now.urgent:  # danger is shown whatever the reason
            by_chance += 1
            otherwise, marks = False, (marks[0], marks[0])
        count = counts.setdefault(name, [0, 0, 0])
        count[0] += 1
        for place, mark in enumerate(marks, start=1):
            count[place] += mark >= _best(line)
        if otherwise:
            expected = tuple(_title(answer_id, content) for answer_id in line.get("answers") or [])
            words = _outcome(line, was, content), _outcome(would, is_now, content)
            differences.append(Difference(line["q"], name, expected, *words, marks[1] > marks[0], of_change))
    fared = tuple(Fared(name, *count) for name, count in counts.items())
    return fared, tuple(sorted(differences, key=lambda one: one.better)), by_chance


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
        self.mark = hashlib.sha256(encoder.states("who must appoint a senco").vector().tobytes()).hexdigest()
        self._vectors: dict[str, sentence_encoder.FloatArray] = self._kept()

    def states(self, text: str) -> sentence_encoder.States:
        """Return the states of ``text``."""
        if text not in self._states:
            self._states[text] = self._inner.states(text)
        return self._states[text]

    def encode(self, texts: list[str]) -> sentence_encoder.FloatArray:
        """Return one vector a text, shape (len(texts), 1152)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._inner.encode(new), strict=True))
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)

    def keep(self) -> None:
        """Write the vectors to the file; a file that cannot be written only makes the next trial slower."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_suffix(".new.npz")
            # texts as one JSON: NumPy would give each the room of the longest
            texts = np.frombuffer(json.dumps(list(self._vectors)).encode(), dtype=np.uint8)
            np.savez(new, mark=self.mark, texts=texts, vectors=list(self._vectors.values()))
            new.replace(self._path)

    def _kept(self) -> dict[str, sentence_encoder.FloatArray]:
        if self._path is None or not self._path.is_file():
            return {}
        try:
            with np.load(self._path, allow_pickle=False) as kept:
                if str(kept["mark"]) != self.mark:
                    return {}
                return dict(zip(json.loads(kept["texts"].tobytes()), kept["vectors"], strict=True))
        except (OSError, ValueError, KeyError):
            return {}
