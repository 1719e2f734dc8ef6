"""What every repository is made of: the one list of tables, and the shape of a retention rule.

The rule of this folder: a feature has one module here, with its tables, its queries and how long what it
keeps is kept. What a feature does with it stands in the feature's own folder.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import sqlalchemy as sa

from send_guide.settings import Settings
from send_guide.storage.database import Database

metadata = sa.MetaData()
"""All tables. A change of one needs a revision in ``migrations/versions``; a test compares the two."""
MINUTE = 60.0
HOUR = 3600.0
DAY = 86_400.0

Moment = Callable[[Settings, float], float]
"""From the settings and the time now: what is older than this moment goes (seconds since 1970)."""


@dataclass(frozen=True)
class RetentionRule:
    """How long one kind of thing is kept.

    Attributes:
        kind: what is deleted, for the log and for people.
        delete: deletes what is too old by now (seconds since 1970); returns how many.
    """

    kind: str
    delete: Callable[[Database, Settings, float], Awaitable[int]]


def rows_older_than(
    moment: Moment, column: sa.Column, *also: sa.sql.ColumnElement
) -> Callable[[Database, Settings, float], Awaitable[int]]:
    """Return what deletes the rows of a table whose time is before a moment.

    Args:
        moment: the moment.
        column: the time of a row, seconds since 1970.
        also: what else must hold of a row.
    """

    async def delete(database: Database, settings: Settings, now: float) -> int:
        query = sa.delete(column.table).where(column < moment(settings, now), *also)
        return await database.transaction(lambda connection: int(connection.execute(query).rowcount))

    return delete


def after_keep_days(settings: Settings, now: float) -> float:
    """Return the moment before which conversations and what belongs to them are too old."""
    return now - settings.keep_days * DAY


def after_answered_days(settings: Settings, now: float) -> float:
    """Return the moment before which no message is delivered again."""
    return now - settings.keep_answered_days * DAY
