"""The editors' pages at ``/editor``: what was asked, answers, what is due, publishing."""

from __future__ import annotations

import datetime
import functools

from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.content.latest import content_now
from send_guide.content.loader import Content, data_directory
from send_guide.content.review import Due, due
from send_guide.editing import changes
from send_guide.editing.answer_pages import add_answer_pages
from send_guide.editing.change_pages import add_change_pages
from send_guide.editing.contact_changes import PREFIX, UnknownContactError, confirm
from send_guide.editing.publish_pages import add_publish_pages
from send_guide.editing.publishing import Publishing
from send_guide.editing.report_pages import add_report_pages
from send_guide.editing.trial_runner import Trials
from send_guide.editing.yaml_patch import NotEditedError
from send_guide.releases import Releases
from send_guide.settings import Settings
from send_guide.staff.auth import signed_in, staff_services, told
from send_guide.storage import audit_log
from send_guide.storage.database import Database
from send_guide.templating import STATIC, page

WHY = {
    "review": "Answers to read again",
    "withdrawn": "Answers that are switched off",
    "evidence": "Facts that were checked long ago",
    "not confirmed": "Contacts that are not confirmed",
    "not checked": "Contacts that were looked up long ago",
}
"""Reasons of :class:`~send_guide.content.review.Due` as headings, the most pressing first."""


OF_CONTACTS = ("not confirmed", "not checked")
"""Reasons that are about contacts."""


def add_editor_pages(app: Sanic, database: Database, settings: Settings, releases: Releases) -> None:
    """Add the editors' pages."""
    routes = Blueprint("editor", url_prefix="/editor")
    add_report_pages(routes, database)
    add_answer_pages(routes)
    add_change_pages(routes)
    add_publish_pages(routes)
    routes.add_route(_due, "/due", methods=["GET"])
    routes.add_route(_confirm, "/contacts", methods=["POST"])
    routes.add_route(_script, "/editor.js", methods=["GET"])
    routes.add_route(_style, "/editor.css", methods=["GET"])
    app.blueprint(routes)
    trials = app.ctx.trials = Trials(database, settings)
    publishing = app.ctx.publishing = Publishing(database, settings, releases)
    app.register_listener(functools.partial(_stop, trials, publishing), "before_server_stop")


async def _stop(trials: Trials, publishing: Publishing, *_: object) -> None:
    await trials.stop()
    await publishing.stop()


@signed_in("editor")
async def _due(request: Request) -> HTTPResponse:
    content = await content_now()
    today = datetime.date.today()
    found: dict[str, list[Due]] = {why: [] for why in WHY}
    for thing in due(content, today):
        found[thing.why].append(thing)
    coming = sorted((answer.review, answer.title, answer.id) for answer in content.answers.values())
    return page(
        "editor/due.html",
        staff=request.ctx.staff,
        why=WHY,
        found=found,
        today=today,
        coming=[one for one in coming if one[0] > today][:10],
        answers=content.answers,
        of_contacts=OF_CONTACTS,
        confirmed=await _confirmed(request, content),
    )


async def _confirmed(request: Request, content: Content) -> dict[str, int]:
    """Return the newest change that confirms a contact, by contact, where it waits to be put in."""
    checked = {
        f"{contact.key}.{way}": detail.checked.isoformat() if detail.confirmed else ""
        for contact in content.contacts.values()
        for way, detail in contact.details.items()
    }
    saved = reversed(await changes.saved(staff_services(request).database))
    of_contacts = [one for one in saved if one.draft.answer.startswith(PREFIX)]
    named = [(one.draft.answer.removeprefix(PREFIX), one.draft.fields["checked"], one) for one in of_contacts]
    return {name: one.number for name, day, one in named if name in checked and day > checked[name]}


@signed_in("editor")
async def _confirm(request: Request) -> HTTPResponse:
    """Save the change that confirms a contact, with the day on which it was looked up."""
    shared, today = staff_services(request), datetime.date.today()
    name, content = request.form.get("contact", ""), await content_now()
    try:
        day = datetime.date.fromisoformat(request.form.get("day", ""))
        if day > today:
            raise ValueError
        await confirm(shared.database, content, data_directory(), name, day, request.ctx.staff.name)
    except ValueError:
        return told(request, 422, "Which day?", "Give the day on which it was looked up, none to come.")
    except (UnknownContactError, NotEditedError) as error:
        return told(request, 422, "That could not be changed here", f"{error}.")
    await audit_log.note(shared.database, request.ctx.staff.name, "confirmed a contact", name)
    return response.redirect("/editor/due", status=303)


@signed_in("editor")
async def _script(_: Request) -> HTTPResponse:
    return response.raw((STATIC / "editor.js").read_bytes(), content_type="text/javascript; charset=utf-8")


@signed_in("editor")
async def _style(_: Request) -> HTTPResponse:
    return response.raw((STATIC / "editor.css").read_bytes(), content_type="text/css; charset=utf-8")
