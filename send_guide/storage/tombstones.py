"""Conversations that people have ended and deleted: nothing is left but that they cannot be gone on with."""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from send_guide.storage import conversations
from send_guide.storage.base import RetentionRule, after_keep_days, metadata, rows_older_than
from send_guide.storage.database import Database

ended_conversations = sa.Table(
    "ended_conversations",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("ended", sa.Float, nullable=False, index=True),
)
"""Names of conversations on the web that people have deleted, so that a message on its way does not begin
them anew. The name is made with a secret and says nothing of anybody.

ended: when, seconds since 1970.
"""

RETENTION = RetentionRule(
    "names of ended conversations", rows_older_than(after_keep_days, ended_conversations.c.ended)
)


async def end(database: Database, sender_id: str) -> None:
    """Delete a conversation with all that belongs to it, for good.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = ended_conversations

    def note(connection: Connection) -> None:
        connection.execute(table.delete().where(table.c.sender_id == sender_id))
        connection.execute(table.insert().values(sender_id=sender_id, ended=time.time()))

    await database.transaction(note)
    await conversations.delete(database, sender_id)


async def has_ended(database: Database, sender_id: str) -> bool:
    """Return whether the conversation has been ended and deleted.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = ended_conversations
    query = sa.select(table.c.ended).where(table.c.sender_id == sender_id)
    return await database.transaction(lambda connection: connection.execute(query).first()) is not None
