"""Reads a message: which answers, which kind, how likely danger is; nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from send_guide.domain import safety
from send_guide.domain.text import normalise, own_words
from send_guide.nlu import danger, sentence_encoder
from send_guide.nlu.classifiers import DangerModel, LabelModel, Models, NgramFeatures, ScopeModel, probability
from send_guide.nlu.examples import Example
from send_guide.nlu.language import other_language
from send_guide.nlu.splitting import asked

ASK = "ask/"
INSIDE = "inside"
"""The kind of a message that the guide may have an answer to, or that is about the conversation."""
OUTSIDE = ("not_covered", "off_topic", "telling", "upset")
"""Intents that no answer fits; a kind of message each."""
CHOICES = 4
"""Answers that are offered at most."""
MOST_LETTERS = 2_000
"""Letters that are read, after they were made plain: what is typed can become four times as long by that. The
words of danger are looked for in all of it.
"""
AGAIN = 4
"""Parts that are read again by themselves at most; a reading takes 2 to 4 ms."""
ALSO_WEIGHT = 0.35
"""Of an answer that would be right as well, beside 1 for the one that comes first."""


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
        possibly: the urgent answer that may be needed by its words, if they name one.
        danger: the urgent answer that it needs, read as one, and the probability.
        part: the same of the part of it that is likeliest to tell of danger.
        questions: how each of its questions was read, where there are more than one.
    """

    language: str | None
    by_words: str | None
    possibly: str | None
    whole: Reading
    danger: tuple[str, float]
    part: tuple[str, float]
    questions: list[Reading]


class Analyser:
    """Reads messages with the sentence encoder and what was learnt from the examples."""

    def __init__(self, encoder: sentence_encoder.Encoder, models: Models, suspicious_at: float) -> None:
        """Take the encoder and the models that were learnt with it.

        Args:
            encoder: makes vectors of texts.
            models: what was learnt.
            suspicious_at: probability of danger from which a part is read again by itself.
        """
        self.encoder, self.models = encoder, models
        self._suspicious_at = suspicious_at

    def read(self, texts: list[str]) -> list[Reading]:
        """Return how each text is read."""
        normal = [normalise(text)[:MOST_LETTERS] for text in texts]
        return self._readings(self.encoder.encode(normal), self.models.letters.transform(normal))

    def analyse(self, text: str) -> Analysis:
        """Return everything that is seen in a message; ``nlu/decide.py`` says what follows."""
        words = own_words(text)
        plain, questions = normalise(words, lines=True)[:MOST_LETTERS], asked(words)
        states = self.encoder.states(plain)
        whole = states.vector()[None], self.models.letters.transform([plain])
        looked_at = [self._danger(plain, states)]
        # what stands beside a disclosure never makes it less of one
        looked_at += [
            self._danger(one, self.encoder.states(one), len(one.split()) < danger.LONG)
            for one in danger.by_themselves(plain)
        ]
        return Analysis(
            language=other_language(text, self.models.letters.words),
            by_words=safety.by_words(text),
            possibly=safety.possible_by_words(text),
            whole=self._readings(*whole)[0],
            danger=max((as_one for as_one, _ in looked_at), key=itemgetter(1)),
            part=max((part for _, part in looked_at), key=itemgetter(1)),
            questions=self.read(questions) if len(questions) > 1 else [],
        )

    def _danger(
        self, text: str, states: sentence_encoder.States, parts: bool = True
    ) -> tuple[tuple[str, float], tuple[str, float]]:
        """Return the urgent answer of a text as one, and of its worst part, each with the probability.

        Args:
            text: as :func:`normalise` writes it.
            states: how the encoder sees it.
            parts: whether to look at its parts; those of a long text are among those of the message.
        """
        vector, counts = states.vector(), self.models.letters.transform([text])
        log_odds = float(self.models.danger.log_odds(vector[None], counts)[0])
        label = self.models.danger.label(vector, counts).removeprefix(ASK)
        return (label, probability(log_odds)), self._part(text, states, log_odds) if parts else ("", 0.0)

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
        worst = [
            at for at in np.argsort(-in_context)[:AGAIN] if probability(in_context[at]) >= self._suspicious_at
        ]
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
    examples: list[Example],
    encode: Callable[[list[str]], sentence_encoder.FloatArray],
    letters: NgramFeatures | None = None,
    calm_replies: Sequence[str] = (),
) -> Models:
    """Fit everything that is learnt; the answers are learnt from what is inside the guide's scope.

    Args:
        examples: what is learnt from.
        encode: gives the encoder's vectors of texts, shape (texts, 1152).
        letters: not fitted yet; left out: as in service.
        calm_replies: what people say after an answer: it teaches what is no danger, and no answer.
    """
    examples = sorted(examples, key=lambda one: (one.text, one.label))
    texts, labels = [one.text for one in examples], [one.label for one in examples]
    letters = letters or NgramFeatures()
    counts, vectors = letters.fit(texts), encode(texts)
    calm = [at for at, one in enumerate(examples) if one.tier == "none"]
    sure = [
        at for at, one in enumerate(examples) if one.tier != "possible"
    ]  # what is between teaches neither
    inside = [at for at in calm if kind_of_message(labels[at]) == INSIDE]
    pieces = [*danger.pieces([texts[at] for at in calm]), *sorted(calm_replies)]
    read, letters_of_them = encode(pieces), letters.transform(pieces)  # on every core, so not beside the rest
    kinds = [kind_of_message(labels[at]) for at in calm]
    fitting = [{labels[at]: 1.0, **dict.fromkeys(examples[at].also, ALSO_WEIGHT)} for at in inside]
    # the three need nothing of one another; where each also multiplies on every core, all wait for all
    with threadpool_limits(1), ThreadPoolExecutor() as cores:
        scope = cores.submit(ScopeModel.train, vectors[calm], counts[calm], kinds)
        answers = cores.submit(LabelModel.train, vectors[inside], counts[inside], fitting)
        of_danger = DangerModel.train(
            vectors[sure],
            counts[sure],
            [labels[at] if examples[at].tier == "clear" else "" for at in sure],
            read,
            letters_of_them,
        )
        return Models(letters, of_danger, scope.result(), answers.result())
