"""Approving a saved change, publishing it, what is in service and was, and going back."""

from __future__ import annotations

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide import services
from send_guide.content import get_content
from send_guide.editing import changes
from send_guide.editing.change_pages import standing, title_of_change
from send_guide.editing.publishing import (
    NotPublishedError,
    publishing_of,
)
from send_guide.editing.standing import is_building
from send_guide.editing.wording_pages import day_in_words
from send_guide.staff.auth import signed_in, staff_services, told
from send_guide.storage import audit_log, publications
from send_guide.templating import page

SECOND = "Somebody else than who made a change approves it."
NOT_YET = "This change is not approved yet."


def add_publish_pages(routes: Blueprint) -> None:
    """Add the page of the versions, and what is done to a saved change."""
    routes.add_route(_versions, "/versions", methods=["GET"])
    routes.add_route(_back, "/versions", methods=["POST"])
    routes.add_route(_approve, "/changes/<number:int>/approve", methods=["POST"])
    routes.add_route(_publish, "/changes/<number:int>/publish", methods=["POST"])
    routes.add_route(_progress, "/changes/<number:int>/publish", methods=["GET"])


@signed_in("editor")
async def _approve(request: Request, number: int) -> HTTPResponse:
    database, who = staff_services(request).database, request.ctx.staff.name
    change = await changes.find(database, number)
    if change is None or not change.saved:
        return _none(request)
    if not (await standing(request, change)).can_approve:
        return told(request, 409, "That cannot be approved", SECOND)
    await publications.approve(database, number, who)
    await audit_log.note(database, who, "approved a change", change.name)
    return response.redirect(f"/editor/changes/{number}#publish", status=303)


@signed_in("editor")
async def _publish(request: Request, number: int) -> HTTPResponse:
    shared, who = staff_services(request), request.ctx.staff.name
    change = await changes.find(shared.database, number)
    if change is None or not change.saved:
        return _none(request)
    if not (await standing(request, change)).can_publish:
        return told(request, 409, "That cannot be published", NOT_YET)
    if publishing_of(request).why_not:
        return told(request, 409, "That was not published", publishing_of(request).why_not)
    if shared.settings.approvals == 1:
        await publications.approve(shared.database, number, who)
    publication = await publications.latest(shared.database, number)
    assert publication is not None  # it is approved
    release = services.of(request).release
    try:
        await publishing_of(request).begin(publication, change, release, who)
    except NotPublishedError as error:
        return told(request, 409, "That was not published", str(error))
    return response.redirect(f"/editor/changes/{number}#publish", status=303)


@signed_in("editor")
async def _progress(request: Request, number: int) -> HTTPResponse:
    """Return how far publishing is, for the page to show meanwhile."""
    change = await changes.find(staff_services(request).database, number)
    if change is None or not change.saved:
        return _none(request)
    return page(
        "editor/publish.html",
        staff=request.ctx.staff,
        change=change,
        standing=await standing(request, change),
        why_not=publishing_of(request).why_not,
        day=day_in_words,
    )


@signed_in("editor")
async def _versions(request: Request) -> HTTPResponse:
    """Show what is in service, and who brought what into service when, and why."""
    database, content = staff_services(request).database, get_content()
    base = publishing_of(request).base
    switches = await publications.switches(database, base)
    known = {one.number: one for one in await publications.everything(database)}
    saved = {one.number: one for one in await changes.saved(database)}
    history = []
    for at, switch in enumerate(switches):
        publication = known.get(switch.publication or 0)
        change = saved.get(publication.change) if publication else None
        before = known.get(switches[at + 1].publication or 0) if at + 1 < len(switches) else None
        # who goes back brings what stood there before into service again
        back = before is not None and before.before == switch.publication
        title = title_of_change(change, content) if change else ""
        history.append((switch, publication, change, title, back))
    now = history[0][1] if history else None
    building = [one for one in known.values() if is_building(one)]
    return page(
        "editor/versions.html",
        staff=request.ctx.staff,
        why_not=publishing_of(request).why_not,
        history=history,
        building=[(one, title_of_change(saved[one.change], content)) for one in building],
        can_go_back=now is not None and publishing_of(request).can_go_back(now),
        loaded=services.of(request).release.number,
        day=day_in_words,
    )


@signed_in("editor")
async def _back(request: Request) -> HTTPResponse:
    database, who = staff_services(request).database, request.ctx.staff.name
    instead = request.form.get("instead", "")[:9]
    try:
        await publishing_of(request).go_back(who, int(instead) if instead.isdecimal() else 0)
    except NotPublishedError as error:
        return told(request, 409, "Nothing was changed", str(error))
    await audit_log.note(database, who, "went back to the version before", f"from {instead}")
    return response.redirect("/editor/versions", status=303)


def _none(request: Request) -> HTTPResponse:
    return told(request, 404, "There is no such change", "Save it first. See the saved changes.")
