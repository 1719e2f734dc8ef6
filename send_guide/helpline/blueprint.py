"""Puts the pages for staff together: sign-in, and the helpline at ``/helpline``."""

from __future__ import annotations

import time

from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.helpline.browse import add_browsing
from send_guide.helpline.console import add_console
from send_guide.helpline.note_pages import add_note_pages
from send_guide.helpline.tools import add_tools
from send_guide.rate_limits import RateLimits
from send_guide.settings import Settings
from send_guide.staff.auth import signed_in, staff_services
from send_guide.staff.sign_in import add_sign_in
from send_guide.storage import audit_log
from send_guide.storage.database import Database
from send_guide.templating import STATIC, page

LOG_DAYS = 30
"""How far back the log is shown; ``send-guide staff log`` goes further."""
DAY = 86_400.0


def add_staff_pages(app: Sanic, database: Database, settings: Settings, limits: RateLimits) -> None:
    """Add sign-in and the helpline's pages."""
    add_sign_in(app, database, settings, limits)
    routes = Blueprint("helpline", url_prefix="/helpline")
    add_console(routes)
    add_note_pages(routes)
    add_browsing(routes)
    add_tools(routes)
    routes.add_route(_log, "/log", methods=["GET"])
    routes.add_route(_script, "/helpline.js", methods=["GET"])
    routes.add_route(_style, "/helpline.css", methods=["GET"])
    app.blueprint(routes)


@signed_in("editor")
async def _log(request: Request) -> HTTPResponse:
    shared = staff_services(request)
    done = await audit_log.since(shared.database, time.time() - LOG_DAYS * DAY)
    return page("helpline/log.html", staff=request.ctx.staff, days=LOG_DAYS, done=done[::-1])


@signed_in("adviser")
async def _script(_: Request) -> HTTPResponse:
    return response.raw((STATIC / "helpline.js").read_bytes(), content_type="text/javascript; charset=utf-8")


@signed_in("adviser")
async def _style(_: Request) -> HTTPResponse:
    return response.raw((STATIC / "helpline.css").read_bytes(), content_type="text/css; charset=utf-8")
