"""Conversations that people have ended and deleted: nothing is left but that they cannot be gone on with."""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from send_guide.storage import tables


async def end(store: WindowedTrackerStore, sender_id: str) -> None:
    """Delete a conversation with all that belongs to it, for good.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = tables.ended_conversations

    def note(connection: Connection) -> None:
        connection.execute(table.delete().where(table.c.sender_id == sender_id))
        connection.execute(table.insert().values(sender_id=sender_id, ended=time.time()))

    await store.transaction(note)
    await store.delete(sender_id)


async def has_ended(store: WindowedTrackerStore, sender_id: str) -> bool:
    """Return whether the conversation has been ended and deleted.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = tables.ended_conversations
    query = sa.select(table.c.ended).where(table.c.sender_id == sender_id)
    return await store.transaction(lambda connection: connection.execute(query).first()) is not None
