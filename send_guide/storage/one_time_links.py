"""Pages that a link in a text message shows once."""

from __future__ import annotations

import json
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from send_guide.storage.base import RetentionRule, metadata, rows_older_than
from send_guide.storage.database import Database

one_time_links = sa.Table(
    "one_time_links",
    metadata,
    sa.Column("code_hash", sa.String(64), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("shows", sa.Text, nullable=False),
    sa.Column("expires", sa.Float, nullable=False, index=True),
    sa.Column("used", sa.Float),
)
"""Pages that a link in a text message shows once.

code_hash: SHA-256 of the code; the code itself is in the message only.
shows: what it shows, as JSON: an answer, a step, or a letter's template and facts.
expires, used: seconds since 1970.
"""

RETENTION = RetentionRule("links", rows_older_than(lambda _, now: now, one_time_links.c.expires))


def add(
    connection: Connection, code_hash: str, sender_id: str, shows: dict[str, Any], expires: float
) -> None:
    """Keep in a transaction what a link shows until ``expires`` (seconds since 1970)."""
    values = {"code_hash": code_hash, "sender_id": sender_id, "shows": json.dumps(shows), "expires": expires}
    connection.execute(one_time_links.insert().values(**values))


async def waits(database: Database, code_hash: str) -> bool:
    """Return whether a one-time link has not been used and still works.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = sa.select(one_time_links.c.code_hash).where(*_waiting(code_hash))
    return await database.transaction(lambda connection: connection.execute(query).first()) is not None


async def use(database: Database, code_hash: str) -> dict[str, Any] | None:
    """Return what a one-time link shows, and take note that it has been used; None where it was before.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """

    def mark(connection: Connection) -> dict[str, Any] | None:
        used = connection.execute(
            one_time_links.update().where(*_waiting(code_hash)).values(used=time.time())
        )
        return _shows(connection, code_hash) if used.rowcount else None

    return await database.transaction(mark)


async def used(database: Database, code_hash: str, since: float) -> dict[str, Any] | None:
    """Return what a one-time link shows that was used after ``since`` (seconds since 1970), else None.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """

    def read(connection: Connection) -> dict[str, Any] | None:
        return _shows(connection, code_hash, one_time_links.c.used > since)

    return await database.transaction(read)


def _waiting(code_hash: str) -> tuple[Any, ...]:
    return (
        one_time_links.c.code_hash == code_hash,
        one_time_links.c.used.is_(None),
        one_time_links.c.expires > time.time(),
    )


def _shows(connection: Connection, code_hash: str, *more: Any) -> dict[str, Any] | None:
    row = connection.execute(
        sa.select(one_time_links.c.shows).where(one_time_links.c.code_hash == code_hash, *more)
    ).first()
    return dict(json.loads(row.shows)) if row else None
