"""Who may see the pages for staff, and the cookies that say so."""

from __future__ import annotations

import functools
import hmac
import re
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from limits import RateLimitItem
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.rate_limits import RateLimits
from send_guide.settings import Settings
from send_guide.staff import sessions
from send_guide.staff.sessions import Staff
from send_guide.staff.single_sign_on import Provider
from send_guide.storage import audit_log
from send_guide.storage.database import Database, DatabaseUnavailableError
from send_guide.templating import page

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]
SESSION, BEFORE = "send-guide-staff", "send-guide-sign-in"
"""Cookies: of a session, and of a sign-in that has begun."""
CSRF_FIELD, CSRF_HEADER = "csrf", "X-CSRF-Token"
MINUTE, HOUR = 60.0, 3600.0
FORMS = re.compile(r"/editor/(?:answers|changes)/[\w.-]+")
"""Pages with a form that is sent to the same address: whoever was signed out meanwhile goes back there."""
OURS = re.compile(r"/(?:helpline|editor)(?:/[\w./-]*)?")
"""Where a person may be sent on to after signing in: never to an address of somebody else's."""
AWAY = "We cannot look up accounts at the moment. Please try again in a few minutes."


@dataclass(frozen=True)
class StaffServices:
    """What the pages for staff need, kept as ``app.ctx.staff``.

    Attributes:
        database: where accounts, sessions and the audit log are.
        settings: those of the service.
        provider: of single sign-on, where there is one.
        limits: counts tries to sign in.
        rates: how many an address may make.
    """

    database: Database
    settings: Settings
    provider: Provider | None
    limits: RateLimits
    rates: Sequence[RateLimitItem]


def staff_services(request: Request) -> StaffServices:
    """Return what the pages for staff need, of the application that a request has come to."""
    found: StaffServices = request.app.ctx.staff
    return found


def signed_in(role: str) -> Callable[[Handler], Handler]:
    """Let a handler be reached only by staff of ``role``; an editor may also do what an adviser may.

    The handler finds ``request.ctx.staff`` (name, role, csrf). Whoever is not signed in is sent to the
    sign-in page; a script, which does not ask for HTML, is told 401. POST needs the session's token, as
    the field ``csrf`` or the header ``X-CSRF-Token``.

    Args:
        role: ``adviser`` or ``editor``.
    """

    def wrap(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def check(request: Request, *args: object, **values: object) -> HTTPResponse:
            try:
                if refusal := await _refusal(request, role):
                    return private(refusal)
                return private(await handler(request, *args, **values))
            except DatabaseUnavailableError:
                return private(told(request, 503, "Please try again", AWAY))

        return check

    return wrap


async def _refusal(request: Request, role: str) -> HTTPResponse | None:
    """Return what somebody is told who may not do this, or None; note who may."""
    shared = staff_services(request)
    staff = await staff_of(request)
    if staff is None:
        if not wants_page(request):
            return response.json({"error": "you are signed out: sign in again"}, 401)
        if request.method == "POST":
            back = request.path if FORMS.fullmatch(request.path) else ""
            return told(request, 401, "You are signed out", "Please sign in and do it again.", back)
        return response.redirect(sign_in_address(request.path), status=303)
    request.ctx.staff = staff
    if staff.role != "editor" and staff.role != role:
        await audit_log.note(shared.database, staff.name, "refused: not an editor", request.path)
        return told(
            request, 403, "Not for your account", "This page is for editors. You are signed in as adviser."
        )
    if request.method not in ("GET", "HEAD") and not same(sent_token(request), staff.csrf):
        await audit_log.note(shared.database, staff.name, "refused: no token", request.path)
        return told(request, 403, "That did not work", "Please go back, load the page again and retry.")
    return None


async def staff_of(request: Request) -> Staff | None:
    """Return who is signed in, or None."""
    shared = staff_services(request)
    session_id = request.cookies.get(cookie_name(request, SESSION))
    if not session_id:
        return None
    return await sessions.find(
        shared.database,
        session_id,
        shared.settings.staff_idle_minutes * MINUTE,
        shared.settings.staff_hours * HOUR,
    )


def sign_in_address(path: str) -> str:
    """Return the address to sign in at, and with it the page of ours to go to then."""
    return f"/sign-in?next={path}" if OURS.fullmatch(path) else "/sign-in"


def told(request: Request, status: int, title: str, text: str, back: str = "") -> HTTPResponse:
    """Return a page, or for a script a JSON object, that says one thing.

    Args:
        request: what cannot be done.
        status: HTTP status.
        title: what is wrong.
        text: what to do.
        back: where whoever is signed out goes after signing in.
    """
    if not wants_page(request):
        return response.json({"error": text}, status)
    staff = getattr(request.ctx, "staff", None)
    answer = page("staff-message.html", title=title, text=text, staff=staff, sign_in=sign_in_address(back))
    answer.status = status
    return answer


def wants_page(request: Request) -> bool:
    """Return whether a browser asks for a page; scripts of ours do not."""
    return "text/html" in request.headers.get("accept", "")


def sent_token(request: Request) -> str:
    """Return the token against forged requests that came along, or an empty text."""
    return request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD) or ""


def same(given: str, expected: str) -> bool:
    """Return whether two secrets are the same; it takes as long either way."""
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def private(answer: HTTPResponse) -> HTTPResponse:
    """Keep what staff see out of every cache."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _secure(request: Request) -> bool:
    """Return whether people reach us over https, themselves or through a proxy."""
    public = staff_services(request).settings.public_url
    return (public or request.scheme).startswith("https")


def cookie_name(request: Request, cookie: str) -> str:
    """Return the name of a cookie; with this prefix a browser takes it from us alone (RFC 6265bis)."""
    return f"__Host-{cookie}" if _secure(request) else cookie


def set_cookie(request: Request, answer: HTTPResponse, cookie: str, value: str, seconds: int | None) -> None:
    """Set a cookie that scripts cannot read; ``seconds`` None: until the browser is closed."""
    name = cookie_name(request, cookie)
    answer.cookies[name] = value
    answer.cookies[name]["httponly"] = True
    # a sign-in that has begun must survive the way back from the provider; a session never leaves our pages
    answer.cookies[name]["samesite"] = "Lax" if cookie == BEFORE else "Strict"
    if _secure(request):
        answer.cookies[name]["secure"] = True
    if seconds is not None:
        answer.cookies[name]["max-age"] = seconds
