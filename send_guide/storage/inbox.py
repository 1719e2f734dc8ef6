"""Messages that have been answered, so that each is answered once."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from send_guide.errors import DuplicateMessageError
from send_guide.storage.base import RetentionRule, after_answered_days, metadata, rows_older_than
from send_guide.storage.database import Database

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("message_id", sa.String(255), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("received", sa.Float, nullable=False, index=True),
    sa.Column("replies", sa.Text, nullable=False),
)
"""Messages that have been answered, with their replies as JSON, so that each is answered once.

received: seconds since 1970.
"""

RETENTION = RetentionRule("answered messages", rows_older_than(after_answered_days, inbox.c.received))


@dataclass(frozen=True)
class Delivery:
    """A message as its channel names it. A repeated delivery has the same name."""

    channel: str
    message_id: str


async def answered(database: Database, message: Delivery) -> list[dict[str, Any]] | None:
    """Return the replies that ``message`` has had, or None where it has had none yet.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = sa.select(inbox.c.replies).where(
        inbox.c.channel == message.channel, inbox.c.message_id == message.message_id
    )
    found = await database.transaction(lambda connection: connection.execute(query).first())
    return list(json.loads(found.replies)) if found else None


def note(
    connection: Connection, message: Delivery, sender_id: str, replies: Sequence[dict[str, Any]]
) -> None:
    """Record in a transaction that ``message`` has been answered, and how.

    Raises:
        DuplicateMessageError: it has been already; the transaction must not go on.
    """
    values = {
        "channel": message.channel,
        "message_id": message.message_id,
        "sender_id": sender_id,
        "received": time.time(),
        "replies": json.dumps(replies),
    }
    try:
        connection.execute(inbox.insert().values(**values))
    except sa.exc.IntegrityError as error:
        raise DuplicateMessageError("the message has been answered already") from error
