"""What people asked, as a page with pictures and the tables that say the same."""

from __future__ import annotations

import datetime
import time

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide import services
from send_guide.content import get_content
from send_guide.editing import plots
from send_guide.editing.report import Report, report
from send_guide.editing.wording_pages import outcomes_in_words
from send_guide.staff.auth import signed_in
from send_guide.storage.database import Database
from send_guide.templating import HEADERS, page

WEEKS = (1, 2, 4, 8, 13)
MOST_GROUPS = 50
MOST_ROWS = 30
FRESH = 30.0
"""Seconds for which a report is shown again: a page and its pictures are of the same moment."""


def add_report_pages(routes: Blueprint, database: Database) -> None:
    """Add the report and its pictures."""
    made: dict[tuple[int, str], tuple[float, Report]] = {}

    async def wanted(request: Request) -> Report:
        """Return the report that a request asks for."""
        key = _weeks(request), request.args.get("channel", "")
        if key not in made or time.monotonic() - made[key][0] > FRESH:
            for old in [one for one, (at, _) in made.items() if time.monotonic() - at > FRESH]:
                del made[old]
            encoder = services.of(request).guide.engine.analyser.encoder
            now = datetime.datetime.now().astimezone()
            found = await report(
                database, get_content(), encoder.encode, now, weeks=key[0], channel=key[1] or None
            )
            made[key] = time.monotonic(), found
        return made[key][1]

    @routes.get("/")
    @signed_in("editor")
    async def asked(request: Request) -> HTTPResponse:
        found = await wanted(request)
        content = get_content()
        return page(
            "editor/asked.html",
            staff=request.ctx.staff,
            report=found,
            weeks=_weeks(request),
            all_weeks=WEEKS,
            channel=request.args.get("channel", ""),
            shown=plots.SHOWN,
            most_groups=MOST_GROUPS,
            most_rows=MOST_ROWS,
            in_words=outcomes_in_words,
            answers=content.answers,
            sections=by_section(),
        )

    @routes.get("/pictures/<name:str>/<colours:str>")
    @signed_in("editor")
    async def picture(request: Request, name: str, colours: str) -> HTTPResponse:
        draw = plots.PLOTS.get(name)
        if draw is None or colours not in ("light", "dark"):
            return response.text("There is no such picture.", 404, HEADERS)
        drawn = draw(await wanted(request), plots.DARK if colours == "dark" else plots.LIGHT)
        return response.raw(drawn, content_type="image/svg+xml", headers=HEADERS)


def by_section() -> dict[str, list[tuple[str, str]]]:
    """Return (id, title) of every answer by section, in the order of the files."""
    content = get_content()
    found: dict[str, list[tuple[str, str]]] = {}
    for answer in content.answers.values():
        name = content.topics.get(answer.section, answer.section.capitalize())
        found.setdefault(name, []).append((answer.id, answer.title))
    return found


def _weeks(request: Request) -> int:
    given = request.args.get("weeks", "4")
    return int(given) if given in {str(weeks) for weeks in WEEKS} else 4
