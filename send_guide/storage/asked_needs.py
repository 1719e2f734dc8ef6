"""What editors have done about questions that got no answer or a poor one: handled, or put aside."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, get_args

import sqlalchemy as sa

from send_guide.storage.base import RetentionRule, after_keep_days, metadata, rows_older_than
from send_guide.storage.database import Database

State = Literal["handled", "aside"]
STATES: tuple[str, ...] = get_args(State)

asked_needs = sa.Table(
    "asked_needs",
    metadata,
    sa.Column("question", sa.String(64), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
"""Questions that need no more work. Their words stand in the conversations only.

question: SHA-256 of the words as the report shows them.
state: handled, or aside.
at: seconds since 1970.
"""

RETENTION = RetentionRule("marks of questions", rows_older_than(after_keep_days, asked_needs.c.at))


@dataclass(frozen=True)
class Mark:
    """What has been done about a question, who has done it, and when (seconds since 1970)."""

    state: str
    who: str
    at: float


async def mark(database: Database, who: str, texts: Sequence[str], state: State | None) -> None:
    """Mark questions as handled or put aside; with no state they are open again.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    keys = [_key(text) for text in dict.fromkeys(texts)]
    rows = [{"question": key, "state": state, "who": who, "at": time.time()} for key in keys]

    def done(connection: sa.engine.Connection) -> None:
        connection.execute(asked_needs.delete().where(asked_needs.c.question.in_(keys)))
        if state and rows:
            connection.execute(asked_needs.insert(), rows)

    await database.transaction(done)


async def marks(database: Database, texts: Sequence[str]) -> dict[str, Mark]:
    """Return what has been done about questions, by their words; those that are open are left out.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = asked_needs.select()
    rows = await database.transaction(lambda connection: connection.execute(query).fetchall())
    by_key = {row.question: Mark(row.state, row.who, row.at) for row in rows}
    return {text: found for text in texts if (found := by_key.get(_key(text)))}


def _key(text: str) -> str:
    return sha256(text.encode()).hexdigest()
