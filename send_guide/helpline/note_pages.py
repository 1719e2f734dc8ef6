"""Notes of calls: fetched as a file, saved, listed, found again, deleted."""

from __future__ import annotations

import datetime

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.helpline import notes
from send_guide.helpline.parts import day, sent, show, words
from send_guide.staff.auth import signed_in, staff_services, told
from send_guide.storage import audit_log, case_notes
from send_guide.templating import page

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def add_note_pages(routes: Blueprint) -> None:
    """Add the routes."""
    routes.add_route(_as_text, "/note.txt", methods=["POST"])
    routes.add_route(_as_docx, "/note.docx", methods=["POST"])
    routes.add_route(_save, "/notes", methods=["POST"])
    routes.add_route(_listed, "/notes", methods=["GET"])
    routes.add_route(_found, "/notes/find", methods=["POST"])
    routes.add_route(_open, "/notes/<reference:str>", methods=["GET"])
    routes.add_route(_delete, "/notes/<reference:str>/delete", methods=["POST"])


@signed_in("adviser")
async def _as_text(request: Request) -> HTTPResponse:
    made = notes.as_text(sent(request, "note"), day(sent(request, "follow_up")))
    return download(made, "call.txt", "text/plain; charset=utf-8")


@signed_in("adviser")
async def _as_docx(request: Request) -> HTTPResponse:
    made = notes.as_docx(sent(request, "note"), day(sent(request, "follow_up")))
    return download(made, "call.docx", WORD)


@signed_in("adviser")
async def _save(request: Request) -> HTTPResponse:
    text, shared, staff = sent(request, "note").strip(), staff_services(request), request.ctx.staff
    if not text:
        return show(request, "message", message="There is nothing in the note yet.")
    note = await case_notes.save(shared.database, staff.name, text, day(sent(request, "follow_up")))
    await audit_log.note(shared.database, staff.name, "note saved", note.reference)
    changed = " Names and numbers were taken out." if note.text != text else ""
    message = f"Saved as {note.reference}. It is kept for {shared.settings.keep_note_days} days.{changed}"
    return show(request, "message", message=message, note=note.text)


@signed_in("adviser")
async def _listed(request: Request) -> HTTPResponse:
    return await _list(request)


@signed_in("adviser")
async def _found(request: Request) -> HTTPResponse:
    note = await case_notes.find(staff_services(request).database, sent(request, "reference"))
    if note is None:
        return await _list(request, "There is no note with that reference. It may be past its time.")
    return response.redirect(f"/helpline/notes/{note.reference}", status=303)


@signed_in("adviser")
async def _open(request: Request, reference: str) -> HTTPResponse:
    """Show a note; a colleague who knows the reference may open it, and that is written down."""
    note = await case_notes.find(staff_services(request).database, reference)
    if note is None:
        return told(request, 404, "No such note", "There is no note with that reference.")
    if note.account != request.ctx.staff.name:
        await audit_log.note(
            staff_services(request).database, request.ctx.staff.name, "note of a colleague opened", reference
        )
    return page("helpline/note.html", **words(staff=request.ctx.staff, note=note))


@signed_in("adviser")
async def _delete(request: Request, reference: str) -> HTTPResponse:
    database, name = staff_services(request).database, request.ctx.staff.name
    if not await case_notes.delete(database, name, reference):
        return told(request, 404, "No such note", "You have no note with that reference.")
    await audit_log.note(database, name, "note deleted", reference)
    return response.redirect("/helpline/notes", status=303)


async def _list(request: Request, problem: str = "") -> HTTPResponse:
    shared, staff = staff_services(request), request.ctx.staff
    return page(
        "helpline/notes.html",
        **words(
            staff=staff,
            notes=await case_notes.listed(shared.database, staff.name),
            days=shared.settings.keep_note_days,
            today=datetime.datetime.now(datetime.UTC).date(),
            problem=problem,
        ),
    )


def download(body: bytes, name: str, content_type: str) -> HTTPResponse:
    """Return a file that the browser saves under ``name``."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return response.raw(body, headers=disposition, content_type=content_type)
