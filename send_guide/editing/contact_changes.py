"""Contacts that somebody has looked up and found right: a change of their file, made in one press."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from send_guide.content.loader import Content
from send_guide.editing import changes
from send_guide.editing.drafts import Draft
from send_guide.editing.yaml_patch import NotEditedError
from send_guide.errors import SendGuideError
from send_guide.storage.database import Database

PREFIX = "contact "
"""What the name of a changed contact begins with, where a change of an answer has the answer's id."""
REASON = "Looked up on {}, and it is right."


class UnknownContactError(SendGuideError):
    """There is no such way to reach anybody."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no contact {name!r}")


async def confirm(
    database: Database, content: Content, data: Path, name: str, day: datetime.date, who: str
) -> int:
    """Save the change that marks a contact as confirmed on a day; return its number.

    Args:
        database: where changes are kept.
        content: what there is.
        data: the folder it comes from.
        name: contact and way, for instance ``iass.phone``.
        day: when it was looked up.
        who: who did.

    Raises:
        UnknownContactError: there is no such contact.
        NotEditedError: its line cannot be changed by itself.
        DatabaseUnavailableError: the database does not answer.
    """
    path, before, after = confirmed(content, name, day)
    reason = REASON.format(f"{day:%d %B %Y}")
    title = title_of_contact(content, PREFIX + name)
    head = f"# Contact: {title}\n# By: {who}, {day:%d %B %Y}\n# Reason: {reason}\n\n"
    number = await changes.begin(database, who, Draft(PREFIX + name, {"checked": day.isoformat()}), None)
    await changes.save(database, number, reason, head + changes.unified(data, {path: (before, after)}))
    return number


def confirmed(content: Content, name: str, day: datetime.date) -> tuple[Path, str, str]:
    """Return the file of a contact, and its text before and after it is confirmed on a day.

    Raises:
        UnknownContactError: there is no such contact.
        NotEditedError: its line cannot be changed by itself.
    """
    key, _, way = name.partition(".")
    if key not in content.contacts or way not in content.contacts[key].details:
        raise UnknownContactError(name)
    path, number = content.place(f"contacts/{key}", way)
    before = path.read_text(encoding="utf-8")
    lines = before.splitlines(keepends=True)
    line, found = re.subn(r"\bconfirmed: *(?:true|false)\b", "confirmed: true", lines[number - 1])
    line, dated = re.subn(r"\bchecked: *\d{4}-\d\d-\d\d\b", f"checked: {day}", line)
    if (found, dated) != (1, 1):
        raise NotEditedError(f"{name} does not stand on one line of {path.name}: confirm it there")
    lines[number - 1] = line
    return path, before, "".join(lines)


def confirmed_in(content: Content, draft: Draft) -> dict[Path, tuple[str, str]]:
    """Return what stands in each file that a saved confirmation changes, before and after.

    Raises:
        UnknownContactError: there is no such contact any more.
        NotEditedError: its line cannot be changed by itself.
    """
    day = datetime.date.fromisoformat(draft.fields["checked"])
    path, before, after = confirmed(content, draft.answer.removeprefix(PREFIX), day)
    return {path: (before, after)}


def title_of_contact(content: Content, changed: str) -> str:
    """Return what a changed contact is called, for instance "SEND Tribunal, phone"."""
    key, _, way = changed.removeprefix(PREFIX).partition(".")
    return f"{content.contacts[key].name if key in content.contacts else key}, {way}"
