"""Files that people take with them: letters and calendar entries. Made when they are fetched, never kept."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sanic import response
from sanic.response import HTTPResponse

from send_guide.domain.deadlines import Deadline, calendar_file
from send_guide.domain.letters import Letter, as_docx, as_text

PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*$"
"""Whatever may stand in a Word file (XML 1.0, section 2.2)."""
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=PRINTABLE)]
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}


class LetterWanted(BaseModel):
    """A letter as it stands on the person's screen, and the kind of file they want."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: Title
    text: str = Field(min_length=1, max_length=20_000, pattern=PRINTABLE)
    format: Literal["docx", "txt"]


class DateWanted(BaseModel):
    """A last day, to be put in a calendar."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: Title
    last_day: datetime.date = Field(ge=datetime.date(2000, 1, 1), le=datetime.date(2099, 12, 31))
    working: list[Words] = Field(max_length=20)


def letter_file(wanted: LetterWanted) -> HTTPResponse:
    """Return the letter as a file."""
    letter = Letter("", wanted.title, wanted.text.replace("\r\n", "\n"))
    return attachment(
        as_docx(letter) if wanted.format == "docx" else as_text(letter), "letter", wanted.format
    )


def date_file(wanted: DateWanted) -> HTTPResponse:
    """Return the last day as a calendar file, with reminders."""
    deadline = Deadline(wanted.title, wanted.last_day, tuple(wanted.working))
    return attachment(calendar_file(deadline, datetime.datetime.now(datetime.UTC)), "deadline", "ics")


def attachment(content: bytes, name: str, extension: str) -> HTTPResponse:
    """Return a file that browsers save; its name says nothing of the person."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{extension}"'}
    return response.raw(content, headers=headers, content_type=TYPES[extension])
