"""An action that fails, hangs or cannot be reached: the person is told, and the form is where it was."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import rasa
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from send_guide.rasa_adapter import patches
from send_guide.rasa_adapter.actions_endpoint import RemoteActions
from tests.servers import free_port

DOMAIN = """
version: "3.1"
intents: [letter]
slots:
  who: {type: text, mappings: [{type: from_text, conditions: [{active_loop: letter, requested_slot: who}]}]}
  what: {type: text, mappings: [{type: from_text, conditions: [{active_loop: letter, requested_slot: what}]}]}
forms:
  letter: {required_slots: [who, what]}
actions: [validate_letter]
responses:
  utter_ask_who: [{text: Who is it to?}]
  utter_ask_what: [{text: What is it about?}]
  utter_done: [{text: "done {who} {what}"}]
"""
DATA = """
version: "3.1"
nlu:
- intent: letter
  examples: |
    - letter
    - write a letter
rules:
- rule: begin
  steps: [{intent: letter}, {action: letter}, {active_loop: letter}]
- rule: done
  condition: [{active_loop: letter}]
  steps: [{action: letter}, {active_loop: null}, {action: utter_done}]
"""
CONFIG = """
recipe: default.v1
assistant_id: letters
language: en
pipeline: [{name: KeywordIntentClassifier}]
policies: [{name: RulePolicy}]
"""


class Actions(EndpointConfig):
    """An action endpoint that can be broken and mended."""

    def __init__(self) -> None:
        super().__init__(url="here")
        self.broken: Exception | str | None = None

    async def request(self, *_: Any, **call: Any) -> dict[str, Any]:
        if isinstance(self.broken, Exception):
            raise self.broken
        if self.broken == "nonsense":
            return {"events": [{"event": "no such event"}], "responses": []}
        slots = call["json"]["tracker"]["slots"]
        events = [
            {"event": "slot", "name": name, "value": slots[name]} for name in ("who", "what") if slots[name]
        ]
        return {"events": events, "responses": []}


class Person:
    """Somebody who writes a letter with the small bot."""

    def __init__(self, model: str, endpoint: EndpointConfig) -> None:
        self.agent = Agent.load(
            model, tracker_store=InMemoryTrackerStore(Domain.empty()), action_endpoint=endpoint
        )

    def says(self, text: str) -> str:
        out = CollectingOutputChannel()
        asyncio.run(self.agent.handle_message(UserMessage(text, out, "mum")))
        return " / ".join(message["text"] for message in out.messages if "text" in message)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("letters")
    for name, text in (("domain.yml", DOMAIN), ("data.yml", DATA), ("config.yml", CONFIG)):
        (folder / name).write_text(text)
    result = rasa.train(
        str(folder / "domain.yml"), str(folder / "config.yml"), str(folder / "data.yml"), str(folder)
    )
    return str(result.model)


@pytest.fixture
def fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MessageProcessor, "_run_action", patches._run_action)


def test_rasa_says_that_it_is_done_with_nothing(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The defect."""
    monkeypatch.setattr(MessageProcessor, "_run_action", patches._rasas_run_action)
    actions = Actions()
    actions.broken = RuntimeError("down")
    assert Person(model, actions).says("letter") == "done None None"


@pytest.mark.parametrize("broken", [RuntimeError("down"), TimeoutError(), "nonsense"], ids=str)
def test_the_person_is_told_and_the_form_is_where_it_was(
    model: str, fixed: None, broken: Exception | str
) -> None:
    actions = Actions()
    person = Person(model, actions)
    assert person.says("letter") == "Who is it to?"
    assert person.says("the head") == "What is it about?"
    actions.broken = broken
    assert person.says("her reading") == patches.failed()
    assert person.says("her reading") == patches.failed()
    actions.broken = None
    assert person.says("her reading") == "done the head her reading"


def test_a_form_that_could_not_begin_can_begin_later(model: str, fixed: None) -> None:
    actions = Actions()
    person = Person(model, actions)
    actions.broken = RuntimeError("down")
    assert person.says("letter") == patches.failed()
    actions.broken = None
    assert person.says("letter") == "Who is it to?"


def test_an_action_server_that_is_not_there_is_said(model: str, fixed: None) -> None:
    nowhere = RemoteActions(f"http://127.0.0.1:{free_port()}/webhook")
    assert Person(model, nowhere).says("letter") == patches.failed()


def test_an_action_server_that_hangs_is_said(model: str, fixed: None) -> None:
    async def never(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async def ask() -> None:
        server = await asyncio.start_server(never, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        person = Person(model, RemoteActions(f"http://127.0.0.1:{port}/webhook", seconds=0.2))
        out = CollectingOutputChannel()
        await person.agent.handle_message(UserMessage("letter", out, "mum"))
        assert [message["text"] for message in out.messages if "text" in message] == [patches.failed()]
        server.close()

    asyncio.run(ask())
