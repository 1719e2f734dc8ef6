"""How the console is shown: the whole page, or, to its script, the one part that has changed."""

from __future__ import annotations

import datetime
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.content import get_content, wording
from send_guide.domain.dates import spoken
from send_guide.domain.deadlines import DEADLINES, today
from send_guide.helpline import path_map
from send_guide.helpline.call import FACTS, Call
from send_guide.helpline.voice import telling, told
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
    return {"content": get_content(), "wording": wording, "told": told, "telling": telling, **values}


def call_of(request: Request) -> Call:
    """Return the call that the page has carried along, with what the adviser has corrected in it."""
    call, corrected = Call.of(sent(request, "call")), request.form.getlist("corrected") or []
    known = call.situation.known()
    return call.corrected(
        {
            key: value
            for key in FACTS
            if (value := sent(request, f"known-{key}")) and (key in corrected or value != known.get(key))
        }
    )


def day_words(day: datetime.date) -> str:
    """Return a day as it is read aloud, for instance "Thursday 14 January 2027"."""
    return f"{day:%A} {spoken(day)}"


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
        subject=sent(request, "subject"),
        day_words=day_words,
        follow_up=sent(request, "follow_up"),
        findings=None,
        message="",
        problem="",
        facts=Call.of(sent(request, "call")).situation.known(),
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
