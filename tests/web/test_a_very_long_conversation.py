"""A conversation that goes on for ever is read in part, and not for ever."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Service
from tests.web.conftest import Caller
from tests.web.test_danger_while_things_fail import posts_a_form

FIRST, QUESTION, LAST = "hello", "how often should school meet with me", "number for the tribunal"
TURNS = 1_500
NOTE = "Only the newest messages are shown here."


@pytest.fixture(scope="module")
def long_ago(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """Somebody who has asked the same 1,500 times, has tapped a button, and goes on."""
    folder: Path = tmp_path_factory.mktemp("long")
    service = Service(folder, PER_ADDRESS="100000/minute").wait()
    parent = Caller(service)
    parent.asks(FIRST)
    parent.asks(QUESTION)
    database = sqlite3.connect(folder / "conversations.db")
    columns = "sender_id, type_name, timestamp, intent_name, action_name, data"
    asked = f"""SELECT {columns} FROM events WHERE type_name IN ('user', 'bot') AND id >
        (SELECT max(id) FROM events WHERE type_name = 'user') - 1"""
    rows = database.execute(asked).fetchall()
    database.executemany(
        f"INSERT INTO events ({columns}) VALUES (?, ?, ?, ?, ?, ?)",
        [row for _ in range(TURNS) for row in rows],
    )
    database.commit()
    database.close()
    yield parent
    service.stop()


def test_only_the_newest_of_it_is_shown_and_that_is_said(long_ago: Caller) -> None:
    status, answer = long_ago.reads()
    shown = answer["messages"]
    assert status == 200
    assert len(shown) <= 201
    assert shown[0]["lines"][0]["pieces"][0]["text"] == NOTE
    assert shown[1] == {"from": "person", "text": QUESTION}  # no answer without its question


def test_the_page_without_a_script_shows_as_little(long_ago: Caller) -> None:
    status, page = posts_a_form(long_ago.service, path="/guide/read", token=long_ago.token)
    assert (status, page.count(NOTE)) == (200, 1)
    assert page.count(QUESTION) <= 200


def test_a_copy_has_all(long_ago: Caller) -> None:
    status, copy = posts_a_form(long_ago.service, path="/guide/copy", token=long_ago.token)
    assert status == 200
    assert len(re.findall("^You: ", copy, re.M)) == TURNS + 2
    assert f"You: {FIRST}" in copy


def test_it_is_not_read_for_ever_and_goes_on_all_the_same(long_ago: Caller) -> None:
    statuses = [long_ago.reads()[0] for _ in range(31)]
    assert statuses[-1] == 429
    assert long_ago.asks(LAST)[0] == 200


def test_nobody_says_more_than_a_day_is_long(tmp_path: Path) -> None:
    service = Service(tmp_path, PER_CONVERSATION="30/minute;3/day").wait()
    try:
        parent = Caller(service)
        assert [parent.asks("hello")[0] for _ in range(4)] == [200, 200, 200, 429]
        assert Caller(service).asks("hello")[0] == 200
    finally:
        service.stop()
