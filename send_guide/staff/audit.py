"""What staff did: who came in and who was refused, what was saved, which accounts were changed."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass

import sqlalchemy as sa

from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from send_guide.storage import tables

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


async def note(store: WindowedTrackerStore, who: str, what: str, about: str = "") -> None:
    """Write down what somebody did.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    values = {"at": time.time(), "who": who[:64], "what": what[:64], "about": about[:255]}
    await store.transaction(lambda connection: connection.execute(tables.audit_log.insert().values(**values)))


async def since(store: WindowedTrackerStore, moment: float) -> list[Done]:
    """Return what was done after ``moment`` (seconds since 1970), oldest first.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = tables.audit_log
    query = sa.select(table).where(table.c.at > moment).order_by(table.c.at, table.c.number)
    rows = await store.transaction(lambda connection: connection.execute(query).fetchall())
    return [Done(row.at, row.who, row.what, row.about) for row in rows]
