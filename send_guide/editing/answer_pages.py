"""The answers: the list, and the page on which one is changed, checked as it is typed, and previewed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide import services
from send_guide.content.latest import content_now
from send_guide.content.loader import Content, data_directory
from send_guide.content.schema import URGENT
from send_guide.editing import changes
from send_guide.editing.conflicts import Conflict, conflicts, taken_for_others
from send_guide.editing.drafts import FIELDS, Draft, UnknownAnswerError, draft_of, words_of
from send_guide.editing.leakage import all_questions
from send_guide.editing.preview import preview
from send_guide.editing.publishing import publishing_of
from send_guide.editing.report_pages import by_section
from send_guide.editing.trial_runner import trials_of
from send_guide.editing.validation import ELSEWHERE, WAYS, DraftReview, Finding, validate_off_loop
from send_guide.editing.wording_pages import day_in_words, segments_in_words
from send_guide.editing.yaml_patch import NotEditedError
from send_guide.helpline.search import search
from send_guide.staff.auth import signed_in, staff_services, told
from send_guide.templating import page

HINTS = {
    "title": "At most 60 characters. People can pick it from a list.",
    "strength": "What the source says. The words below must say the same.",
    "since": "What has changed since the offer was printed. Leave it empty where nothing has.",
    "lead": "The direct answer, as it is right now. At most 25 words; never yes or no first.",
    "points": "Up to five short lines, one a line. With the answer and what to do next at most 90 words.",
    "text": "The answer in plain English. At most 90 words.",
    "short": "Complete on its own. At most 306 plain characters.",
    "easy_read": "One idea a line.",
    "checked": "The day on which somebody last looked the facts up.",
    "confidence": "How sure the facts are.",
    "links": "One address a line.",
    "review": "The day by which somebody must read this again.",
}
CHOICES = {
    "strength": ("must", "should", "is-required-to", "information"),
    "confidence": ("high", "medium-high", "medium", "low"),
}
DAYS = ("checked", "review")
ROWS = {"title": 1, "since": 5, "lead": 4, "points": 8, "text": 8, "short": 5, "easy_read": 10, "links": 4}


@dataclass(frozen=True)
class Typed:
    """What stands in the form: words by field, ways of asking to add (a text of lines) and to take away."""

    fields: Mapping[str, str]
    add: str
    leave_out: tuple[str, ...] = ()


def add_answer_pages(routes: Blueprint) -> None:
    """Add the list of answers and the page of each."""
    routes.add_route(_answers, "/answers", methods=["GET", "POST"])
    routes.add_route(_answer, "/answers/<answer_id:str>", methods=["GET"])
    routes.add_route(_change, "/answers/<answer_id:str>", methods=["POST"])
    routes.add_route(_look, "/answers/<answer_id:str>/look", methods=["POST"])
    routes.add_route(_begin, "/begin", methods=["POST"])


@signed_in("editor")
async def _answers(request: Request) -> HTTPResponse:
    """List the answers, those that hold some words first; these come by POST and stand in no address."""
    content = await content_now()
    looked_for = request.form.get("find", "").strip() if request.method == "POST" else ""
    found = await asyncio.to_thread(search, looked_for, content) if looked_for else None
    return page(
        "editor/answers.html",
        staff=request.ctx.staff,
        sections=by_section(),
        content=content,
        looked_for=looked_for,
        found=found,
    )


@signed_in("editor")
async def _answer(request: Request, answer_id: str) -> HTTPResponse:
    """Show an answer; with ``?change=N`` as that change has it."""
    content = await content_now()
    if answer_id not in content.answers:
        return _no_answer(request)
    typed = Typed(words_of(content, answer_id), "")
    if (number := request.args.get("change", "")).isdecimal():
        change = await changes.find(staff_services(request).database, int(number))
        if change and change.draft.answer == answer_id:
            draft = change.draft
            typed = Typed({**typed.fields, **draft.fields}, "\n".join(draft.add), draft.leave_out)
    return await _form(request, content, answer_id, typed)


@signed_in("editor")
async def _begin(request: Request) -> HTTPResponse:
    """Open the page of an answer with questions that people asked as new ways of asking."""
    content = await content_now()
    answer_id = request.form.get("answer") or request.form.get("other") or ""
    if answer_id not in content.answers:
        return told(request, 422, "Which answer?", "Please go back and choose the answer they ask for.")
    asked = "\n".join(request.form.getlist("question") or [])
    return await _form(request, content, answer_id, Typed(words_of(content, answer_id), asked))


@signed_in("editor")
async def _change(request: Request, answer_id: str) -> HTTPResponse:
    """Check what was typed; where it is ready and wanted, keep it as a change and begin its trial."""
    content = await content_now()
    if answer_id not in content.answers:
        return _no_answer(request)
    typed = _typed(request, words_of(content, answer_id))
    if request.form.get("do") != "go-on":
        return await _form(request, content, answer_id, typed)
    draft = _draft(content, answer_id, typed)
    if not draft or (await looked_through(request, content, draft)).findings:
        return await _form(request, content, answer_id, typed, 422)
    model = services.of(request).release.model
    number = await trials_of(request).begin(request.ctx.staff.name, draft, model)
    return response.redirect(f"/editor/changes/{number}", status=303)


@signed_in("editor")
async def _look(request: Request, answer_id: str) -> HTTPResponse:
    """Return what is to be mended and the preview, for the page to show while somebody types."""
    content = await content_now()
    if answer_id not in content.answers:
        return _no_answer(request)
    draft = _draft(content, answer_id, _typed(request, words_of(content, answer_id)))
    return page("editor/looked.html", names=FIELDS, **await _seen(request, content, draft))


async def _form(
    request: Request, content: Content, answer_id: str, typed: Typed, status: int = 200
) -> HTTPResponse:
    answer = content.answers[answer_id]
    return page(
        "editor/answer.html",
        status=status,
        staff=request.ctx.staff,
        answer=answer,
        source=str(answer.source),
        typed=typed,
        known=[example.text for example in content.examples.get(answer_id, [])],
        names=FIELDS,
        fields=words_of(content, answer_id),
        hints=HINTS,
        choices=CHOICES,
        days=DAYS,
        rows=ROWS,
        refused=status == 422,
        why_not=publishing_of(request).why_not,
        waiting=await changes.waiting(staff_services(request).database, content, data_directory(), answer_id),
        day=day_in_words,
        **await _seen(request, content, _draft(content, answer_id, typed)),
    )


async def looked_through(request: Request, content: Content, draft: Draft) -> DraftReview:
    """Return a draft looked through, off the event loop; what cannot be edited is a finding too."""
    folder = staff_services(request).settings.questions
    try:
        questions = await asyncio.to_thread(all_questions, folder)
        return await validate_off_loop(data_directory(), draft, questions)
    except (NotEditedError, UnknownAnswerError) as error:
        return DraftReview(None, content, (Finding(ELSEWHERE, str(error)),), ())


async def named_conflicts(request: Request, content: Content, draft: Draft) -> list[Conflict]:
    """Return the ways of asking of a draft that belong to other answers, each once."""
    same = await asyncio.to_thread(conflicts, content, draft)
    named = {one.text for one in same}
    read = await taken_for_others(draft, services.of(request).guide.understand)
    return [*same, *(one for one in read if one.text not in named)]


async def _seen(request: Request, content: Content, draft: Draft) -> dict[str, Any]:
    """Return what the page shows of a draft: findings, measures, preview."""
    found = await looked_through(request, content, draft)
    answer = found.answer
    return {
        "conflicts": await named_conflicts(request, content, draft),
        "titles": {key: one.title for key, one in content.answers.items()},
        "changed": bool(draft),
        "asks_otherwise": draft.asks_otherwise,
        "findings": found.findings,
        "wrong": {finding.place for finding in found.findings},
        "ways": WAYS,
        "measures": {measure.field: measure for measure in found.measures},
        "preview": preview(answer, found.content) if answer else None,
        "urgent": bool(answer and answer.section == URGENT),
        "in_words": segments_in_words,
    }


def _typed(request: Request, names: Iterable[str]) -> Typed:
    # a form leaves out what is empty
    fields = {name: request.form.get(name, "") for name in names}
    return Typed(fields, request.form.get("add", ""), tuple(request.form.getlist("leave_out") or ()))


def _draft(content: Content, answer_id: str, typed: Typed) -> Draft:
    fields = dict(typed.fields)
    if not content.answers[answer_id].evidence and not any(fields[name] for name in ("checked", "links")):
        fields["confidence"] = ""  # the form always has one; alone it says nothing
    return draft_of(content, answer_id, fields, typed.add.splitlines(), typed.leave_out)


def _no_answer(request: Request) -> HTTPResponse:
    return told(
        request, 404, "There is no such answer", "It may have been taken away. See the list of answers."
    )
