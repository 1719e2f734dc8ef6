"""What a person has to look at again: answers past their review, old evidence, doubtful contacts.

Everything is said for a day that the caller names, so that a test or a plan for next month can ask too.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from send_guide.content.loader import Content
from send_guide.content.schema import Answer

EVIDENCE_MONTHS = 12
"""A page or a law that was read longer ago is read again."""
CONTACT_MONTHS = 6
"""A number or an address that was looked up longer ago is looked up again."""
LATE_MONTHS = 6
"""An answer this long past its review stops a release."""

Why = Literal["review", "withdrawn", "evidence", "not confirmed", "not checked"]


@dataclass(frozen=True, order=True)
class Due:
    """One thing to look at again.

    Attributes:
        since: the day from which it has been due.
        why: ``review`` (an answer's review date has come), ``withdrawn`` (it is switched off), ``evidence``
            (what it rests on was read too long ago), ``not confirmed`` (a way to reach somebody that is
            shown with doubt), ``not checked`` (one that was looked up too long ago).
        id: an answer, or a contact's detail such as ``iass.phone``.
        title: the same for a person to read.
        path: the file to change.
        line: the line to change, counted from 1.
    """

    since: datetime.date
    why: Why
    id: str
    title: str
    path: Path
    line: int

    def late(self, today: datetime.date) -> bool:
        """Return whether a release must wait for it."""
        return self.why == "review" and today >= months_after(self.since, LATE_MONTHS)

    def __str__(self) -> str:
        """Return a line such as ``data/answers/senco.yml:3: review due since 2026-05-23: senco.parents``."""
        words = {"review": "review due", "evidence": "evidence is old", "not checked": "not checked lately"}
        return f"{self.path}:{self.line}: {words.get(self.why, self.why)} since {self.since}: {self.id}"


def due(content: Content, today: datetime.date) -> list[Due]:
    """Return everything in ``content`` that is due on ``today``, what has waited longest first."""
    found = [thing for answer in content.answers.values() for thing in _of_answer(answer, content)]
    return sorted(thing for thing in (*found, *_of_contacts(content)) if thing.since <= today)


def months_after(day: datetime.date, months: int) -> datetime.date:
    """Return the same day of the month, ``months`` later; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def _of_answer(answer: Answer, content: Content) -> Iterator[Due]:
    yield Due(answer.review, "review", answer.id, answer.title, *content.place(answer.id, "review"))
    if answer.withdrawn:
        place = content.place(answer.id, "withdrawn")
        yield Due(answer.withdrawn.since, "withdrawn", answer.id, answer.title, *place)
    if answer.evidence:
        old = months_after(answer.evidence.checked, EVIDENCE_MONTHS)
        yield Due(old, "evidence", answer.id, answer.title, *content.place(answer.id, "evidence"))


def _of_contacts(content: Content) -> Iterator[Due]:
    for contact in content.contacts.values():
        for kind, detail in contact.details.items():
            name, title = f"{contact.key}.{kind}", f"{contact.name}: {detail.shown}"
            place = content.place(f"contacts/{contact.key}", kind)
            if detail.confirmed:
                old = months_after(detail.checked, CONTACT_MONTHS)
                yield Due(old, "not checked", name, title, *place)
            else:
                yield Due(detail.checked, "not confirmed", name, title, *place)
