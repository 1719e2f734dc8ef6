"""Files that people take with them: letters and calendar entries. Made when they are fetched, never kept."""

from __future__ import annotations

import asyncio
import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator
from sanic import response
from sanic.response import HTTPResponse

from send_guide.domain.calendar_file import calendar_file, calendar_name
from send_guide.domain.deadlines import Deadline, today
from send_guide.domain.letters import Letter, as_docx, as_text, file_name, parts
from send_guide.domain.text import printable

Printable = BeforeValidator(lambda value: printable(value) if isinstance(value, str) else value)
"""Leaves out what no file may hold: what was pasted from elsewhere is no mistake of the person's."""
Title = Annotated[str, Printable, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[str, Printable, StringConstraints(min_length=1, max_length=500)]
LONGEST_LETTER = 20_000
"""Characters."""
MOST_PARTS = 1_000
"""Lines and blanks of a letter: what a Word file takes time for. Ours have less than a tenth of it."""
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}


def can_be_made(text: str) -> bool:
    """Return whether a letter is short enough to be worked on: no letter of ours has a thousand blanks."""
    return len(text) <= LONGEST_LETTER and text.count("[") <= MOST_PARTS and parts(text) <= MOST_PARTS


class LetterWanted(BaseModel):
    """A letter as it stands on the person's screen, and the kind of file they want."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: Title
    text: Annotated[str, Printable, StringConstraints(min_length=1, max_length=LONGEST_LETTER)]
    format: Literal["docx", "txt"]

    @field_validator("text")
    @classmethod
    def _can_be_made(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("there is no letter")
        if not can_be_made(text):
            raise ValueError(f"at most {MOST_PARTS} lines and blanks")
        return text


class DateWanted(BaseModel):
    """A last day, to be put in a calendar."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: Title
    last_day: datetime.date = Field(ge=datetime.date(2000, 1, 1), le=datetime.date(2099, 12, 31))
    working: list[Words] = Field(max_length=20)

    @field_validator("last_day")
    @classmethod
    def _not_passed(cls, last_day: datetime.date) -> datetime.date:
        if last_day < today():
            raise ValueError("that day has passed: there is nothing to be reminded of")
        return last_day


async def letter_file(wanted: LetterWanted) -> HTTPResponse:
    """Return the letter as a file, made off the event loop."""
    letter = Letter("", wanted.title, wanted.text)
    content = await asyncio.to_thread(as_docx if wanted.format == "docx" else as_text, letter)
    return attachment(content, file_name(wanted.title, wanted.format))


def date_file(wanted: DateWanted) -> HTTPResponse:
    """Return the last day as a calendar file, with reminders."""
    deadline = Deadline(wanted.title, wanted.last_day, tuple(wanted.working))
    content = calendar_file(deadline, datetime.datetime.now(datetime.UTC))
    return attachment(content, calendar_name(wanted.title, wanted.last_day))


def attachment(content: bytes, name: str) -> HTTPResponse:
    """Return a file that browsers save; its name says nothing of the person."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return response.raw(content, headers=headers, content_type=TYPES[name.rpartition(".")[2]])
