"""Rasa's agent as the engine of the service: a message in, typed replies out, kept in one transaction."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from send_guide.dialogue.coming_back import welcome_back
from send_guide.dialogue.turn import Understanding
from send_guide.domain.message import Message
from send_guide.domain.reply import CONTRACT, Reply, to_json
from send_guide.domain.situation import SLOT, Situation
from send_guide.errors import NoModelError
from send_guide.nlu.analysis import Analyser
from send_guide.rasa_adapter import patches
from send_guide.rasa_adapter.actions_endpoint import InProcessActions
from send_guide.rasa_adapter.components import loaded_analyser
from send_guide.rasa_adapter.locks import LocalLocks
from send_guide.rasa_adapter.quiet import quiet
from send_guide.rasa_adapter.tracker_store import delivery
from send_guide.rasa_adapter.turns import button, reply_of, understanding_of
from send_guide.storage import conversations, inbox
from send_guide.storage.database import Database
from send_guide.storage.inbox import Delivery


class _Held(OutputChannel):  # type: ignore[misc]
    """Keeps the replies of a turn until the turn is stored: what is not kept is not said."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.replies: list[Reply] = []

    def name(self) -> str:  # type: ignore[override]
        return self._name

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.replies.append(reply_of(message))


class _AgentEngine:
    """What every engine does with its agent: read a text, and answer one."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    async def understand(self, text: str) -> dict[str, Any]:
        """Return how a text is read, with no conversation and no reply."""
        read: dict[str, Any] = await self.agent.parse_message(text)
        return read

    async def hear(self, text: str, situation: Situation, before: Sequence[str]) -> Understanding:
        """Return how a text is read in a conversation that somebody else keeps."""
        events = [*map(UserUttered, before), SlotSet(SLOT, situation.to_json())]
        tracker = DialogueStateTracker.from_events("heard", events, slots=self.agent.domain.slots)
        return understanding_of(await self.agent.processor.parse_message(UserMessage(text), tracker))

    async def known(self, sender: str) -> Situation:
        """Return what is known in a conversation."""
        tracker = await self.agent.tracker_store.retrieve(sender)
        return Situation.of_json(tracker.get_slot(SLOT) if tracker else None)

    async def come_back(self, message: Message, situation: Situation) -> list[Reply]:
        """Put what somebody has brought along into a conversation; see :class:`send_guide.service.Engine`."""
        turn = welcome_back(situation)
        events = [SlotSet(SLOT, turn.situation.to_json()), *map(_uttered, turn.replies)]
        async with self.agent.lock_store.lock(message.sender):
            store = self.agent.tracker_store
            tracker = await store.get_or_create_tracker(message.sender, append_action_listen=False)
            begin = [] if tracker.events else [SessionStarted()]
            tracker.update_with_events([*begin, *events, ActionExecuted("action_listen")], self.agent.domain)
            await store.save(tracker)
        return turn.replies

    @property
    def analyser(self) -> Analyser:
        """What reads the messages."""
        return loaded_analyser(self.agent)

    async def _turn(self, message: Message, text: str, name: str | None) -> list[Reply]:
        held = _Held(message.channel)
        await self.agent.handle_message(
            UserMessage(text, held, message.sender, input_channel=message.channel, message_id=name)
        )
        return held.replies


class RasaEngine(_AgentEngine):
    """A loaded agent with its stores and actions in place."""

    def __init__(self, agent: Agent, database: Database) -> None:
        """Wrap an agent.

        Args:
            agent: a loaded ``rasa.core.agent.Agent``.
            database: of its tracker store; it also knows what has been answered.
        """
        super().__init__(agent)
        self._database = database

    async def answered(self, message: Message) -> list[Reply] | None:
        """Return what was said to this very message before, or None."""
        if message.message_id is None:
            return None
        kept = await inbox.answered(self._database, Delivery(message.channel, message.message_id))
        return None if kept is None else [reply_of(reply) for reply in kept]

    async def offered(self, sender: str, payload: str) -> bool:
        """Return whether a payload was lately offered in a conversation."""
        return await conversations.offered(self._database, sender, payload)

    async def turn(self, message: Message, text: str) -> list[Reply]:
        """Answer ``text`` and keep it; see :class:`send_guide.service.Engine`."""
        with _delivered(message) as name:
            return await self._turn(message, text, name)

    async def come_back(self, message: Message, situation: Situation) -> list[Reply]:
        """Put what somebody has brought along into a conversation; see :class:`send_guide.service.Engine`."""
        with _delivered(message):
            return await super().come_back(message, situation)


@contextlib.contextmanager
def _delivered(message: Message) -> Iterator[str]:
    """Have a message's name kept with what is stored meanwhile; give the name."""
    name = message.message_id or uuid.uuid4().hex
    token = delivery.set(Delivery(message.channel, name))
    try:
        yield name
    finally:
        delivery.reset(token)


def _uttered(reply: Reply) -> BotUttered:
    """Return the event of a reply, as an action's has it."""
    custom = to_json(reply)
    data = {"buttons": [button(choice) for choice in reply.choices], "custom": custom}
    return BotUttered(reply.text, data, {key: value for key, value in custom.items() if key in CONTRACT})


class MemoryEngine(_AgentEngine):
    """A loaded model whose conversations live in memory: for the terminal, tests and evaluations."""

    @classmethod
    def load(cls, model: Path) -> MemoryEngine:
        """Load a model.

        Args:
            model: the model archive.

        Raises:
            NoModelError: there is none.
        """
        if not model.is_file():
            raise NoModelError(model)
        quiet()
        patches.apply()
        agent = Agent.load(
            str(model),
            tracker_store=InMemoryTrackerStore(Domain.empty()),
            lock_store=LocalLocks(),
            action_endpoint=InProcessActions(),
        )
        return cls(agent)

    async def answered(self, message: Message) -> list[Reply] | None:
        """Return None: nothing is delivered twice here."""
        return None

    async def offered(self, sender: str, payload: str) -> bool:
        """Return True: whoever types here may name an intent."""
        return True

    async def turn(self, message: Message, text: str) -> list[Reply]:
        """Answer ``text``."""
        return await self._turn(message, text, message.message_id)
