"""What is known of a call: the chat's own situation, carried along by the page and kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from send_guide.domain.situation import Situation
from send_guide.nlu.follow_ups import MOST_BEFORE

FACTS: dict[str, tuple[str, dict[str, str]]] = {
    "who": ("Caller", {"parent": "parent or carer", "self": "young person"}),
    "phase": (
        "Age",
        {"nursery": "before school", "primary": "primary", "secondary": "secondary", "college": "after 16"},
    ),
    "setting": (
        "Place",
        {
            "maintained": "council-run school",
            "academy": "academy",
            "independent": "private school",
            "college": "college",
            "nursery": "nursery",
            "childminder": "childminder",
        },
    ),
    "plan": ("EHC plan", {"yes": "yes", "no": "no"}),
    "topic": (
        "About",
        {
            "support": "help at school",
            "request": "asking to assess",
            "decision": "a decision",
            "discrimination": "discrimination",
            "delay": "delay, help missing",
        },
    ),
    "decision": (
        "Decision",
        {
            "assessment": "no to assessing",
            "plan": "no plan",
            "contents": "what the plan says",
            "school": "the school only",
            "change": "no change, or an end",
            "amend": "changes proposed",
            "draft": "draft plan",
        },
    ),
    "delay": (
        "Late",
        {
            "assessment": "answer on assessing",
            "plan": "the plan",
            "review": "yearly review",
            "provision": "help in the plan",
        },
    ),
}
"""Facts of a situation that an adviser can correct: what each is called, and what it can be."""
NOT_KNOWN = "-"
"""What a correction says of a fact that is not known after all."""


@dataclass(frozen=True)
class Shown:
    """A fact as the page shows it.

    Attributes:
        key: its name in the situation.
        name: what it is called.
        value: what it is.
        options: what it can be, in words by value.
    """

    key: str
    name: str
    value: str
    options: Mapping[str, str]


@dataclass
class Call:
    """A call so far.

    Attributes:
        situation: what is known.
        before: what was typed before, the oldest first; no more of it than is read with a message.
        corrections: facts as the adviser has set them after what was typed last.
    """

    situation: Situation = field(default_factory=Situation)
    before: tuple[str, ...] = ()
    corrections: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: str) -> Call:
        """Return the call that a page has carried along; a new one where that cannot be read.

        Args:
            kept: what :meth:`kept` has returned.
        """
        try:
            read = json.loads(kept)
            before = [text for text in read["before"] if isinstance(text, str)]
            return cls(Situation.of_json(read["situation"]), tuple(before[-MOST_BEFORE:]))
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def corrected(self, values: Mapping[str, str]) -> Call:
        """Return the call with facts set by the adviser; what no fact of :data:`FACTS` can be is left out.

        Args:
            values: by fact; :data:`NOT_KNOWN` takes it back.
        """
        known = {key: value for key, value in values.items() if value in (NOT_KNOWN, *FACTS[key][1])}
        return replace(self, corrections=known)

    def correct(self) -> None:
        """Put the corrections over what was told."""
        for key, value in self.corrections.items():
            if value == NOT_KNOWN:
                self.situation.take_back(key)
            else:
                self.situation.tell({key: value}, "tapped")

    def after(self, text: str) -> Call:
        """Return the call for the next message, once ``text`` has been read."""
        said = (*self.before, text) if text and self.before[-1:] != (text,) else self.before
        return Call(self.situation, said[-MOST_BEFORE:])

    def kept(self) -> str:
        """Return the call as a page carries it along."""
        return json.dumps({"situation": self.situation.to_json(), "before": self.before})

    def facts(self) -> list[Shown]:
        """Return what is known and can be corrected."""
        known = self.situation.known()
        return [
            Shown(key, name, known[key], options | {known[key]: options.get(known[key], known[key])})
            for key, (name, options) in FACTS.items()
            if key in known
        ]
