"""What stands beside the answer: the map of the path, time limits, letters."""

from __future__ import annotations

import datetime

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.content import get_content
from send_guide.domain import letters
from send_guide.domain.calendar_file import calendar_file, calendar_name
from send_guide.domain.deadlines import DEADLINES, Deadline, Facts
from send_guide.helpline import path_map
from send_guide.helpline.note_pages import WORD, download
from send_guide.helpline.parts import day, sent, show
from send_guide.staff.auth import signed_in

FACTS = ("topic", "setting", "decision", "delay", "who")
"""The questions of the path that an adviser can answer for the caller, in a list to pick from."""


def add_tools(routes: Blueprint) -> None:
    """Add the routes."""
    routes.add_route(_map, "/map", methods=["POST"])
    routes.add_route(_deadline, "/deadline", methods=["POST"])
    routes.add_route(_calendar, "/deadline.ics", methods=["POST"])
    routes.add_route(_letter, "/letter", methods=["POST"])
    routes.add_route(_letter_as_text, "/letter.txt", methods=["POST"])
    routes.add_route(_letter_as_docx, "/letter.docx", methods=["POST"])


@signed_in("adviser")
async def _map(request: Request) -> HTTPResponse:
    """Show the path with the step that was picked, or that an answer stands at."""
    facts, here = facts_of(request), sent(request, "step")
    if entry := sent(request, "entry"):
        known, found = path_map.known_of(entry)
        facts, here = {**facts, **known}, found or ""
    step = get_content().steps.get(here)
    done = path_map.before(step.id, facts) if step else []
    return show(request, "map", facts=facts, ways=path_map.ways(facts), step=step, done=done, open="map")


@signed_in("adviser")
async def _deadline(request: Request) -> HTTPResponse:
    deadline, problem = _worked_out(request)
    return show(request, "deadline", deadline=deadline, problem=problem, open="deadline")


@signed_in("adviser")
async def _calendar(request: Request) -> HTTPResponse:
    deadline, problem = _worked_out(request)
    if deadline is None:
        return show(request, "deadline", deadline=None, problem=problem, open="deadline")
    try:
        made = calendar_file(deadline, datetime.datetime.now(datetime.UTC))
    except ValueError as error:
        problem = f"There is no calendar file: {error}."
        return show(request, "deadline", deadline=deadline, problem=problem, open="deadline")
    return download(made, calendar_name(deadline.title, deadline.last_day), "text/calendar; charset=utf-8")


@signed_in("adviser")
async def _letter(request: Request) -> HTTPResponse:
    return show(request, "letter", letter=_drafted(request), open="letter")


@signed_in("adviser")
async def _letter_as_text(request: Request) -> HTTPResponse:
    if (letter := _drafted(request)) is None:
        return response.redirect("/helpline", status=303)
    return download(
        letters.as_text(letter), letters.file_name(letter.title, "txt"), "text/plain; charset=utf-8"
    )


@signed_in("adviser")
async def _letter_as_docx(request: Request) -> HTTPResponse:
    if (letter := _drafted(request)) is None:
        return response.redirect("/helpline", status=303)
    return download(letters.as_docx(letter), letters.file_name(letter.title, "docx"), WORD)


def facts_of(request: Request) -> dict[str, str]:
    """Return what has been picked of the caller's situation; what is no option of a question is left out."""
    questions = get_content().questions
    picked = {key: sent(request, key) for key in FACTS if key in questions}
    return {key: value for key, value in picked.items() if value in questions[key].options}


def _worked_out(request: Request) -> tuple[Deadline | None, str]:
    """Return a time limit, or None and what is missing."""
    when = day(sent(request, "date"))
    if when is None:
        return None, "Give the date that it counts from."
    picked = facts_of(request)
    facts = Facts(
        setting=picked.get("setting", ""),
        decision=picked.get("decision", ""),
        certificate=day(sent(request, "certificate")),
        to_college=bool(sent(request, "to_college")),
    )
    rule = DEADLINES.get(sent(request, "limit"), DEADLINES["appeal"])
    try:
        return rule.work_out(when, facts), ""
    except (ValueError, OverflowError) as error:
        return None, f"That cannot be right: {error}."


def _drafted(request: Request) -> letters.Letter | None:
    """Return the draft that was asked for, filled from what was picked, or None where there is none such."""
    done = dict.fromkeys(request.form.getlist("done") or [], "yes")
    try:
        return letters.render(sent(request, "template"), {**facts_of(request), **done})
    except letters.UnknownLetterError:
        return None
