"""What staff did: who came in and who was refused, what was saved, which accounts were changed."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass

import sqlalchemy as sa

from send_guide.storage.base import DAY, RetentionRule, metadata, rows_older_than
from send_guide.storage.database import Database

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("what", sa.String(64), nullable=False),
    sa.Column("about", sa.String(255), nullable=False),
)
"""What staff did: sign-ins, refusals, saved notes, changes of accounts. Never a word of a caller's.

at: seconds since 1970.
"""

RETENTION = RetentionRule(
    "lines of the audit log",
    rows_older_than(lambda settings, now: now - settings.keep_audit_days * DAY, audit_log.c.at),
)

SOMEBODY = "(somebody)"
"""Who is not known: a name that has no account may be a password in the wrong box, and is not kept."""
COMMAND_LINE = "(command line)"


@dataclass(frozen=True)
class Done:
    """One line of the log.

    Attributes:
        at: seconds since 1970.
        who: the name of an account, or :data:`SOMEBODY`, or :data:`COMMAND_LINE`.
        what: for instance ``signed in``.
        about: what it was done to: an account, the reference of a note. Never a caller's words.
    """

    at: float
    who: str
    what: str
    about: str

    @property
    def when(self) -> str:
        """The moment in words."""
        return f"{datetime.datetime.fromtimestamp(self.at, datetime.UTC):%Y-%m-%d %H:%M}"


async def note(database: Database, who: str, what: str, about: str = "") -> None:
    """Write down what somebody did.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    values = {"at": time.time(), "who": who[:64], "what": what[:64], "about": about[:255]}
    await database.transaction(lambda connection: connection.execute(audit_log.insert().values(**values)))


async def since(database: Database, moment: float) -> list[Done]:
    """Return what was done after ``moment`` (seconds since 1970), oldest first.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    moments = audit_log.c.at
    query = audit_log.select().where(moments > moment).order_by(moments, audit_log.c.number)
    rows = await database.transaction(lambda connection: connection.execute(query).fetchall())
    return [Done(row.at, row.who, row.what, row.about) for row in rows]
