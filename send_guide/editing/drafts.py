"""A change to one answer that is not in ``data/`` yet: new words, ways of asking to add or leave out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from send_guide.content.files import UNPRINTABLE, to_python
from send_guide.content.loader import Content
from send_guide.errors import SendGuideError

FIELDS = {
    "title": "Title",
    "strength": "Strength",
    "since": "Right now",
    "lead": "Answer",
    "points": "What else counts",
    "text": "Whole answer",
    "short": "Text message",
    "easy_read": "Easy read",
    "checked": "Facts checked on",
    "confidence": "How sure the facts are",
    "links": "Where the facts were checked",
    "review": "Read again by",
}
"""What can be changed here, by the name that editors see. Order of the page.

An answer has a lead and points, or a text: :func:`words_of` has those that it has.
"""
OF_EVIDENCE = ("checked", "confidence", "links")
"""Fields that stand under ``evidence`` in the file."""
LINES = ("easy_read", "links", "points")
"""Fields of which every line counts; in others a line end is a space."""


class UnknownAnswerError(SendGuideError):
    """There is no answer with this id."""

    def __init__(self, answer_id: str) -> None:
        super().__init__(f"there is no answer {answer_id!r}: `send-guide editor answers` lists them")


class UnknownFieldError(SendGuideError):
    """A field that an answer does not have, or that is not changed here."""

    def __init__(self, name: str, fields: Iterable[str]) -> None:
        super().__init__(f"{name!r} cannot be changed here; these can: {', '.join(fields)}")


@dataclass(frozen=True)
class Draft:
    """What an editor wants to change in one answer.

    Attributes:
        answer: the id of the answer.
        fields: new words by field (:data:`FIELDS`); an empty text takes the field away.
        add: ways of asking to add.
        leave_out: ways of asking to take away, as they stand.
    """

    answer: str
    fields: Mapping[str, str] = field(default_factory=dict)
    add: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()

    @property
    def asks_otherwise(self) -> bool:
        """Whether ways of asking change, and with them what is understood."""
        return bool(self.add or self.leave_out)

    def __bool__(self) -> bool:
        """Return whether there is anything to change."""
        return bool(self.fields or self.asks_otherwise)


def draft_of(
    content: Content,
    answer_id: str,
    fields: Mapping[str, str],
    add: list[str] | tuple[str, ...] = (),
    leave_out: list[str] | tuple[str, ...] = (),
) -> Draft:
    """Return the draft of what was typed; what is the same as before is no change.

    Args:
        content: what there is.
        answer_id: the answer to change.
        fields: words by field, as typed.
        add: ways of asking to add; a leading dash and spaces are taken off, empty ones left out.
        leave_out: ways of asking to take away.

    Raises:
        UnknownAnswerError: there is no such answer.
        UnknownFieldError: there is no such field.
    """
    before = words_of(content, answer_id)
    for name in fields:
        if name not in before:
            raise UnknownFieldError(name, before)
    tidy = {name: tidied(name, value) for name, value in fields.items()}
    asked = [tidied("", text).removeprefix("- ") for text in add]
    known = [example.text for example in content.examples.get(answer_id, [])]
    return Draft(
        answer_id,
        {name: value for name, value in tidy.items() if value != before[name]},
        tuple(dict.fromkeys(text for text in asked if text)),
        tuple(text for text in known if text in leave_out),
    )


def words_of(content: Content, answer_id: str) -> dict[str, str]:
    """Return the words of each field that an answer can have, as its file has them, placeholders open.

    Raises:
        UnknownAnswerError: there is no such answer.
    """
    raw = raw_answer(content, answer_id)
    evidence = raw.get("evidence") or {}
    others = ("text",) if "lead" in raw else ("lead", "points")
    names = [name for name in FIELDS if name not in others]
    found = {name: (evidence if name in OF_EVIDENCE else raw).get(name) for name in names}
    return {
        name: tidied(name, "\n".join(value) if isinstance(value, list) else str(value or ""))
        for name, value in found.items()
    }


def raw_answer(content: Content, answer_id: str) -> dict[str, Any]:
    """Return the answer as its file has it.

    Raises:
        UnknownAnswerError: there is no such answer.
    """
    return dict(to_python(node_of(content, answer_id)))


def node_of(content: Content, answer_id: str) -> yaml.MappingNode:
    """Return the place of an answer in its file.

    Raises:
        UnknownAnswerError: there is no such answer.
    """
    if answer_id not in content.answers:
        raise UnknownAnswerError(answer_id)
    node = content.places[answer_id][1]
    assert isinstance(node, yaml.MappingNode)  # an answer is a mapping, or it would not have been read
    return node


def tidied(name: str, value: str) -> str:
    """Return what was typed without needless spaces and characters that cannot be seen.

    Args:
        name: the field: of :data:`LINES` the lines are kept.
        value: what was typed.
    """
    lines = [" ".join(UNPRINTABLE.sub("", line).split()) for line in value.splitlines()]
    return ("\n" if name in LINES else " ").join(line for line in lines if line)
