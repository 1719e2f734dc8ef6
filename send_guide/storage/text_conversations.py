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
from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from send_guide.storage import tables

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


async def answered(store: WindowedTrackerStore, channel: str, message_id: str) -> Answered | None:
    """Return what was said to a message, or None where nothing was yet.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = tables.texted
    query = table.select().where(table.c.channel == channel, table.c.message_id == message_id)
    row = await store.transaction(lambda connection: connection.execute(query).first())
    return Answered(json.loads(row.said), bool(row.sent)) if row else None


async def standing(store: WindowedTrackerStore, sender_id: str) -> TextState:
    """Return where a conversation stands.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    texting, out = tables.texting, tables.opted_out

    def read(connection: Connection) -> TextState:
        row = connection.execute(texting.select().where(texting.c.sender_id == sender_id)).first()
        stopped = connection.execute(out.select().where(out.c.sender_id == sender_id)).first() is not None
        if row is None:
            return TextState(opted_out=stopped)
        offered = tuple((title, payload) for title, payload in json.loads(row.offered))
        return TextState(True, offered, tuple(json.loads(row.more)), stopped)

    return await store.transaction(read)


async def keep(store: WindowedTrackerStore, turn: TextTurn) -> None:
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
            connection.execute(tables.texted.insert().values(**answer))
        except sa.exc.IntegrityError as error:
            raise DuplicateMessageError("the message has been answered already") from error
        _stand(connection, turn.sender_id, turn.standing, now)
        for code_hash, shows in turn.links:
            values: dict[str, Any] = {"code_hash": code_hash, "sender_id": turn.sender_id}
            values |= {"shows": json.dumps(shows), "expires": now + turn.link_seconds}
            connection.execute(tables.one_time_links.insert().values(**values))

    await store.transaction(write)


def _stand(connection: Connection, sender_id: str, standing: TextState, now: float) -> None:
    texting, out = tables.texting, tables.opted_out
    values = {"seen": now, "offered": json.dumps(standing.offered), "more": json.dumps(standing.more)}
    changed = connection.execute(texting.update().where(texting.c.sender_id == sender_id).values(**values))
    if not changed.rowcount:
        connection.execute(texting.insert().values(sender_id=sender_id, **values))
    if not standing.opted_out:
        connection.execute(out.delete().where(out.c.sender_id == sender_id))
    elif connection.execute(out.select().where(out.c.sender_id == sender_id)).first() is None:
        connection.execute(out.insert().values(sender_id=sender_id, since=now))


async def claim(store: WindowedTrackerStore, channel: str, message_id: str) -> bool:
    """Return whether the answer to a message is ours to send by the provider's API, and nobody else's."""
    table, now = tables.texted, time.time()
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
    return bool(await store.transaction(lambda connection: connection.execute(query).rowcount))


async def let_go(store: WindowedTrackerStore, channel: str, message_id: str, *, sent: bool) -> None:
    """Say that the answer to a message was sent, or that somebody may try again."""
    table = tables.texted
    query = table.update().where(table.c.channel == channel, table.c.message_id == message_id)
    await store.transaction(lambda connection: connection.execute(query.values(claimed=0.0, sent=sent)))


async def link_waits(store: WindowedTrackerStore, code_hash: str) -> bool:
    """Return whether a one-time link has not been used and still works.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = sa.select(tables.one_time_links.c.code_hash).where(*_waiting(code_hash))
    return await store.transaction(lambda connection: connection.execute(query).first()) is not None


async def use_link(store: WindowedTrackerStore, code_hash: str) -> dict[str, Any] | None:
    """Return what a one-time link shows, and take note that it has been used; None where it was before.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    links = tables.one_time_links

    def use(connection: Connection) -> dict[str, Any] | None:
        used = connection.execute(links.update().where(*_waiting(code_hash)).values(used=time.time()))
        return _shows(connection, code_hash) if used.rowcount else None

    return await store.transaction(use)


async def used_link(store: WindowedTrackerStore, code_hash: str, since: float) -> dict[str, Any] | None:
    """Return what a one-time link shows that was used after ``since`` (seconds since 1970), else None.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """

    def read(connection: Connection) -> dict[str, Any] | None:
        return _shows(connection, code_hash, tables.one_time_links.c.used > since)

    return await store.transaction(read)


def _waiting(code_hash: str) -> tuple[Any, ...]:
    links = tables.one_time_links
    return links.c.code_hash == code_hash, links.c.used.is_(None), links.c.expires > time.time()


def _shows(connection: Connection, code_hash: str, *more: Any) -> dict[str, Any] | None:
    links = tables.one_time_links
    row = connection.execute(sa.select(links.c.shows).where(links.c.code_hash == code_hash, *more)).first()
    return dict(json.loads(row.shows)) if row else None
