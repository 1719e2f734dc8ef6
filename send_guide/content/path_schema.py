"""The shape of the guided path: steps, the questions that decide between them, routes, letters.

``docs/content.md`` explains each field to editors.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

import jinja2
from pydantic import BaseModel as _BaseModel
from pydantic import ConfigDict, Field, StringConstraints, field_validator, model_validator

from send_guide.content.schema import MAX_TITLE_CHARACTERS, AlsoSays, Evidence, Source, Strength, Text

Key = Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
"""The name of a question; it is the key of what a button sends."""
Value = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$")]
"""The id of a step or of an option."""
Title = Annotated[Text, StringConstraints(max_length=MAX_TITLE_CHARACTERS)]


class _Strict(_BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Says(_Strict):
    """What the offer or the law says about a step, with its strength."""

    text: Text
    strength: Strength
    also: tuple[AlsoSays, ...] = ()
    source: Source
    evidence: Evidence | None = None

    @model_validator(mode="after")
    def _evidence_where_needed(self) -> Says:
        if self.evidence is None and self.source.offer is None:
            raise ValueError("evidence is missing: needed for every source but the offer")
        return self


class Step(_Strict):
    """One step of the path, told in full, in a text message and in easy words.

    Attributes:
        do: what to do.
        who: to whom, by name of role.
        say: what to say or write.
        keep: what to keep a note of.
        expect: what is reasonable to expect, and when to move on.
        says: what the offer or the law says about it.
        next: the next step in one line.
        letter: the letter that goes with it.
        deadline: the time limit that it falls under.
        done_by: having complained to one of these means that the step is done (``data/facts.yml``).
        end: the last step of a route; there is nothing after it.
    """

    id: Value
    title: Title
    do: Text
    who: Text
    say: Text
    keep: Text
    expect: Text
    says: Says
    next: Text
    short: Text
    easy_read: Text
    letter: Value | None = None
    deadline: Literal["appeal", "mediation", "discrimination"] | None = None
    contacts: tuple[Text, ...] = ()
    end: bool = False
    review: datetime.date

    @property
    def text(self) -> str:
        """What to do, who, what to say, what to keep and what to expect, a line each."""
        return (
            f"{self.do}\nWho: {self.who}\nSay or write: {self.say}\nKeep: {self.keep}\n"
            f"What to expect: {self.expect}"
        )


class Option(_Strict):
    """One answer to a question.

    Attributes:
        title: what the button says.
        told: how the summary puts it, after "You told me:".
        typed: what people type for it, in small letters, beside the title.
        done: steps that are done where this is the answer.
    """

    title: Title
    told: Text
    typed: tuple[Text, ...] = ()
    done: tuple[Value, ...] = ()


class Question(_Strict):
    """A question whose answer decides the next step, or what a letter says.

    Attributes:
        when: situations in which it makes sense; all where left out.
        ask: its words.
        told: how the summary puts a date, before the date itself.
        date: the answer is a date.
        done: steps that are done where a date is given.
        options: what can be picked.
    """

    key: Key
    when: dict[Key, tuple[Value, ...]] = Field(default_factory=dict)
    ask: Text
    told: Text | None = None
    date: bool = False
    done: tuple[Value, ...] = ()
    options: dict[Value, Option]


class Route(_Strict):
    """The way for one kind of situation: steps in order, and questions (``?key``) where they are needed."""

    when: dict[Key, tuple[Value, ...]]
    way: tuple[Annotated[str, StringConstraints(pattern=r"^\??[a-z]+(-[a-z]+)*$")], ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of the way, without its questions."""
        return tuple(item for item in self.way if not item.startswith("?"))


class Entry(_Strict):
    """What is known of somebody who begins the path from an answer.

    Attributes:
        begins: somebody who only tells begins the path at once.
        facts: option by question.
        done: steps that are done.
    """

    begins: bool = False
    facts: dict[Key, Value] = Field(default_factory=dict)
    done: tuple[Value, ...] = ()


class LetterTemplate(_Strict):
    """A letter: Jinja2 text that facts are filled into.

    Attributes:
        words: what people name it by, in small letters.
        asks: questions whose answers it needs; they are asked before the draft is made.
        cites: the strengths of what it cites, and why.
    """

    id: Value
    title: Title
    words: tuple[Text, ...]
    asks: tuple[Key, ...] = ()
    cites: tuple[AlsoSays, ...] = ()
    evidence: Evidence
    text: Text
    review: datetime.date

    @field_validator("text")
    @classmethod
    def _can_be_filled(cls, text: str) -> str:
        try:
            jinja2.Environment(autoescape=False).parse(text)  # noqa: S701 - parsed, not rendered
        except jinja2.TemplateSyntaxError as error:
            raise ValueError(f"line {error.lineno} of the template: {error.message}") from error
        return text
