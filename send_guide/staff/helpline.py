"""The helpline's pages at ``/helpline``: everything an adviser needs while somebody is on the line."""

from __future__ import annotations

import time

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.pages import page
from send_guide.settings import Settings
from send_guide.staff import audit
from send_guide.staff.sign_in import add_sign_in, signed_in
from send_guide.store.tracker_store import WindowedTrackerStore

DAY = 86_400.0
LOG_DAYS = 30
"""How far back the log is shown."""


def add_staff_pages(app: Sanic, store: WindowedTrackerStore, settings: Settings) -> None:
    """Add sign-in and the helpline's pages."""
    add_sign_in(app, store, settings)
    routes = Blueprint("helpline", url_prefix="/helpline")

    @routes.get("/")
    @signed_in("adviser")
    async def console(request: Request) -> HTTPResponse:
        return page("helpline.html", staff=request.ctx.staff)

    @routes.get("/log")
    @signed_in("editor")
    async def log(request: Request) -> HTTPResponse:
        done = await audit.since(store, time.time() - LOG_DAYS * DAY)
        return page("staff-log.html", staff=request.ctx.staff, days=LOG_DAYS, done=done[::-1])

    app.blueprint(routes)
