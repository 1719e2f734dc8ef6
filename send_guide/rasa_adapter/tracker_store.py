"""Keeps conversations in SQLite or PostgreSQL: a bounded window of events, one transaction a turn.

Rasa's own store reads and replays every event of a session for each message and writes by position,
so that a message grows dearer with every turn and a reader that came late overwrites. Here a
conversation has a row that says where it stands: the state (slots, active loop) at one place, and
only the events after that place are loaded. The place moves forward so that never more than
``2 * WINDOW`` events and a turn are loaded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from send_guide.domain import situation
from send_guide.privacy.redaction import redact
from send_guide.storage import conversations, inbox
from send_guide.storage.conversations import check_sender
from send_guide.storage.database import Database
from send_guide.storage.inbox import Delivery

WINDOW = 64
"""Events kept at least when the window moves: about eight turns, as many as a message is read with."""

delivery: ContextVar[Delivery | None] = ContextVar("delivery", default=None)
"""The message in hand: its turn and its replies are stored in one transaction."""


@dataclass(frozen=True)
class _Loaded:
    """What the store knows of a tracker that it has handed out."""

    last_event: int
    window_after: int
    first: int
    """Events at the head of the tracker that stand for the state and are in no row."""
    ids: tuple[int, ...]
    """Row ids of the events after those."""


class WindowedTrackerStore(TrackerStore):
    """A tracker store whose message costs the same at turn 500 as at turn 1."""

    def __init__(self, domain: Domain | None, database: Database) -> None:
        """Set where conversations are.

        Args:
            domain: the assistant's domain; Rasa sets it when it has loaded the model.
            database: with all its tables.
        """
        super().__init__(domain, None)
        self._database = database

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation's window, or None where there is none yet."""
        check_sender(sender_id)
        return await self._database.transaction(lambda connection: self._load(connection, sender_id))

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return the conversation with every event that is stored."""
        check_sender(conversation_id)

        def load(connection: Connection) -> DialogueStateTracker | None:
            found = self._events(connection, conversation_id, after=0)
            gone = self._old_slots()
            events = [event for _, event in found if not _is_of(gone, event)]
            return self._tracker(conversation_id, events) if events else None

        return await self._database.transaction(load)

    async def keys(self) -> Iterable[str]:
        """Return the names of all conversations."""
        return await conversations.names(self._database)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is new in the conversation, in one transaction.

        Raises:
            StaleWriteError: somebody else has written since it was read; nothing is written.
            DatabaseUnavailableError: the database does not answer; nothing is written.
        """
        check_sender(tracker.sender_id)
        await self._database.transaction(lambda connection: self._store(connection, tracker))

    def _load(self, connection: Connection, sender_id: str) -> DialogueStateTracker | None:
        row = conversations.where(connection, sender_id)
        after = row.window_after if row else conversations.session_start(connection, sender_id)
        found = self._events(connection, sender_id, after)
        if row is None and not found:
            return None
        last = row.last_event if row else (found[-1][0] if found else 0)
        head = _events_of(json.loads(row.state)) if row else []
        numbered: list[tuple[int | None, Event]] = [*((None, event) for event in head), *found]
        gone = self._old_slots()
        left = [(event_id, event) for event_id, event in numbered if not _is_of(gone, event)]
        tracker = self._tracker(sender_id, [event for _, event in left])
        ids = tuple(event_id for event_id, _ in left if event_id is not None)
        tracker.loaded = _Loaded(last, after, len(left) - len(ids), ids)
        if of_before := _situation_of([event for _, event in numbered], gone):
            tracker.update(of_before)  # new to the tracker, and so stored with the next turn
        return tracker

    def _old_slots(self) -> frozenset[str]:
        """Return the slots of a release before 0.2 that the domain has no longer."""
        return situation.OLD_SLOTS.difference(slot.name for slot in self.domain.slots)

    def _events(self, connection: Connection, sender_id: str, after: int) -> list[tuple[int, Event]]:
        """Return (id, event) of the rows after ``after``; what cannot be read is set aside."""
        found = []
        for row in conversations.rows_after(connection, sender_id, after):
            try:
                event = Event.from_parameters(json.loads(row.data))
                if event is None:
                    raise ValueError("no event")
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one row must not stop a family
                conversations.set_aside(connection, sender_id, row, type(error).__name__)
                continue
            found.append((row.id, event))
        return found

    def _tracker(self, sender_id: str, events: Sequence[Event]) -> DialogueStateTracker:
        return DialogueStateTracker.from_events(sender_id, list(events), self.domain.slots)

    def _store(self, connection: Connection, tracker: DialogueStateTracker) -> None:
        loaded = getattr(tracker, "loaded", None) or _Loaded(0, 0, 0, ())
        everything = list(tracker.events)
        new = everything[loaded.first + len(loaded.ids) :]
        if not new:
            return
        new_rows = [_redacted(event.as_dict()) for event in new]
        ids = [*loaded.ids, *conversations.add(connection, tracker.sender_id, new_rows)]
        after, state, first = loaded.window_after, None, loaded.first
        cut = _window_start(everything[first:])
        if cut:
            # a session starts with nothing: what was known before it is not even kept
            session = isinstance(everything[first + cut], SessionStarted)
            state = _EMPTY if session else _state(self._tracker(tracker.sender_id, everything[: first + cut]))
            after = ids[cut - 1]
        conversations.move(connection, tracker.sender_id, loaded.last_event, ids[-1], after, state, _EMPTY)
        if message := delivery.get():
            replies = [event.message() for event in new if isinstance(event, BotUttered)]
            inbox.note(connection, message, tracker.sender_id, replies)
        if cut:
            # the tracker in hand keeps its events; only the next load is shorter
            first, ids = first + cut, ids[cut:]
        tracker.loaded = _Loaded(ids[-1] if ids else after, after, first, tuple(ids))


_EMPTY: dict[str, Any] = {"slots": {}, "loop": None, "action": None}


_TAP = re.compile(r'/[a-z_]+(?:\{(?:"[a-z_]+": "[a-z0-9. -]+"(?:, )?)+\})?')
"""What a button sends; it is not people's words."""


def _redacted(data: dict[str, Any]) -> dict[str, Any]:
    """Return an event as it may be kept: people's words without personal data, nothing from a client."""
    if data.get("event") != UserUttered.type_name or _TAP.fullmatch(data.get("text") or ""):
        return data
    kept = {**data, "text": redact(data.get("text") or ""), "metadata": {}}
    parsed = dict(kept.get("parse_data") or {})
    parsed["text"], parsed["metadata"] = kept["text"], {}
    return {**kept, "parse_data": parsed}


def _window_start(events: Sequence[Event]) -> int:
    """Return how many of ``events`` can be left out at the next load: up to the newest session, or,
    where there are more than twice the window, up to a message that leaves the window.
    """
    starts = [at for at, event in enumerate(events) if isinstance(event, SessionStarted)]
    session = starts[-1] if starts else 0
    if len(events) - session <= 2 * WINDOW:
        return session
    turns = [at for at, event in enumerate(events) if isinstance(event, UserUttered)]
    before = [at for at in turns if session < at <= len(events) - WINDOW]
    return before[-1] if before else session


def _state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Return slots that hold something and the active loop, as JSON can keep them."""
    slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value}
    return {"slots": slots, "loop": tracker.active_loop_name, "action": tracker.latest_action_name}


def _events_of(state: dict[str, Any]) -> list[Event]:
    """Return events that bring a new tracker to ``state``."""
    events: list[Event] = [SlotSet(name, value) for name, value in state["slots"].items()]
    if state["loop"]:
        events.append(ActiveLoop(state["loop"]))
    if events or state["action"]:
        events.append(ActionExecuted(state["action"] or "action_listen"))
    return events


def _is_of(names: frozenset[str], event: Event) -> bool:
    """Return whether an event sets one of these slots."""
    return isinstance(event, SlotSet) and event.key in names


def _situation_of(events: Sequence[Event], old: frozenset[str]) -> SlotSet | None:
    """Return the situation that older slots tell of, where events set such and no situation yet."""
    slots: dict[str, Any] = {}
    for event in events:
        if isinstance(event, SessionStarted | Restarted | AllSlotsReset):
            slots = {}
        elif isinstance(event, SlotSet) and event.key == situation.SLOT:
            return None
        elif _is_of(old, event):
            slots[event.key] = event.value
    return SlotSet(situation.SLOT, situation.Situation.of_slots(slots).to_json()) if slots else None
