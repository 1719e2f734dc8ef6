"""Rasa graph components: thin wrappers around ``send_guide.nlu``, named in ``config.yml``."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file

from send_guide.content import get_content
from send_guide.domain.guided_path import REPORTS
from send_guide.domain.text import normalise
from send_guide.errors import SendGuideError
from send_guide.nlu import sentence_encoder
from send_guide.nlu.analysis import ASK, Analyser, Analysis, fit
from send_guide.nlu.classifiers import Models
from send_guide.nlu.decide import LIKELIEST, Decision, Thresholds, after, decide
from send_guide.nlu.facts import SPOKEN_TO, facts
from send_guide.nlu.follow_ups import FollowUpModel
from send_guide.nlu.roles import RoleMatcher
from send_guide.rasa_adapter.training_data import calm_replies, examples

ROLE = "role"
_NAMES = "names.json"
UNDERSTANDING = "understanding"
"""The key of the parse result that actions read: answers, choices, confidence."""
SAID = "said"
"""The key of a message's metadata that names the answers said before it (``patches.py`` puts it there)."""
BEFORE = "before"
"""The key of a message's metadata that holds what was typed before it, the oldest first."""
ON_STEPS = "on_steps"
"""The key of a message's metadata that says whether somebody is on the guided path."""
_OF_RASA = {"name", "component_name"}
"""Keys of a component's settings that Rasa itself puts there."""


class BadThresholdError(SendGuideError):
    """A threshold of ``config.yml`` has an unknown name or no probability for a value."""

    def __init__(self, error: ValidationError) -> None:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        known = ", ".join(Thresholds.model_fields)
        super().__init__(f"config.yml, AnswerSelector: {wrong}. Known are {known}")


def thresholds_of(config: dict[str, Any]) -> Thresholds:
    """Return the thresholds of a component's settings.

    Raises:
        BadThresholdError: a name is unknown, or a value is no probability.
    """
    try:
        return Thresholds.model_validate({k: v for k, v in config.items() if k not in _OF_RASA})
    except ValidationError as error:
        raise BadThresholdError(error) from error


class _Component(GraphComponent):
    """A component as Rasa makes it."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Take what Rasa has for it.

        Args:
            config: its settings of ``config.yml``.
            storage: where the model is kept.
            resource: its place in the model.
        """
        self._storage, self._resource = storage, resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Return the component as it is before training."""
        return cls(config, model_storage, resource)


class _Trained(_Component):
    """A component that keeps what it has learnt in a folder of the model."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """Return the component as it was trained."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._read(Path(folder))
        return component

    @abstractmethod
    def _read(self, folder: Path) -> None:
        """Read what :meth:`train` has kept."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class RoleExtractor(_Trained, EntityExtractorMixin):
    """Adds an entity for every role that a message names; the names are Rasa synonyms."""

    _matcher = RoleMatcher({})

    def train(self, training_data: TrainingData) -> Resource:
        """Take the names from the synonyms of the training data and keep them."""
        names = {str(name): str(role) for name, role in training_data.entity_synonyms.items()}
        self._matcher = RoleMatcher(names)
        with self._storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(folder / _NAMES, names)
        return self._resource

    def _read(self, folder: Path) -> None:
        self._matcher = RoleMatcher(read_json_file(folder / _NAMES))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add an entity ``role`` for every role that a message names, in order."""
        for message in messages:
            text = message.get(TEXT)
            if text and not message.get(ENTITIES):
                found = [
                    {
                        "entity": ROLE,
                        "start": start,
                        "end": end,
                        "value": role,
                        "extractor": type(self).__name__,
                    }
                    for role, start, end in self._matcher.roles(text)
                ]
                message.set(ENTITIES, found, add_to_output=True)
        return messages


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class FactExtractor(_Component, EntityExtractorMixin):
    """Adds an entity for each fact of ``data/facts.yml``; ``spoken_to`` has the role of whom."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add an entity for every fact to those that a message has."""
        for message in messages:
            if text := message.get(TEXT):
                found = [*(message.get(ENTITIES) or []), *self._entities(text)]
                message.set(ENTITIES, found, add_to_output=True)
        return messages

    def _entities(self, text: str) -> list[dict[str, Any]]:
        entities: list[dict[str, Any]] = []
        for fact, value, start, end in facts(text):
            named = {"role": value, "value": True} if fact == SPOKEN_TO else {"value": value}
            place = {"start": start, "end": end, "extractor": type(self).__name__}
            entities.append({"entity": fact, **named, **place})
        return entities


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class AnswerSelector(_Trained, IntentClassifier):
    """Reads a message and decides: the intent ``ask`` with one or more catalogue ids, another intent of the
    domain, or ``nlu_fallback`` with answers to offer. Its settings are the
    :class:`~send_guide.nlu.decide.Thresholds`.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings used where ``config.yml`` names none."""
        return Thresholds().model_dump()

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Keep the settings; :meth:`train` or :meth:`load` brings the rest.

        Raises:
            BadThresholdError: a setting is unknown or no probability.
        """
        super().__init__(config, storage, resource)
        self.thresholds = thresholds_of(config)
        self._analyser: Analyser | None = None
        self._follow_ups: FollowUpModel | None = None

    def train(self, training_data: TrainingData) -> Resource:
        """Build the encoder, fit the voters on all examples and keep both."""
        with self._storage.write_to(self._resource) as folder:
            sentence_encoder.build(Path(folder))
            encoder = sentence_encoder.Encoder(Path(folder))
            learnt = examples(training_data)
            models = fit(learnt, encoder.encode, calm_replies=calm_replies(get_content()))
            models.save(Path(folder))
            self._follow_ups = FollowUpModel.train(get_content(), encoder)
            self._follow_ups.save(Path(folder))
        self._analyser = Analyser(encoder, models, self.thresholds.suspicious_at)
        return self._resource

    def _read(self, folder: Path) -> None:
        models, suspicious = Models.load(folder), self.thresholds.suspicious_at
        self._analyser = Analyser(sentence_encoder.Encoder(folder), models, suspicious)
        self._follow_ups = FollowUpModel.load(folder)

    @property
    def analyser(self) -> Analyser:
        """What reads messages.

        Raises:
            RuntimeError: the selector is neither trained nor loaded.
        """
        if self._analyser is None:
            raise RuntimeError("the selector is not trained: run `make train`")
        return self._analyser

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, the selected answer (as Rasa's own selector does) and ``understanding``."""
        for message in messages:
            if message.get(TEXT) and not message.get(INTENT, {}).get("name"):
                analysis = self.analyser.analyse(message.get(TEXT))
                _put(message, analysis, self._in_context(message, decide(analysis, self.thresholds)))
        return messages

    def _in_context(self, message: Message, decision: Decision) -> Decision:
        """Return what a message is taken for after what was typed and said before it, if anything was."""
        metadata = message.get("metadata") or {}
        content = get_content()
        before: Sequence[str] = metadata.get(BEFORE) or ()
        said = [content.answers[key] for key in metadata.get(SAID) or () if key in content.answers]
        if metadata.get(ON_STEPS) and decision.intent in REPORTS:  # "they said no" is of the step
            return decision
        asked_again = bool(before) and normalise(before[-1]) == normalise(message.get(TEXT))
        if asked_again or not (before or said) or self._follow_ups is None:
            return decision
        analyser = self.analyser
        found = self._follow_ups.read(
            message.get(TEXT), said, before, content, analyser.encoder, analyser.models
        )
        return after(decision, found, said[0].id if said else None, self.thresholds)


def loaded_analyser(agent: Any) -> Analyser:
    """Return what reads messages in a loaded agent: the very one that answers people.

    Rasa has no way to ask a loaded model for a component; the names are those of Rasa 3.6.21.

    Args:
        agent: a ``rasa.core.agent.Agent``.
    """
    return loaded_selector(agent).analyser


def loaded_selector(agent: Any) -> AnswerSelector:
    """Return the selector of a loaded agent; see :func:`loaded_analyser`."""
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    return next(node._component for node in nodes if isinstance(node._component, AnswerSelector))


def _put(message: Message, analysis: Analysis, decision: Decision) -> None:
    """Put a decision into a message as Rasa's policies and our actions read it."""
    ranked = analysis.whole.ranking
    ranking = [{"name": label.split("/")[0], "confidence": value} for label, value in ranked]
    message.set(INTENT, {"name": decision.intent, "confidence": decision.confidence}, add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
    likeliest = [
        {"id": label.removeprefix(ASK), "confidence": value}
        for label, value in ranked
        if label.startswith(ASK)
    ]
    understanding = {
        "answers": [{"id": answer_id, "confidence": value} for answer_id, value in decision.answers],
        "choices": decision.choices,
        "likeliest": likeliest[:LIKELIEST],
        "confidence": analysis.whole.confidence,
        "language": analysis.language,
        "part": decision.part,
        "in_short": decision.in_short,
        "danger_tier": decision.danger_tier,
        "possible_danger": decision.urgent if decision.ask_if_safe else None,
    }
    message.set(UNDERSTANDING, understanding, add_to_output=True)
    if decision.answers:
        key = ASK + decision.answers[0][0]
        selected = {"response": {"intent_response_key": key, "confidence": decision.confidence}}
        message.set(
            "response_selector", {"all_retrieval_intents": ["ask"], "ask": selected}, add_to_output=True
        )
