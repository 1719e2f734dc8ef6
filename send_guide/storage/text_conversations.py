"""What is kept of conversations by text message: where each stands, what was answered, who wants no more."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from send_guide.errors import DuplicateMessageError
from send_guide.storage import one_time_links
from send_guide.storage.base import (
    RetentionRule,
    after_answered_days,
    after_keep_days,
    metadata,
    rows_older_than,
)
from send_guide.storage.database import Database

texting = sa.Table(
    "texting",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("seen", sa.Float, nullable=False, index=True),
    sa.Column("offered", sa.Text, nullable=False),
    sa.Column("more", sa.Text, nullable=False),
)
"""Where a conversation by text message stands. It is named by a keyed hash; no telephone number is stored.

seen: when the last message came, seconds since 1970.
offered: what the numbers of the last list stand for, a JSON list of [title, payload].
more: what is sent on MORE, a JSON list of texts.
"""

texted = sa.Table(
    "texted",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("message_id", sa.String(255), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("received", sa.Float, nullable=False, index=True),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("claimed", sa.Float, nullable=False),
    sa.Column("sent", sa.Boolean, nullable=False),
)
"""Text messages that have been answered, with what was said, so that each is answered once.

claimed: until when somebody is sending it by the provider's API, seconds since 1970.
sent: whether it was sent so.
"""

opted_out = sa.Table(
    "opted_out",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("since", sa.Float, nullable=False),
)
"""Who wants no more text messages, until they write START. TextTurn after the conversation has gone: it is
what keeps the promise.
"""

RETENTION = RetentionRule("texting", rows_older_than(after_keep_days, texting.c.seen))
ANSWERED_RETENTION = RetentionRule("answered texts", rows_older_than(after_answered_days, texted.c.received))

CLAIM = 60.0
"""Seconds for which one who sends a text by the provider's API is left alone by others."""


@dataclass(frozen=True)
class TextState:
    """Where a conversation by text message stands.

    Attributes:
        known: whether the person has written before.
        offered: what the numbers of the last list stand for: (title, payload).
        more: what is sent on MORE, in order.
        opted_out: whether the person wants no more messages.
    """

    known: bool = False
    offered: tuple[tuple[str, str], ...] = ()
    more: tuple[str, ...] = ()
    opted_out: bool = False


@dataclass(frozen=True)
class Answered:
    """What was said to one message.

    Attributes:
        said: as JSON can hold it.
        sent: whether it was sent by the provider's API already.
    """

    said: dict[str, Any]
    sent: bool = False


@dataclass(frozen=True)
class TextTurn:
    """All that is kept of one turn, in one transaction.

    Attributes:
        channel, message_id: the message, as the provider names it.
        sender_id: whose conversation it is.
        standing: where it stands now.
        said: what is said, as JSON can hold it.
        links: code hash and what it shows, of the links in it.
        link_seconds: how long they work.
    """

    channel: str
    message_id: str
    sender_id: str
    standing: TextState
    said: dict[str, Any]
    links: Sequence[tuple[str, dict[str, Any]]] = field(default=())
    link_seconds: float = 0.0


async def answered(database: Database, channel: str, message_id: str) -> Answered | None:
    """Return what was said to a message, or None where nothing was yet.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = texted
    query = table.select().where(table.c.channel == channel, table.c.message_id == message_id)
    row = await database.transaction(lambda connection: connection.execute(query).first())
    return Answered(json.loads(row.said), bool(row.sent)) if row else None


async def standing(database: Database, sender_id: str) -> TextState:
    """Return where a conversation stands.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """

    def read(connection: Connection) -> TextState:
        row = connection.execute(texting.select().where(texting.c.sender_id == sender_id)).first()
        stopped = (
            connection.execute(opted_out.select().where(opted_out.c.sender_id == sender_id)).first()
            is not None
        )
        if row is None:
            return TextState(opted_out=stopped)
        offered = tuple((title, payload) for title, payload in json.loads(row.offered))
        return TextState(True, offered, tuple(json.loads(row.more)), stopped)

    return await database.transaction(read)


async def keep(database: Database, turn: TextTurn) -> None:
    """Keep a turn: where the conversation stands, what is said, and whether the person wants no more.

    Raises:
        DuplicateMessageError: somebody else has answered the message meanwhile; nothing is written.
        DatabaseUnavailableError: the database does not answer; nothing is written.
    """
    now = time.time()

    def write(connection: Connection) -> None:
        answer: dict[str, Any] = {"channel": turn.channel, "message_id": turn.message_id}
        answer |= {"sender_id": turn.sender_id, "received": now, "said": json.dumps(turn.said)}
        answer |= {"claimed": 0.0, "sent": False}
        try:
            connection.execute(texted.insert().values(**answer))
        except sa.exc.IntegrityError as error:
            raise DuplicateMessageError("the message has been answered already") from error
        _stand(connection, turn.sender_id, turn.standing, now)
        for code_hash, shows in turn.links:
            one_time_links.add(connection, code_hash, turn.sender_id, shows, now + turn.link_seconds)

    await database.transaction(write)


def _stand(connection: Connection, sender_id: str, standing: TextState, now: float) -> None:
    values = {"seen": now, "offered": json.dumps(standing.offered), "more": json.dumps(standing.more)}
    changed = connection.execute(texting.update().where(texting.c.sender_id == sender_id).values(**values))
    if not changed.rowcount:
        connection.execute(texting.insert().values(sender_id=sender_id, **values))
    if not standing.opted_out:
        connection.execute(opted_out.delete().where(opted_out.c.sender_id == sender_id))
    elif connection.execute(opted_out.select().where(opted_out.c.sender_id == sender_id)).first() is None:
        connection.execute(opted_out.insert().values(sender_id=sender_id, since=now))


async def claim(database: Database, channel: str, message_id: str) -> bool:
    """Return whether the answer to a message is ours to send by the provider's API, and nobody else's."""
    table, now = texted, time.time()
    query = (
        table.update()
        .where(
            table.c.channel == channel,
            table.c.message_id == message_id,
            table.c.sent.is_(False),
            table.c.claimed < now,
        )
        .values(claimed=now + CLAIM)
    )
    return bool(await database.transaction(lambda connection: connection.execute(query).rowcount))


async def let_go(database: Database, channel: str, message_id: str, *, sent: bool) -> None:
    """Say that the answer to a message was sent, or that somebody may try again."""
    table = texted
    query = table.update().where(table.c.channel == channel, table.c.message_id == message_id)
    await database.transaction(lambda connection: connection.execute(query.values(claimed=0.0, sent=sent)))
