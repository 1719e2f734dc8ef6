"""Notes of calls that advisers save: without what says who a caller is, under a reference of their own."""

from __future__ import annotations

import asyncio
import datetime
import secrets
import time
from dataclasses import dataclass

import sqlalchemy as sa

from send_guide.privacy.redaction import redact
from send_guide.storage.base import DAY, RetentionRule, metadata, rows_older_than
from send_guide.storage.database import Database

MOST_SUBJECT = 120
"""Characters of a subject."""

case_notes = sa.Table(
    "case_notes",
    metadata,
    sa.Column("reference", sa.String(16), primary_key=True),
    sa.Column("account", sa.String(64), nullable=False, index=True),
    sa.Column("saved", sa.Float, nullable=False, index=True),
    sa.Column("follow_up", sa.String(10)),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("subject", sa.String(MOST_SUBJECT)),
)
"""Notes of calls that an adviser chose to save.

account: whose note it is.
saved: seconds since 1970.
follow_up: a day, ISO 8601.
text: redacted.
subject: what the call was about, redacted; none in notes of releases before 0.2.
"""

RETENTION = RetentionRule(
    "notes of calls",
    rows_older_than(lambda settings, now: now - settings.keep_note_days * DAY, case_notes.c.saved),
)

MOST_CHARACTERS = 20_000
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of a reference: none that is mistaken for another when it is read aloud or written by hand."""


@dataclass(frozen=True)
class Note:
    """A saved note.

    Attributes:
        reference: what it is found by, for instance ``K7QM-4TXN``.
        account: whose it is.
        saved: seconds since 1970.
        follow_up: the day on which somebody looks at it again, or None.
        text: redacted.
        subject: what the call was about, redacted; may be empty.
    """

    reference: str
    account: str
    saved: float
    follow_up: datetime.date | None
    text: str
    subject: str = ""

    @property
    def day(self) -> datetime.date:
        """The day on which it was saved, in UTC."""
        return datetime.datetime.fromtimestamp(self.saved, datetime.UTC).date()


async def save(
    database: Database, account: str, text: str, follow_up: datetime.date | None, subject: str = ""
) -> Note:
    """Keep a note without names, numbers and addresses of people.

    Args:
        database: where it is kept.
        account: whose it is.
        text: the note; what is longer than 20,000 characters is cut off.
        follow_up: the day on which somebody looks at it again.
        subject: what the call was about; what is longer than 120 characters is cut off.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    # others' messages need not wait for it
    words = (await asyncio.to_thread(redact, text[:MOST_CHARACTERS])).strip()
    about = (await asyncio.to_thread(redact, subject)).strip()[:MOST_SUBJECT]
    note = Note(_reference(), account, time.time(), follow_up, words, about)
    values = {
        "reference": note.reference,
        "account": account,
        "saved": note.saved,
        "follow_up": follow_up.isoformat() if follow_up else None,
        "text": note.text,
        "subject": note.subject or None,
    }
    await database.transaction(lambda connection: connection.execute(case_notes.insert().values(**values)))
    return note


async def listed(database: Database, account: str) -> list[Note]:
    """Return the notes of an account, those to be followed up first, then the newest.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = case_notes
    query = table.select().where(table.c.account == account).order_by(table.c.saved.desc())
    rows = await database.transaction(lambda connection: connection.execute(query).fetchall())
    notes = [_note(row) for row in rows]
    return sorted(notes, key=lambda note: note.follow_up or datetime.date.max)


async def search(
    database: Database, account: str, words: str, day: datetime.date | None = None
) -> list[Note]:
    """Return the notes of an account that hold every one of ``words``, the newest first.

    Args:
        database: where they are.
        account: whose they are.
        words: looked for in subject and text; parts of words are found too.
        day: only notes that were saved on this day, in UTC, or are to be followed up then.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = case_notes
    held = sa.func.lower(sa.func.coalesce(table.c.subject, "") + " " + table.c.text)
    query = table.select().where(
        table.c.account == account,
        *(held.contains(word, autoescape=True) for word in words.lower().split()),
    )
    if day is not None:
        start = datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp()
        saved = table.c.saved.between(start, start + DAY)
        query = query.where(saved | (table.c.follow_up == day.isoformat()))
    query = query.order_by(table.c.saved.desc())
    rows = await database.transaction(lambda connection: connection.execute(query).fetchall())
    return [_note(row) for row in rows]


async def find(database: Database, reference: str) -> Note | None:
    """Return the note of a reference, however it was typed, or None.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    plain = "".join(letter for letter in reference.upper() if letter.isalnum())
    query = case_notes.select().where(case_notes.c.reference == f"{plain[:4]}-{plain[4:]}")
    row = await database.transaction(lambda connection: connection.execute(query).first())
    return _note(row) if row else None


async def delete(database: Database, account: str, reference: str) -> bool:
    """Delete a note of an account; return whether there was one.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = case_notes
    query = table.delete().where(table.c.reference == reference, table.c.account == account)
    return bool(await database.transaction(lambda connection: connection.execute(query).rowcount))


def _reference() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _note(row: sa.engine.Row) -> Note:
    day = datetime.date.fromisoformat(row.follow_up) if row.follow_up else None
    return Note(row.reference, row.account, row.saved, day, row.text, row.subject or "")
