"""A change that has been drafted: its trial, its difference, saving it as a patch."""

from __future__ import annotations

import datetime
import time
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.content.loader import Content, data_directory, read_content
from send_guide.editing import changes
from send_guide.editing.answer_pages import looked_through
from send_guide.editing.changes import Change, difference, patch_of
from send_guide.editing.drafts import UnknownAnswerError
from send_guide.editing.edited import NotEditedError
from send_guide.editing.report import title_of
from send_guide.editing.trial import NAMES
from send_guide.pages import HEADERS, page
from send_guide.staff import audit
from send_guide.staff.door import signed_in, told

NO_REASON = "Say why, in a sentence. Whoever reviews the change reads it first."
NOT_READY = (
    "The answer has changed meanwhile, and this change does not fit any more. Please go back to editing."
)


def add_change_pages(routes: Blueprint) -> None:
    """Add the list of saved changes and the page of each change."""
    routes.add_route(_all, "/changes", methods=["GET"])
    routes.add_route(_one, "/changes/<number:int>", methods=["GET"])
    routes.add_route(_save, "/changes/<number:int>", methods=["POST"])
    routes.add_route(_trial, "/changes/<number:int>/trial", methods=["GET"])
    routes.add_route(_patch, "/changes/<number:int>/patch", methods=["GET"])


@signed_in("editor")
async def _all(request: Request) -> HTTPResponse:
    content, _ = read_content(data_directory())
    saved = await changes.saved(request.app.ctx.door.store)
    found = [(change, title_of(change.draft.answer, content)) for change in saved]
    return page("editor/changes.html", staff=request.ctx.staff, found=found, day=_day)


@signed_in("editor")
async def _one(request: Request, number: int) -> HTTPResponse:
    change = await changes.find(request.app.ctx.door.store, number)
    return _show(request, change) if change else _no_change(request)


@signed_in("editor")
async def _trial(request: Request, number: int) -> HTTPResponse:
    """Return how the trial goes, for the page to show while it runs."""
    change = await changes.find(request.app.ctx.door.store, number)
    return page("editor/trial.html", **_values(change)) if change else _no_change(request)


@signed_in("editor")
async def _patch(request: Request, number: int) -> HTTPResponse:
    change = await changes.find(request.app.ctx.door.store, number)
    if change is None or change.patch is None:
        return _no_change(request)
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{change.name}"'}
    return response.raw(change.patch.encode(), content_type="text/x-diff; charset=utf-8", headers=headers)


@signed_in("editor")
async def _save(request: Request, number: int) -> HTTPResponse:
    """Save a change with its reason, or begin its trial anew."""
    store = request.app.ctx.door.store
    change = await changes.find(store, number)
    if change is None:
        return _no_change(request)
    if request.form.get("do") == "try":
        number = await request.app.ctx.trials.begin(request.ctx.staff.name, change.draft)
    elif not change.saved:
        reason = " ".join(request.form.get("reason", "").split())
        if not reason:
            return _show(request, change, NO_REASON, status=422)
        content, _ = read_content(data_directory())
        if (await looked_through(request, content, change.draft)).findings:
            return _show(request, change, NOT_READY, reason, 422)
        patch = _patch_of(request, content, change, reason)
        await changes.save(store, number, reason, patch)
        await audit.note(store, request.ctx.staff.name, "saved a change of an answer", change.name)
    return response.redirect(f"/editor/changes/{number}", status=303)


def _patch_of(request: Request, content: Content, change: Change, reason: str) -> str:
    return patch_of(
        content,
        data_directory(),
        change.draft,
        who=request.ctx.staff.name,
        reason=reason,
        trial=change.trial,
        today=datetime.date.today(),
    )


def _show(
    request: Request, change: Change, problem: str = "", reason: str = "", status: int = 200
) -> HTTPResponse:
    content, _ = read_content(data_directory())
    return page(
        "editor/change.html",
        status=status,
        staff=request.ctx.staff,
        title=title_of(change.draft.answer, content),
        patch=change.patch or _difference(content, change),
        problem=problem,
        reason=reason,
        **_values(change),
    )


def _difference(content: Content, change: Change) -> str:
    """Return the difference of a change; none where it does not fit what there is now."""
    try:
        return difference(content, data_directory(), change.draft)
    except (UnknownAnswerError, NotEditedError):
        return ""


def _values(change: Change) -> dict[str, Any]:
    """Return what the page and the part of it that is loaded again both show."""
    return {
        "change": change,
        "trying": change.is_trying(time.time()),
        "stopped": bool(change.progress) and not change.is_trying(time.time()) and change.trial is None,
        "set_names": NAMES,
        "day": _day,
    }


def _day(moment: float) -> str:
    return f"{datetime.datetime.fromtimestamp(moment).astimezone():%d %B %Y, %H:%M}"


def _no_change(request: Request) -> HTTPResponse:
    return told(request, 404, "There is no such change", "It may have been too old. See the saved changes.")
