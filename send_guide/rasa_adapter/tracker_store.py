"""Keeps conversations in SQLite or PostgreSQL: a bounded window of events, one transaction a turn.

Rasa's own store reads and replays every event of a session for each message and writes by position,
so that a message grows dearer with every turn and a reader that came late overwrites. Here a
conversation has a row that says where it stands: the state (slots, active loop) at one place, and
only the events after that place are loaded. The place moves forward so that never more than
``2 * WINDOW`` events and a turn are loaded.
"""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
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
from sqlalchemy.engine import Connection, Engine

from send_guide.errors import DuplicateMessageError, StaleWriteError
from send_guide.privacy.redaction import redact
from send_guide.storage import tables

logger = logging.getLogger(__name__)

WINDOW = 16
"""Events that are kept at least when the window moves: about two turns."""
OFFERS = 100
"""Newest replies whose buttons can still be tapped."""
MAX_SENDER_CHARACTERS = 255
Result = TypeVar("Result")


class DatabaseUnavailableError(Exception):
    """The database cannot be reached, or did not answer in time."""


class BadSenderError(ValueError):
    """The name of a conversation is empty, too long, or holds what a database cannot keep."""


@dataclass(frozen=True)
class Delivery:
    """A message as its channel names it. A repeated delivery has the same name."""

    channel: str
    message_id: str


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


def create_engine(url: str, *, seconds: float = 5.0) -> Engine:
    """Return an engine for SQLite (write-ahead log) or PostgreSQL (small pool, checked before use).

    Args:
        url: an SQLAlchemy address: ``sqlite:///conversations.db``, ``postgresql://...``.
        seconds: how long to wait for a connection or a statement.
    """
    if url.startswith("sqlite"):
        # kept open: to open a connection costs as much as a turn writes
        pool = {"poolclass": sa.pool.QueuePool, "pool_size": 4, "max_overflow": 0, "pool_timeout": seconds}
        connect = {"timeout": seconds, "check_same_thread": False}
        engine = sa.create_engine(url, connect_args=connect, **pool)

        @sa.event.listens_for(engine, "connect")
        def _settings(connection: Any, _: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")

        return engine
    options = {
        "connect_timeout": max(1, round(seconds)),
        "options": f"-c statement_timeout={int(seconds * 1000)}",
    }
    return sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=0,
        pool_timeout=seconds,
        pool_recycle=900,
        connect_args=options,
    )


class WindowedTrackerStore(TrackerStore):
    """A tracker store whose message costs the same at turn 500 as at turn 1."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        url: str = "sqlite:///conversations.db",
        seconds: float = 5.0,
        **_: Any,
    ) -> None:
        """Connect and make the tables that are missing.

        Args:
            domain: the assistant's domain.
            host: the address, where ``endpoints.yml`` calls it ``url``.
            event_broker: not used; Rasa hands it to every store.
            url: the address, where the store is made by us.
            seconds: how long to wait for a connection or a statement.

        Raises:
            DatabaseUnavailableError: the database does not answer.
        """
        super().__init__(domain, event_broker)
        self.engine = create_engine(host or url, seconds=seconds)
        self._write(tables.create_missing)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation's window, or None where there is none yet."""
        check_sender(sender_id)
        return await self.transaction(lambda connection: self._load(connection, sender_id))

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return the conversation with every event that is stored."""
        check_sender(conversation_id)

        def load(connection: Connection) -> DialogueStateTracker | None:
            found = self._events(connection, conversation_id, after=0)
            if not found:
                return None
            return self._tracker(conversation_id, [event for _, event in found])

        return await self.transaction(load)

    async def keys(self) -> Iterable[str]:
        """Return the names of all conversations."""
        query = sa.select(tables.events.c.sender_id).distinct()
        rows = await self.transaction(lambda connection: connection.execute(query).fetchall())
        return [row.sender_id for row in rows]

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is new in the conversation, in one transaction.

        Raises:
            StaleWriteError: somebody else has written since it was read; nothing is written.
            DatabaseUnavailableError: the database does not answer; nothing is written.
        """
        check_sender(tracker.sender_id)
        await self.transaction(lambda connection: self._store(connection, tracker))

    async def answered(self, message: Delivery) -> list[dict[str, Any]] | None:
        """Return the replies that ``message`` has had, or None where it has had none yet."""
        table = tables.inbox
        query = sa.select(table.c.replies).where(
            table.c.channel == message.channel, table.c.message_id == message.message_id
        )
        found = await self.transaction(lambda connection: connection.execute(query).first())
        return list(json.loads(found.replies)) if found else None

    async def offered(self, sender_id: str, payload: str) -> bool:
        """Return whether the guide has lately offered a button with ``payload`` in this conversation."""
        return payload in await self.offers(sender_id)

    async def offers(self, sender_id: str) -> dict[str, str]:
        """Return what can be tapped in this conversation: payload to title, of its newest replies."""
        check_sender(sender_id)
        events = tables.events
        said = sa.select(events.c.data).where(
            events.c.sender_id == sender_id, events.c.type_name == BotUttered.type_name
        )
        newest = said.order_by(events.c.id.desc()).limit(OFFERS)
        rows = await self.transaction(lambda connection: connection.execute(newest).fetchall())
        found: dict[str, str] = {}
        for row in rows:
            for button in (json.loads(row.data).get("data") or {}).get("buttons") or []:
                if payload := button.get("payload"):
                    found.setdefault(payload, button.get("title") or "")
        return found

    async def purge(self, before: float, answered_before: float) -> dict[str, int]:
        """Forget what is old: conversations, names of answered messages, rows set aside, feedback.

        Args:
            before: conversations in which nothing has happened since then, and rows set aside and
                feedback given before then, seconds since 1970.
            answered_before: a message that was answered before then is not delivered again.

        Returns:
            How many of each were forgotten.
        """
        events, inbox, aside = tables.events, tables.inbox, tables.unreadable_events
        feedback, ended = tables.feedback, tables.ended_conversations
        texting, texted, links = tables.texting, tables.texted, tables.one_time_links
        query = (
            sa.select(events.c.sender_id)
            .group_by(events.c.sender_id)
            .having(sa.func.max(events.c.timestamp) < before)
        )
        old = await self.transaction(lambda connection: connection.execute(query).fetchall())
        for row in old:
            await self.delete(row.sender_id)
        gone = {"conversations": len(old)}
        for name, query in (
            ("answered messages", inbox.delete().where(inbox.c.received < answered_before)),
            ("rows set aside", aside.delete().where(aside.c.since < before)),
            ("feedback", feedback.delete().where(feedback.c.given < before)),
            ("texting", texting.delete().where(texting.c.seen < before)),
            ("answered texts", texted.delete().where(texted.c.received < answered_before)),
            ("links", links.delete().where(links.c.expires < time.time())),
            ("names of ended conversations", ended.delete().where(ended.c.ended < before)),
        ):
            gone[name] = await self.transaction(functools.partial(_rows, query))
        return gone

    async def delete(self, sender_id: str) -> dict[str, int]:
        """Forget a conversation with all that belongs to it; return how many rows of each table."""
        check_sender(sender_id)

        def forget(connection: Connection) -> dict[str, int]:
            return {
                table.name: connection.execute(table.delete().where(table.c.sender_id == sender_id)).rowcount
                for table in tables.OF_A_CONVERSATION
            }

        return await self.transaction(forget)

    async def kept(self, sender_id: str) -> dict[str, list[dict[str, Any]]]:
        """Return every row that belongs to a conversation, by table; JSON is read."""
        check_sender(sender_id)

        def read(connection: Connection) -> dict[str, list[dict[str, Any]]]:
            found = {}
            for table in tables.OF_A_CONVERSATION:
                rows = connection.execute(table.select().where(table.c.sender_id == sender_id)).mappings()
                found[table.name] = [dict(row) for row in rows]
            return found

        return await self.transaction(read)

    async def check(self) -> None:
        """Write, read and take back a row.

        Raises:
            DatabaseUnavailableError: the database does not do that.
        """
        table, name = tables.conversations, f"check {uuid.uuid4().hex}"

        def there_and_back(connection: Connection) -> None:
            connection.execute(
                table.insert().values(sender_id=name, last_event=0, window_after=0, state="{}")
            )
            connection.execute(table.delete().where(table.c.sender_id == name))

        await self.transaction(there_and_back)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    async def transaction(self, work: Callable[[Connection], Result]) -> Result:
        """Do ``work`` in one transaction, off the event loop.

        Raises:
            DatabaseUnavailableError: the database does not answer; nothing is written.
        """
        return await asyncio.to_thread(self._write, work)

    def _write(self, work: Callable[[Connection], Result]) -> Result:
        """Do ``work`` in a transaction; once more where the connection was lost before it."""
        for attempt in (1, 2):
            try:
                with self.engine.begin() as connection:
                    return work(connection)
            except sa.exc.DBAPIError as error:
                if attempt == 1 and error.connection_invalidated:
                    continue
                raise DatabaseUnavailableError(
                    f"the database did not do its work: {type(error.orig).__name__}"
                ) from error
            except sa.exc.TimeoutError as error:
                raise DatabaseUnavailableError("no connection to the database came free in time") from error
        raise AssertionError("unreachable")

    def _load(self, connection: Connection, sender_id: str) -> DialogueStateTracker | None:
        table = tables.conversations
        row = connection.execute(table.select().where(table.c.sender_id == sender_id)).first()
        after = row.window_after if row else self._session_start(connection, sender_id)
        found = self._events(connection, sender_id, after)
        if row is None and not found:
            return None
        head = _events_of(json.loads(row.state)) if row else []
        tracker = self._tracker(sender_id, [*head, *(event for _, event in found)])
        ids = tuple(event_id for event_id, _ in found)
        last = row.last_event if row else (ids[-1] if ids else 0)
        tracker.loaded = _Loaded(last, after, len(head), ids)
        return tracker

    def _session_start(self, connection: Connection, sender_id: str) -> int:
        """Return the id before the newest session of a conversation that Rasa's own store has written."""
        events = tables.events
        query = sa.select(sa.func.max(events.c.id)).where(
            events.c.sender_id == sender_id, events.c.type_name == SessionStarted.type_name
        )
        return max(0, (connection.execute(query).scalar() or 1) - 1)

    def _events(self, connection: Connection, sender_id: str, after: int) -> list[tuple[int, Event]]:
        """Return (id, event) of the rows after ``after``; what cannot be read is set aside."""
        events = tables.events
        query = (
            sa.select(events.c.id, events.c.data)
            .where(events.c.sender_id == sender_id, events.c.id > after)
            .order_by(events.c.id)
        )
        found = []
        for row in connection.execute(query).fetchall():
            try:
                event = Event.from_parameters(json.loads(row.data))
                if event is None:
                    raise ValueError("no event")
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one row must not stop a family
                self._set_aside(connection, sender_id, row, type(error).__name__)
                continue
            found.append((row.id, event))
        return found

    def _set_aside(self, connection: Connection, sender_id: str, row: Any, reason: str) -> None:
        logger.error("store.event_set_aside", extra={"event_id": row.id, "error": reason})
        values = {"event_id": row.id, "sender_id": sender_id, "data": row.data, "reason": reason}
        values["since"] = time.time()
        connection.execute(tables.unreadable_events.insert().values(**values))
        connection.execute(tables.events.delete().where(tables.events.c.id == row.id))

    def _tracker(self, sender_id: str, events: Sequence[Event]) -> DialogueStateTracker:
        return DialogueStateTracker.from_events(sender_id, list(events), self.domain.slots)

    def _store(self, connection: Connection, tracker: DialogueStateTracker) -> None:
        loaded = getattr(tracker, "loaded", None) or _Loaded(0, 0, 0, ())
        everything = list(tracker.events)
        new = everything[loaded.first + len(loaded.ids) :]
        if not new:
            return
        ids = [*loaded.ids, *self._insert(connection, tracker.sender_id, new)]
        after, state, first = loaded.window_after, None, loaded.first
        cut = _window_start(everything[first:])
        if cut:
            # a session starts with nothing: what was known before it is not even kept
            session = isinstance(everything[first + cut], SessionStarted)
            state = _EMPTY if session else _state(self._tracker(tracker.sender_id, everything[: first + cut]))
            after = ids[cut - 1]
        self._move(connection, tracker.sender_id, loaded, ids[-1], after, state)
        if message := delivery.get():
            self._note(connection, message, tracker.sender_id, new)
        if cut:
            # the tracker in hand keeps its events; only the next load is shorter
            first, ids = first + cut, ids[cut:]
        tracker.loaded = _Loaded(ids[-1] if ids else after, after, first, tuple(ids))

    def _insert(self, connection: Connection, sender_id: str, new: Sequence[Event]) -> list[int]:
        ids = []
        for event in new:
            data = _redacted(event.as_dict())
            values = {
                "sender_id": sender_id,
                "type_name": event.type_name,
                "timestamp": data.get("timestamp"),
                "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
                "action_name": data.get("name"),
                "data": json.dumps(data),
            }
            result = connection.execute(tables.events.insert().values(**values))
            ids.append(int(result.inserted_primary_key[0]))
        return ids

    def _note(self, connection: Connection, message: Delivery, sender_id: str, new: Sequence[Event]) -> None:
        """Record that ``message`` has been answered, and how."""
        replies = [event.message() for event in new if isinstance(event, BotUttered)]
        values = {
            "channel": message.channel,
            "message_id": message.message_id,
            "sender_id": sender_id,
            "received": time.time(),
            "replies": json.dumps(replies),
        }
        try:
            connection.execute(tables.inbox.insert().values(**values))
        except sa.exc.IntegrityError as error:
            raise DuplicateMessageError("the message has been answered already") from error

    def _move(
        self,
        connection: Connection,
        sender_id: str,
        loaded: _Loaded,
        last_event: int,
        after: int,
        state: dict[str, Any] | None,
    ) -> None:
        """Say where the conversation stands now, if nobody else has since it was read."""
        table = tables.conversations
        values: dict[str, Any] = {"last_event": last_event, "window_after": after}
        if state is not None:
            values["state"] = json.dumps(state)
        moved = connection.execute(
            table.update()
            .where(table.c.sender_id == sender_id, table.c.last_event == loaded.last_event)
            .values(**values)
        )
        if moved.rowcount:
            return
        if connection.execute(sa.select(table.c.sender_id).where(table.c.sender_id == sender_id)).first():
            raise StaleWriteError("the conversation has moved on since it was read")
        try:
            connection.execute(
                table.insert().values(**{"state": json.dumps(_EMPTY), **values}, sender_id=sender_id)
            )
        except sa.exc.IntegrityError as error:
            raise StaleWriteError("the conversation was begun by somebody else") from error


def _rows(query: Any, connection: Connection) -> int:
    """Do ``query``; return how many rows it was about."""
    return int(connection.execute(query).rowcount)


_EMPTY: dict[str, Any] = {"slots": {}, "loop": None, "action": None}


_TAP = re.compile(r'/[a-z_]+(?:\{"[a-z]+": "[a-z.-]+"\})?')
"""What a button sends; it is not people's words."""


def _redacted(data: dict[str, Any]) -> dict[str, Any]:
    """Return an event as it may be kept: people's words without personal data, nothing from a client."""
    if data.get("event") != UserUttered.type_name or _TAP.fullmatch(data.get("text") or ""):
        return data
    kept = {**data, "text": redact(data.get("text") or ""), "metadata": {}}
    parsed = dict(kept.get("parse_data") or {})
    parsed["text"], parsed["metadata"] = kept["text"], {}
    return {**kept, "parse_data": parsed}


def check_sender(sender_id: str) -> None:
    """Refuse names of conversations that a database cannot keep.

    Raises:
        BadSenderError: empty, longer than 255 characters, with a NUL or half a surrogate pair.
    """
    if not sender_id or len(sender_id) > MAX_SENDER_CHARACTERS:
        raise BadSenderError("the name of a conversation has 1 to 255 characters")
    if "\x00" in sender_id or any("\ud800" <= letter <= "\udfff" for letter in sender_id):
        raise BadSenderError("the name of a conversation holds letters that cannot be kept")


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
