"""The console: a question in, what to say out; what is told goes into the note; a word to the editors."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide import services
from send_guide.channels import address_limit
from send_guide.content import get_content
from send_guide.content.schema import is_urgent
from send_guide.domain.safety import by_words
from send_guide.helpline import reading
from send_guide.helpline.parts import call_of, sent, show
from send_guide.helpline.voice import told
from send_guide.staff.auth import signed_in, staff_services
from send_guide.staff.auth import told as told_on_page
from send_guide.storage import feedback

CHANNEL = "helpline"
REPORTS: dict[str, feedback.Kind] = {"wrong": "wrong", "missing": "missing", "unclear": "unclear"}


def add_console(routes: Blueprint) -> None:
    """Add the console's routes."""
    routes.add_route(_open, "/", methods=["GET"])
    routes.add_route(_answer, "/answer", methods=["POST"])
    routes.add_route(_add, "/add", methods=["POST"])
    routes.add_route(_report, "/report", methods=["POST"])


@signed_in("adviser")
async def _open(request: Request) -> HTTPResponse:
    return show(request, "console")


@signed_in("adviser")
async def _answer(request: Request) -> HTTPResponse:
    """Answer what is typed, or show the answer that was picked. Nothing of it is kept or logged.

    Where too much was asked from the adviser's address, only what to do in danger is said.
    """
    if address_limit.is_over(request):
        urgent = by_words(sent(request, "q"))
        return (
            show(request, "answer", findings=reading.picked(urgent, call_of(request)))
            if urgent
            else _wait(request)
        )
    return show(request, "answer", findings=await _found(request))


@signed_in("adviser")
async def _add(request: Request) -> HTTPResponse:
    """Add question and answer to the note of a page without a script."""
    answer = get_content().answers.get(sent(request, "add"))
    asked = " ".join(sent(request, "q").split())
    lines = [
        sent(request, "note").strip(),
        f"Asked: {asked}" if asked else "",
        told(answer) if answer else "",
    ]
    note = "\n".join(filter(None, lines)) + "\n"
    subject = sent(request, "subject") or (answer.title if answer else "")
    return show(request, "console", q="", note=note, subject=subject, message="Added to the note.")


@signed_in("adviser")
async def _report(request: Request) -> HTTPResponse:
    """Tell the editors that an answer is wrong, missing or unclear; in danger no word of the question."""
    kind = REPORTS.get(sent(request, "kind"))
    if kind is None:
        return show(request, "message", message="Say what it was: wrong, missing or unclear.")
    found = await _read(request)
    urgent = [answer.id for answer in found.urgent] if found else []
    known = get_content().answers
    named = [answer_id for answer_id in request.form.getlist("about") or [] if answer_id in known]
    about = tuple(dict.fromkeys([*urgent, *named]))
    in_danger = any(is_urgent(answer_id) for answer_id in about)
    question = None if in_danger else sent(request, "q") or None
    shared = staff_services(request)
    await feedback.keep(shared.database, feedback.Feedback(CHANNEL, kind, about, question))
    message = f"Thank you. The editors will see: {kind}."
    if in_danger:
        message += " The question is not kept: somebody may be in danger."
    return show(request, "message", message=message, findings=found)


def _wait(request: Request) -> HTTPResponse:
    answer = told_on_page(request, 429, "Please wait a minute", "Too much was asked from here at once.")
    answer.headers["Retry-After"] = "60"
    return answer


async def _found(request: Request) -> reading.Findings | None:
    if picked := sent(request, "pick"):
        return reading.picked(picked, call_of(request))
    return await _read(request)


async def _read(request: Request) -> reading.Findings | None:
    """Return what there is to say to the question that came along, or None where there is none."""
    text = sent(request, "q").strip()
    if not text:
        return None
    return await reading.findings(text, services.of(request).guide.hear, call_of(request))
