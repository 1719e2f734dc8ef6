"""What the guide says: one typed reply a message. Channels render it; nobody reads text back.

A reply has plain words (``text``), for media that have room for some a shorter wording (``short``) and a
simpler one (``easy_read``), and what can be tapped (``choices``). Its JSON form (:func:`to_json`) is what
the store, the REST channel and other people's tools read; ``docs/reply.schema.json`` describes it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal

from send_guide.content import Answer, get_content
from send_guide.content.path_schema import Step
from send_guide.content.schema import URGENT
from send_guide.content.wording import STRENGTH_WORDS, in_full, in_short, simpler, what_it_says

Kind = Literal[
    "answer",
    "choices",
    "signpost",
    "urgent",
    "escalation",
    "question",
    "letter",
    "deadline",
    "smalltalk",
    "fallback",
]
Form = Literal["full", "in_short", "simpler", "source", "strength", "contacts", "reach", "part"]
"""Which part of an answer is said: all of it, what matters most of it, its simpler wording, where it comes
from, how strong it is, who to contact, how to reach who carries the duty, or the one line that a follow-up
asked for."""


@dataclass(frozen=True)
class Choice:
    """One thing that can be tapped or picked.

    Attributes:
        title: what people see.
        payload: what the guide makes of it: an intent of the domain with its entities.
    """

    title: str
    payload: str


@dataclass(frozen=True, kw_only=True)
class Reply(ABC):
    """One message of the guide.

    Attributes:
        intro: a sentence that goes before what is said.
        choices: what can be tapped.
        offered: catalogue ids among them, best first.
        confidence: how sure understanding was, 0 to 1, or None.
    """

    type: ClassVar[str] = ""
    intro: str = ""
    choices: tuple[Choice, ...] = ()
    offered: tuple[str, ...] = ()
    confidence: float | None = None

    @property
    @abstractmethod
    def kind(self) -> Kind:
        """What kind of message it is, in the words of the contract."""

    @property
    @abstractmethod
    def body(self) -> str:
        """The words without what goes before them."""

    @property
    def text(self) -> str:
        """The plain words."""
        return f"{self.intro}\n{self.body}" if self.intro else self.body

    @property
    def short(self) -> str | None:
        """The wording for text messages, where it is another."""
        return None

    @property
    def easy_read(self) -> str | None:
        """The simpler wording, where there is one beside an answer's own."""
        return None

    @property
    def answer_ids(self) -> tuple[str, ...]:
        """Catalogue ids that are said, best first."""
        return ()

    @property
    def step_id(self) -> str | None:
        """The step of the guided path that it is about."""
        return None


@dataclass(frozen=True, kw_only=True)
class AnswerReply(Reply):
    """An answer of the catalogue, or one part of it.

    Attributes:
        answer: as it is said to this person.
        form: which part.
        words: the words of that part where they are not the answer's own.
    """

    type: ClassVar[str] = "answer"
    answer: Answer
    form: Form = "full"
    words: str = ""

    @property
    def kind(self) -> Kind:  # noqa: D102
        return kind_of(self.answer)

    @property
    def body(self) -> str:  # noqa: D102
        roles = get_content().roles
        if self.form == "full":
            return in_full(self.answer, roles)
        if self.form == "in_short":
            return in_short(self.answer, roles)
        if self.form == "simpler":
            return simpler(self.answer, roles)
        return self.words

    @property
    def answer_ids(self) -> tuple[str, ...]:  # noqa: D102
        return (self.answer.id,)


@dataclass(frozen=True, kw_only=True)
class UrgentReply(AnswerReply):
    """What to do in danger; said before all else."""

    type: ClassVar[str] = "urgent"


@dataclass(frozen=True, kw_only=True)
class DutiesReply(Reply):
    """A portion of what a role has to do.

    Attributes:
        role: its key.
        duties: the ids of the portion, in order.
        first: the number of the first one, counted from 1.
        of: how many there are.
    """

    type: ClassVar[str] = "duties"
    role: str
    duties: tuple[str, ...]
    first: int
    of: int

    @property
    def kind(self) -> Kind:  # noqa: D102
        return "answer"

    @property
    def answer_ids(self) -> tuple[str, ...]:  # noqa: D102
        return self.duties

    @property
    def heading(self) -> str:
        """The line above the duties."""
        name = get_content().roles[self.role].name
        last = self.first + len(self.duties) - 1
        return f"What the offer asks of {name} ({self.first} to {last} of {self.of}):"

    @property
    def lines(self) -> tuple[str, ...]:
        """Each duty with its strength, a line each."""
        duties = (get_content().answers[key] for key in self.duties)
        return tuple(f"{STRENGTH_WORDS[duty.strength].capitalize()} {duty.duty}." for duty in duties)

    @property
    def source(self) -> str:
        """The line below the duties."""
        source = get_content().answers[self.duties[0]].source
        return f"Source: {source.document}, {source.offer}"

    @property
    def body(self) -> str:  # noqa: D102
        return "\n".join([self.heading, *(f"- {line}" for line in self.lines), self.source])


@dataclass(frozen=True, kw_only=True)
class WordsReply(Reply):
    """Words of the guide's own: small talk, a choice to make, what cannot be answered, a line on the path.

    Attributes:
        words: what is said.
        says: the kind of message.
        brief: the wording for text messages, where it is another.
        about: catalogue ids that it is about.
        step: the step of the path that it is about.
    """

    type: ClassVar[str] = "words"
    words: str
    says: Kind
    brief: str | None = None
    about: tuple[str, ...] = ()
    step: str | None = None

    @property
    def kind(self) -> Kind:  # noqa: D102
        return self.says

    @property
    def body(self) -> str:  # noqa: D102
        return self.words

    @property
    def short(self) -> str | None:  # noqa: D102
        return self.brief

    @property
    def answer_ids(self) -> tuple[str, ...]:  # noqa: D102
        return self.about

    @property
    def step_id(self) -> str | None:  # noqa: D102
        return self.step


@dataclass(frozen=True, kw_only=True)
class QuestionReply(Reply):
    """A question whose answer decides what comes next.

    Attributes:
        key: its key in ``data/path/questions.yml``, or the fact that it asks for.
        ask: its words.
        help: where free help is.
        says: ``escalation`` on the guided path, else ``question``.
    """

    type: ClassVar[str] = "question"
    key: str
    ask: str
    help: str = ""
    says: Literal["escalation", "question"] = "escalation"

    @property
    def kind(self) -> Kind:  # noqa: D102
        return self.says

    @property
    def body(self) -> str:  # noqa: D102
        return "\n".join(filter(None, [self.ask, self.help]))

    @property
    def short(self) -> str | None:  # noqa: D102
        return self.ask


@dataclass(frozen=True, kw_only=True)
class StepReply(Reply):
    """A step of the guided path: in full, what the rules say about it, or where somebody is.

    Attributes:
        step: the step.
        form: ``full``, ``says``, ``simpler`` or ``here``.
        by_when: the time limit it falls under, where it is known, a line each.
        after: what comes next.
        number: which step of the way it is, counted from 1; None where the way is not known yet.
        of: how many there are.
        have_you: the question whether it is done.
        help: where free help is.
    """

    type: ClassVar[str] = "step"
    step: Step
    form: Literal["full", "says", "simpler", "here"] = "full"
    by_when: tuple[str, ...] = ()
    after: str = ""
    number: int | None = None
    of: int | None = None
    have_you: str = ""
    help: str = ""

    @property
    def kind(self) -> Kind:  # noqa: D102
        return "escalation"

    @property
    def progress(self) -> str:
        """Which step it is, for instance "Step 2 of 6"; empty where the way is not known."""
        return f"Step {self.number} of {self.of}" if self.number and self.of else ""

    @property
    def body(self) -> str:  # noqa: D102
        step = self.step
        if self.form == "says":
            return what_it_says(step)
        if self.form == "simpler":
            return step.easy_read
        if self.form == "here":
            lines = [
                f"You are at: {step.title}. {step.do}",
                *self.by_when,
                f"When you have done it, this comes next: {self.after}",
                self.have_you,
            ]
        else:
            lines = [step.title, step.text, what_it_says(step), *self.by_when, f"Next: {self.after}"]
        return "\n".join([*lines, self.help])

    @property
    def short(self) -> str | None:  # noqa: D102
        if self.form == "here":
            return f"You are at: {self.step.title}. Next: {self.after} {self.have_you}"
        return self.step.short if self.form == "full" else None

    @property
    def easy_read(self) -> str | None:  # noqa: D102
        return self.step.easy_read if self.form in ("full", "here") else None

    @property
    def step_id(self) -> str | None:  # noqa: D102
        return self.step.id


@dataclass(frozen=True, kw_only=True)
class StepsReply(Reply):
    """My steps: a list of what is done, where somebody is, and what comes.

    Attributes:
        before: what stands above the list: its heading with the day, and what was told, a line each.
        done: titles of the steps that are done, with the month where it was told.
        left_out: titles of those that were skipped.
        now: the step or question that somebody is at.
        coming: what comes after that, in order.
        after: what stands below the list: time limits and free help, a line each.
        step: the id of the step that somebody is at, where it is one.
    """

    type: ClassVar[str] = "steps"
    before: tuple[str, ...]
    done: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    now: str
    coming: tuple[str, ...]
    after: tuple[str, ...]
    step: str | None = None

    @property
    def kind(self) -> Kind:  # noqa: D102
        return "escalation"

    @property
    def marked(self) -> list[tuple[str, str]]:
        """The list: how each step stands ("Done", "Left out", "Now", "Next"), and its words."""
        return [
            *(("Done", words) for words in self.done),
            *(("Left out", words) for words in self.left_out),
            ("Now", self.now),
            *(("Next", words) for words in self.coming),
        ]

    @property
    def body(self) -> str:  # noqa: D102
        steps = (f"{mark}: {words}" for mark, words in self.marked)
        return "\n".join([*self.before, *steps, *self.after])

    @property
    def step_id(self) -> str | None:  # noqa: D102
        return self.step


@dataclass(frozen=True, kw_only=True)
class LetterReply(Reply):
    """A draft. Its text is made when it is delivered (``domain/letters.py``) and never stored.

    Attributes:
        template: the id of its template.
        title: what kind of letter it is.
        facts: what it is filled from.
        words: what is said about it.
    """

    type: ClassVar[str] = "letter"
    template: str
    title: str
    facts: Mapping[str, str] = field(default_factory=dict)
    words: str = ""

    @property
    def kind(self) -> Kind:  # noqa: D102
        return "letter"

    @property
    def body(self) -> str:  # noqa: D102
        return self.words


@dataclass(frozen=True, kw_only=True)
class DeadlineReply(Reply):
    """A time limit.

    Attributes:
        title: what has to be done by then.
        last_day: the last day, ISO 8601.
        working: how it was found, a sentence each.
        advice: what else is said of it: how far it is, what can still be done, whom to check it with.
        brief: the wording for text messages.
        spoken: the last day in words.
        about: catalogue ids that it is about.
    """

    type: ClassVar[str] = "deadline"
    title: str
    last_day: str
    spoken: str
    working: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    brief: str = ""
    about: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:  # noqa: D102
        return "deadline"

    @property
    def body(self) -> str:  # noqa: D102
        return "\n".join([f"{self.title}: {self.spoken}.", *self.working, *self.advice])

    @property
    def short(self) -> str | None:  # noqa: D102
        return self.brief

    @property
    def answer_ids(self) -> tuple[str, ...]:  # noqa: D102
        return self.about


def kind_of(answer: Answer) -> Kind:
    """Return the kind of reply an answer makes."""
    if answer.section == URGENT:
        return "urgent"
    return "signpost" if answer.section == "signpost" else "answer"


def lines_of(answer: Answer) -> list[str]:
    """Return the lines of an answer that a follow-up may ask for: lead, points, what to do next."""
    lead = answer.lead or answer.text
    return [lead, *answer.points, *(item.say for item in answer.do_next)]


TYPES: dict[str, type[Reply]] = {
    kind.type: kind
    for kind in (
        AnswerReply,
        UrgentReply,
        DutiesReply,
        WordsReply,
        QuestionReply,
        StepReply,
        StepsReply,
        LetterReply,
        DeadlineReply,
    )
}
"""Every type of reply by its name in JSON."""
CONTRACT = (
    "kind",
    "answer_ids",
    "offered",
    "confidence",
    "step",
    "short",
    "easy_read",
    "letter",
    "deadline",
)
"""The keys of a reply's JSON form that other programs read: the contract of ``docs/architecture.md``."""


def to_json(reply: Reply) -> dict[str, Any]:
    """Return the JSON form of a reply: the keys of the :data:`CONTRACT`, and what it is made of.

    ``type`` and ``made_of`` bring the reply back (:func:`from_json`).
    """
    made_of = {
        one.name: _plain(getattr(reply, one.name))
        for one in fields(reply)
        if one.name not in ("choices", "offered", "confidence") and getattr(reply, one.name) != one.default
    }
    found: dict[str, Any] = {
        "kind": reply.kind,
        "answer_ids": list(reply.answer_ids),
        "offered": list(reply.offered),
        "confidence": reply.confidence,
        "step": reply.step_id,
        "short": reply.short,
        "easy_read": reply.easy_read,
        "letter": _letter(reply),
        "deadline": _deadline(reply),
    }
    always = ("kind", "answer_ids", "offered", "confidence")
    kept = {name: value for name, value in found.items() if value is not None or name in always}
    return kept | {"type": reply.type, "made_of": made_of}


def from_json(custom: Mapping[str, Any], text: str, choices: tuple[Choice, ...] = ()) -> Reply:
    """Return the reply that was kept; where it cannot be made any more, its words as they were said.

    Args:
        custom: its JSON form; that of an older release has no ``type``.
        text: the words that were said.
        choices: what could be tapped.
    """
    common: dict[str, Any] = {
        "choices": choices,
        "offered": tuple(custom.get("offered") or ()),
        "confidence": custom.get("confidence"),
    }
    made = _made(custom, text, common)
    if made is not None:
        return made
    return WordsReply(
        words=text,
        says=custom.get("kind") or "smalltalk",
        brief=custom.get("short"),
        about=tuple(custom.get("answer_ids") or ()),
        step=custom.get("step"),
        **common,
    )


def _made(custom: Mapping[str, Any], text: str, common: Mapping[str, Any]) -> Reply | None:
    """Return the reply that ``type`` and ``made_of`` describe; None where it does not say ``text`` any more.

    What it is made of may have been edited since, or be gone. A letter is made only when it is delivered.
    """
    content, kind = get_content(), TYPES.get(str(custom.get("type") or ""))
    if kind is None:
        return None
    try:
        made_of = dict(custom.get("made_of") or {})
        if "answer" in made_of:
            base = content.answers[made_of["answer"]["id"]]
            variant = made_of["answer"].get("variant")
            made_of["answer"] = base if variant is None else base.as_in(base.variants[variant])
        if isinstance(made_of.get("step"), str) and kind is StepReply:
            made_of["step"] = content.steps[made_of["step"]]
        listed = {name: tuple(value) for name, value in made_of.items() if isinstance(value, list)}
        made = kind(**(made_of | listed), **common)
        return made if made.kind == "letter" or made.text == text else None
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None


def _plain(value: Any) -> Any:
    """Return a value of a reply as JSON has it: answers and steps by id."""
    if isinstance(value, Answer):
        return {"id": value.id} if value.variant is None else {"id": value.id, "variant": value.variant}
    if isinstance(value, Step):
        return value.id
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def _letter(reply: Reply) -> dict[str, Any] | None:
    if not isinstance(reply, LetterReply):
        return None
    return {"template": reply.template, "title": reply.title, "facts": dict(reply.facts)}


def _deadline(reply: Reply) -> dict[str, Any] | None:
    if not isinstance(reply, DeadlineReply):
        return None
    return {"title": reply.title, "last_day": reply.last_day, "working": list(reply.working)}
