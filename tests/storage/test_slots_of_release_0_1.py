"""What release 0.1 kept in many slots is read as one situation, whether it stands in the state or in events."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from send_guide.domain.situation import SLOT, Situation
from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from send_guide.storage import conversations
from send_guide.storage.database import Database
from tests.servers import database

BEFORE = Domain.from_yaml(
    """
version: "3.1"
intents: [ask]
slots:
  phase: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  last_answers: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  path: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  on_path: {type: bool, influence_conversation: false, mappings: [{type: custom}]}
"""
)
NOW = Domain.from_yaml(
    """
version: "3.1"
intents: [ask]
slots:
  situation: {type: any, influence_conversation: false, mappings: [{type: custom}]}
"""
)
START = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
PATH = {"facts": {"setting": "academy"}, "done": {}, "trail": [], "asked": "", "at": "head", "letter": ""}


@pytest.fixture
def kept(empty: str) -> Iterator[Database]:
    found = database(empty)
    yield found
    found.close()


def turn(number: int, *slots: SlotSet) -> list[Event]:
    return [UserUttered(f"question {number}", {"name": "ask"}), *slots, ActionExecuted("action_listen")]


def talk(store: WindowedTrackerStore, *batches: list[Event]) -> DialogueStateTracker:
    async def go() -> DialogueStateTracker:
        for batch in batches:
            tracker = await store.get_or_create_tracker("mum", append_action_listen=False)
            for event in batch:
                tracker.update(event)
            await store.save(tracker)
        tracker = await store.retrieve("mum")
        assert tracker is not None
        return tracker

    return asyncio.run(go())


def situation(tracker: DialogueStateTracker) -> Situation:
    return Situation.of_json(tracker.get_slot(SLOT))


def test_slots_of_the_state_and_newer_ones_of_events_make_one_situation(
    kept: Database, caplog: pytest.LogCaptureFixture
) -> None:
    old = WindowedTrackerStore(BEFORE, kept)
    early = turn(0, SlotSet("phase", "primary"), SlotSet("path", PATH), SlotSet("on_path", True))
    late = turn(120, SlotSet("phase", "secondary"), SlotSet("last_answers", ["help.ipsea"]))
    talk(old, START, early, *(turn(number) for number in range(1, 120)), late)
    row = kept.transact(lambda connection: conversations.where(connection, "mum"))
    assert row is not None
    assert json.loads(row.state)["slots"]["phase"] == "primary"  # part of it stands in the state

    with caplog.at_level(logging.WARNING):
        new = WindowedTrackerStore(NOW, kept)
        tracker = talk(new)
        found = situation(tracker)
        assert found.facts["phase"].value == "secondary"
        assert found.said == ["help.ipsea"]
        assert found.progress is not None
        assert (found.progress.at, found.progress.facts) == ("head", {"setting": "academy"})
        everything = asyncio.run(new.retrieve_full_tracker("mum"))
    assert everything is not None
    assert caplog.records == []  # Rasa says of each slot that it does not know
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == "question 120"


def test_it_is_stored_with_the_next_turn_and_stays_right_as_the_window_moves(kept: Database) -> None:
    old = WindowedTrackerStore(BEFORE, kept)
    talk(old, START, turn(0, SlotSet("phase", "primary")), *(turn(number) for number in range(1, 12)))
    new = WindowedTrackerStore(NOW, kept)
    for number in range(12, 60):
        tracker = talk(new, turn(number))
        assert situation(tracker).facts["phase"].value == "primary", number
    asked = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    assert asked[-1] == "question 59"
    changed = Situation()
    changed.tell({"phase": "college"})
    tracker = talk(new, turn(60, SlotSet(SLOT, changed.to_json())), turn(61))
    assert situation(tracker).facts["phase"].value == "college"
    full = asyncio.run(new.retrieve_full_tracker("mum"))
    assert full is not None
    assert [event.text for event in full.events if isinstance(event, UserUttered)] == [
        f"question {number}" for number in range(62)
    ]


def test_a_session_that_began_since_starts_with_nothing(kept: Database) -> None:
    old = WindowedTrackerStore(BEFORE, kept)
    talk(old, START, turn(0, SlotSet("phase", "primary")), START, turn(1))
    assert talk(WindowedTrackerStore(NOW, kept)).get_slot(SLOT) is None


def test_where_nothing_is_known_nothing_is_written(kept: Database) -> None:
    talk(WindowedTrackerStore(BEFORE, kept), START, turn(0))
    new = WindowedTrackerStore(NOW, kept)
    before = len(asyncio.run(conversations.kept(kept, "mum"))["events"])
    talk(new)
    assert len(asyncio.run(conversations.kept(kept, "mum"))["events"]) == before
