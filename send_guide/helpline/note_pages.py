"""Notes of calls: fetched as a file, saved, listed, found again, deleted."""

from __future__ import annotations

import datetime
from collections import Counter

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.helpline import notes
from send_guide.helpline.parts import day, sent, show, words
from send_guide.privacy.redaction import find
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
    made = notes.as_text(*_of_form(request))
    return download(made, "call.txt", "text/plain; charset=utf-8")


@signed_in("adviser")
async def _as_docx(request: Request) -> HTTPResponse:
    made = notes.as_docx(*_of_form(request))
    return download(made, "call.docx", WORD)


def _of_form(request: Request) -> tuple[str, datetime.date | None, str]:
    return sent(request, "note"), day(sent(request, "follow_up")), sent(request, "subject")


@signed_in("adviser")
async def _save(request: Request) -> HTTPResponse:
    text, shared, staff = sent(request, "note").strip(), staff_services(request), request.ctx.staff
    if not text:
        return show(request, "message", message="There is nothing in the note yet.")
    subject, follow_up = sent(request, "subject"), day(sent(request, "follow_up"))
    note = await case_notes.save(shared.database, staff.name, text, follow_up, subject)
    await audit_log.note(shared.database, staff.name, "note saved", note.reference)
    kept = shared.settings.keep_note_days
    taken_out = _taken_out(f"{subject}\n{text}")
    message = f"Saved as {note.reference}. It is kept for {kept} days."
    if taken_out:
        message += f" Names and numbers were taken out: {taken_out}."
    values = {"saved": note, "days": kept, "taken_out": taken_out, "note": note.text, "subject": note.subject}
    return show(request, "saved", message=message, **values)


def _taken_out(text: str) -> str:
    """Return what is taken out of a text before it is kept: kinds and how often, for instance two names."""
    kinds = Counter(found.kind for found in find(text))
    return "; ".join(f"{kind}, {times} times" if times > 1 else kind for kind, times in kinds.items())


@signed_in("adviser")
async def _listed(request: Request) -> HTTPResponse:
    return await _list(request)


@signed_in("adviser")
async def _found(request: Request) -> HTTPResponse:
    """Open the note of a reference; else list what holds the words, or is of the day, that were typed."""
    shared, staff = staff_services(request), request.ctx.staff
    looked_for, on = sent(request, "find").strip(), day(sent(request, "on"))
    note = await case_notes.find(shared.database, looked_for)
    if note is not None:
        return response.redirect(f"/helpline/notes/{note.reference}", status=303)
    found = await case_notes.search(shared.database, staff.name, looked_for, on)
    return await _list(request, found, looked_for, on)


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


async def _list(
    request: Request,
    found: list[case_notes.Note] | None = None,
    looked_for: str = "",
    on: datetime.date | None = None,
) -> HTTPResponse:
    shared, staff = staff_services(request), request.ctx.staff
    return page(
        "helpline/notes.html",
        **words(
            staff=staff,
            found=found,
            looked_for=looked_for,
            on=on,
            notes=await case_notes.listed(shared.database, staff.name) if found is None else found,
            days=shared.settings.keep_note_days,
            today=datetime.datetime.now(datetime.UTC).date(),
        ),
    )


def download(body: bytes, name: str, content_type: str) -> HTTPResponse:
    """Return a file that the browser saves under ``name``."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return response.raw(body, headers=disposition, content_type=content_type)
