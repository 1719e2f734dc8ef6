"""What is known of the person and the conversation: one typed value, kept in one slot.

It can be shown, corrected and forgotten. Every fact has where it came from. An older release's slots are read
by :meth:`Situation.of_slots`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from send_guide.content import get_content
from send_guide.domain.guided_path import Progress

SLOT = "situation"
VERSION = 1
How = Literal["said", "tapped", "guessed"]
OF_THE_PERSON = frozenset(("who", "council"))
"""Facts that hold whichever child is talked about."""
OTHER = "other"
"""The child that is named as another one: "my other son", "his sister"."""
CHILDREN = {
    "son": "your son",
    "daughter": "your daughter",
    "grandson": "your grandson",
    "granddaughter": "your granddaughter",
    "nephew": "your nephew",
    "niece": "your niece",
    OTHER: "the other child",
    "": "the first child",
}
"""Children in words, by the value of the fact ``child``; the empty one was talked about and not named."""
ROLES_SPOKEN_TO = ("teacher", "senco", "head", "governors", "council")


FACT_WORDS = {
    "phase": "the phase is {}",
    "setting": "the setting is {}",
    "plan": "an EHC plan: {}",
    "council": "the council is another one than ours",
    "age": "the age is {}",
}
"""How facts are put that no question of the path asks for, by name."""


@dataclass(frozen=True)
class Fact:
    """Something known, and how it came to be known."""

    value: str
    how: How = "said"


@dataclass
class Situation:
    """What is known.

    Attributes:
        child: the child that is talked about, a key of :data:`CHILDREN`.
        children: what is known of the others, as :meth:`to_json` has it, by the same keys.
        facts: what was told of the person and the child, by name: plan, phase, setting, who, topic, ...
        spoken_to: roles that have been told.
        done: steps that are done, as :class:`Progress` has them, told before the path was begun.
        progress: where somebody stands on the guided path; none where they are not on it.
        said: ids of the answers that were said last.
        last_choices: what could be tapped under the last replies, [title, payload] each, in order.
        others: ids of answers that may have been meant instead of those said last, best first.
        forms: the ways in which the last answer was said: "full", "simpler", ...
        dates: what was told of dates (ISO 8601), by the name of what they are of.
        asked: how often each question was asked running, by its key.
        open: a question that is open beside the path: "date.<kind of time limit>", "fact.<name>" or "safe".
        rejected: ids that the person said were not what they meant.
        role_shown: whose duties are being listed.
        duties_shown: how many of them have been said; 0 where no list is open.
        unsure: whether the last message was not understood.
        asked_to_leave_out: whether people have been asked to leave out personal data.
        danger: whether danger was told of, and nothing has ended it yet: a word that people are safe, or a
            question of something else that was answered.
        all_safe: whether somebody has said since that nobody is in danger.
        urgent: the id of the urgent answer that was said last in this conversation.
        remembered: answers of the session before, until somebody has said that they are theirs.
        remembered_progress: the steps of the session before, likewise.
    """

    child: str = ""
    children: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    spoken_to: list[str] = field(default_factory=list)
    done: dict[str, str] = field(default_factory=dict)
    progress: Progress | None = None
    said: list[str] = field(default_factory=list)
    last_choices: list[list[str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    dates: dict[str, str] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    open: str = ""
    rejected: list[str] = field(default_factory=list)
    role_shown: str = ""
    duties_shown: int = 0
    unsure: bool = False
    asked_to_leave_out: bool = False
    danger: bool = False
    all_safe: bool = False
    urgent: str = ""
    remembered: list[str] = field(default_factory=list)
    remembered_progress: Progress | None = None

    @property
    def on_path(self) -> bool:
        """Whether somebody is on the guided path."""
        return self.progress is not None

    def tell(self, facts: Mapping[str, str], how: How = "said") -> None:
        """Take in facts; a newer one takes the place of an older one."""
        self.facts |= {key: Fact(value, how) for key, value in facts.items()}

    def turn_to(self, child: str) -> bool:
        """Talk about a child: what is known of another is put aside, and what was known of this one is back.

        Args:
            child: a key of :data:`CHILDREN`.

        Returns:
            Whether it is another child than before.
        """
        grandchild = self.child.startswith("grand") and child in ("son", "daughter")  # who is its parent
        first = not self.child and (child != OTHER or not self.facts)
        if child == self.child or grandchild or first:
            self.child = self.child if grandchild else child
            return False
        of_the_person = {key: fact for key, fact in self.facts.items() if key in OF_THE_PERSON}
        self.children[self.child] = self._of_the_child().to_json()
        unnamed = "" if child not in self.children and child != OTHER else child
        theirs = Situation.of_json(self.children.pop(unnamed, None))
        self.facts = theirs.facts | of_the_person
        self.spoken_to, self.done, self.dates = theirs.spoken_to, theirs.done, theirs.dates
        self.progress, self.child, self.open, self.asked = theirs.progress, child, "", {}
        return True

    def known(self) -> dict[str, str]:
        """Return every fact by name, those of the path over those told."""
        told = {key: fact.value for key, fact in self.facts.items()}
        return told | (self.progress.facts if self.progress else {})

    def in_words(self) -> dict[str, str]:
        """Return what is known in words that people can check, by the name of the fact."""
        questions, told = get_content().questions, {}
        for key, value in self.known().items():
            option = questions[key].options.get(value) if key in questions else None
            if option:
                told[key] = option.told
            elif key in FACT_WORDS:
                told[key] = FACT_WORDS[key].format(value)
        return told

    def take_back(self, key: str) -> None:
        """Forget one fact."""
        self.facts.pop(key, None)
        if self.progress:
            self.progress.facts.pop(key, None)

    def next_session(self) -> Situation:
        """Return what a new session knows of this one: its topic and steps, and nothing else."""
        return Situation(
            remembered=self.said or self.remembered,
            remembered_progress=self.remembered_progress or self.progress,
        )

    def to_take_along(self) -> Situation:
        """Return what comes along to another device: facts, steps and dates, and nothing of what was said."""
        of = self._of_the_child()
        of.child, of.children = self.child, copy.deepcopy(self.children)
        return of

    def _of_the_child(self) -> Situation:
        of = copy.deepcopy(self)
        return Situation(
            facts=of.facts, spoken_to=of.spoken_to, done=of.done, progress=of.progress, dates=of.dates
        )

    def to_json(self) -> dict[str, Any]:
        """Return the value of the slot; what is as at the beginning is left out."""
        fresh, now = asdict(Situation()), asdict(self)
        return {"version": VERSION} | {name: value for name, value in now.items() if value != fresh[name]}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any] | None) -> Situation:
        """Return what a slot keeps; a new situation for None. What a newer release added is left out."""
        kept = copy.deepcopy(dict(kept or {}))
        known = {name: value for name, value in kept.items() if name in cls.__dataclass_fields__}
        facts = {key: Fact(fact["value"], fact["how"]) for key, fact in known.pop("facts", {}).items()}
        for name in ("progress", "remembered_progress"):
            known[name] = Progress.of(known[name]) if known.get(name) is not None else None
        return cls(facts=facts, **known)

    @classmethod
    def of_slots(cls, slots: Mapping[str, Any]) -> Situation:
        """Return the situation that a release before 0.2 kept in slots of their own."""
        facts = {key: Fact(str(slots[key])) for key in ("phase", "plan") if slots.get(key)}
        return cls(
            facts=facts,
            spoken_to=[role for role in ROLES_SPOKEN_TO if slots.get(f"spoken_to_{role}")],
            progress=Progress.of(slots.get("path")) if slots.get("on_path") else None,
            said=list(slots.get("last_answers") or []),
            role_shown=str(slots.get("role_shown") or ""),
            duties_shown=int(slots.get("duties_shown") or 0),
            unsure=bool(slots.get("unsure")),
            asked_to_leave_out=bool(slots.get("asked_to_leave_out")),
            remembered=list(slots.get("remembered") or []),
            remembered_progress=(
                Progress.of(slots["remembered_path"]) if slots.get("remembered_path") else None
            ),
        )


OLD_SLOTS = frozenset(
    (
        "path",
        "on_path",
        "remembered_path",
        "last_answers",
        "remembered",
        "role_shown",
        "duties_shown",
        "asked_to_leave_out",
        "phase",
        "plan",
        "unsure",
        *(f"spoken_to_{role}" for role in ROLES_SPOKEN_TO),
    )
)
"""Slots of releases before 0.2."""
