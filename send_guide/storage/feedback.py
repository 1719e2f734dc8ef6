"""What people think of an answer: thumbs on the web, reports of the helpline. Read by the editors."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import sqlalchemy as sa

from send_guide.privacy.redaction import redact
from send_guide.storage.base import RetentionRule, after_keep_days, metadata, rows_older_than
from send_guide.storage.database import Database

Kind = Literal["useful", "not-useful", "wrong", "missing", "unclear"]
KINDS: tuple[str, ...] = get_args(Kind)
MOST_CHARACTERS = 1_000
"""Of a question or a reason; what is longer is cut off."""

opinions = sa.Table(
    "feedback",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("given", sa.Float, nullable=False, index=True),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("answer_ids", sa.Text, nullable=False),
    sa.Column("question", sa.Text),
    sa.Column("reason", sa.Text),
)
"""What people and helpline staff think of an answer. It belongs to no conversation: nobody can be told by it.

given: seconds since 1970.
kind: useful, not-useful, wrong, missing or unclear.
answer_ids: a JSON list.
question, reason: redacted.
"""

RETENTION = RetentionRule("feedback", rows_older_than(after_keep_days, opinions.c.given))


@dataclass(frozen=True)
class Feedback:
    """What somebody thinks of an answer.

    Attributes:
        channel: where it comes from: ``web``, ``helpline``.
        kind: what they think.
        answer_ids: the answers it is about; none where one is missing.
        question: what had been asked, redacted.
        reason: why, in their words, redacted.
        given: when, seconds since 1970.
    """

    channel: str
    kind: Kind
    answer_ids: tuple[str, ...] = ()
    question: str | None = None
    reason: str | None = None
    given: float = 0.0


async def keep(database: Database, feedback: Feedback) -> None:
    """Keep what somebody thinks, without what says who they are.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    values = {
        "given": time.time(),
        "channel": feedback.channel,
        "kind": feedback.kind,
        "answer_ids": json.dumps(list(feedback.answer_ids)),
        "question": await _kept(feedback.question),
        "reason": await _kept(feedback.reason),
    }
    await database.transaction(lambda connection: connection.execute(opinions.insert().values(**values)))


async def given_since(database: Database, since: float, kinds: Sequence[str] = KINDS) -> list[Feedback]:
    """Return what was given after ``since`` (seconds since 1970), newest first.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = opinions
    query = (
        table.select()
        .where(table.c.given > since, table.c.kind.in_(kinds))
        .order_by(table.c.given.desc(), table.c.number.desc())
    )
    rows = await database.transaction(lambda connection: connection.execute(query).fetchall())
    return [
        Feedback(
            row.channel, row.kind, tuple(json.loads(row.answer_ids)), row.question, row.reason, row.given
        )
        for row in rows
    ]


async def _kept(words: str | None) -> str | None:
    return await asyncio.to_thread(redact, words[:MOST_CHARACTERS]) if words else None
