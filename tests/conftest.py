"""What the tests share: the trained assistant, and a conversation that reads like one."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

OURS = ("SEND_GUIDE_REQUIRE_ALL", "SEND_GUIDE_FUZZ_REQUESTS")
"""Settings of the tests. The service's are each test's own, never those of the machine it runs on."""
for name in [name for name in os.environ if name.startswith("SEND_GUIDE_") and name not in OURS]:
    del os.environ[name]
os.environ["SEND_GUIDE_ENV_FILE"] = os.devnull
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

from send_guide.content import Content, get_content  # noqa: E402
from send_guide.rasa_adapter.assistant import Assistant, Reply  # noqa: E402

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def content() -> Content:
    return get_content()


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    return Assistant.load(ROOT / "models" / "send-guide.tar.gz")


class Conversation:
    """A person talks with the assistant.

    ``says`` types a message, ``taps`` taps a button by its title; ``hears`` is what came back.
    """

    def __init__(self, assistant: Assistant, loop: asyncio.AbstractEventLoop, name: str) -> None:
        self._assistant, self._loop, self._name = assistant, loop, name
        self.replies: list[Reply] = []

    def says(self, text: str) -> "Conversation":
        self.replies = self._loop.run_until_complete(self._assistant.ask(text, self._name))
        assert self.replies, f"no reply to {text!r}"
        return self

    def taps(self, title: str) -> "Conversation":
        payloads = [button["payload"] for button in self.buttons if button["title"] == title]
        assert payloads, f"no button {title!r} among {[button['title'] for button in self.buttons]}"
        return self.says(payloads[0])

    def comes_back_after(self, days: float) -> None:
        """Make everything that was said so far ``days`` older."""
        store = self._assistant.agent.tracker_store
        tracker = self._loop.run_until_complete(store.retrieve(self._name))
        for event in tracker.events:
            event.timestamp -= days * 86_400
        self._loop.run_until_complete(store.save(tracker))

    def kept(self) -> str:
        """Everything that is stored of the conversation."""
        tracker = self._loop.run_until_complete(self._assistant.agent.tracker_store.retrieve(self._name))
        return json.dumps([event.as_dict() for event in tracker.events])

    @property
    def buttons(self) -> list[dict[str, str]]:
        return [button for reply in self.replies for button in reply.buttons]

    @property
    def hears(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def kinds(self) -> list[str]:
        return [reply.metadata["kind"] for reply in self.replies]

    @property
    def titles(self) -> list[str]:
        return [button["title"] for button in self.buttons]

    @property
    def step(self) -> str | None:
        """The step of the guided path that was said last."""
        return next((reply.metadata["step"] for reply in self.replies if reply.metadata.get("step")), None)

    @property
    def letter(self) -> str:
        """The draft as it was delivered."""
        return next(
            (reply.metadata["letter"]["text"] for reply in self.replies if reply.metadata.get("letter")), ""
        )

    @property
    def answers(self) -> list[str]:
        return [answer_id for reply in self.replies for answer_id in reply.metadata["answer_ids"]]

    @property
    def offered(self) -> list[str]:
        return [answer_id for reply in self.replies for answer_id in reply.metadata["offered"]]


@pytest.fixture
def person(
    assistant: Assistant, loop: asyncio.AbstractEventLoop, request: pytest.FixtureRequest
) -> Conversation:
    return Conversation(assistant, loop, request.node.name)
