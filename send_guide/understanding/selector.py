"""Chooses the answers to a message: the last step of understanding, and the one that decides.

A message becomes the intent ``ask`` with one or more catalogue ids, another intent of the domain
(small talk, a follow-up, off topic), or ``nlu_fallback`` with up to three likely answers to offer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse
from threadpoolctl import threadpool_limits

from send_guide.understanding import danger, minilm
from send_guide.understanding.language import other_language
from send_guide.understanding.model import DangerModel, LabelModel, Letters, Models, ScopeModel, probability
from send_guide.understanding.splitting import split_questions
from send_guide.understanding.text import normalise

ASK = "ask/"
URGENT = "ask/urgent."
INSIDE = "inside"
"""The kind of a message that the guide may have an answer to, or that is about the conversation."""
OUTSIDE = ("not_covered", "off_topic", "telling", "upset")
"""Intents that no answer fits; a kind of message each."""
FALLBACK = "nlu_fallback"
UNDERSTANDING = "understanding"
"""The key of the parse result that actions read: answers, choices, confidence."""
CHOICES = 3
TALK_AT = 0.9
TALK_INSIDE = 0.2
"""Confidence, and probability of being for the guide, from which a message is about the conversation."""
NOT_AT_ALL = 0.01
"""Probability of being for the guide below which it is not, however likely an answer."""
AGAIN = 4
"""Parts that are read again by themselves at most; a reading takes 2 to 4 ms."""
SUSPICIOUS = 0.1
"""Probability of danger, read in its context, from which a part is read again by itself."""
LIKELIEST = 4
"""Answers that the helpline is shown with their probability: the best and what may have been meant."""


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
class Seen:
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


@dataclass(frozen=True)
class Understood:
    """What a message is taken for: intent, confidence, (answer id, probability) to say, ids to offer."""

    intent: str
    confidence: float
    answers: list[tuple[str, float]]
    choices: list[str]


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class AnswerSelector(GraphComponent, IntentClassifier):
    """Sentence encoder, statistics, and the decision to answer, to offer or to hold back.

    Settings in ``config.yml``, all probabilities:
        urgent_at: somebody may be in danger from here on, by the whole message; said before anything.
        part_at: the same by one part of it. A long message has many, and one of them may mislead.
        inside_at: below this it is not for the guide, and what it is instead decides.
        answer_at: the likeliest answer is said from here on.
        upset_at: it is said from here on where the message is more upset, or more telling, than asking.
        doubt_at: where the message seems not to be for the guide, the likeliest answers are offered all the
            same from here on, instead of a no.
        offer_at: an answer is worth offering from here on.
        beside_at: a runner-up is offered beside the answer from here on.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings used where ``config.yml`` names none."""
        return {
            "urgent_at": 0.5,
            "part_at": 0.5,
            "inside_at": 0.4,
            "answer_at": 0.3,
            "upset_at": 0.5,
            "doubt_at": 0.5,
            "offer_at": 0.05,
            "beside_at": 0.1,
        }

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Keep the settings; :meth:`train` or :meth:`load` brings the rest.

        Args:
            config: the settings of ``config.yml``.
            storage: where the model is kept.
            resource: this component's place in it.
        """
        self._config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource
        self._encoder: minilm.Encoder | None = None
        self._models: Models | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AnswerSelector:
        """Return an untrained selector."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Build the encoder, fit the voters on all examples and keep both."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [normalise(example.get(TEXT)) for example in examples]
        labels = [example.get_full_intent() for example in examples]
        with self._storage.write_to(self._resource) as folder:
            minilm.build(Path(folder))
            self._encoder = minilm.Encoder(Path(folder))
            self._models = fit(texts, labels, self._encoder.encode)
            self._models.save(Path(folder))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> AnswerSelector:
        """Return the trained selector."""
        selector = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            selector._encoder = minilm.Encoder(Path(folder))
            selector._models = Models.load(Path(folder))
        return selector

    @classmethod
    def of(cls, config: dict[str, Any], encoder: minilm.Encoder, models: Models) -> AnswerSelector:
        """Return a selector of what is given, outside any graph: to measure it or to try something out."""
        selector = cls(config, None, None)  # nothing is trained into a model, so no place for one
        selector._encoder, selector._models = encoder, models
        return selector

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, the selected answer (as Rasa's own selector does) and ``understanding``."""
        for message in messages:
            if message.get(TEXT) and not message.get(INTENT, {}).get("name"):
                self._understand(message)
        return messages

    def read(self, texts: list[str]) -> list[Reading]:
        """Return how each text is read.

        Raises:
            RuntimeError: the selector is neither trained nor loaded.
        """
        encoder, models = self._ready
        normal = [normalise(text) for text in texts]
        return self._readings(encoder.encode(normal), models.letters.transform(normal))

    @property
    def settings(self) -> dict[str, float]:
        """The thresholds in use, by name."""
        return {name: float(self._config[name]) for name in self.get_default_config()}

    @property
    def encoder(self) -> minilm.Encoder:
        """The sentence encoder.

        Raises:
            RuntimeError: the selector is neither trained nor loaded.
        """
        return self._ready[0]

    @property
    def models(self) -> Models:
        """What was learnt from the examples.

        Raises:
            RuntimeError: the selector is neither trained nor loaded.
        """
        return self._ready[1]

    @property
    def _ready(self) -> tuple[minilm.Encoder, Models]:
        if self._encoder is None or self._models is None:
            raise RuntimeError("the selector is not trained: run `make train`")
        return self._encoder, self._models

    def _readings(self, vectors: minilm.FloatArray, counts: sparse.csr_matrix) -> list[Reading]:
        models = self._ready[1]
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

    def look(self, text: str) -> Seen:
        """Return everything that is seen in a message; :func:`decide` says what follows.

        Raises:
            RuntimeError: the selector is neither trained nor loaded.
        """
        encoder, models = self._ready
        plain, questions = normalise(text), split_questions(text)
        states = encoder.states(plain)
        vector, counts = states.vector()[None], models.letters.transform([plain])
        in_danger = models.danger.log_odds(vector, counts)[0]
        return Seen(
            language=other_language(text, models.letters.words),
            by_words=danger.by_words(text),
            whole=self._readings(vector, counts)[0],
            danger=(
                models.danger.label(vector[0], counts).removeprefix(ASK),
                probability(in_danger),
            ),
            part=self._part(plain, states, in_danger),
            questions=self.read(questions) if len(questions) > 1 else [],
        )

    def _part(self, text: str, states: minilm.States, whole: float) -> tuple[str, float]:
        """Return the urgent answer of the part that is likeliest to tell of danger, and the probability.

        What stands around a part colours how it is read, and one torn out of its sentence reads
        oddly: the few that look worst in their context are read again by themselves. Both count, and so
        do the log odds of the ``whole``, of which a figure of speech is only a part.
        """
        encoder, models = self._ready
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

    def _understand(self, message: Message) -> None:
        seen = self.look(message.get(TEXT))
        understood = decide(seen, self._config)
        ranking = [{"name": label.split("/")[0], "confidence": value} for label, value in seen.whole.ranking]
        intent = {"name": understood.intent, "confidence": understood.confidence}
        message.set(INTENT, intent, add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set(
            UNDERSTANDING,
            {
                "answers": [
                    {"id": answer_id, "confidence": value} for answer_id, value in understood.answers
                ],
                "choices": understood.choices,
                "likeliest": [
                    {"id": label.removeprefix(ASK), "confidence": value}
                    for label, value in seen.whole.ranking
                    if label.startswith(ASK)
                ][:LIKELIEST],
                "confidence": seen.whole.confidence,
                "language": seen.language,
            },
            add_to_output=True,
        )
        if understood.answers:
            key = ASK + understood.answers[0][0]
            selected = {"response": {"intent_response_key": key, "confidence": understood.confidence}}
            message.set(
                "response_selector", {"all_retrieval_intents": ["ask"], "ask": selected}, add_to_output=True
            )


def decide(seen: Seen, settings: Mapping[str, float]) -> Understood:
    """Return what a message is taken for.

    Args:
        seen: what was seen in it.
        settings: the thresholds, as :class:`AnswerSelector` names them.
    """
    whole = seen.whole
    urgent = _danger(seen, settings)
    if seen.language and not seen.by_words:
        return Understood("off_topic", 1.0, [], [])
    answers = _answers(seen, settings)
    if urgent:
        # danger first; what else was asked can be had afterwards
        return Understood("ask", urgent[1], [urgent], [answer_id for answer_id, _ in answers])
    if answers:
        intent, confidence = "ask", answers[0][1]
    elif _is_talk(whole):
        intent, confidence = whole.best, whole.confidence
    elif whole.kinds.get(INSIDE, 1.0) < settings["inside_at"] and not _in_doubt(whole, settings):
        intent, confidence = whole.outside, whole.kinds.get(whole.outside, 0.0)
    elif not whole.best.startswith(ASK) and whole.confidence >= settings["answer_at"]:
        intent, confidence = whole.best, whole.confidence
    else:
        intent, confidence = FALLBACK, whole.confidence
    said = [answer_id for answer_id, _ in answers]
    least = settings["beside_at" if answers else "offer_at"]
    choices = [answer_id for answer_id in whole.likely_answers(least) if answer_id not in said]
    return Understood(intent, confidence, answers, choices)


def _danger(seen: Seen, settings: Mapping[str, float]) -> tuple[str, float] | None:
    """Return the urgent answer and its probability, or None where nothing points to danger."""
    if seen.by_words:
        return seen.by_words, 1.0
    found = [seen.danger] if seen.danger[1] >= settings["urgent_at"] else []
    found += [seen.part] if seen.part[1] >= settings["part_at"] else []
    return max(found, key=lambda one: one[1], default=None)


def _answers(seen: Seen, settings: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return (id, probability) of what to say: one for each question that is understood."""
    found: dict[str, float] = {}
    for part in seen.questions:
        if _is_answer(part, settings):
            found.setdefault(part.best.removeprefix(ASK), part.confidence)
    if _is_answer(seen.whole, settings) and len(found) < 2:
        found = {seen.whole.best.removeprefix(ASK): seen.whole.confidence}
    return list(found.items())[:CHOICES]


def _is_talk(reading: Reading) -> bool:
    """Return whether a message is surely about the conversation ("write the letter for me"), though its
    words could be about something else.
    """
    return (
        not reading.best.startswith(ASK)
        and reading.confidence >= TALK_AT
        and reading.kinds.get(INSIDE, 1.0) >= TALK_INSIDE
        and reading.outside in ("not_covered", "off_topic")
    )


def _in_doubt(reading: Reading, settings: Mapping[str, float]) -> bool:
    """Return whether an answer is so likely that it is better to ask than to say that it is not covered."""
    return (
        reading.outside in ("not_covered", "off_topic")
        and reading.kinds.get(INSIDE, 1.0) >= NOT_AT_ALL
        and reading.best.startswith(ASK)
        and reading.confidence >= settings["doubt_at"]
    )


def _is_answer(reading: Reading, settings: Mapping[str, float]) -> bool:
    """Return whether ``reading`` is sure enough to be said."""
    if not reading.best.startswith(ASK):
        return False
    if reading.kinds.get(INSIDE, 1.0) >= settings["inside_at"]:
        return reading.confidence >= settings["answer_at"]
    # upset words around a clear question do not make it less of a question, where there is one
    asked = reading.outside in ("telling", "upset") and reading.kinds.get(INSIDE, 1.0) >= NOT_AT_ALL
    return asked and reading.confidence >= settings["upset_at"]


def fit(
    texts: list[str],
    labels: list[str],
    encode: Callable[[list[str]], minilm.FloatArray],
    letters: Letters | None = None,
) -> Models:
    """Fit everything that is learnt; the answers are learnt from what is inside the guide's scope.

    Args:
        texts: the examples, normalised.
        labels: the intent of each.
        encode: gives the encoder's vectors of texts, shape (texts, 1152).
        letters: not fitted yet; left out: as in service.
    """
    texts, labels = map(list, zip(*sorted(zip(texts, labels, strict=True)), strict=True))
    letters = letters or Letters()
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
