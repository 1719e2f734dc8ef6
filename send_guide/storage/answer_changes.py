"""Changes of answers that editors have drafted, as rows. What they mean stands in ``editing/changes.py``."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from send_guide.storage.base import RetentionRule, after_keep_days, metadata, rows_older_than
from send_guide.storage.database import Database

answer_changes = sa.Table(
    "answer_changes",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("made", sa.Float, nullable=False, index=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("answer", sa.String(255), nullable=False),
    sa.Column("draft", sa.Text, nullable=False),
    sa.Column("touched", sa.Float, nullable=False),
    sa.Column("progress", sa.Text),
    sa.Column("trial", sa.Text),
    sa.Column("saved", sa.Float),
    sa.Column("reason", sa.Text),
    sa.Column("patch", sa.Text),
)
"""Changes of answers that editors have drafted. Nothing here changes an answer: a patch is applied by people.

made, touched, saved: seconds since 1970; saved: none while it is only a draft.
draft: the change, as JSON.
progress: what a trial is doing, or why it ended; none where there is no trial, or it is done.
trial: what the trial has shown, as JSON.
reason, patch: why, and the difference of the files, of a saved change.
"""

RETENTION = RetentionRule(
    "drafts of answers",
    rows_older_than(after_keep_days, answer_changes.c.touched, answer_changes.c.saved.is_(None)),
)


async def insert(database: Database, values: dict[str, Any]) -> int:
    """Keep a change; return its number.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = answer_changes.insert().values(**values)
    key = await database.transaction(lambda connection: connection.execute(query).inserted_primary_key)
    return int(key[0])


async def update(database: Database, number: int, values: dict[str, Any]) -> None:
    """Write down something else about a change, if there is one.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = answer_changes.update().where(answer_changes.c.number == number).values(**values)
    await database.transaction(lambda connection: connection.execute(query))


async def find(database: Database, number: int) -> Row | None:
    """Return a change, or None where there is none.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = answer_changes.select().where(answer_changes.c.number == number)
    return await database.transaction(lambda connection: connection.execute(query).first())


async def last_trial(database: Database) -> str | None:
    """Return what the newest trial that is done has shown, as JSON; None where there is none.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    trial = answer_changes.c.trial
    query = sa.select(trial).where(trial.is_not(None)).order_by(answer_changes.c.number.desc()).limit(1)
    found = await database.transaction(lambda connection: connection.execute(query).scalar())
    return None if found is None else str(found)


async def saved(database: Database) -> list[Row]:
    """Return the saved changes, the newest first.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    when = answer_changes.c.saved
    query = answer_changes.select().where(when.is_not(None)).order_by(when.desc())
    return await database.transaction(lambda connection: list(connection.execute(query).fetchall()))
