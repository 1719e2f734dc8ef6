"""Picks up what people tell of themselves on the way: the phase, the kind of school, how far they got.

What fits stands in ``data/facts.yml``; it becomes entities, and Rasa fills the slots of the same names.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from send_guide.content.loader import data_directory

SPOKEN_TO = "spoken_to"
SEVERAL = (SPOKEN_TO, "reached")
"""Facts of which a message may tell more than one."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class FactExtractor(GraphComponent, EntityExtractorMixin):
    """Adds an entity for each fact of ``data/facts.yml``; ``spoken_to`` has the role of whom."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FactExtractor:
        """Return an extractor."""
        return cls()

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


def facts(text: str) -> list[tuple[str, str, int, int]]:
    """Return (fact, value, first letter, letter after the last) of what ``text`` tells."""
    plain = text.lower().replace("’", "'")
    if len(plain) != len(text):  # a few letters grow when they are made small
        plain = text.replace("’", "'")
    found = []
    for fact, values in _patterns(data_directory() / "facts.yml").items():
        hits = [(value, hit) for value, pattern in values if (hit := pattern.search(plain))]
        found += [(fact, value, *hit.span()) for value, hit in (hits if fact in SEVERAL else hits[:1])]
    return found


@functools.cache
def _patterns(path: Path) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    words = lists.pop("words")

    def compiled(lines: list[str]) -> re.Pattern[str]:
        pattern = "|".join(lines)
        for word, meaning in words.items():
            pattern = pattern.replace(word, f"(?:{meaning})")
        return re.compile(rf"\b(?:{pattern})\b")

    return {
        fact: [(value, compiled(lines)) for value, lines in values.items()] for fact, values in lists.items()
    }
