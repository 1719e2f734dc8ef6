"""One message and what becomes of it: what was understood, what is known, what is said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from send_guide.content import get_content
from send_guide.domain.reply import Choice, Kind, Reply, WordsReply
from send_guide.domain.situation import Situation


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
    """

    text: str = ""
    intent: str = ""
    entities: tuple[Entity, ...] = ()
    answers: tuple[tuple[str, float], ...] = ()
    choices: tuple[str, ...] = ()
    likeliest: tuple[tuple[str, float], ...] = ()
    confidence: float | None = None
    language: str | None = None

    @property
    def is_tap(self) -> bool:
        """Whether a button was tapped, and nothing typed."""
        return self.text.startswith("/")

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
    """

    heard: Understanding
    situation: Situation
    replies: list[Reply] = field(default_factory=list)

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
