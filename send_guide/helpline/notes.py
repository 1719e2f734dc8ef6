"""Notes of calls that advisers save: without what says who a caller is, under a reference of their own."""

from __future__ import annotations

import datetime
import io
import secrets
import time
from dataclasses import dataclass

import docx
import sqlalchemy as sa
from docx.shared import Cm, Pt

from send_guide.privacy.redaction import redact
from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from send_guide.storage import tables

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
    """

    reference: str
    account: str
    saved: float
    follow_up: datetime.date | None
    text: str

    @property
    def day(self) -> datetime.date:
        """The day on which it was saved, in UTC."""
        return datetime.datetime.fromtimestamp(self.saved, datetime.UTC).date()


async def save(store: WindowedTrackerStore, account: str, text: str, follow_up: datetime.date | None) -> Note:
    """Keep a note without names, numbers and addresses of people.

    Args:
        store: where it is kept.
        account: whose it is.
        text: the note; what is longer than 20,000 characters is cut off.
        follow_up: the day on which somebody looks at it again.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    note = Note(_reference(), account, time.time(), follow_up, redact(text[:MOST_CHARACTERS]).strip())
    values = {
        "reference": note.reference,
        "account": account,
        "saved": note.saved,
        "follow_up": follow_up.isoformat() if follow_up else None,
        "text": note.text,
    }
    await store.transaction(
        lambda connection: connection.execute(tables.case_notes.insert().values(**values))
    )
    return note


async def listed(store: WindowedTrackerStore, account: str) -> list[Note]:
    """Return the notes of an account, those to be followed up first, then the newest.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = tables.case_notes
    query = table.select().where(table.c.account == account).order_by(table.c.saved.desc())
    rows = await store.transaction(lambda connection: connection.execute(query).fetchall())
    notes = [_note(row) for row in rows]
    return sorted(notes, key=lambda note: note.follow_up or datetime.date.max)


async def find(store: WindowedTrackerStore, reference: str) -> Note | None:
    """Return the note of a reference, however it was typed, or None.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    plain = "".join(letter for letter in reference.upper() if letter.isalnum())
    query = tables.case_notes.select().where(tables.case_notes.c.reference == f"{plain[:4]}-{plain[4:]}")
    row = await store.transaction(lambda connection: connection.execute(query).first())
    return _note(row) if row else None


async def delete(store: WindowedTrackerStore, account: str, reference: str) -> bool:
    """Delete a note of an account; return whether there was one.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = tables.case_notes
    query = table.delete().where(table.c.reference == reference, table.c.account == account)
    return bool(await store.transaction(lambda connection: connection.execute(query).rowcount))


def as_text(text: str, follow_up: datetime.date | None) -> bytes:
    """Return a note as a text file that Windows' Notepad shows right as well: UTF-8 with a mark."""
    return "\r\n".join(_lines(text, follow_up)).encode("utf-8-sig")


def as_docx(text: str, follow_up: datetime.date | None) -> bytes:
    """Return a note as a Word file; what comes before a colon is in bold."""
    document = docx.Document()
    document.core_properties.author = document.core_properties.comments = ""
    document.core_properties.title = "Note of a call"
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    document.add_heading("Note of a call", level=1)
    for line in filter(None, _lines(text, follow_up)):
        label, colon, rest = line.partition(": ")
        paragraph = document.add_paragraph()
        paragraph.add_run(label + colon).bold = bool(colon) and len(label) < 20
        paragraph.add_run(rest)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _lines(text: str, follow_up: datetime.date | None) -> list[str]:
    # a Word file is XML, and XML holds no control characters
    plain = "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    ending = [f"Follow up: {follow_up.day} {follow_up:%B %Y}"] if follow_up else []
    return [*plain.strip().splitlines(), *ending, ""]


def _reference() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _note(row: sa.engine.Row) -> Note:
    day = datetime.date.fromisoformat(row.follow_up) if row.follow_up else None
    return Note(row.reference, row.account, row.saved, day, row.text)
