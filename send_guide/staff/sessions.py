"""Who is signed in: a random id in a cookie, of which only the hash is kept here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from send_guide.storage import tables

ID_BYTES = 32
SEEN_EVERY = 60.0
"""Seconds after which it is written again that a session is in use: not with every request."""


@dataclass(frozen=True)
class Staff:
    """Somebody who is signed in.

    Attributes:
        name: of their account.
        role: ``adviser`` or ``editor``.
        csrf: what every form and script of theirs sends along with a change.
    """

    name: str
    role: str
    csrf: str


def derived(secret: str, purpose: str) -> str:
    """Return a value that only who knows ``secret`` can make: 43 letters that need no quoting."""
    made = hmac.digest(secret.encode(), purpose.encode(), "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


async def begin(store: WindowedTrackerStore, name: str, role: str) -> str:
    """Begin a session; return its id, which is for the browser alone.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    session_id, now = secrets.token_urlsafe(ID_BYTES), time.time()
    values = {"hash": _hash(session_id), "name": name, "role": role, "started": now, "seen": now}
    await store.transaction(
        lambda connection: connection.execute(tables.staff_sessions.insert().values(**values))
    )
    return session_id


async def find(
    store: WindowedTrackerStore, session_id: str, idle_seconds: float, most_seconds: float
) -> Staff | None:
    """Return whose session it is; None where there is none or it is over.

    Args:
        store: where sessions are kept.
        session_id: what the cookie holds.
        idle_seconds: without a request for so long, a session is over.
        most_seconds: a session is over so long after it began.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table, now = tables.staff_sessions, time.time()
    mine = table.c.hash == _hash(session_id)

    def look(connection: Connection) -> Staff | None:
        row = connection.execute(table.select().where(mine)).first()
        if row is None:
            return None
        if now - row.seen > idle_seconds or now - row.started > most_seconds:
            connection.execute(table.delete().where(mine))
            return None
        if now - row.seen > SEEN_EVERY:
            connection.execute(table.update().where(mine).values(seen=now))
        return Staff(row.name, row.role, derived(session_id, "csrf"))

    return await store.transaction(look)


async def end(store: WindowedTrackerStore, session_id: str) -> None:
    """End a session, if there is one.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = tables.staff_sessions
    query = table.delete().where(table.c.hash == _hash(session_id))
    await store.transaction(lambda connection: connection.execute(query))


async def end_all(store: WindowedTrackerStore, name: str) -> None:
    """End every session of an account.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = tables.staff_sessions.delete().where(tables.staff_sessions.c.name == name)
    await store.transaction(lambda connection: connection.execute(query))


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode(errors="replace")).hexdigest()
