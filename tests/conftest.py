"""What the tests share: the trained assistant, and a conversation that reads like one."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

OURS = ("SEND_GUIDE_REQUIRE_ALL", "SEND_GUIDE_FUZZ", "SEND_GUIDE_FUZZ_REQUESTS")
"""Settings of the tests. The service's are each test's own, never those of the machine it runs on."""
for name in [name for name in os.environ if name.startswith("SEND_GUIDE_") and name not in OURS]:
    del os.environ[name]
os.environ["SEND_GUIDE_ENV_FILE"] = os.devnull
os.environ["SEND_GUIDE_QUESTIONS"] = str(Path(__file__).parent / "questions")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

from send_guide.content import Content, get_content  # noqa: E402
from send_guide.domain.letters import render  # noqa: E402
from send_guide.domain.reply import LetterReply  # noqa: E402
from send_guide.rasa_adapter.engine import MemoryEngine  # noqa: E402
from send_guide.service import Guide, Message  # noqa: E402
from tests.heard import Heard  # noqa: E402
from tests.servers import PostgreSQL  # noqa: E402

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
def engine() -> MemoryEngine:
    return MemoryEngine.load(ROOT / "models" / "send-guide.tar.gz")


@pytest.fixture(scope="session")
def guide(engine: MemoryEngine) -> Guide:
    return Guide(engine)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    server = PostgreSQL(tmp_path_factory.mktemp("postgres"))
    yield server
    server.stop()


class Conversation(Heard):
    """A person talks with the guide.

    ``says`` types a message, ``taps`` taps a button by its title; ``hears`` is what came back.
    """

    def __init__(
        self, guide: Guide, engine: MemoryEngine, loop: asyncio.AbstractEventLoop, name: str
    ) -> None:
        self._guide, self._loop, self._name = guide, loop, name
        self._store = engine.agent.tracker_store
        self.replies = []

    def says(self, text: str) -> "Conversation":
        turn = self._loop.run_until_complete(self._guide.handle(Message(text, self._name)))
        self.replies, self.outcome = list(turn.replies), turn.outcome
        assert self.outcome == "answered", f"{self.outcome} for {text!r}"
        return self

    def taps(self, title: str) -> "Conversation":
        payloads = [choice.payload for choice in self.choices if choice.title == title]
        assert payloads, f"no button {title!r} among {self.titles}"
        return self.says(payloads[0])

    def comes_back_after(self, days: float) -> None:
        """Make everything that was said so far ``days`` older."""
        tracker = self._loop.run_until_complete(self._store.retrieve(self._name))
        for event in tracker.events:
            event.timestamp -= days * 86_400
        self._loop.run_until_complete(self._store.save(tracker))

    def kept(self) -> str:
        """Everything that is stored of the conversation."""
        tracker = self._loop.run_until_complete(self._store.retrieve(self._name))
        return json.dumps([event.as_dict() for event in tracker.events])

    @property
    def titles(self) -> list[str]:
        return [choice.title for choice in self.choices]

    @property
    def step(self) -> str | None:
        """The step of the guided path that was said last."""
        return next((reply.step_id for reply in self.replies if reply.step_id), None)

    @property
    def letter(self) -> str:
        """The draft as it is delivered."""
        letters = (reply for reply in self.replies if isinstance(reply, LetterReply))
        return next((render(letter.template, letter.facts).text for letter in letters), "")

    @property
    def offered(self) -> list[str]:
        return [answer_id for reply in self.replies for answer_id in reply.offered]


@pytest.fixture
def person(
    guide: Guide, engine: MemoryEngine, loop: asyncio.AbstractEventLoop, request: pytest.FixtureRequest
) -> Conversation:
    return Conversation(guide, engine, loop, request.node.name)
