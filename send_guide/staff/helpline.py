"""The helpline's pages at ``/helpline``: everything an adviser needs while somebody is on the line."""

from __future__ import annotations

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.pages import page
from send_guide.settings import Settings
from send_guide.staff.sign_in import add_sign_in, signed_in
from send_guide.store.tracker_store import WindowedTrackerStore


def add_staff_pages(app: Sanic, store: WindowedTrackerStore, settings: Settings) -> None:
    """Add sign-in and the helpline's pages."""
    add_sign_in(app, store, settings)
    routes = Blueprint("helpline", url_prefix="/helpline")

    @routes.get("/")
    @signed_in("adviser")
    async def console(request: Request) -> HTTPResponse:
        return page("helpline.html", staff=request.ctx.staff)

    app.blueprint(routes)
