"""The trained assistant in this process: the path every message takes, without a network."""

from __future__ import annotations

import logging
import uuid
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from send_guide.domain.letters import with_text
from send_guide.errors import SendGuideError

MODEL = Path("models/send-guide.tar.gz")


class NoModelError(SendGuideError):
    """There is no trained model where one was looked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no trained model at {path}: run `make train` first")


@dataclass(frozen=True)
class Reply:
    """One message of the assistant.

    Attributes:
        text: the words.
        buttons: what can be tapped, each with ``title`` and ``payload``.
        metadata: kind, answer_ids, offered, confidence (the contract of the channels).
    """

    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)


class Assistant:
    """A loaded model that answers, conversation by conversation. Conversations live in memory."""

    def __init__(self, agent: Any) -> None:
        """Wrap a loaded ``rasa.core.agent.Agent``."""
        self.agent = agent

    @classmethod
    def load(cls, model: Path = MODEL) -> Assistant:
        """Load a model.

        Args:
            model: the model archive.

        Raises:
            NoModelError: there is none.
        """
        if not model.is_file():
            raise NoModelError(model)
        quiet()
        from rasa.core.agent import Agent
        from rasa.core.tracker_store import InMemoryTrackerStore
        from rasa.shared.core.domain import Domain

        from send_guide.rasa_adapter import patches
        from send_guide.rasa_adapter.actions_endpoint import InProcessActions
        from send_guide.rasa_adapter.locks import LocalLocks

        patches.apply()
        agent = Agent.load(
            str(model),
            tracker_store=InMemoryTrackerStore(Domain.empty()),
            lock_store=LocalLocks(),
            action_endpoint=InProcessActions(),
        )
        return cls(agent)

    async def understand(self, text: str) -> dict[str, Any]:
        """Return how a message is read, with no conversation and no reply: intent, entities, ranking."""
        result: dict[str, Any] = await self.agent.parse_message(text)
        return result

    async def ask(self, text: str, conversation: str | None = None) -> list[Reply]:
        """Return the replies to a message.

        Args:
            text: what the person typed, or the payload of a button.
            conversation: which conversation it belongs to; a new one where left out.
        """
        from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

        channel = Recorder(CollectingOutputChannel)
        sender = conversation or uuid.uuid4().hex
        await self.agent.handle_message(UserMessage(text, channel.output, sender))
        return channel.replies


class Recorder:
    """An output channel that keeps whole messages, metadata included."""

    def __init__(self, base: type[Any]) -> None:
        self.replies: list[Reply] = []
        replies = self.replies

        class Output(base):  # type: ignore[misc]
            async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
                metadata = with_text(message.get("custom") or {})
                replies.append(Reply(message.get("text") or "", message.get("buttons") or [], metadata))

        self.output = Output()


def quiet() -> None:
    """Keep Rasa and TensorFlow from writing what people say, or anything but errors, to the terminal."""
    warnings.simplefilter("ignore")
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    logging.getLogger("rasa").setLevel(logging.ERROR)
