"""Hands every message of every channel to Rasa, and sees to it that the person hears something true."""

from __future__ import annotations

import logging
import re
import time
from typing import Any

from prometheus_client import Counter, Histogram
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage

from send_guide.content import get_content
from send_guide.domain.letters import with_text
from send_guide.nlu import danger
from send_guide.rasa_adapter.tracker_store import delivery
from send_guide.storage import conversations, inbox
from send_guide.storage.conversations import StaleWriteError
from send_guide.storage.database import Database
from send_guide.storage.inbox import Delivery, DuplicateMessageError

logger = logging.getLogger(__name__)

TURNS = Counter("send_guide_turns", "Messages handled, by channel and outcome", ["channel", "outcome"])
URGENT = Counter("send_guide_urgent", "Urgent answers that were said; no text is kept", ["answer"])
SECONDS = Histogram("send_guide_turn_seconds", "Time from message to last reply", ["channel"])
TOO_LATE = Counter("send_guide_turns_too_late", "Turns done again because the conversation had moved on")
TIMES = 10
"""How often a turn that came too late is done at most."""
NOT_KEPT = (
    "I am sorry, I could not keep your message, so I cannot go on just now. Please try again in a "
    "few minutes."
)
NOTHING_SAID = 'I am sorry, I did not follow that. You can ask in other words, or say "speak to a person".'

Reply = dict[str, Any]


class _Held(OutputChannel):  # type: ignore[misc]
    """Keeps the replies of a turn until the turn is stored: what is not kept is not said."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.replies: list[Reply] = []

    def name(self) -> str:  # type: ignore[override]
        return self._name

    async def send_response(self, recipient_id: str, message: Reply) -> None:
        self.replies.append(message)


class Conversations:
    """Rasa's agent behind a door: each message is answered once, and what goes wrong is said in words."""

    def __init__(self, agent: Agent, database: Database) -> None:
        """Wrap a loaded agent.

        Args:
            agent: with its stores and actions in place.
            database: of the agent's tracker store; it also knows what has been answered.
        """
        self.agent = agent
        self._database = database

    async def parse_message(self, text: str) -> dict[str, Any]:
        """Return how a message is read, with no conversation and no reply."""
        read: dict[str, Any] = await self.agent.parse_message(text)
        return read

    async def handle_message(self, message: UserMessage) -> None:
        """Handle one message; every message has at least one reply, and a repeated one the same."""
        channel = message.input_channel or "unknown"
        out, start = message.output_channel, time.perf_counter()
        with SECONDS.labels(channel).time():
            outcome, replies = await self._answer(message, Delivery(channel, message.message_id))
            for reply in danger_first(message.text or "", replies):
                _count_urgent(reply)
                await out.send_response(message.sender_id, _with_letter(reply))
        TURNS.labels(channel, outcome).inc()
        milliseconds = round((time.perf_counter() - start) * 1000)
        logger.info("turn.done", extra={"channel": channel, "outcome": outcome, "ms": milliseconds})

    async def _answer(self, message: UserMessage, named: Delivery) -> tuple[str, list[Reply]]:
        """Return what became of a message, and what to say."""
        token = delivery.set(named)
        try:
            if (before := await inbox.answered(self._database, named)) is not None:
                return "repeated", before
            message.text = await self._as_text(message)
            replies = await self._turn(message)
        except DuplicateMessageError:
            return "repeated", await inbox.answered(self._database, named) or []
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            # neither the text of the message nor that of the error may reach a log
            logger.error("turn.failed", extra={"channel": named.channel, "error": type(error).__name__})
            return "failed", [_said(f"{NOT_KEPT} {get_content().council.turn_to}", "fallback")]
        finally:
            delivery.reset(token)
        if not replies:
            logger.error("turn.silent", extra={"channel": named.channel})
            return "silent", [_said(NOTHING_SAID, "fallback")]
        return "answered", replies

    async def _as_text(self, message: UserMessage) -> str:
        """Return the text of a message; a leading slash is Rasa's sign for an intent, and only what the
        guide has offered may carry one (pitfalls, finding 13).
        """
        text = message.text or ""
        if text.lstrip().startswith("/") and not await conversations.offered(
            self._database, message.sender_id, text
        ):
            return without_slash(text)
        return text

    async def _turn(self, message: UserMessage) -> list[Reply]:
        """Return the replies of a turn that is stored; one that came too late is done again."""
        for again in reversed(range(TIMES)):
            held = _Held(message.input_channel or "unknown")
            message.output_channel = held
            try:
                await self.agent.handle_message(message)
                return held.replies
            except StaleWriteError:
                # only where Redis is away: another process has moved the conversation on meanwhile
                TOO_LATE.inc()
                if not again:
                    raise
        raise AssertionError("unreachable")


def danger_first(text: str, replies: list[Reply]) -> list[Reply]:
    """Return the replies with what to do in danger before all else, whatever else works (decision 6)."""
    urgent = danger.by_words(text)
    if urgent is None or any((reply.get("custom") or {}).get("kind") == "urgent" for reply in replies):
        return replies
    return [urgent_reply(urgent), *replies]


def urgent_reply(answer_id: str) -> Reply:
    """Return the reply that says what to do in danger.

    Args:
        answer_id: of an urgent answer.
    """
    return _said(get_content().answers[answer_id].text, "urgent", answer_id)


def without_slash(text: str) -> str:
    """Return what was typed, as text: a slash is Rasa's sign for an intent (pitfalls, finding 13)."""
    return re.sub(r"^[\s/]+", "", text)


def _with_letter(reply: Reply) -> Reply:
    """Return a reply with the text of its letter, which the store never sees."""
    custom = reply.get("custom") or {}
    return {**reply, "custom": with_text(custom)} if custom.get("letter") else reply


def _count_urgent(reply: Reply) -> None:
    custom = reply.get("custom") or {}
    if custom.get("kind") == "urgent":
        for answer_id in custom["answer_ids"]:
            URGENT.labels(answer_id).inc()


def _said(text: str, kind: str, *answer_ids: str) -> Reply:
    custom = {"kind": kind, "answer_ids": list(answer_ids), "offered": [], "confidence": None}
    return {"text": text, "custom": custom}
