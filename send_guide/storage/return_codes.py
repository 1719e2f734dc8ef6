"""Codes that bring steps and situation back on another device."""

from __future__ import annotations

import json
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from send_guide.storage.base import RetentionRule, metadata, rows_older_than
from send_guide.storage.database import Database

return_codes = sa.Table(
    "return_codes",
    metadata,
    sa.Column("code_hash", sa.String(64), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, unique=True, index=True),
    sa.Column("situation", sa.Text, nullable=False),
    sa.Column("expires", sa.Float, nullable=False, index=True),
)
"""Codes that have not been used, one of a conversation at most.

code_hash: a keyed hash of the code; the code itself is with the person only.
sender_id: the conversation that it was made in, and is deleted with.
situation: what it brings back, as JSON: facts, steps and dates, none of the words.
expires: seconds since 1970.
"""

RETENTION = RetentionRule("return codes", rows_older_than(lambda _, now: now, return_codes.c.expires))


async def keep(
    database: Database, code_hash: str, sender_id: str, situation: dict[str, Any], expires: float
) -> None:
    """Keep what a code brings back, in place of the conversation's code before.

    Args:
        database: where it is kept.
        code_hash: the name of the code.
        sender_id: the conversation.
        situation: as JSON.
        expires: seconds since 1970.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    values = {"code_hash": code_hash, "sender_id": sender_id, "expires": expires}

    def replace(connection: Connection) -> None:
        connection.execute(return_codes.delete().where(return_codes.c.sender_id == sender_id))
        connection.execute(return_codes.insert().values(situation=json.dumps(situation), **values))

    await database.transaction(replace)


async def find(database: Database, code_hash: str) -> dict[str, Any] | None:
    """Return what a code brings back; None where there is no such code, or it is too old.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = sa.select(return_codes.c.situation).where(
        return_codes.c.code_hash == code_hash, return_codes.c.expires > time.time()
    )
    row = await database.transaction(lambda connection: connection.execute(query).first())
    return dict(json.loads(row.situation)) if row else None


async def delete(database: Database, code_hash: str) -> None:
    """Delete a code that has been used.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = return_codes.delete().where(return_codes.c.code_hash == code_hash)
    await database.transaction(lambda connection: connection.execute(query))
    await database.forget_deleted()
