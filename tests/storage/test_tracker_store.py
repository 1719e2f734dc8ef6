"""Conversations survive: on SQLite and on a real PostgreSQL."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from send_guide.errors import DuplicateMessageError, StaleWriteError
from send_guide.rasa_adapter.tracker_store import WINDOW, WindowedTrackerStore, delivery
from send_guide.settings import Settings
from send_guide.storage import conversations, inbox, retention
from send_guide.storage.base import DAY
from send_guide.storage.conversations import BadSenderError
from send_guide.storage.database import Database, DatabaseUnavailableError
from send_guide.storage.inbox import Delivery
from tests.servers import PostgreSQL, database

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [ask]
slots:
  phase: {type: any, mappings: [{type: custom}]}
forms:
  letter: {required_slots: [phase]}
"""
)
START = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/conversations.db"
    else:
        url = request.getfixturevalue("postgres").new()
    found = database(url)
    yield found
    found.close()


@pytest.fixture
def store(kept_in: Database) -> WindowedTrackerStore:
    return WindowedTrackerStore(DOMAIN, kept_in)


def turn(number: int) -> list[Event]:
    return [
        UserUttered(f"question {number}", {"name": "ask"}),
        ActionExecuted("action_answer"),
        BotUttered(f"answer {number}"),
        ActionExecuted("action_listen"),
    ]


def talk(store: WindowedTrackerStore, sender: str, *batches: list[Event]) -> DialogueStateTracker:
    """One turn for each batch, each in a fresh load, as messages come."""

    async def go() -> DialogueStateTracker:
        for batch in batches:
            tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
            for event in batch:
                tracker.update(event)
            await store.save(tracker)
        tracker = await store.retrieve(sender)
        assert tracker is not None
        return tracker

    return asyncio.run(go())


def everything(store: WindowedTrackerStore, sender: str) -> list[str]:
    tracker = asyncio.run(store.retrieve_full_tracker(sender))
    assert tracker is not None
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_every_word_of_a_long_conversation_is_kept_once_and_in_order(store: WindowedTrackerStore) -> None:
    talk(store, "mum", START, *(turn(number) for number in range(120)))
    assert everything(store, "mum") == [f"question {number}" for number in range(120)]


def test_what_is_loaded_does_not_grow_and_slots_and_form_are_right(store: WindowedTrackerStore) -> None:
    tracker = talk(
        store,
        "mum",
        START,
        [*turn(0)[:1], SlotSet("phase", "secondary"), ActiveLoop("letter"), *turn(0)[1:]],
        *(turn(number) for number in range(1, 100)),
    )
    assert len(tracker.events) <= 2 * WINDOW + 4 + 3
    assert tracker.get_slot("phase") == "secondary"
    assert tracker.active_loop_name == "letter"
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == "question 99"
    assert tracker.latest_action_name == "action_listen"


def test_a_new_session_starts_with_nothing(store: WindowedTrackerStore, kept_in: Database) -> None:
    secret = [*turn(0)[:1], SlotSet("phase", "my child Ada"), *turn(0)[1:]]
    tracker = talk(store, "shared phone", START, secret, START, turn(1))
    assert tracker.get_slot("phase") is None
    with kept_in.engine.begin() as connection:
        state = connection.execute(sa.select(conversations.conversations.c.state)).scalar()
    assert "Ada" not in state


def test_a_writer_that_has_not_seen_the_newest_message_is_refused(store: WindowedTrackerStore) -> None:
    talk(store, "mum", START, turn(0))

    async def both() -> None:
        first = await store.retrieve("mum")
        second = await store.retrieve("mum")
        assert first is not None
        assert second is not None
        for tracker, number in ((first, 1), (second, 2)):
            for event in turn(number):
                tracker.update(event)
        await store.save(first)
        with pytest.raises(StaleWriteError):
            await store.save(second)

    asyncio.run(both())
    assert everything(store, "mum") == ["question 0", "question 1"]


def test_a_row_that_cannot_be_read_is_set_aside(store: WindowedTrackerStore, kept_in: Database) -> None:
    talk(store, "mum", START, turn(0))
    with kept_in.engine.begin() as connection:
        for data in ('{"event": "no such event"}', "not json"):
            connection.execute(
                conversations.events.insert().values(sender_id="mum", type_name="x", timestamp=1.0, data=data)
            )
    tracker = talk(store, "mum", turn(1))
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == "question 1"
    with kept_in.engine.begin() as connection:
        aside = connection.execute(sa.select(conversations.unreadable_events.c.data)).fetchall()
    assert {row.data for row in aside} == {'{"event": "no such event"}', "not json"}


def test_a_conversation_of_rasas_own_store_goes_on(store: WindowedTrackerStore, tmp_path: Path) -> None:
    stock = SQLTrackerStore(DOMAIN, db=str(tmp_path / "stock.db"))
    before = DialogueStateTracker.from_events("mum", [*START, *turn(0)], DOMAIN.slots)
    asyncio.run(stock.save(before))
    ours = WindowedTrackerStore(DOMAIN, database(f"sqlite:///{tmp_path}/stock.db"))
    tracker = talk(ours, "mum", turn(1))
    assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == ["question 0", "question 1"]
    again = asyncio.run(stock.retrieve("mum"))
    assert again is not None
    assert again.latest_message is not None
    assert again.latest_message.text == "question 1"


@pytest.mark.parametrize("sender", ["", "a" * 256, "a\x00b", "\ud800"])
def test_names_that_no_database_can_keep_are_refused(store: WindowedTrackerStore, sender: str) -> None:
    with pytest.raises(BadSenderError):
        asyncio.run(store.retrieve(sender))


def test_forgetting_leaves_nothing(store: WindowedTrackerStore, kept_in: Database) -> None:
    talk(store, "mum", START, turn(0))
    talk(store, "dad", START, turn(0))
    assert asyncio.run(conversations.delete(kept_in, "mum"))["events"] == 7
    assert not any(asyncio.run(conversations.kept(kept_in, "mum")).values())
    assert asyncio.run(store.retrieve("mum")) is None
    assert everything(store, "dad") == ["question 0"]


def test_what_is_old_is_purged_and_what_is_not_stays(store: WindowedTrackerStore, kept_in: Database) -> None:
    old = [UserUttered("old", {"name": "ask"}, timestamp=1000.0)]
    talk(store, "old", old)
    talk(store, "new", START, turn(0))
    gone = asyncio.run(retention.purge_once(kept_in, Settings(keep_days=1), 2000.0 + DAY))
    assert {kind: number for kind, number in gone.items() if number} == {"conversations": 1}
    assert asyncio.run(store.retrieve("old")) is None
    assert everything(store, "new") == ["question 0"]


def test_names_of_answered_messages_and_rows_set_aside_are_purged_too(
    store: WindowedTrackerStore, kept_in: Database
) -> None:
    token = delivery.set(Delivery("sms", "SM1"))
    talk(store, "mum", [*START, *turn(0)])
    delivery.reset(token)
    with kept_in.engine.begin() as connection:
        connection.execute(conversations.events.insert().values(sender_id="mum", type_name="user", data="no"))
    asyncio.run(store.retrieve("mum"))
    later = time.time() + 60
    rules = Settings(keep_days=30, keep_answered_days=1)
    gone = asyncio.run(retention.purge_once(kept_in, rules, later + DAY))
    assert {kind: number for kind, number in gone.items() if number} == {"answered messages": 1}
    gone = asyncio.run(retention.purge_once(kept_in, rules, later + 30 * DAY))
    # a row set aside goes with its conversation
    assert {kind: number for kind, number in gone.items() if number} == {"conversations": 1}
    assert not any(asyncio.run(conversations.kept(kept_in, "mum")).values())


def test_a_message_is_answered_once_and_its_replies_are_kept(
    store: WindowedTrackerStore, kept_in: Database
) -> None:
    message = Delivery("sms", "SM1")

    async def go() -> None:
        assert await inbox.answered(kept_in, message) is None
        token = delivery.set(message)
        try:
            for number in (0, 1):
                tracker = await store.get_or_create_tracker("mum", append_action_listen=False)
                for event in turn(number):
                    tracker.update(event)
                if number == 0:
                    await store.save(tracker)
                else:
                    with pytest.raises(DuplicateMessageError):
                        await store.save(tracker)
        finally:
            delivery.reset(token)
        replies = await inbox.answered(kept_in, message)
        assert replies is not None
        assert [reply["text"] for reply in replies] == ["answer 0"]

    asyncio.run(go())
    assert everything(store, "mum") == ["question 0"]


def test_a_database_that_is_away_says_so_and_nothing_is_lost(postgres: PostgreSQL) -> None:
    kept_in = database(postgres.url)
    store = WindowedTrackerStore(DOMAIN, kept_in)
    talk(store, "away", START, turn(0))
    postgres.stop()
    with pytest.raises(DatabaseUnavailableError):
        asyncio.run(store.retrieve("away"))
    postgres.start()
    talk(store, "away", turn(1))
    assert everything(store, "away") == ["question 0", "question 1"]
    kept_in.close()


def test_rows_hold_json_that_rasas_tools_read(store: WindowedTrackerStore, kept_in: Database) -> None:
    talk(store, "mum", START, turn(0))
    with kept_in.engine.begin() as connection:
        rows = connection.execute(
            sa.select(conversations.events).order_by(conversations.events.c.id)
        ).fetchall()
    assert [json.loads(row.data)["event"] for row in rows][:3] == ["action", "session_started", "action"]
    assert [row.intent_name for row in rows if row.type_name == "user"] == ["ask"]
