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
from send_guide.editing.report import Report, report, title_of
from send_guide.editing.wording_pages import day_in_words, outcomes_in_words
from send_guide.staff.auth import signed_in
from send_guide.storage import asked_needs
from send_guide.storage.database import Database
from send_guide.templating import HEADERS, page

WEEKS = (1, 2, 4, 8, 13)
MOST_GROUPS = 50
MOST_ROWS = 30
STATES: dict[str, asked_needs.State] = {"handled": "handled", "aside": "aside"}
FRESH = 30.0
"""Seconds for which a report is shown again: a page and its pictures are of the same moment."""


def add_report_pages(routes: Blueprint, database: Database) -> None:
    """Add the report and its pictures."""
    made: dict[tuple[int, str], tuple[float, Report]] = {}

    async def wanted(request: Request) -> Report:
        """Return the report that a request asks for."""
        key = _weeks(request), _channel(request)
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

    @routes.route("/", methods=["GET", "POST"])
    @signed_in("editor")
    async def asked(request: Request) -> HTTPResponse:
        """Show the report; what is looked for comes by POST, so that it stands in no address and no log."""
        found = await wanted(request)
        content = get_content()
        looked_for = request.form.get("find", "").strip() if request.method == "POST" else ""
        groups = [group for group in found.groups if group.holds(looked_for)]
        marked = await asked_needs.marks(database, [text for group in groups for text in group.texts])
        still_open = [group for group in groups if not all(text in marked for text in group.texts)]
        return page(
            "editor/asked.html",
            staff=request.ctx.staff,
            report=found,
            looked_for=looked_for,
            groups=still_open,
            done=[(group, marked[group.texts[0]]) for group in groups if group not in still_open],
            title_of=lambda answer_id: title_of(answer_id, content),
            day=day_in_words,
            weeks=_weeks(request),
            all_weeks=WEEKS,
            channel=_channel(request),
            shown=plots.SHOWN,
            most_groups=MOST_GROUPS,
            most_rows=MOST_ROWS,
            in_words=outcomes_in_words,
            answers=content.answers,
            sections=by_section(),
        )

    @routes.post("/asked")
    @signed_in("editor")
    async def mark(request: Request) -> HTTPResponse:
        """Mark the questions of a group as handled or put aside, or open them again."""
        texts, do = request.form.getlist("question") or [], request.form.get("do", "")
        state: asked_needs.State | None = STATES.get(do)
        if texts and (state or do == "open"):
            await asked_needs.mark(database, request.ctx.staff.name, texts, state)
        return response.redirect(f"/editor/?weeks={_weeks(request)}#poor", status=303)

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
    sent = request.form if request.method == "POST" else request.args
    given = sent.get("weeks", "4")
    return int(given) if given in {str(weeks) for weeks in WEEKS} else 4


def _channel(request: Request) -> str:
    return str((request.form if request.method == "POST" else request.args).get("channel", ""))
