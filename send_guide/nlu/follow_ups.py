"""What a message means after what was typed and said before it.

A follow-up asks for something that stands in that answer ("who pays"), or goes on to another, nearly always
one related to it ("how do i get one"), or it is a question of its own. All three are one ranking of the
answers, that one among them: by how the message reads alone, with the message before it, and with all that
was typed before; by the lines of each answer; by what people say next (``data/follow-ups``), and by what they
ask after many answers, which leads somewhere else after each (``data/usual-follow-ups.yml``). Where nothing
was said yet, because choices were offered or something else was talked of, what was typed counts alike.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from send_guide.content import Answer, Content
from send_guide.content.loader import ASK, NEXT, FollowUpExample
from send_guide.content.schema import is_urgent
from send_guide.domain.reply import lines_of
from send_guide.domain.text import normalise
from send_guide.nlu.classifiers import FloatArray, LabelModel, Models
from send_guide.nlu.sentence_encoder import DIMENSIONS, MEANING, Encoder

MOST_BEFORE = 8
"""Messages before, at most, that a message is read together with."""
MOST_WORDS = 150
"""Words, at most, that are read together: the last ones. The encoder's time grows with them."""
RANKED = 10
"""Answers that are ranked at most."""
USUAL_AT = 0.7
"""Cosine from which on a message is near to what people ask after many answers."""
HALF = 0.5
"""How near a message has to be to asking what to do next that this is said."""
LEAST = 1e-4
"""Probability below which it no longer matters how unlikely an answer is."""
_FILE = "follow-ups"


@dataclass(frozen=True)
class Weights:
    """What each sign counts; fitted on the odd dialogues of ``tests/questions/real`` (docs/evaluation.md).

    Attributes:
        alone: of the logarithm of the probability by the message alone,
        with_last: by the message before and this one,
        together: by all the messages before and this one.
        line: of the nearness of the answer's nearest line, a cosine.
        example: of the nearness of the nearest example that leads to the answer, a cosine.
        usual: of the nearness of what people ask after many answers and that leads to this one after the
            last: how far its cosine is from :data:`USUAL_AT` to 1. Set by hand: at 1 it decides.
        related: of being related to the last answer.
        itself: of being the last answer.
        beside: of having been said beside it.
    """

    alone: float = 0.29
    with_last: float = 0.22
    together: float = 0.74
    line: float = 2.6
    example: float = 4.7
    usual: float = 11.0
    related: float = 1.5
    itself: float = 0.86
    beside: float = 1.8


@dataclass(frozen=True)
class FollowUp:
    """How a message reads after what was typed and said before it.

    Attributes:
        ranking: (id, probability) of the answers that it may be about, best first.
        line: the line of the last answer that it is nearest to: its place among :func:`lines_of`; 0 where
            nothing was said.
        near: how near it is to that line, by its words or by what people say of it: a cosine.
        words: how many the message has.
        usual: how near it is to what people ask after many answers and that leads somewhere after this one:
            0, not near, to 1, the same.
    """

    ranking: tuple[tuple[str, float], ...]
    line: int
    near: float
    words: int
    usual: float = 0.0


@dataclass(frozen=True)
class _Meanings:
    """Meanings of lines or of examples, and which answer each belongs to.

    Attributes:
        vectors: of unit length, shape (texts, 384).
        of: the id of the answer of each.
        places: the line of it that each stands for; -1: none.
    """

    vectors: FloatArray
    of: list[str]
    places: list[int]

    def nearest(self, meaning: FloatArray) -> dict[str, float]:
        """Return the cosine of the nearest text of each answer."""
        found: dict[str, float] = {}
        for answer_id, cosine in zip(self.of, self.vectors @ meaning, strict=True):
            found[answer_id] = max(found.get(answer_id, 0.0), float(cosine))
        return found


@dataclass(frozen=True)
class _Usual:
    """Meanings of what people ask after many answers.

    Attributes:
        vectors: of unit length, shape (texts, 384).
        of: the key in ``Content.usual_follow_ups`` of each.
    """

    vectors: FloatArray
    of: list[str]

    def leads(self, meaning: FloatArray, last: Answer, content: Content) -> dict[str, float]:
        """Return how near a message is to what leads somewhere after an answer, by where it leads.

        Args:
            meaning: of the message, of unit length.
            last: the answer that was said last.
            content: the catalogue.

        Returns:
            How near, above 0 to 1, by the id of an answer; :data:`NEXT` stands for the next step of the last.
        """
        if not self.of:
            return {}
        cosines = self.vectors @ meaning
        best = self.of[int(np.argmax(cosines))]
        near = (float(np.max(cosines)) - USUAL_AT) / (1 - USUAL_AT)
        usual = content.usual_follow_ups.get(best)  # another than when the model was trained may be in hand
        lead = usual.leads_to(last) if usual and near > 0 else None
        return {lead: near} if lead is not None and (lead != NEXT or last.do_next) else {}


class FollowUpModel:
    """Ranks answers for a message after an answer."""

    def __init__(
        self, lines: _Meanings, examples: _Meanings, usual: _Usual, weights: Weights | None = None
    ) -> None:
        """Take what the lines of all answers, and the examples, mean.

        Args:
            lines: of every answer.
            examples: what people say next, each with the answer that it is about.
            usual: what people ask after many answers.
            weights: what each sign counts.
        """
        self._lines, self._examples, self._usual = lines, examples, usual
        self._weights = weights or Weights()

    @classmethod
    def train(cls, content: Content, encoder: Encoder) -> FollowUpModel:
        """Read the lines of all answers, and the examples of what people say next.

        Args:
            content: with its answers and follow-ups.
            encoder: the sentence encoder.
        """
        lines = [
            (one.id, at, line) for one in content.answers.values() for at, line in enumerate(lines_of(one))
        ]
        examples = [
            (one.then or answer_id, _place(one, content.answers[answer_id]), one.says)
            for answer_id, found in content.follow_ups.items()
            for one in found
        ]
        usual = [(key, -1, says) for key, one in content.usual_follow_ups.items() for says in one.says]
        asked = _meanings(usual, encoder)
        return cls(_meanings(lines, encoder), _meanings(examples, encoder), _Usual(asked.vectors, asked.of))

    def read(
        self,
        text: str,
        said: Sequence[Answer],
        before: Sequence[str],
        content: Content,
        encoder: Encoder,
        models: Models,
    ) -> FollowUp:
        """Return how a message reads after what was typed and said before it.

        Args:
            text: what was typed.
            said: the answers that were said last, the first one first; none where nothing was said.
            before: what was typed before it, the oldest first; where nothing was, the title of what was said
                stands for it, as it stood on the button that was tapped.
            content: the catalogue.
            encoder: the sentence encoder.
            models: what was learnt from the examples.
        """
        before = before or [one.title for one in said[:1]]
        together = ". ".join([*before[-MOST_BEFORE:], text]).split()[-MOST_WORDS:]
        texts = [normalise(one) for one in (text, ". ".join([*before[-1:], text]), " ".join(together))]
        vectors = encoder.encode(texts)
        rows = models.answers.probabilities(vectors, models.letters.transform(texts))
        meaning = _units(vectors[:1, MEANING])[0]
        usual = self._usual.leads(meaning, said[0], content) if said else {}
        scores = self._scores(rows, meaning, models.answers, said, content)
        for key, near in usual.items():
            lead = said[0].id if key == NEXT else key
            scores[lead] = scores.get(lead, 0.0) + self._weights.usual * near
        near, line = self._line(meaning, said[0], usual.get(NEXT, 0.0)) if said else (0.0, 0)
        near = max(near, usual.get(said[0].id, 0.0)) if said else near
        return FollowUp(_ranking(scores), line, near, len(text.split()), max(usual.values(), default=0.0))

    def _scores(
        self,
        rows: FloatArray,
        meaning: FloatArray,
        labels: LabelModel,
        said: Sequence[Answer],
        content: Content,
    ) -> dict[str, float]:
        """Return the score of each answer.

        Args:
            rows: the probability of each label by the message alone, with the one before, with all before.
            meaning: of the message, of unit length.
            labels: the model whose labels these are.
            said: the answers that were said last.
            content: the catalogue.
        """
        weigh = self._weights
        by_reading = np.array([weigh.alone, weigh.with_last, weigh.together]) @ np.log(rows + LEAST)
        lines, examples = self._lines.nearest(meaning), self._examples.nearest(meaning)
        of_said = dict.fromkeys(said[0].related, weigh.related) if said else {}
        of_said |= {one.id: weigh.beside for one in said[1:]}
        of_said |= {one.id: weigh.itself for one in said[:1]}
        scores: dict[str, float] = {}
        for label, read in zip(labels.labels, by_reading, strict=True):
            key = label.removeprefix(ASK)
            if key == label or key not in content.answers or is_urgent(key):
                continue  # danger is looked for in the message itself, by a model of its own
            near = weigh.line * lines.get(key, 0.0) + weigh.example * examples.get(key, 0.0)
            scores[key] = float(read) + near + of_said.get(key, 0.0)
        return scores

    def _line(self, meaning: FloatArray, answer: Answer, asks_next: float) -> tuple[float, int]:
        """Return how near a message is to the nearest line of an answer, and its place.

        It is near by the words of the line, or by what people say of it.

        Args:
            meaning: of the message, of unit length.
            answer: the answer.
            asks_next: how near the message is to asking what to do next, 0 to 1.
        """
        if asks_next >= HALF:
            return 1.0, _next_place(answer)
        near = [
            (float(vector @ meaning), place)
            for known in (self._lines, self._examples)
            for vector, of, place in zip(known.vectors, known.of, known.places, strict=True)
            if of == answer.id and place >= 0
        ]
        return max(near, default=(0.0, 0))

    def save(self, folder: Path) -> None:
        """Keep what was learnt in a folder."""
        known: dict[str, _Meanings | _Usual] = {
            "lines": self._lines,
            "examples": self._examples,
            "usual": self._usual,
        }
        vectors = {name: one.vectors.astype(np.float16) for name, one in known.items()}
        np.savez_compressed(folder / f"{_FILE}.npz", **vectors)
        kept = {
            "lines": {"of": self._lines.of, "places": self._lines.places},
            "examples": {"of": self._examples.of, "places": self._examples.places},
            "usual": {"of": self._usual.of},
        }
        (folder / f"{_FILE}.json").write_text(json.dumps(kept), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> FollowUpModel:
        """Return what was kept in a folder."""
        facts = json.loads((folder / f"{_FILE}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{_FILE}.npz") as arrays:
            vectors = {name: arrays[name].astype(np.float32) for name in facts}
        return cls(
            _Meanings(vectors["lines"], **facts["lines"]),
            _Meanings(vectors["examples"], **facts["examples"]),
            _Usual(vectors["usual"], **facts["usual"]),
        )


def _place(example: FollowUpExample, answer: Answer) -> int:
    """Return the place, among the lines of an answer, of what an example asks for; -1: it goes on."""
    if example.then is not None:
        return -1
    return _next_place(answer) if example.here == NEXT else int(example.here or 0)


def _next_place(answer: Answer) -> int:
    """Return the place of what to do next, among the lines of an answer."""
    return 1 + len(answer.points)


def _meanings(texts: Sequence[tuple[str, int, str]], encoder: Encoder) -> _Meanings:
    """Return what texts mean: each with the id of its answer and the line it stands for."""
    if not texts:
        return _Meanings(np.zeros((0, DIMENSIONS), dtype=np.float32)[:, MEANING], [], [])
    vectors = encoder.encode([normalise(text) for _, _, text in texts])
    return _Meanings(
        _units(vectors[:, MEANING]), [key for key, _, _ in texts], [place for _, place, _ in texts]
    )


def _ranking(scores: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """Return the best answers with their probability."""
    most = max(scores.values(), default=0.0)
    shares = {key: float(np.exp(score - most)) for key, score in scores.items()}
    total = sum(shares.values()) or 1.0
    best = sorted(shares.items(), key=lambda item: -item[1])[:RANKED]
    return tuple((key, share / total) for key, share in best)


def _units(vectors: FloatArray) -> FloatArray:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    units: FloatArray = (vectors / lengths).astype(np.float32)
    return units
