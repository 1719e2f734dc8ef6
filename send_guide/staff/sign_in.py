"""The pages to sign in and out, by password or by single sign-on."""

from __future__ import annotations

import logging
import secrets

from limits import parse_many
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.channels import address_limit
from send_guide.rate_limits import RateLimits
from send_guide.settings import Settings
from send_guide.staff import accounts, sessions
from send_guide.staff.auth import (
    AWAY,
    BEFORE,
    MINUTE,
    OURS,
    SESSION,
    StaffServices,
    cookie_name,
    private,
    same,
    sent_token,
    set_cookie,
    signed_in,
    staff_of,
    staff_services,
)
from send_guide.staff.sessions import derived
from send_guide.staff.single_sign_on import BACK, NotProvedError, Person, Provider, ProviderAwayError
from send_guide.storage import audit_log
from send_guide.storage.database import Database, DatabaseUnavailableError
from send_guide.templating import page

__all__ = ["add_sign_in", "signed_in"]

logger = logging.getLogger(__name__)

HOME = "/helpline"
BEFORE_SECONDS = 900
WRONG = (
    f"That name and password do not fit together, or the account is locked. After {accounts.FAILURES} "
    f"wrong passwords an account is locked for {accounts.LOCKED_SECONDS / MINUTE:.0f} minutes."
)
TOO_MANY = "There were too many tries from here. Please wait a minute and try again."
TOO_OLD = "This page was open for too long, or cookies are turned off. Please try again."
NO_ACCOUNT = "We know who you are, but you have no account here. Ask whoever looks after the accounts."
PROVIDER_AWAY = "Single sign-on does not answer. Please try again in a few minutes, or use a password."
NO_PROVIDER = "Single sign-on is not set up here."


def add_sign_in(app: Sanic, database: Database, settings: Settings, limits: RateLimits) -> None:
    """Add the pages to sign in and out; every page with :func:`signed_in` relies on them."""
    provider = Provider(settings) if settings.oidc_issuer else None
    app.ctx.staff = StaffServices(database, settings, provider, limits, parse_many(settings.per_sign_in))
    routes = Blueprint("sign-in")
    routes.add_route(_show, "/sign-in", methods=["GET"])
    routes.add_route(_sign_in, "/sign-in", methods=["POST"])
    routes.add_route(_single, "/sign-in/single", methods=["GET"])
    routes.add_route(_back, BACK, methods=["GET"])
    routes.add_route(_sign_out, "/sign-out", methods=["POST"])
    app.blueprint(routes)


async def _show(request: Request) -> HTTPResponse:
    try:
        if await staff_of(request):
            return private(response.redirect(_onward(request), status=303))
    except DatabaseUnavailableError:
        return _form(request, 503, AWAY)
    return _form(request)


async def _sign_in(request: Request) -> HTTPResponse:
    if await _too_many(request):
        return _form(request, 429, TOO_MANY)
    before = request.cookies.get(cookie_name(request, BEFORE), "")
    if not before or not same(sent_token(request), derived(before, "csrf")):
        return _form(request, 403, TOO_OLD)
    try:
        return await _with_password(request)
    except DatabaseUnavailableError:
        return _form(request, 503, AWAY)


async def _single(request: Request) -> HTTPResponse:
    """Send a person to the provider."""
    shared = staff_services(request)
    if shared.provider is None:
        return _form(request, 404, NO_PROVIDER)
    if await _too_many(request):
        return _form(request, 429, TOO_MANY)
    secret = secrets.token_urlsafe(sessions.ID_BYTES)
    try:
        address = await shared.provider.address(secret)
    except ProviderAwayError as error:
        return _away(request, error)
    answer = private(response.redirect(address, status=303))
    set_cookie(request, answer, BEFORE, secret, BEFORE_SECONDS)
    return answer


async def _back(request: Request) -> HTTPResponse:
    """Take up a person whom the provider has sent back."""
    shared = staff_services(request)
    if shared.provider is None:
        return _form(request, 404, NO_PROVIDER)
    came_back = {name: values[0] for name, values in request.args.items()}
    try:
        person = await shared.provider.person(
            request.cookies.get(cookie_name(request, BEFORE), ""), came_back
        )
        return await _with_person(request, person)
    except ProviderAwayError as error:
        return _away(request, error)
    except NotProvedError as error:
        await audit_log.note(shared.database, audit_log.SOMEBODY, "refused: single sign-on", str(error))
        return _form(request, 403, f"Single sign-on did not work: {error}. Please try again.")
    except DatabaseUnavailableError:
        return _form(request, 503, AWAY)


@signed_in("adviser")
async def _sign_out(request: Request) -> HTTPResponse:
    shared = staff_services(request)
    await sessions.end(shared.database, request.cookies[cookie_name(request, SESSION)])
    await audit_log.note(shared.database, request.ctx.staff.name, "signed out")
    answer = response.redirect("/sign-in", status=303)
    set_cookie(request, answer, SESSION, "", 0)
    return answer


async def _with_password(request: Request) -> HTTPResponse:
    shared = staff_services(request)
    name, password = request.form.get("name", ""), request.form.get("password", "")
    account = await accounts.check(shared.database, name, password)
    if account is None:
        known = await accounts.find(shared.database, name)
        about = "locked" if known and known.failures >= accounts.FAILURES else ""
        await audit_log.note(
            shared.database, known.name if known else audit_log.SOMEBODY, "refused: password", about
        )
        return _form(request, 403, WRONG)
    answer = private(response.redirect(_onward(request), status=303))
    await _let_in(request, answer, account.name, account.role, "password")
    return answer


async def _with_person(request: Request, person: Person) -> HTTPResponse:
    """Let in whom the provider vouches for, if a claim or an account gives them a role."""
    shared = staff_services(request)
    name = accounts.plain_name(person.name)
    account = await accounts.find(shared.database, name)
    role = person.role
    if account is not None:
        # an account with a password is somebody else's: a name at the provider is no key to it
        role = account.role if account.single_sign_on else None
    if role is None:
        await audit_log.note(shared.database, name, "refused: single sign-on", "no account here")
        return _form(request, 403, NO_ACCOUNT)
    # a page and not a redirect: on a way that began at another site the browser keeps a strict cookie back
    answer = private(page("signed-in.html", home=HOME))
    await _let_in(request, answer, name, role, "single sign-on")
    return answer


async def _let_in(request: Request, answer: HTTPResponse, name: str, role: str, how: str) -> None:
    """Begin a session and hand it to the browser; the one that it had before ends."""
    shared = staff_services(request)
    if before := request.cookies.get(cookie_name(request, SESSION)):
        await sessions.end(shared.database, before)
    session_id = await sessions.begin(shared.database, name, role)
    await audit_log.note(shared.database, name, "signed in", how)
    set_cookie(request, answer, SESSION, session_id, None)
    set_cookie(request, answer, BEFORE, "", 0)


async def _too_many(request: Request) -> bool:
    shared = staff_services(request)
    return not await shared.limits.hit_all(shared.rates, "sign-in", address_limit.address_of(request))


def _away(request: Request, error: ProviderAwayError) -> HTTPResponse:
    logger.error("sign_in.provider_away", extra={"error": str(error)})
    return _form(request, 503, PROVIDER_AWAY)


def _form(request: Request, status: int = 200, problem: str | None = None) -> HTTPResponse:
    """Return the page to sign in."""
    shared = staff_services(request)
    before = request.cookies.get(cookie_name(request, BEFORE)) or secrets.token_urlsafe(sessions.ID_BYTES)
    answer = private(
        page(
            "sign-in.html",
            problem=problem,
            csrf=derived(before, "csrf"),
            onward=_onward(request),
            single_sign_on=shared.provider is not None,
        )
    )
    answer.status = status
    set_cookie(request, answer, BEFORE, before, BEFORE_SECONDS)
    return answer


def _onward(request: Request) -> str:
    """Return where a person wanted to go, if that is one of our pages."""
    wanted = request.form.get("next") if request.method == "POST" else request.args.get("next")
    return wanted if wanted and OURS.fullmatch(wanted) else HOME
