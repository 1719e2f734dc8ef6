"""A change that has been drafted: its trial, its difference, saving it as a patch."""

from __future__ import annotations

import asyncio
import datetime
import time
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide import services
from send_guide.content.latest import content_now
from send_guide.content.loader import Content, data_directory
from send_guide.editing import changes
from send_guide.editing.answer_pages import looked_through, named_conflicts
from send_guide.editing.changes import Change, difference, patch_of
from send_guide.editing.contact_changes import PREFIX, title_of_contact
from send_guide.editing.drafts import UnknownAnswerError, tidied
from send_guide.editing.publishing import publishing_of
from send_guide.editing.report import title_of
from send_guide.editing.standing import Standing, Standings
from send_guide.editing.trial import NAMES, heard, open_trial
from send_guide.editing.trial_runner import trained_folder, trials_of
from send_guide.editing.wording_pages import day_in_words, minutes_in_words
from send_guide.editing.yaml_patch import NotEditedError
from send_guide.staff.auth import signed_in, staff_services, told
from send_guide.storage import audit_log
from send_guide.templating import HEADERS, page

MOST_ASKED = 2_000
"""Characters of a sentence that a trial is asked."""
NO_REASON = "Say why, in a sentence. Whoever reviews the change reads it first."
NO_TRIAL = "The trial is not done. Wait until it is, or start it again; then save the change."
NOT_READY = (
    "The answer has changed meanwhile, and this change does not fit any more. Please go back to editing."
)


def add_change_pages(routes: Blueprint) -> None:
    """Add the list of saved changes and the page of each change."""
    routes.add_route(_all, "/changes", methods=["GET"])
    routes.add_route(_one, "/changes/<number:int>", methods=["GET"])
    routes.add_route(_save, "/changes/<number:int>", methods=["POST"])
    routes.add_route(_trial, "/changes/<number:int>/trial", methods=["GET"])
    routes.add_route(_ask, "/changes/<number:int>/ask", methods=["POST"])
    routes.add_route(_patch, "/changes/<number:int>/patch", methods=["GET"])


@signed_in("editor")
async def _all(request: Request) -> HTTPResponse:
    content = await content_now()
    saved = await changes.saved(staff_services(request).database)
    standings, who = await _standings(request), request.ctx.staff.name
    found = [(one, title_of_change(one, content), standings.of(one, who)) for one in saved]
    return page("editor/changes.html", staff=request.ctx.staff, found=found, day=day_in_words)


@signed_in("editor")
async def _one(request: Request, number: int) -> HTTPResponse:
    change = await changes.find(staff_services(request).database, number)
    return await _show(request, change) if change else _no_change(request)


@signed_in("editor")
async def _trial(request: Request, number: int) -> HTTPResponse:
    """Return how the trial goes, for the page to show while it runs."""
    change = await changes.find(staff_services(request).database, number)
    return page("editor/trial.html", **await _values(request, change)) if change else _no_change(request)


@signed_in("editor")
async def _patch(request: Request, number: int) -> HTTPResponse:
    change = await changes.find(staff_services(request).database, number)
    if change is None or change.patch is None:
        return _no_change(request)
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{change.name}"'}
    return response.raw(change.patch.encode(), content_type="text/x-diff; charset=utf-8", headers=headers)


@signed_in("editor")
async def _ask(request: Request, number: int) -> HTTPResponse:
    """Ask a sentence of the guide as it is, and of what the trial has trained. It is kept nowhere."""
    change = await changes.find(staff_services(request).database, number)
    question = request.form.get("q", "").strip()[:MOST_ASKED]
    if change is None:
        return _no_change(request)
    content = await content_now()
    service = services.of(request).guide.engine.analyser
    opened = await asyncio.to_thread(open_trial, trained_folder(number), service.encoder)
    asked = {"q": question, "now": "", "then": "", "gone": opened is None}
    if opened and question:
        trained, thresholds = opened
        asked["now"] = await asyncio.to_thread(heard, service, thresholds, question, content)
        asked["then"] = await asyncio.to_thread(heard, trained, thresholds, question, content)
    return await _show(request, change, asked=asked)


@signed_in("editor")
async def _save(request: Request, number: int) -> HTTPResponse:
    """Save a change with its reason, or begin its trial anew."""
    database = staff_services(request).database
    change = await changes.find(database, number)
    if change is None:
        return _no_change(request)
    if request.form.get("do") == "try":
        model = services.of(request).release.model
        number = await trials_of(request).begin(request.ctx.staff.name, change.draft, model)
    elif not change.saved:
        reason = tidied("reason", request.form.get("reason", ""))
        content = await content_now()
        if problem := await _problem(request, content, change, reason):
            return await _show(request, change, problem, reason, 422)
        patch = _patch_of(request, content, change, reason)
        await changes.save(database, number, reason, patch)
        await audit_log.note(database, request.ctx.staff.name, "saved a change of an answer", change.name)
    return response.redirect(f"/editor/changes/{number}", status=303)


async def _problem(request: Request, content: Content, change: Change, reason: str) -> str:
    """Return why a change cannot be saved yet, or an empty text."""
    if not reason:
        return NO_REASON
    if change.draft.asks_otherwise and change.trial is None:
        return NO_TRIAL
    return NOT_READY if (await looked_through(request, content, change.draft)).findings else ""


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


async def _show(
    request: Request,
    change: Change,
    problem: str = "",
    reason: str = "",
    status: int = 200,
    asked: dict[str, Any] | None = None,
) -> HTTPResponse:
    content = await content_now()
    database = staff_services(request).database
    others = await changes.waiting(database, content, data_directory(), change.draft.answer)
    return page(
        "editor/change.html",
        status=status,
        waiting=[other for other in others if other.number != change.number],
        title=title_of_change(change, content),
        of_contact=change.draft.answer.startswith(PREFIX),
        patch=change.patch or _difference(content, change),
        problem=problem,
        reason=reason,
        no_reason=problem == NO_REASON,
        asked=asked,
        standing=await standing(request, change) if change.saved else None,
        why_not=publishing_of(request).why_not,
        conflicts=[] if change.saved else await named_conflicts(request, content, change.draft),
        titles={key: answer.title for key, answer in content.answers.items()},
        **await _values(request, change),
    )


async def standing(request: Request, change: Change) -> Standing:
    """Return where a saved change stands on its way into service, for who is signed in."""
    return (await _standings(request)).of(change, request.ctx.staff.name)


async def _standings(request: Request) -> Standings:
    shared, base = staff_services(request), publishing_of(request).base
    return await Standings.read(shared.database, base, shared.settings.approvals)


def title_of_change(change: Change, content: Content) -> str:
    """Return what a change is called: the title of its answer, or whose contact it is."""
    changed = change.draft.answer
    return title_of_contact(content, changed) if changed.startswith(PREFIX) else title_of(changed, content)


def _difference(content: Content, change: Change) -> str:
    """Return the difference of a change; none where it does not fit what there is now."""
    try:
        return difference(content, data_directory(), change.draft)
    except (UnknownAnswerError, NotEditedError):
        return ""


async def _values(request: Request, change: Change) -> dict[str, Any]:
    """Return what the page and the part of it that is loaded again both show."""
    usual = await changes.last_seconds(staff_services(request).database)
    return {
        "staff": request.ctx.staff,
        "change": change,
        "trying": change.is_trying(time.time()),
        "in_minutes": minutes_in_words,
        "usual": minutes_in_words(usual) if usual else "",
        "so_far": minutes_in_words(time.time() - change.made),
        "stopped": bool(change.progress) and not change.is_trying(time.time()) and change.trial is None,
        "set_names": NAMES,
        "day": day_in_words,
    }


def _no_change(request: Request) -> HTTPResponse:
    return told(request, 404, "There is no such change", "It may have been too old. See the saved changes.")
