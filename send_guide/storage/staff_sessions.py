"""Who of the staff is signed in, under the hash of what only their browser has."""

from __future__ import annotations

import time
from collections.abc import Awaitable

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from send_guide.settings import Settings
from send_guide.storage.base import HOUR, MINUTE, RetentionRule, metadata
from send_guide.storage.database import Database

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, index=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False),
)
"""Who is signed in.

hash: SHA-256 of the session's id, which only the browser has.
started, seen: when it began and was last used, seconds since 1970.
"""

SEEN_EVERY = 60.0
"""Seconds after which it is written again that a session is in use: not with every request."""


async def begin(database: Database, session_hash: str, name: str, role: str) -> None:
    """Keep a session that begins now.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    now = time.time()
    query = staff_sessions.insert().values(hash=session_hash, name=name, role=role, started=now, seen=now)
    await database.transaction(lambda connection: connection.execute(query))


async def find(database: Database, session_hash: str, idle_seconds: float, most_seconds: float) -> Row | None:
    """Return a session and note that it is in use; None where there is none or it is over.

    Args:
        database: where sessions are.
        session_hash: its name.
        idle_seconds: without a request for so long, it is over.
        most_seconds: it is over so long after it began.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table, now = staff_sessions, time.time()
    mine = table.c.hash == session_hash

    def look(connection: Connection) -> Row | None:
        row = connection.execute(table.select().where(mine)).first()
        if row is None:
            return None
        if now - row.seen > idle_seconds or now - row.started > most_seconds:
            connection.execute(table.delete().where(mine))
            return None
        if now - row.seen > SEEN_EVERY:
            connection.execute(table.update().where(mine).values(seen=now))
        return row

    return await database.transaction(look)


async def end(database: Database, session_hash: str) -> None:
    """End a session, if there is one.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    await _delete(database, staff_sessions.c.hash == session_hash)


async def end_all_of(database: Database, name: str) -> int:
    """End every session of somebody; return how many.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    return await _delete(database, staff_sessions.c.name == name)


async def end_all(database: Database) -> int:
    """End every session there is; return how many.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    return await _delete(database)


async def _delete(database: Database, *which: sa.sql.ColumnElement) -> int:
    query = staff_sessions.delete().where(*which)
    return int(await database.transaction(lambda connection: connection.execute(query).rowcount))


def _over(database: Database, settings: Settings, now: float) -> Awaitable[int]:
    idle = staff_sessions.c.seen < now - settings.staff_idle_minutes * MINUTE
    return _delete(database, sa.or_(idle, staff_sessions.c.started < now - settings.staff_hours * HOUR))


RETENTION = RetentionRule("staff sessions", _over)
