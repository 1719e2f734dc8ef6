"""Hands every message of every channel to Rasa, and sees to it that the person hears something true."""

from __future__ import annotations

import logging
from typing import Any

from prometheus_client import Counter, Histogram
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage

from send_guide.content import get_content
from send_guide.understanding import danger

logger = logging.getLogger(__name__)

TURNS = Counter("send_guide_turns", "Messages handled, by channel and outcome", ["channel", "outcome"])
SECONDS = Histogram("send_guide_turn_seconds", "Time from message to last reply", ["channel"])
NOT_KEPT = (
    "I am sorry, I could not keep your message, so I cannot go on just now. Please try again in a "
    "few minutes. If a child is in danger, ring 999. For advice see bromleyiass.org.uk."
)
NOTHING_SAID = 'I am sorry, I did not follow that. You can ask in other words, or say "speak to a person".'


class _Counting:
    """An output channel that remembers whether anything was said."""

    def __init__(self, channel: OutputChannel) -> None:
        self._channel = channel
        self.said = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.said += 1
        await self._channel.send_response(recipient_id, message)


class Conversations:
    """Rasa's agent behind a door: what goes wrong is said in words, and danger is answered regardless."""

    def __init__(self, agent: Agent) -> None:
        """Wrap a loaded agent.

        Args:
            agent: with its stores and actions in place.
        """
        self.agent = agent

    def __getattr__(self, name: str) -> Any:
        return getattr(self.agent, name)

    async def handle_message(self, message: UserMessage) -> None:
        """Handle one message; every message has at least one reply, whatever happens."""
        channel = message.input_channel or "unknown"
        counting = _Counting(message.output_channel)
        message.output_channel = counting
        with SECONDS.labels(channel).time():
            outcome = await self._handle(message, counting)
        TURNS.labels(channel, outcome).inc()

    async def _handle(self, message: UserMessage, counting: _Counting) -> str:
        try:
            await self.agent.handle_message(message)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            # neither the text of the message nor that of the error may reach a log
            logger.error("turn.failed error=%s", type(error).__name__)
            urgent = danger.by_words(message.text or "")
            if urgent and not counting.said:
                await _say(message, get_content().answers[urgent].text, "urgent", [urgent])
            await _say(message, NOT_KEPT, "fallback", [])
            return "failed"
        if not counting.said:
            logger.error("turn.silent")
            await _say(message, NOTHING_SAID, "fallback", [])
            return "silent"
        return "answered"


async def _say(message: UserMessage, text: str, kind: str, answer_ids: list[str]) -> None:
    metadata = {"kind": kind, "answer_ids": answer_ids, "offered": [], "confidence": None}
    await message.output_channel.send_response(message.sender_id, {"text": text, "custom": metadata})
