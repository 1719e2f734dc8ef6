"""What a message means after the answer that was said before it.

A follow-up asks for something that stands in that answer ("who pays"), or goes on to another, nearly always
one related to it ("how do i get one"); everything else is a new question. A gate learnt from labelled
examples (``data/follow-ups``) decides between the three. What goes on is read alone and together with the
title of the answer before, and the related ones are likelier.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from send_guide.content import Answer, Content
from send_guide.domain.reply import lines_of
from send_guide.domain.text import normalise
from send_guide.nlu.classifiers import FloatArray, LabelModel, Models
from send_guide.nlu.sentence_encoder import MEANING, Encoder

NEW, HERE, ON = "new", "here", "on"
KINDS = (NEW, HERE, ON)
ASK = "ask/"
RELATED, SECTION, ITSELF = 6.0, 2.0, 0.15
"""How much likelier an answer is that is related to the last one, or of its section; and that one itself."""
NEXT = "next"
"""The place of what to do next, among the lines of an answer."""
SEED = 2026
_FILE = "follow-ups"


@dataclass(frozen=True)
class FollowUp:
    """How a message reads after an answer.

    Attributes:
        kinds: probability of each of :data:`KINDS`.
        here: the line of the last answer that it is nearest to: its place among :func:`lines_of`.
        ranking: (id, probability) of the answers it may go on to, best first.
    """

    kinds: Mapping[str, float]
    here: int
    ranking: tuple[tuple[str, float], ...]

    @property
    def kind(self) -> str:
        """The likeliest kind."""
        return max(KINDS, key=lambda kind: self.kinds[kind])


class FollowUpModel:
    """The gate, and what is known of each answer's lines."""

    def __init__(
        self, weights: FloatArray, titles: FloatArray, lines: FloatArray, places: dict[str, list[int]]
    ) -> None:
        """Take what was learnt.

        Args:
            weights: of the gate, shape (features + 1, 3); the last row is the intercept.
            titles: meaning of the titles, shape (answers, 384), in the order of ``places``.
            lines: meaning of the lines of all answers, shape (lines, 384).
            places: the first line and the one after the last of each answer.
        """
        self._weights, self._titles, self._lines, self._places = weights, titles, lines, places
        self._at = {answer_id: at for at, answer_id in enumerate(places)}

    @classmethod
    def train(
        cls, content: Content, encoder: Encoder, models: Models, calm: Sequence[tuple[str, str]]
    ) -> FollowUpModel:
        """Learn the gate.

        Args:
            content: with its answers and follow-ups.
            encoder: the sentence encoder.
            models: what was learnt from the examples.
            calm: (text, answer id) of examples that are new questions or stories; some are drawn.
        """
        titles, lines, places = _meanings(content, encoder)
        model = cls(np.zeros((1, 3), np.float32), titles, lines, places)
        rows = [
            (one.says, answer_id, ON if one.then else HERE)
            for answer_id, found in content.follow_ups.items()
            for one in found
        ]
        chance = np.random.default_rng(SEED)
        ids = list(places)
        drawn = chance.permutation(len(calm))[: max(1, len(rows))]
        rows += [(calm[at][0], ids[chance.integers(len(ids))], NEW) for at in drawn]
        texts = [normalise(text) for text, _, _ in rows]
        vectors, counts = encoder.encode(texts), models.letters.transform(texts)
        alone = models.answers.probabilities(vectors, counts)
        features = sparse.vstack(
            [
                model._features(vectors[at], counts[at], alone[at], models.answers, content, answer_id)
                for at, (_, answer_id, _) in enumerate(rows)
            ]
        ).tocsr()
        gate = LogisticRegression(C=4, max_iter=400, class_weight="balanced")
        gate.fit(features, [KINDS.index(kind) for _, _, kind in rows])
        model._weights = np.vstack([gate.coef_.T, gate.intercept_]).astype(np.float32)
        return model

    def read(self, text: str, answer: Answer, content: Content, encoder: Encoder, models: Models) -> FollowUp:
        """Return how a message reads after an answer.

        Args:
            text: what was typed.
            answer: what was said before it.
            content: the catalogue.
            encoder: the sentence encoder.
            models: what was learnt from the examples.
        """
        plain = normalise(text)
        together = f"{normalise(answer.title)} {plain}"
        vectors, counts = encoder.encode([plain, together]), models.letters.transform([plain, together])
        rows = models.answers.probabilities(vectors, counts)
        features = self._features(vectors[0], counts[0], rows[0], models.answers, content, answer.id)
        scores = np.asarray(features @ self._weights[:-1]).ravel() + self._weights[-1]
        shares = np.exp(scores - scores.max())
        kinds = dict(zip(KINDS, map(float, shares / shares.sum()), strict=True))
        return FollowUp(
            kinds, self._nearest(vectors[0], answer.id), _goes_on(rows, models.answers, content, answer)
        )

    def _nearest(self, vector: FloatArray, answer_id: str) -> int:
        start, end = self._places.get(answer_id, [0, 0])
        return int((self._lines[start:end] @ _unit(vector[MEANING])).argmax()) if end > start else 0

    def _features(
        self,
        vector: FloatArray,
        counts: sparse.csr_matrix,
        alone: FloatArray,
        labels: LabelModel,
        content: Content,
        answer_id: str,
    ) -> sparse.csr_matrix:
        """Return what the gate looks at: nearness to the answer before, how sure a reading alone is."""
        meaning, at = _unit(vector[MEANING]), self._at.get(answer_id)
        near = [0.0, 0.0, 0.0]
        if at is not None:
            start, end = self._places[answer_id]
            lines = np.sort(self._lines[start:end] @ meaning)[::-1]
            near = [
                float(self._titles[at] @ meaning),
                float(lines[0]),
                float(lines[1] if len(lines) > 1 else 0),
            ]
        index = {label: at for at, label in enumerate(labels.labels)}
        own = float(alone[index[ASK + answer_id]]) if ASK + answer_id in index else 0.0
        related = content.answers[answer_id].related if answer_id in content.answers else ()
        beside = [float(alone[index[ASK + key]]) for key in related if ASK + key in index]
        words = int(counts.getnnz())
        dense = [*near, own, max(beside, default=0.0), float(alone.max()), np.log1p(words), float(words < 40)]
        return sparse.hstack([sparse.csr_matrix([dense], dtype=np.float32), counts]).tocsr()

    def save(self, folder: Path) -> None:
        """Keep what was learnt in a folder."""
        half = {"titles": self._titles.astype(np.float16), "lines": self._lines.astype(np.float16)}
        np.savez_compressed(folder / f"{_FILE}.npz", weights=self._weights, **half)
        (folder / f"{_FILE}.json").write_text(json.dumps(self._places), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> FollowUpModel:
        """Return what was kept in a folder."""
        with np.load(folder / f"{_FILE}.npz") as kept:
            arrays = {name: kept[name].astype(np.float32) for name in kept.files}
        places = json.loads((folder / f"{_FILE}.json").read_text(encoding="utf-8"))
        return cls(arrays["weights"], arrays["titles"], arrays["lines"], places)


def _meanings(content: Content, encoder: Encoder) -> tuple[FloatArray, FloatArray, dict[str, list[int]]]:
    """Return the meaning of titles and lines, and where the lines of each answer stand."""
    places: dict[str, list[int]] = {}
    texts: list[str] = []
    for answer in content.answers.values():
        lines = lines_of(answer)
        places[answer.id] = [len(texts), len(texts) + len(lines)]
        texts += [normalise(line) for line in lines]
    titles = encoder.encode([normalise(answer.title) for answer in content.answers.values()])
    return _units(titles[:, MEANING]), _units(encoder.encode(texts)[:, MEANING]), places


def _goes_on(
    rows: FloatArray, labels: LabelModel, content: Content, answer: Answer
) -> tuple[tuple[str, float], ...]:
    """Return the answers that a message may go on to: the mean of a reading alone and with the title."""
    mixed = np.sqrt(np.maximum(rows[0], 1e-6) * np.maximum(rows[1], 1e-6))
    weighted: dict[str, float] = {}
    for label, score in zip(labels.labels, mixed, strict=True):
        if not label.startswith(ASK):
            continue
        key = label.removeprefix(ASK)
        prior = RELATED if key in answer.related else SECTION if key.split(".")[0] == answer.section else 1.0
        weighted[key] = float(score) * (ITSELF if key == answer.id else prior)
    total = sum(weighted.values()) or 1.0
    best = sorted(weighted.items(), key=lambda item: -item[1])[:10]
    return tuple((key, score / total) for key, score in best if key in content.answers)


def _unit(vector: FloatArray) -> FloatArray:
    unit: FloatArray = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return unit


def _units(vectors: FloatArray) -> FloatArray:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    units: FloatArray = (vectors / lengths).astype(np.float32)
    return units
