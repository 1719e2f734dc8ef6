"""How the console is shown: the whole page, or, to its script, the one part that has changed."""

from __future__ import annotations

import datetime
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.content import Answer, get_content, wording
from send_guide.domain.deadlines import DEADLINES, today
from send_guide.helpline import path_map
from send_guide.staff.auth import wants_page
from send_guide.templating import page


def show(request: Request, part: str, **values: object) -> HTTPResponse:
    """Return the console with ``values``, or only its part to a script.

    Args:
        request: of somebody who is signed in.
        part: a template of ``templates/helpline``: answer, map, deadline, letter, message.
        **values: what that part shows.
    """
    template = "console" if wants_page(request) else part
    return page(f"helpline/{template}.html", **(_nothing_yet(request) | values))


def words(**values: object) -> dict[str, Any]:
    """Return what every page of the helpline may use to put answers into words."""
    return {"content": get_content(), "wording": wording, "told": told, **values}


def told(answer: Answer) -> str:
    """Return the line of a note that says what the caller was told."""
    said = wording.source_line(answer, get_content().roles) or "This answer is being checked."
    return f"Told: {answer.title} {said}"


def sent(request: Request, name: str) -> str:
    """Return a field of the form that came along, with line ends as we write them."""
    value: str = request.form.get(name) or ""
    return value.replace("\r\n", "\n")


def day(text: str) -> datetime.date | None:
    """Return a day as a date field sends it, or None."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _nothing_yet(request: Request) -> dict[str, Any]:
    return words(
        staff=request.ctx.staff,
        q=sent(request, "q"),
        note=sent(request, "note"),
        follow_up=sent(request, "follow_up"),
        findings=None,
        message="",
        problem="",
        facts={},
        ways=path_map.ways({}),
        step=None,
        done=[],
        deadline=None,
        letter=None,
        open="",
        limits=DEADLINES.values(),
        today=today(),
        form=lambda name: sent(request, name),
    )
