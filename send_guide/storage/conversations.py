"""Conversations: Rasa's events, where each conversation stands, and all that belongs to one."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from send_guide.errors import StaleWriteError
from send_guide.settings import Settings
from send_guide.storage.base import RetentionRule, after_keep_days, metadata, rows_older_than
from send_guide.storage.database import Database
from send_guide.storage.inbox import inbox
from send_guide.storage.one_time_links import one_time_links
from send_guide.storage.return_codes import return_codes
from send_guide.storage.text_conversations import texted, texting

logger = logging.getLogger(__name__)

OFFERS = 100
"""Newest replies whose buttons can still be tapped."""
MAX_SENDER_CHARACTERS = 255

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
)
"""Rasa's own table: the columns are those of its ``SQLTrackerStore`` (3.6), so that its tools read it.

timestamp: seconds since 1970.
data: the event as JSON; people's words are redacted.
"""
sa.Index("events_of_conversation", events.c.sender_id, events.c.id)

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("last_event", sa.Integer, nullable=False),
    sa.Column("window_after", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
)
"""Where each conversation stands.

last_event: id of its newest event; a writer that has not seen it is too late.
window_after: the window of events that is loaded starts after this id.
state: slots and active loop at that place, as JSON.
"""

unreadable_events = sa.Table(
    "unreadable_events",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("event_id", sa.Integer, nullable=False),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("data", sa.Text),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("since", sa.Float, nullable=False, index=True),
)
"""Rows of ``events`` that no event could be made from, set aside.

since: when, seconds since 1970.
"""

OF_A_CONVERSATION = (
    events, conversations, unreadable_events, inbox, texting, texted, one_time_links, return_codes,
)  # fmt: skip
"""All that is kept of a conversation, and so all that is shown and deleted on request."""


class BadSenderError(ValueError):
    """The name of a conversation is empty, too long, or holds what a database cannot keep."""


def check_sender(sender_id: str) -> None:
    """Refuse names of conversations that a database cannot keep.

    Raises:
        BadSenderError: empty, longer than 255 characters, with a NUL or half a surrogate pair.
    """
    if not sender_id or len(sender_id) > MAX_SENDER_CHARACTERS:
        raise BadSenderError("the name of a conversation has 1 to 255 characters")
    if "\x00" in sender_id or any("\ud800" <= letter <= "\udfff" for letter in sender_id):
        raise BadSenderError("the name of a conversation holds letters that cannot be kept")


async def names(database: Database) -> list[str]:
    """Return the names of all conversations.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = sa.select(events.c.sender_id).distinct()
    rows = await database.transaction(lambda connection: connection.execute(query).fetchall())
    return [row.sender_id for row in rows]


async def offers(database: Database, sender_id: str) -> dict[str, str]:
    """Return what can be tapped in this conversation: payload to title, of its newest replies.

    Raises:
        BadSenderError: no conversation can have that name.
        DatabaseUnavailableError: the database does not answer.
    """
    check_sender(sender_id)
    bot = sa.select(events.c.data).where(events.c.sender_id == sender_id, events.c.type_name == "bot")
    newest = bot.order_by(events.c.id.desc()).limit(OFFERS)
    rows = await database.transaction(lambda connection: connection.execute(newest).fetchall())
    found: dict[str, str] = {}
    for data in _readable(rows):
        for button in (data.get("data") or {}).get("buttons") or []:
            if payload := button.get("payload"):
                found.setdefault(payload, button.get("title") or "")
    return found


async def offered(database: Database, sender_id: str, payload: str) -> bool:
    """Return whether the guide has lately offered a button with ``payload`` in this conversation."""
    return payload in await offers(database, sender_id)


async def messages(database: Database, sender_id: str, newest: int | None = None) -> list[dict[str, Any]]:
    """Return what was said in a conversation, in order: Rasa's ``user`` and ``bot`` events as JSON.

    Args:
        database: where it is.
        sender_id: the conversation.
        newest: only so many, the last ones; None: from its beginning.

    Raises:
        BadSenderError: no conversation can have that name.
        DatabaseUnavailableError: the database does not answer.
    """
    check_sender(sender_id)
    said = sa.select(events.c.data).where(
        events.c.sender_id == sender_id, events.c.type_name.in_(("user", "bot"))
    )
    query = said.order_by(events.c.id.desc()).limit(newest)
    return await database.transaction(
        lambda connection: list(_readable(connection.execute(query).fetchall()))[::-1]
    )


async def newest_event(database: Database, sender_id: str) -> float | None:
    """Return when something last happened in a conversation, seconds since 1970; None where nothing has.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = sa.select(sa.func.max(events.c.timestamp)).where(events.c.sender_id == sender_id)
    found: float | None = await database.transaction(lambda connection: connection.execute(query).scalar())
    return found


async def said_after(database: Database, event_id: int, most: int) -> list[Row]:
    """Return the next rows of all conversations in which somebody said something, in the order of storing.

    Args:
        database: where they are.
        event_id: only rows after it.
        most: how many at most.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = (
        sa.select(events.c.id, events.c.sender_id, events.c.timestamp, events.c.data)
        .where(events.c.id > event_id, events.c.type_name.in_(("user", "bot")))
        .order_by(events.c.id)
        .limit(most)
    )
    return await database.transaction(lambda connection: list(connection.execute(query)))


async def delete(database: Database, sender_id: str) -> dict[str, int]:
    """Forget a conversation with all that belongs to it; return how many rows of each table.

    Raises:
        BadSenderError: no conversation can have that name.
        DatabaseUnavailableError: the database does not answer.
    """
    check_sender(sender_id)
    gone = await _delete(database, sender_id)
    await database.forget_deleted()
    return gone


async def kept(database: Database, sender_id: str) -> dict[str, list[dict[str, Any]]]:
    """Return every row that belongs to a conversation, by table.

    Raises:
        BadSenderError: no conversation can have that name.
        DatabaseUnavailableError: the database does not answer.
    """
    check_sender(sender_id)

    def read(connection: Connection) -> dict[str, list[dict[str, Any]]]:
        found = {}
        for table in OF_A_CONVERSATION:
            rows = connection.execute(table.select().where(table.c.sender_id == sender_id)).mappings()
            found[table.name] = [dict(row) for row in rows]
        return found

    return await database.transaction(read)


def where(connection: Connection, sender_id: str) -> Row | None:
    """Return the row of ``conversations``, or None."""
    query = conversations.select().where(conversations.c.sender_id == sender_id)
    return connection.execute(query).first()


def session_start(connection: Connection, sender_id: str) -> int:
    """Return the id before the newest session of a conversation that Rasa's own store has written."""
    query = sa.select(sa.func.max(events.c.id)).where(
        events.c.sender_id == sender_id, events.c.type_name == "session_started"
    )
    return max(0, (connection.execute(query).scalar() or 1) - 1)


def rows_after(connection: Connection, sender_id: str, event_id: int) -> list[Row]:
    """Return (id, data) of the events of a conversation after one of them, in order."""
    query = (
        sa.select(events.c.id, events.c.data)
        .where(events.c.sender_id == sender_id, events.c.id > event_id)
        .order_by(events.c.id)
    )
    return list(connection.execute(query).fetchall())


def add(connection: Connection, sender_id: str, new: Iterable[dict[str, Any]]) -> list[int]:
    """Store events, given as Rasa's JSON; return their ids."""
    ids = []
    for data in new:
        values = {
            "sender_id": sender_id,
            "type_name": data["event"],
            "timestamp": data.get("timestamp"),
            "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
            "action_name": data.get("name"),
            "data": json.dumps(data),
        }
        result = connection.execute(events.insert().values(**values))
        ids.append(int(result.inserted_primary_key[0]))
    return ids


def move(
    connection: Connection,
    sender_id: str,
    seen: int,
    last_event: int,
    window_after: int,
    state: dict[str, Any] | None,
    empty: dict[str, Any],
) -> None:
    """Say where a conversation stands now, if nobody else has since it was read.

    Args:
        connection: of the transaction that has stored the events.
        sender_id: the conversation.
        seen: its newest event when it was read.
        last_event: its newest event now.
        window_after: see the table.
        state: slots and active loop there; None: as it was.
        empty: the state of a conversation that begins.

    Raises:
        StaleWriteError: somebody else has; the transaction must not go on.
    """
    values: dict[str, Any] = {"last_event": last_event, "window_after": window_after}
    if state is not None:
        values["state"] = json.dumps(state)
    mine = conversations.c.sender_id == sender_id
    moved = connection.execute(
        conversations.update().where(mine, conversations.c.last_event == seen).values(**values)
    )
    if moved.rowcount:
        return
    if where(connection, sender_id):
        raise StaleWriteError("the conversation has moved on since it was read")
    begun = {"state": json.dumps(empty), **values, "sender_id": sender_id}
    try:
        connection.execute(conversations.insert().values(**begun))
    except sa.exc.IntegrityError as error:
        raise StaleWriteError("the conversation was begun by somebody else") from error


def set_aside(connection: Connection, sender_id: str, row: Row, reason: str) -> None:
    """Take a row that no event can be made from out of ``events``, and keep it apart."""
    logger.error("store.event_set_aside", extra={"event_id": row.id, "error": reason})
    values = {"event_id": row.id, "sender_id": sender_id, "data": row.data, "reason": reason}
    values["since"] = time.time()
    connection.execute(unreadable_events.insert().values(**values))
    connection.execute(events.delete().where(events.c.id == row.id))


async def _delete(database: Database, sender_id: str) -> dict[str, int]:
    def forget(connection: Connection) -> dict[str, int]:
        return {
            table.name: int(connection.execute(table.delete().where(table.c.sender_id == sender_id)).rowcount)
            for table in OF_A_CONVERSATION
        }

    return await database.transaction(forget)


async def _delete_old(database: Database, settings: Settings, now: float) -> int:
    """Forget conversations in which nothing has happened for so long, one by one: nobody waits for all."""
    query = (
        sa.select(events.c.sender_id)
        .group_by(events.c.sender_id)
        .having(sa.func.max(events.c.timestamp) < after_keep_days(settings, now))
    )
    old = await database.transaction(lambda connection: connection.execute(query).fetchall())
    for row in old:
        await _delete(database, row.sender_id)
    return len(old)


def _readable(rows: Sequence[Row]) -> Iterable[dict[str, Any]]:
    """Yield the JSON of rows; one that cannot be read is set aside when its conversation goes on."""
    for row in rows:
        try:
            data = json.loads(row.data)
        except ValueError:
            continue
        if isinstance(data, dict):
            yield data


RETENTION = RetentionRule("conversations", _delete_old)
UNREADABLE_RETENTION = RetentionRule(
    "rows set aside", rows_older_than(after_keep_days, unreadable_events.c.since)
)
