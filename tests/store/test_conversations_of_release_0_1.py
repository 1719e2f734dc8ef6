"""Conversations that release 0.1 has kept go on where they stood: its slots were many, today there is one."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet

from send_guide.domain.guided_path import Progress
from send_guide.domain.situation import OLD_SLOTS, SLOT, Fact, Situation
from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from tests.conftest import ROOT
from tests.servers import Service

STEPS = {"facts": {"topic": "support", "setting": "academy", "reached": "head"}, "done": {"talk": "2026-03"}, "trail": [["topic"], ["setting"], ["reached", "done.talk"]], "asked": "", "at": "policy", "letter": ""}  # fmt: skip
BEGUN: list[dict[str, Any]] = [
    {"event": "action", "name": "action_session_start"},
    {"event": "session_started"},
    {"event": "action", "name": "action_listen"},
    {"event": "user", "text": "my sons academy wont help him, i wrote to the head", "parse_data": {"intent": {"name": "school_not_helping"}, "entities": [], "text": "my sons academy wont help him, i wrote to the head"}},
    {"event": "slot", "name": "phase", "value": "primary"},
    {"event": "action", "name": "action_next_step"},
]  # fmt: skip
ON_THE_PATH = [
    *BEGUN,
    {"event": "slot", "name": "path", "value": STEPS},
    {"event": "slot", "name": "on_path", "value": True},
    {"event": "slot", "name": "last_answers", "value": None},
    {"event": "slot", "name": "unsure", "value": False},
    {"event": "bot", "text": "Read the complaints policy", "data": {"custom": {"kind": "escalation", "answer_ids": [], "step": "policy", "short": "Read it."}, "buttons": [{"title": "I have done this", "payload": "/step_done"}]}, "metadata": {}},
    {"event": "action", "name": "action_listen"},
]  # fmt: skip


def kept_by_0_1(file: Path, sender: str, events: list[dict[str, Any]]) -> None:
    """Write a conversation as release 0.1 did, into a database that there is."""
    with sqlite3.connect(file) as database:
        for event in events:
            data = json.dumps({**event, "timestamp": time.time()})
            database.execute(
                "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, ?, ?)",
                (sender, event["event"], time.time(), data),
            )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WindowedTrackerStore]:
    found = WindowedTrackerStore(
        Domain.load(str(ROOT / "domain.yml")), url=f"sqlite:///{tmp_path}/conversations.db"
    )
    yield found
    found.close()


def situation(store: WindowedTrackerStore, *new: Any) -> Situation:
    """Return what is known in mum's conversation after these events more."""

    async def go() -> Situation:
        tracker = await store.retrieve("mum")
        assert tracker
        for event in new:
            tracker.update(event)
        await store.save(tracker)
        tracker = await store.retrieve("mum")
        assert tracker
        return Situation.of_json(tracker.get_slot(SLOT))

    return asyncio.run(go())


def test_where_somebody_stood_is_known(store: WindowedTrackerStore, tmp_path: Path) -> None:
    kept_by_0_1(tmp_path / "conversations.db", "mum", ON_THE_PATH)
    assert situation(store) == Situation(facts={"phase": Fact("primary")}, progress=Progress.of(STEPS))


def test_it_is_known_where_only_the_state_at_the_begin_of_the_window_is_loaded(
    store: WindowedTrackerStore, tmp_path: Path
) -> None:
    kept_by_0_1(tmp_path / "conversations.db", "mum", ON_THE_PATH)
    state = {
        "slots": {"path": STEPS, "on_path": True, "spoken_to_head": True},
        "loop": None,
        "action": "action_listen",
    }
    with sqlite3.connect(tmp_path / "conversations.db") as database:
        (last,) = database.execute("SELECT max(id) FROM events").fetchone()
        database.execute(
            "INSERT INTO conversations (sender_id, last_event, window_after, state) VALUES ('mum', ?, ?, ?)",
            (last, last, json.dumps(state)),
        )
    assert situation(store) == Situation(spoken_to=["head"], progress=Progress.of(STEPS))


def test_what_is_known_since_takes_its_place(store: WindowedTrackerStore, tmp_path: Path) -> None:
    kept_by_0_1(tmp_path / "conversations.db", "mum", ON_THE_PATH)
    now = Situation(said=["contacts.iass"])
    assert situation(store, SlotSet(SLOT, now.to_json()), ActionExecuted("action_listen")) == now


def test_what_was_forgotten_stays_forgotten(store: WindowedTrackerStore, tmp_path: Path) -> None:
    again = [*ON_THE_PATH, {"event": "reset_slots"}, {"event": "slot", "name": "unsure", "value": False}]
    kept_by_0_1(tmp_path / "conversations.db", "mum", again)
    assert situation(store) == Situation()


def test_a_slot_that_the_domain_has_is_left_alone(tmp_path: Path) -> None:
    names = {slot.name for slot in Domain.load(str(ROOT / "domain.yml")).slots}
    assert not names & OLD_SLOTS


def test_the_service_goes_on_with_the_step(tmp_path: Path) -> None:
    WindowedTrackerStore(url=f"sqlite:///{tmp_path}/conversations.db").close()
    kept_by_0_1(tmp_path / "conversations.db", "mum", ON_THE_PATH)
    service = Service(tmp_path).wait()
    try:
        replies = service.asks("mum", "/step_done")  # a button that release 0.1 has offered
        assert replies[0]["text"].startswith("Good. That step is done.")
        assert replies[1]["custom"]["type"] == "step"
        assert "my academy" not in service.log.read_text()
    finally:
        service.stop()
