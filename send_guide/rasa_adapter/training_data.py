"""The examples that a model is trained on: ways of asking, and messages that tell what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rasa.shared.data import get_data_files, is_nlu_file
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from send_guide.content.loader import ASK, Content, Story, load_content
from send_guide.content.schema import is_urgent
from send_guide.domain.text import normalise
from send_guide.nlu.examples import ALSO, POSSIBLE, Example

_METADATA = "metadata"
_OF_EXAMPLE = "example"
"""Where Rasa keeps the metadata of one example."""


def told(content: Content) -> TrainingData:
    """Return what people tell (``data/messages``, ``data/danger``) as examples of Rasa's.

    Args:
        content: what ``data`` holds.
    """
    return TrainingData(
        [
            *_messages(content.stories),
            *_messages(content.clear_danger),
            *_messages(content.possible_danger, possible=True),
        ]
    )


def _messages(stories: Mapping[str, list[Story]], possible: bool = False) -> Iterator[Message]:
    for answer_id, messages in stories.items():
        for story in messages:
            metadata = {ALSO: [ASK + other for other in story.also], POSSIBLE: possible}
            yield Message.build(story.text, ASK + answer_id, example_metadata=metadata)


def calm_replies(content: Content) -> list[str]:
    """Return what people say after answers that are not urgent (``data/follow-ups``), as training reads it.

    Args:
        content: what ``data`` holds.
    """
    return [
        normalise(one.says)
        for answer_id, found in content.follow_ups.items()
        for one in found
        if not is_urgent(answer_id) and not is_urgent(one.then or "")
    ]


def examples(data: TrainingData) -> list[Example]:
    """Return what is learnt from Rasa's training data, in its order."""
    return [_example(one) for one in data.intent_examples if one.get(TEXT)]


def _example(message: Message) -> Example:
    metadata = (message.get(_METADATA) or {}).get(_OF_EXAMPLE) or {}
    return Example(
        normalise(message.get(TEXT)),
        message.get_full_intent(),
        tuple(metadata.get(ALSO, ())),
        bool(metadata.get(POSSIBLE)),
    )


def examples_of(data: Path) -> list[Example]:
    """Return the examples as training has them.

    Args:
        data: the folder of the content.
    """
    asked = training_data_from_paths(get_data_files([str(data / "nlu")], is_nlu_file), "en")
    return examples(asked.merge(told(load_content(data))))
