"""One message and what becomes of it: what was understood, what is known, what is said."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace

from send_guide.content import get_content
from send_guide.content.schema import is_urgent
from send_guide.domain.reply import Choice, Kind, Reply, WordsReply
from send_guide.domain.situation import Situation

_PAYLOAD = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?", re.S)


@dataclass(frozen=True)
class Entity:
    """Something that a message or a button names.

    Attributes:
        name: what kind of thing.
        value: which one.
        role: of ``spoken_to``: who was spoken to.
    """

    name: str
    value: str
    role: str = ""


@dataclass(frozen=True)
class Understanding:
    """How a message was read.

    Attributes:
        text: what was typed, or the payload of a button.
        intent: what it is taken for.
        entities: what it names.
        answers: (id, probability) of the answers to say.
        choices: ids of answers to offer.
        likeliest: (id, probability) of the likeliest answers, best first.
        confidence: how sure, 0 to 1.
        language: its code, where it is not English.
        part: the line of the answer said before that it asks for: 0 is the lead.
        in_short: whether the answers are said in short: which of them it is, is not sure.
        possible_danger: the urgent answer that it may call for, where that is not clear.
    """

    text: str = ""
    intent: str = ""
    entities: tuple[Entity, ...] = ()
    answers: tuple[tuple[str, float], ...] = ()
    choices: tuple[str, ...] = ()
    likeliest: tuple[tuple[str, float], ...] = ()
    confidence: float | None = None
    language: str | None = None
    possible_danger: str | None = None
    part: int | None = None
    in_short: bool = False

    @property
    def is_urgent(self) -> bool:
        """Whether it clearly tells of danger."""
        return any(is_urgent(answer_id) for answer_id, _ in self.answers)

    def as_intent(self, intent: str) -> Understanding:
        """Return the same message taken for another intent."""
        return replace(self, intent=intent, answers=())

    @property
    def is_tap(self) -> bool:
        """Whether a button was tapped, and nothing typed."""
        return self.text.startswith("/")

    @classmethod
    def of_tap(cls, payload: str) -> Understanding:
        """Return what a tap says: an intent of the domain with its entities, as Rasa writes them.

        Raises:
            ValueError: the payload is none.
        """
        match = _PAYLOAD.fullmatch(payload)
        if match is None:
            raise ValueError(f"{payload!r} is no payload of a choice")
        named = json.loads(match["entities"] or "{}")
        entities = tuple(Entity(name, str(value)) for name, value in named.items())
        return cls(text=payload, intent=match["intent"], entities=entities, confidence=1.0)

    def first(self, name: str) -> str | None:
        """Return the first value of an entity, or None."""
        return next((entity.value for entity in self.entities if entity.name == name), None)

    @property
    def tapped(self) -> dict[str, str]:
        """What a button of the path sent: one key and its value."""
        return {entity.name: entity.value for entity in self.entities}


@dataclass
class Turn:
    """A message being answered.

    Attributes:
        heard: how it was read.
        situation: what is known; handlers change it.
        replies: what is said, in order.
        then: the payload of a choice that the message turned out to pick; it is answered next.
        other_child: whether the message turns to another child than was talked about.
    """

    heard: Understanding
    situation: Situation
    replies: list[Reply] = field(default_factory=list)
    then: str = ""
    other_child: bool = False

    def tap(self, choice: Choice) -> None:
        """Answer the message as if a choice had been tapped."""
        self.then = choice.payload

    def say(self, reply: Reply) -> None:
        """Say one message more."""
        self.replies.append(reply)

    def say_words(
        self, name: str, says: Kind, *, choices: tuple[Choice, ...] = (), offered: tuple[str, ...] = ()
    ) -> None:
        """Say words of ``data/words.yml``.

        Args:
            name: which.
            says: the kind of message.
            choices: what can be tapped.
            offered: catalogue ids among them.
        """
        words = get_content().words[name]
        self.say(WordsReply(words=words.text, brief=words.short, says=says, choices=choices, offered=offered))

    def forget(self) -> None:
        """Forget what is known; that people have been asked to leave out names stays."""
        self.situation = Situation(asked_to_leave_out=self.situation.asked_to_leave_out)


_ASKS = re.compile(
    r"\?|\b(?:wh(?:o|om|ere|en|y|ich|at)|how)\b|(?:^|[.,;!]\s*)(?:do|does|did|can|could|is|are|should|will)\b|"
    r"\b(?:can|could|do|should|must) (?:i|we)\b|\b(?:do|does|did|can|should|must) they\b",
    re.I,
)
_NOW_WHAT = re.compile(r"\b(?:now what|what now|what next|what(?: do| can)? i do(?: now| next)?)\b\W*$", re.I)


def asks(text: str) -> bool:
    """Return whether a message asks anything but what to do now."""
    return bool(_ASKS.search(_NOW_WHAT.sub("", text)))


def only_tells(turn: Turn) -> bool:
    """Return whether the message tells of a trouble and asks nothing but what to do about it."""
    return not asks(turn.heard.text)
