"""Every way to the guide is one way: the terminal, the REST channel and the web say the same to the same words."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from send_guide.channels.rest import as_rest
from send_guide.channels.web.replies import shown
from tests.conftest import ROOT, Conversation
from tests.servers import Service
from tests.web.conftest import Caller

TALK = [
    "hello",
    "how often should school meet with me",
    "is that a must?",
    "what do governors have to do",
    "what else must they do?",
    "school and council",
    "what is the weather like",
    "my son says he wants to die",
    "the academy wont help my son and i wrote to the head in march",
    "where were we",
    "my name is Zebedee Quillfeather, who pays for a laptop",
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    found = Service(tmp_path_factory.mktemp("one-way")).wait()
    yield found
    found.stop()


def rounded(value: Any) -> Any:
    """Return JSON as it is sent, probabilities to what does not depend on the machine's threads."""
    return json.loads(json.dumps(value), parse_float=lambda number: round(float(number), 3))


def test_all_channels_say_what_the_terminal_says(service: Service, person: Conversation) -> None:
    parent = Caller(service)
    for text in TALK:
        replies = person.says(text).replies
        sent = [part for reply in replies for part in as_rest(reply, "mum")]
        assert rounded(service.asks("mum", text)) == rounded(sent), text
        status, answer = parent.asks(text)
        assert status == 200
        assert answer["replies"] == rounded([shown(reply) for reply in replies]), text


def test_read_again_it_is_what_was_said(service: Service, person: Conversation) -> None:
    parent = Caller(service)
    said = [reply for text in TALK for reply in parent.asks(text)[1]["replies"]]
    read = parent.reads()[1]["messages"]
    assert [message for message in read if message["from"] == "guide"] == said


def test_only_the_guide_has_a_message_answered() -> None:
    """Who called the engine itself would leave out what everybody is owed: danger, repeats, words for failures."""
    calling = {
        path.relative_to(ROOT).as_posix()
        for folder in ("send_guide", "actions", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if "engine.turn(" in path.read_text(encoding="utf-8")
    }
    assert calling == {"send_guide/service.py"}
