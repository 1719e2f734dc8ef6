"""Reads a message: which answers, which kind, how likely danger is; nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from send_guide.domain import safety
from send_guide.domain.text import normalise
from send_guide.nlu import danger, sentence_encoder
from send_guide.nlu.classifiers import DangerModel, LabelModel, Models, NgramFeatures, ScopeModel, probability
from send_guide.nlu.language import other_language
from send_guide.nlu.splitting import split_questions

ASK = "ask/"
URGENT = "ask/urgent."
INSIDE = "inside"
"""The kind of a message that the guide may have an answer to, or that is about the conversation."""
OUTSIDE = ("not_covered", "off_topic", "telling", "upset")
"""Intents that no answer fits; a kind of message each."""
CHOICES = 3
AGAIN = 4
"""Parts that are read again by themselves at most; a reading takes 2 to 4 ms."""
SUSPICIOUS = 0.1
"""Probability of danger, read in its context, from which a part is read again by itself."""


def kind_of_message(label: str) -> str:
    """Return the kind that the scope model learns for an intent; danger has a model of its own."""
    return label if label in OUTSIDE else INSIDE


@dataclass(frozen=True)
class Reading:
    """How one question was read: labels by falling probability, and the probability of each kind."""

    ranking: list[tuple[str, float]]
    kinds: dict[str, float]

    @property
    def best(self) -> str:
        """The likeliest label."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """The probability of the likeliest label."""
        return self.ranking[0][1]

    @property
    def outside(self) -> str:
        """The likeliest of the kinds that no answer fits."""
        return max(OUTSIDE, key=lambda kind: self.kinds.get(kind, 0.0))

    def likely_answers(self, least: float) -> list[str]:
        """Return the ids of the likeliest answers, each with at least the probability ``least``."""
        return [
            label.removeprefix(ASK)
            for label, probability in self.ranking
            if label.startswith(ASK) and probability >= least
        ][:CHOICES]


@dataclass(frozen=True)
class Analysis:
    """Everything that is seen in a message, before anything is decided.

    Attributes:
        language: the code of the language, where it is not English.
        by_words: the urgent answer that its words name, if they do.
        whole: how it was read as one.
        danger: the urgent answer that it needs, read as one, and the probability.
        part: the same of the part of it that is likeliest to tell of danger.
        questions: how each of its questions was read, where there are more than one.
    """

    language: str | None
    by_words: str | None
    whole: Reading
    danger: tuple[str, float]
    part: tuple[str, float]
    questions: list[Reading]


class Analyser:
    """Reads messages with the sentence encoder and what was learnt from the examples."""

    def __init__(self, encoder: sentence_encoder.Encoder, models: Models) -> None:
        """Take the encoder and the models that were learnt with it."""
        self.encoder, self.models = encoder, models

    def read(self, texts: list[str]) -> list[Reading]:
        """Return how each text is read."""
        normal = [normalise(text) for text in texts]
        return self._readings(self.encoder.encode(normal), self.models.letters.transform(normal))

    def analyse(self, text: str) -> Analysis:
        """Return everything that is seen in a message; ``nlu/decide.py`` says what follows."""
        encoder, models = self.encoder, self.models
        plain, questions = normalise(text), split_questions(text)
        states = encoder.states(plain)
        vector, counts = states.vector()[None], models.letters.transform([plain])
        in_danger = models.danger.log_odds(vector, counts)[0]
        return Analysis(
            language=other_language(text, models.letters.words),
            by_words=safety.by_words(text),
            whole=self._readings(vector, counts)[0],
            danger=(
                models.danger.label(vector[0], counts).removeprefix(ASK),
                probability(in_danger),
            ),
            part=self._part(plain, states, in_danger),
            questions=self.read(questions) if len(questions) > 1 else [],
        )

    def _part(self, text: str, states: sentence_encoder.States, whole: float) -> tuple[str, float]:
        """Return the urgent answer of the part that is likeliest to tell of danger, and the probability.

        What stands around a part colours how it is read, and one torn out of its sentence reads
        oddly: the few that look worst in their context are read again by themselves. Both count, and so
        do the log odds of the ``whole``, of which a figure of speech is only a part.
        """
        encoder, models = self.encoder, self.models
        places = danger.parts(text)
        if not places:
            return "", 0.0
        parts = [text[start:end] for start, end in places]
        counts = models.letters.transform(parts)
        vectors = np.array([states.part(start, end) for start, end in places])
        in_context = models.danger.log_odds(vectors, counts)
        worst = [at for at in np.argsort(-in_context)[:AGAIN] if probability(in_context[at]) >= SUSPICIOUS]
        if not worst:
            return "", 0.0
        alone = models.danger.log_odds(encoder.encode([parts[at] for at in worst]), counts[worst])
        log_odds = (alone + in_context[worst] + whole) / 3
        at = worst[int(log_odds.argmax())]
        return models.danger.label(vectors[at], counts[at]).removeprefix(ASK), probability(log_odds.max())

    def _readings(self, vectors: sentence_encoder.FloatArray, counts: sparse.csr_matrix) -> list[Reading]:
        models = self.models
        kinds = models.scope.probabilities(vectors, counts)
        rows = models.answers.probabilities(vectors, counts)
        top = np.argsort(-rows, axis=1)[:, :10]
        labels = models.answers.labels
        return [
            Reading(
                [(labels[at], float(row[at])) for at in best],
                dict(zip(models.scope.kinds, map(float, kind), strict=True)),
            )
            for row, best, kind in zip(rows, top, kinds, strict=True)
        ]


def fit(
    texts: list[str],
    labels: list[str],
    encode: Callable[[list[str]], sentence_encoder.FloatArray],
    letters: NgramFeatures | None = None,
) -> Models:
    """Fit everything that is learnt; the answers are learnt from what is inside the guide's scope.

    Args:
        texts: the examples, normalised.
        labels: the intent of each.
        encode: gives the encoder's vectors of texts, shape (texts, 1152).
        letters: not fitted yet; left out: as in service.
    """
    texts, labels = map(list, zip(*sorted(zip(texts, labels, strict=True)), strict=True))
    letters = letters or NgramFeatures()
    counts, vectors = letters.fit(texts), encode(texts)
    calm = [at for at, label in enumerate(labels) if not label.startswith(URGENT)]
    inside = [at for at in calm if kind_of_message(labels[at]) == INSIDE]
    pieces = danger.pieces([texts[at] for at in calm])
    read, letters_of_them = encode(pieces), letters.transform(pieces)  # on every core, so not beside the rest
    kinds = [kind_of_message(labels[at]) for at in calm]
    # the three need nothing of one another; where each also multiplies on every core, all wait for all
    with threadpool_limits(1), ThreadPoolExecutor() as cores:
        scope = cores.submit(ScopeModel.train, vectors[calm], counts[calm], kinds)
        answers = cores.submit(
            LabelModel.train, vectors[inside], counts[inside], [labels[at] for at in inside]
        )
        of_danger = DangerModel.train(
            vectors,
            counts,
            [label if label.startswith(URGENT) else "" for label in labels],
            read,
            letters_of_them,
        )
        return Models(letters, of_danger, scope.result(), answers.result())
