"""The one way of a message: every channel, ``ask``, ``chat``, ``evaluate`` and the tests go through here.

Hear it, let the conversation answer and keep what was said, put what to do in danger first, say it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from prometheus_client import Counter, Histogram

from send_guide.content import get_content
from send_guide.dialogue.turn import Understanding
from send_guide.domain.message import Message
from send_guide.domain.reply import Reply, WordsReply
from send_guide.domain.safety import by_tap, danger_first
from send_guide.domain.situation import Situation
from send_guide.errors import DuplicateMessageError, StaleWriteError
from send_guide.nlu.analysis import Analyser

__all__ = ["Engine", "Guide", "Message", "Turn", "without_slash"]

logger = logging.getLogger(__name__)

TURNS = Counter("send_guide_turns", "Messages handled, by channel and outcome", ["channel", "outcome"])
URGENT_SAID = Counter("send_guide_urgent", "Urgent answers that were said; no text is kept", ["answer"])
SECONDS = Histogram("send_guide_turn_seconds", "Time from message to last reply", ["channel"])
STALE = Counter("send_guide_turns_too_late", "Turns done again because the conversation had moved on")
TIMES = 10
"""How often a turn that came too late is done at most."""
NOT_KEPT = (
    "I am sorry, I could not keep your message, so I cannot go on just now. Please try again in a "
    "few minutes."
)
NOTHING_SAID = 'I am sorry, I did not follow that. You can ask in other words, or say "speak to a person".'


@dataclass(frozen=True)
class Turn:
    """What became of a message.

    Attributes:
        replies: what is said, in order; never nothing.
        outcome: ``answered``, ``repeated``, ``silent`` or ``failed``.
    """

    replies: tuple[Reply, ...]
    outcome: str


class Engine(Protocol):
    """What understands, decides and keeps: Rasa, behind ``rasa_adapter``."""

    async def answered(self, message: Message) -> list[Reply] | None:
        """Return what was said to this very message before, or None."""

    async def offered(self, sender: str, payload: str) -> bool:
        """Return whether a payload was lately offered in a conversation."""

    async def turn(self, message: Message, text: str) -> list[Reply]:
        """Answer ``text`` in the conversation of a message and keep both, in one transaction.

        Raises:
            StaleWriteError: somebody else has written to the conversation meanwhile.
            DuplicateMessageError: the message has been answered meanwhile.
        """

    async def known(self, sender: str) -> Situation:
        """Return what is known in a conversation."""

    async def come_back(self, message: Message, situation: Situation) -> list[Reply]:
        """Put what somebody has brought along into the conversation of a message, in place of what was known
        there, and keep what is said to it. Raises as :meth:`turn` does.
        """

    async def understand(self, text: str) -> dict[str, Any]:
        """Return how a text is read, with no conversation and no reply."""

    async def hear(self, text: str, situation: Situation, before: Sequence[str]) -> Understanding:
        """Return how a text is read in a conversation that somebody else keeps.

        Args:
            text: what was typed.
            situation: what is known of the conversation.
            before: what was typed before, the oldest first.
        """

    @property
    def analyser(self) -> Analyser:
        """What reads the messages."""


class Guide:
    """Answers messages: each once, and what goes wrong is said in words."""

    def __init__(self, engine: Engine) -> None:
        """Take what understands, decides and keeps."""
        self.engine = engine

    async def handle(self, message: Message) -> Turn:
        """Answer one message; every message has at least one reply, and a repeated one the same."""
        start = time.perf_counter()
        with SECONDS.labels(message.channel).time():
            outcome, replies = await self._answered(message)
            replies = danger_first(message.text, replies)
        _count(message, outcome, replies)
        milliseconds = round((time.perf_counter() - start) * 1000)
        logger.info("turn.done", extra={"channel": message.channel, "outcome": outcome, "ms": milliseconds})
        return Turn(tuple(replies), outcome)

    async def come_back(self, message: Message, situation: Situation) -> list[Reply]:
        """Put what somebody has brought along into a conversation; return what is said to it.

        Args:
            message: names the conversation and what is delivered; repeated, it has the same replies.
            situation: what they have brought along.

        Raises:
            DatabaseUnavailableError: the database does not answer.
        """
        try:
            return await self._until_kept(lambda: self.engine.come_back(message, situation))
        except DuplicateMessageError:
            return await self.engine.answered(message) or []

    async def understand(self, text: str) -> dict[str, Any]:
        """Return how a text is read, with no conversation and no reply."""
        return await self.engine.understand(text)

    async def hear(self, text: str, situation: Situation, before: Sequence[str]) -> Understanding:
        """Return how a text is read in a conversation that somebody else keeps; see :class:`Engine`."""
        return await self.engine.hear(text, situation, before)

    async def _answered(self, message: Message) -> tuple[str, list[Reply]]:
        """Return what became of a message, and what to say."""
        try:
            if (before := await self.engine.answered(message)) is not None:
                return "repeated", before
            text = await self._heard(message)
            replies = await self._until_kept(lambda: self.engine.turn(message, text))
        except DuplicateMessageError:
            return "repeated", await self.engine.answered(message) or []
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            # neither the text of the message nor that of the error may reach a log
            logger.error("turn.failed", extra={"channel": message.channel, "error": type(error).__name__})
            return "failed", [_sorry(f"{NOT_KEPT} {get_content().council.turn_to}")]
        if not replies:
            logger.error("turn.silent", extra={"channel": message.channel})
            return "silent", [_sorry(NOTHING_SAID)]
        return "answered", replies

    async def _heard(self, message: Message) -> str:
        """Return the text of a message; a leading slash is Rasa's sign for an intent, and only what the
        guide has offered may carry one (pitfalls, finding 13); what to do in danger may at any time.
        """
        text = message.text
        if not text.lstrip().startswith("/") or by_tap(text):
            return text
        return text if await self.engine.offered(message.sender, text) else without_slash(text)

    async def _until_kept(self, turn: Callable[[], Awaitable[list[Reply]]]) -> list[Reply]:
        """Return the replies of a turn that is kept; one that came too late is done again."""
        for again in reversed(range(TIMES)):
            try:
                return await turn()
            except StaleWriteError:
                # only where Redis is away: another process has moved the conversation on meanwhile
                STALE.inc()
                if not again:
                    raise
        raise AssertionError("unreachable")


def without_slash(text: str) -> str:
    """Return what was typed, as text: a slash is Rasa's sign for an intent (pitfalls, finding 13)."""
    return re.sub(r"^[\s/]+", "", text)


def _count(message: Message, outcome: str, replies: list[Reply]) -> None:
    TURNS.labels(message.channel, outcome).inc()
    for reply in replies:
        if reply.kind == "urgent":
            for answer_id in reply.answer_ids:
                URGENT_SAID.labels(answer_id).inc()


def _sorry(words: str) -> Reply:
    return WordsReply(words=words, says="fallback")
