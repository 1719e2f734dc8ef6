"""Changes that editors have drafted, tried out and saved, and the difference of the files they make.

A saved change is a patch that ``git apply`` takes. It changes no answer until it is published
(``publishing.py``), or applied to a working copy, checked and trained on.
"""

from __future__ import annotations

import datetime
import difflib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from send_guide.content.loader import Content
from send_guide.editing.drafts import Draft, UnknownAnswerError
from send_guide.editing.trial import Trial
from send_guide.editing.yaml_patch import NotEditedError, edited_files
from send_guide.storage import answer_changes
from send_guide.storage.database import Database

MOST_NUMBER = 2**31 - 1
"""What the column of a number holds in PostgreSQL."""
MOST_REASON = 500
"""Characters of a reason."""
WAITING = "Waiting for another trial to end"
"""Progress of a trial that has not begun; one that is under way says how far: "Training (40%)"."""
STALE = 120.0
"""Seconds after which a trial that says nothing has stopped: the service was restarted."""


@dataclass(frozen=True)
class Change:
    """A drafted change.

    Attributes:
        number: its number.
        made: when, seconds since 1970.
        who: who made it.
        draft: what it changes.
        touched: when it or its trial last moved, seconds since 1970.
        progress: what its trial is doing or why it ended; None where there is none, or it is done.
        trial: what the trial has shown.
        saved: when it was saved, seconds since 1970.
        reason: why.
        patch: the difference of the files.
    """

    number: int
    made: float
    who: str
    draft: Draft
    touched: float
    progress: str | None = None
    trial: Trial | None = None
    saved: float | None = None
    reason: str | None = None
    patch: str | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether its trial waited or was under way when something was last heard of it."""
        progress = self.progress or ""
        return self.trial is None and (progress == WAITING or progress.endswith("%)"))

    def is_trying(self, now: float) -> bool:
        """Return whether its trial waits or is under way."""
        return self.is_under_way and now - self.touched < STALE

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.number:04d}-{re.sub('[. ]', '-', self.draft.answer)}.patch"


async def begin(database: Database, who: str, draft: Draft, progress: str | None) -> int:
    """Keep a draft; return its number.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    now = time.time()
    values = {
        "made": now,
        "who": who,
        "answer": draft.answer,
        "draft": json.dumps(asdict(draft)),
        "touched": now,
        "progress": progress,
    }
    return await answer_changes.insert(database, values)


async def note(database: Database, number: int, progress: str | None, trial: Trial | None = None) -> None:
    """Write down how far a trial is, or what it has shown.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    values: dict[str, Any] = {"touched": time.time(), "progress": progress}
    if trial is not None:
        values["trial"] = json.dumps(trial.as_dict())
    await answer_changes.update(database, number, values)


async def touch(database: Database, number: int) -> None:
    """Write down that the trial of a change is alive.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    await answer_changes.update(database, number, {"touched": time.time()})


async def save(database: Database, number: int, reason: str, patch: str) -> None:
    """Save a change with its reason and its patch.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    now = time.time()
    values = {"saved": now, "touched": now, "reason": reason[:MOST_REASON], "patch": patch}
    await answer_changes.update(database, number, values)


async def last_seconds(database: Database) -> float | None:
    """Return how long the last trial took that was done, or None where none was.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    kept = await answer_changes.last_trial(database)
    return Trial.from_dict(json.loads(kept)).seconds if kept else None


async def find(database: Database, number: int) -> Change | None:
    """Return a change, or None where there is none.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    if number > MOST_NUMBER:
        return None
    row = await answer_changes.find(database, number)
    return _change(row) if row else None


async def saved(database: Database) -> list[Change]:
    """Return the saved changes, the newest first.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    return [_change(row) for row in await answer_changes.saved(database)]


async def waiting(database: Database, content: Content, data: Path, answer_id: str) -> list[Change]:
    """Return the saved changes of an answer that could still be put in, the newest first.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    of_answer = [change for change in await saved(database) if change.draft.answer == answer_id]
    return [change for change in of_answer if _waits(change, content, data)]


def _waits(change: Change, content: Content, data: Path) -> bool:
    """Return whether a saved change would still change the same lines: it is not in, and nothing else is."""
    draft = change.draft
    if any(example.text in draft.add for example in content.examples.get(draft.answer, [])):
        return False
    try:
        now = difference(content, data, draft)
    except (UnknownAnswerError, NotEditedError):
        return False
    return changed_lines(now) == changed_lines(change.patch or "")


def changed_lines(patch: str) -> list[str]:
    """Return the lines of a difference that are new or go."""
    return [line for line in patch.splitlines() if line.startswith(("+", "-"))]


def _change(row: Any) -> Change:
    draft = json.loads(row.draft)
    return Change(
        row.number,
        row.made,
        row.who,
        draft_from(draft),
        row.touched,
        row.progress,
        Trial.from_dict(json.loads(row.trial)) if row.trial else None,
        row.saved,
        row.reason,
        row.patch,
    )


def draft_from(kept: dict[str, Any]) -> Draft:
    """Return the draft that was kept as JSON."""
    return Draft(kept["answer"], kept["fields"], tuple(kept["add"]), tuple(kept["leave_out"]))


def patch_of(
    content: Content,
    data: Path,
    draft: Draft,
    *,
    who: str,
    reason: str,
    trial: Trial | None,
    today: datetime.date,
) -> str:
    """Return the change as a patch for ``git apply`` in a working copy, with who and why above it.

    Args:
        content: what there is.
        data: the folder it comes from; it is called ``data`` in the patch.
        draft: the change.
        who: who made it.
        reason: why.
        trial: what its trial has shown, if there was one.
        today: the day.

    Raises:
        UnknownAnswerError: there is no such answer.
        NotEditedError: the file cannot be changed line by line.
    """
    head = [
        f"Answer: {content.answers[draft.answer].title} ({draft.answer})",
        f"By: {who}, {today:%d %B %Y}",
        *(f"Reason: {line}" for line in reason.splitlines()),
        f"Trial: {trial}" if trial else "Trial: none",
        "To apply: git apply FILE, then send-guide check, then make train",
    ]
    # no line above the difference may look like one of it
    text = "".join(f"# {line}\n" for line in head) + "\n"
    return text + difference(content, data, draft)


def difference(content: Content, data: Path, draft: Draft) -> str:
    """Return the change as a unified difference, files named as in a working copy.

    Raises:
        UnknownAnswerError: there is no such answer.
        NotEditedError: the file cannot be changed line by line.
    """
    return unified(data, edited_files(content, draft))


def unified(data: Path, files: Mapping[Path, tuple[str, str]]) -> str:
    """Return the difference of files of ``data``, before and after, named as in a working copy."""
    found = []
    for path, (before, after) in files.items():
        name = f"data/{path.relative_to(data).as_posix()}"
        lines = difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}"
        )
        found.append(f"diff --git a/{name} b/{name}\n")
        found += [
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        ]
    return "".join(found)
