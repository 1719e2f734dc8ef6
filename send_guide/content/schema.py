"""The shape of an answer and of a contact. ``docs/content.md`` explains each field to editors."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Strength = Literal["must", "should", "is-required-to", "information"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

MAX_TITLE_CHARACTERS = 60
URGENT = "urgent"
"""The section of what is said in danger."""


def is_urgent(answer_id: str) -> bool:
    """Return whether an answer says what to do in danger."""
    return answer_id.startswith(f"{URGENT}.")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where an answer comes from: the offer (section and point), the law, or a guide's page.

    ``document`` is the offer's name; the loader takes it from ``data/council.yml``.
    """

    document: Text | None = None
    offer: Text | None = None
    point: int | None = Field(default=None, ge=1)
    law: Text | None = None
    guide: Text | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> Source:
        if sum(part is not None for part in (self.offer, self.law, self.guide)) != 1:
            raise ValueError("give exactly one of offer, law or guide")
        if self.point is not None and self.offer is None:
            raise ValueError("point goes with offer")
        return self

    def __str__(self) -> str:
        """Return the source as a person reads it."""
        if self.offer:
            point = f", point {self.point}" if self.point else ""
            return f"{self.document or 'The offer'}, {self.offer}{point}"
        return self.law or self.guide or ""


class Evidence(_Strict):
    """What a fact that is not in the offer rests on."""

    checked: datetime.date
    confidence: Literal["high", "medium-high", "medium", "low"]
    links: tuple[Text, ...] = ()


class AlsoSays(_Strict):
    """A second strength that an answer honestly holds, and why."""

    strength: Literal["must", "should", "is-required-to"]
    why: Text


class Withdrawn(_Strict):
    """An answer that is switched off: since when, and why (for staff; it is not said)."""

    since: datetime.date
    reason: Text


Deadline = Literal[
    "appeal",
    "mediation",
    "discrimination",
    "draft-plan",
    "six-weeks",
    "sixteen-weeks",
    "twenty-weeks",
    "review-decision",
    "amended-plan",
    "phase-transfer",
    "ombudsman",
    "exclusion-review",
    "transport-appeal",
    "records",
]
"""Time limits that the guide can work out from a date."""
Plan = Literal["yes", "no"]
Setting = Literal["maintained", "academy", "independent", "special", "college", "nursery", "childminder"]
Writer = Literal["parent", "self", "professional"]
Phase = Literal["nursery", "primary", "secondary", "college"]
CouncilIs = Literal["this", "other"]


class DoNext(_Strict):
    """Something to do today, and the tool that helps with it: at most one of letter, deadline, path, contact
    and answer.

    Attributes:
        say: what to do, in one sentence.
        letter: id of the letter to draft.
        deadline: the time limit to work out.
        path: whether it begins the guided path.
        contact: key of whom to reach.
        answer: id of an answer that goes on.
    """

    say: Text
    letter: Text | None = None
    deadline: Deadline | None = None
    path: bool = False
    contact: Text | None = None
    answer: Text | None = None

    @model_validator(mode="after")
    def _one_tool(self) -> DoNext:
        tools = (self.letter, self.deadline, self.path or None, self.contact, self.answer)
        if sum(tool is not None for tool in tools) > 1:
            raise ValueError("give at most one of letter, deadline, path, contact and answer")
        return self


class When(_Strict):
    """The situations that a variant is for; what is left out does not matter."""

    plan: tuple[Plan, ...] = ()
    setting: tuple[Setting, ...] = ()
    who: tuple[Writer, ...] = ()
    phase: tuple[Phase, ...] = ()
    council: tuple[CouncilIs, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> When:
        if not any((self.plan, self.setting, self.who, self.phase, self.council)):
            raise ValueError("say for whom: plan, setting, who, phase or council")
        return self

    def fits(self, known: Mapping[str, str]) -> bool:
        """Return whether what is known of a person is all that this asks for.

        Args:
            known: value by name of an attribute; what is not known is left out.
        """
        asked = {name: getattr(self, name) for name in type(self).model_fields}
        return all(known.get(name) in values for name, values in asked.items() if values)


class Variant(_Strict):
    """What an answer says instead in some situations; what is left out is said as ever."""

    when: When
    lead: Text | None = None
    points: tuple[Text, ...] | None = None
    do_next: tuple[DoNext, ...] | None = None
    short: Text | None = None
    easy_read: Text | None = None
    contacts: tuple[Text, ...] | None = None


MAX_POINTS, MAX_DO_NEXT = 5, 2


def in_words(lead: str, points: Iterable[str], do_next: Iterable[DoNext]) -> str:
    """Return lead, points and what to do as plain text, a line each."""
    return "\n".join([lead, *(f"- {point}" for point in points), *(f"Next: {item.say}" for item in do_next)])


class Answer(_Strict):
    """One thing a person can be told, in three wordings with one truth.

    Attributes:
        lead: the direct answer.
        points: what else counts, a short line each.
        do_next: one or two things to do today.
        text: all three as plain text; made of them.
        variants: what is said instead in some situations; the first that fits is taken.
        variant: which of them this is; none where it is what is said in every other situation.
    """

    id: Text
    title: Annotated[Text, StringConstraints(max_length=MAX_TITLE_CHARACTERS)]
    duty: Text | None = None
    about: tuple[Text, ...] = ()
    strength: Strength
    also: tuple[AlsoSays, ...] = ()
    source: Source
    since: Text | None = None
    evidence: Evidence | None = None
    lead: Text | None = None
    points: Annotated[tuple[Text, ...], Field(max_length=MAX_POINTS)] = ()
    do_next: Annotated[tuple[DoNext, ...], Field(max_length=MAX_DO_NEXT)] = ()
    text: Text
    short: Text
    easy_read: Text
    variants: tuple[Variant, ...] = ()
    variant: Annotated[int | None, Field(exclude=True)] = None
    contacts: tuple[Text, ...] = ()
    related: tuple[Text, ...] = ()
    review: datetime.date
    withdrawn: Withdrawn | None = None

    @model_validator(mode="before")
    @classmethod
    def _text_is_made(cls, raw: Any) -> Any:
        """Make ``text`` of lead, points and what to do next, where they are given."""
        if not isinstance(raw, dict) or not isinstance(raw.get("lead"), str) or "text" in raw:
            return raw
        points, items = raw.get("points") or (), raw.get("do_next") or ()
        do_next = [DoNext.model_validate(item) for item in items]
        return {**raw, "text": in_words(raw["lead"].strip(), map(str, points), do_next)}

    def for_person(self, known: Mapping[str, str]) -> Answer:
        """Return the answer as it is said to somebody of whom this is known: the first variant that fits.

        Args:
            known: value by name of an attribute of :class:`When`.
        """
        variant = next((one for one in self.variants if one.when.fits(known)), None)
        return self if variant is None else self.as_in(variant)

    def as_in(self, variant: Variant) -> Answer:
        """Return the answer as a variant of it says it."""
        said = {name: value for name, value in variant if name != "when" and value is not None}
        one = self.model_copy(update=said | {"variant": self.variants.index(variant)})
        return one.model_copy(update={"text": in_words(one.lead or "", one.points, one.do_next)})

    @model_validator(mode="after")
    def _evidence_where_needed(self) -> Answer:
        if self.evidence is None and (self.since is not None or self.source.offer is None):
            raise ValueError("evidence is missing: needed with since and for every source but the offer")
        return self

    @model_validator(mode="after")
    def _variants_need_a_lead(self) -> Answer:
        if self.variants and self.lead is None:
            raise ValueError("an answer with variants needs a lead")
        return self

    @property
    def section(self) -> str:
        """The first part of the id, for instance ``schools``."""
        return self.id.split(".", 1)[0]


class ContactDetail(_Strict):
    """One way to reach somebody: what the offer prints, what is current, whether that is confirmed."""

    printed: Text | None = None
    current: Text | None = None
    confirmed: bool
    checked: datetime.date

    @model_validator(mode="after")
    def _something_to_show(self) -> ContactDetail:
        if self.printed is None and self.current is None:
            raise ValueError("give printed, current or both")
        return self

    @property
    def shown(self) -> str:
        """The value that may be shown: never a printed one that has been replaced."""
        return self.current or self.printed or ""


class Hours(_Strict):
    """When somebody answers.

    Attributes:
        always: at any hour.
        days: from the first to the last day of the week, Monday is 0.
        start, end: "09:30", London time.
    """

    always: bool = False
    days: tuple[int, int] = (0, 6)
    start: Annotated[str, StringConstraints(pattern=r"^[0-2]\d:[0-5]\d$")] = "00:00"
    end: Annotated[str, StringConstraints(pattern=r"^[0-2]\d:[0-5]\d$")] = "23:59"

    def is_open(self, at: datetime.datetime) -> bool:
        """Return whether somebody answers at an instant, in London time."""
        day = self.days[0] <= at.weekday() <= self.days[1]
        return self.always or (day and self.start <= f"{at:%H:%M}" <= self.end)


class Contact(_Strict):
    """Somebody who can be reached, with every way to do so, and when they answer where that is known."""

    key: Text
    name: Text
    helps_with: Text
    hours: Hours | None = None
    details: dict[str, ContactDetail]


class Council(_Strict):
    """The council that the guide speaks for; ``data/council.yml`` explains each field.

    Attributes:
        name: as in a letter's head.
        place: as in "children in <place>".
        offer: the name of its printed offer.
        advice: key of the contact that gives independent advice.
        speak_to: answers for who wants to speak to a person, the first said, the others offered.
        turn_to: a sentence or two for when the guide itself has failed.
        withdrawn: what is said in the place of an answer that is switched off, in every wording.
        ready_question: a question that has an answer.
        places: names of places nearby, in small letters.
    """

    name: Text
    place: Text
    offer: Text
    advice: Text
    speak_to: Annotated[tuple[Text, ...], Field(min_length=1)]
    turn_to: Text
    withdrawn: Text
    ready_question: Text
    places: frozenset[str]


class Role(_Strict):
    """Somebody who carries duties: schools, governors, the head teacher, the SENCO, the council."""

    key: Text
    name: Text
    section: Text
    checked_by: tuple[Text, ...]
    reach: Text


class Option(_Strict):
    """What a caller may say to a question of an adviser's, and the answer that it leads to."""

    says: Text
    then: Text


class Prompt(_Strict):
    """A question that an adviser puts to the caller to decide between answers.

    Attributes:
        ask: the question, in words that can be read aloud.
        about: answers that it also helps with, beside those that its options lead to.
        options: at least two.
    """

    ask: Text
    about: tuple[Text, ...] = ()
    options: tuple[Option, ...] = Field(min_length=2)

    @property
    def answer_ids(self) -> frozenset[str]:
        """Every answer that it is asked for."""
        return frozenset((*self.about, *(option.then for option in self.options)))


class MenuItem(_Strict):
    """One line of the menu of text messages: what people see, and what picking it is taken to say."""

    title: Text
    says: Text


class TopicPage(_Strict):
    """A situation that people come with, as a page; ``data/situations.yml`` explains each field."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    title: Annotated[Text, StringConstraints(max_length=MAX_TITLE_CHARACTERS)]
    says: Text
    who: Writer | None = None
    answers: Annotated[tuple[Text, ...], Field(min_length=1)]
    letters: tuple[Text, ...] = ()

    @property
    def known(self) -> dict[str, str]:
        """What is known of who opens the page, as :meth:`Answer.for_person` takes it."""
        return {"who": self.who} if self.who else {}


class UsualFollowUp(_Strict):
    """What people ask after many answers, and where it leads after each; ``data/usual-follow-ups.yml``.

    Attributes:
        says: ways of asking it.
        then: the id of the answer that it leads to, or ``next`` for what to do next of the answer before;
            by the id of the answer before, by its section, or by ``*`` for any other.
    """

    says: Annotated[tuple[Text, ...], Field(min_length=1)]
    then: Annotated[dict[str, Text], Field(min_length=1)]

    def leads_to(self, last: Answer) -> str | None:
        """Return where it leads after an answer: the id of another, ``next``, or None."""
        return self.then.get(last.id) or self.then.get(last.section) or self.then.get("*")


class Words(_Strict):
    """Words of the guide's own.

    Attributes:
        text: as the chat says them.
        short: as a text message says them, where that is another wording.
    """

    text: Text
    short: Text | None = None


class Side(_Strict):
    """One answer to a question that decides, and the answers of the catalogue that it speaks for."""

    title: Annotated[Text, StringConstraints(max_length=MAX_TITLE_CHARACTERS)]
    answers: Annotated[tuple[Text, ...], Field(min_length=1)]


class Deciding(_Strict):
    """A question that decides between answers.

    Attributes:
        fact: what it asks for, a key of ``path/questions.yml``.
        ask: its words.
        options: at least two, by the value of the fact.
    """

    fact: Text
    ask: Text
    options: Annotated[dict[Text, Side], Field(min_length=2)]


class Triage(_Strict):
    """What is done with a story: ``data/triage.yml``.

    Attributes:
        deciding: questions that decide between answers.
        sounds_like: what was understood, by the id of the answer.
        time_limits: the answer that explains each time limit.
        of_a_letter: beginnings of words that speak of a letter with a decision.
        of_a_refusal: beginnings of words that say that the council said no.
        to_come: beginnings of words that speak of a day to come.
        names_a_limit: beginnings of words that name a time limit, by its kind.
        beside_a_date: words of a message that says a date and nothing more.
        of_a_child: words of a message that names a child and says nothing more.
        all_are_safe: beginnings of words that say that nobody is in danger.
        doubt_of_it: beginnings of words beside which they do not say so.
        of_a_pasted_letter: words of a letter that was pasted whole.
        of_who: words of a first message that says who writes, or of whom, and nothing more.
        by_when: beginnings of words that ask for a last day.
    """

    deciding: tuple[Deciding, ...] = ()
    sounds_like: dict[Text, Text] = Field(default_factory=dict)
    time_limits: dict[str, Text] = Field(default_factory=dict)
    of_a_letter: tuple[Text, ...] = ()
    of_a_refusal: tuple[Text, ...] = ()
    to_come: tuple[Text, ...] = ()
    names_a_limit: dict[Deadline, tuple[Text, ...]] = Field(default_factory=dict)
    beside_a_date: tuple[Text, ...] = ()
    of_a_child: tuple[Text, ...] = ()
    all_are_safe: tuple[Text, ...] = ()
    doubt_of_it: tuple[Text, ...] = ()
    of_a_pasted_letter: tuple[Text, ...] = ()
    of_who: tuple[Text, ...] = ()
    by_when: tuple[Text, ...] = ()
