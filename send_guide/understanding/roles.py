"""Finds who a question is about: schools, governors, the head teacher, the SENCO, the council."""

from __future__ import annotations

from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file
from spacy.language import Language
from spacy.matcher import PhraseMatcher

ROLE = "role"
_NAMES = "names.json"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class RoleExtractor(GraphComponent, EntityExtractorMixin):
    """Marks the names of roles with spaCy's phrase matcher; the names are Rasa synonyms.

    Longer names win ("special needs teacher" before "teacher"), capitals do not matter.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, names: dict[str, str]) -> None:
        """Build the matcher.

        Args:
            storage: where the model is kept.
            resource: this component's place in it.
            names: role key by name, for instance ``{"headmaster": "head-teacher"}``.
        """
        self._storage = storage
        self._resource = resource
        self._use(names)

    def _use(self, names: dict[str, str]) -> None:
        self._language: Language = spacy.blank("en")
        self._matcher = PhraseMatcher(self._language.vocab, attr="LOWER")
        by_role: dict[str, list[str]] = {}
        for name, role in names.items():
            by_role.setdefault(role, []).append(name)
        for role, role_names in by_role.items():
            self._matcher.add(role, [self._language.make_doc(name) for name in role_names])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RoleExtractor:
        """Return an extractor that knows no names yet."""
        return cls(model_storage, resource, {})

    def train(self, training_data: TrainingData) -> Resource:
        """Take the names from the synonyms of the training data and keep them."""
        names = {str(name): str(role) for name, role in training_data.entity_synonyms.items()}
        self._use(names)
        with self._storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(folder / _NAMES, names)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RoleExtractor:
        """Return the trained extractor."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, read_json_file(folder / _NAMES))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add an entity ``role`` for every role that a message names, in order."""
        for message in messages:
            text = message.get(TEXT)
            if not text or message.get(ENTITIES):
                continue
            doc = self._language.make_doc(text)
            spans = spacy.util.filter_spans(self._matcher(doc, as_spans=True))
            entities = [
                {
                    "entity": ROLE,
                    "start": span.start_char,
                    "end": span.end_char,
                    "value": span.label_,
                    "extractor": type(self).__name__,
                }
                for span in spans
            ]
            message.set(ENTITIES, entities, add_to_output=True)
        return messages
