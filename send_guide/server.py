"""The entry point of the service: Rasa's application with our channels, store, actions and limits."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import logging

from limits import parse_many
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from send_guide import logs, services
from send_guide.channels import address_limit
from send_guide.channels.rest import rest
from send_guide.channels.texts.blueprints import text_channels
from send_guide.channels.web import WebMiddleware, web
from send_guide.content import get_content
from send_guide.editing.blueprint import add_editor_pages
from send_guide.errors import CannotStartError, NoModelError
from send_guide.helpline.blueprint import add_staff_pages
from send_guide.http_protocol import StrictHttpProtocol
from send_guide.rasa_adapter import patches
from send_guide.rasa_adapter.actions_endpoint import action_server
from send_guide.rasa_adapter.application import LockUnavailableError, new_app
from send_guide.rasa_adapter.locks import LocalLocks, RedisLocks
from send_guide.rasa_adapter.quiet import quiet
from send_guide.rate_limits import RateLimits
from send_guide.releases import Releases, add_releases
from send_guide.secret import service_secret
from send_guide.services import Services
from send_guide.settings import Settings
from send_guide.staff.auth import told, wants_page
from send_guide.storage.database import Database, DatabaseUnavailableError
from send_guide.storage.migrations import upgrade
from send_guide.storage.retention import purge_always
from send_guide.templating import HEADERS, page

logger = logging.getLogger(__name__)

META = "/webhooks/meta"
SIGNED = ("/webhooks/twilio", META)
"""Addresses whose requests are signed by a provider."""
TOO_MANY = "A lot was asked from your network at once. Please wait a minute, then go back and try again."
PROXY_SAYS = frozenset(("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"))
"""Fields by which a proxy says for whom it asks (RFC 7239, RFC 9110 7.6.3, and what was before them)."""
STOP_SECONDS = 10.0
"""What a message in hand may take once the service is told to stop; an action may take five."""
WEBHOOK_BYTES = 3 * 2**20
"""What Meta puts into one request at most, after a time in which it could not deliver."""


def serve(settings: Settings) -> None:
    """Serve until the process is told to stop; a turn in hand is finished first.

    Raises:
        NoModelError: there is no model.
        CannotStartError: a setting does not fit, the database does not answer, the model is broken.
    """
    app = create_app(settings)
    app.run(host=settings.host, port=settings.port, workers=1, access_log=False, protocol=StrictHttpProtocol)


def create_app(settings: Settings) -> Sanic:
    """Return the application, its store connected; the model is loaded when it starts.

    Raises:
        NoModelError: there is no model.
        CannotStartError: a setting does not fit, or the database does not answer.
    """
    patches.apply()
    quiet()
    logs.configure(settings.log_level)
    if not settings.model.is_file():
        raise NoModelError(settings.model)
    _check_sum(settings)
    if settings.rest and not settings.on_loopback:
        raise CannotStartError(
            f"the REST channel is for this machine only, and {settings.host} is open to others: "
            "set SEND_GUIDE_REST=false or SEND_GUIDE_HOST=127.0.0.1"
        )
    database, locks, limits = _connect(settings), _locks(settings), RateLimits(settings)
    shared = Services(settings, database, locks, limits)
    app = new_app(settings.port)
    services.put(app, shared)
    releases = add_releases(app, shared)
    if settings.rest:
        app.blueprint(rest(settings.text_characters, parse_many(settings.per_conversation)))
    if settings.web:
        app.blueprint(web(shared, service_secret(settings)))
    for channel in text_channels(shared):
        app.blueprint(channel)
    # Rasa's CORS says yes to OPTIONS everywhere and allows credentials; here each channel says who may call
    app.ctx.sanic_cors.resources = []
    app.config.REQUEST_MAX_SIZE = settings.body_bytes
    if settings.meta_on:
        app.add_signal(_let_meta_send_more, "http.routing.after")
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = STOP_SECONDS
    app.config.PROXIES_COUNT = settings.proxies
    app.register_listener(functools.partial(_load, shared, releases), "before_server_start")
    app.register_listener(functools.partial(_announce, settings), "after_server_start")
    app.add_task(purge_always(database, settings))
    app.register_listener(functools.partial(_close, database, locks, limits), "after_server_stop")
    app.register_middleware(_guard, "response")
    _limit(app, settings, limits)
    _health(app, database, locks)
    _figures(app)
    if settings.staff:
        add_staff_pages(app, database, settings, limits)
        add_editor_pages(app, database, settings, releases)
    if settings.web:
        WebMiddleware(settings).add_to(app)
    return app


def serve_actions(settings: Settings) -> None:
    """Serve the actions alone, until the process is told to stop.

    Raises:
        CannotStartError: others can reach the address and there is no secret.
    """
    if settings.actions_secret is None and not settings.on_loopback:
        raise CannotStartError(
            f"{settings.host} is open to others, and actions carry people's conversations: "
            "set SEND_GUIDE_ACTIONS_SECRET or SEND_GUIDE_HOST=127.0.0.1"
        )
    logs.configure(settings.log_level)
    secret = settings.actions_secret.get_secret_value() if settings.actions_secret else None
    app = action_server(secret)
    app.register_listener(functools.partial(_announce, settings), "after_server_start")
    app.run(host=settings.host, port=settings.port, workers=1, access_log=False, protocol=StrictHttpProtocol)


def _check_sum(settings: Settings) -> None:
    if settings.model_sha256 is None:
        return
    with settings.model.open("rb") as model:
        found = hashlib.file_digest(model, "sha256").hexdigest()
    if found != settings.model_sha256:
        raise CannotStartError(
            f"the model {settings.model} is not the one of SEND_GUIDE_MODEL_SHA256: its SHA-256 is {found}"
        )


def _connect(settings: Settings) -> Database:
    """Return the database, with the tables that this release needs."""
    url = settings.database_url.get_secret_value()
    try:
        database = Database(url, seconds=settings.database_seconds, create=True)
        upgrade(database)
        return database
    except DatabaseUnavailableError as error:
        raise CannotStartError(f"{error}: check SEND_GUIDE_DATABASE_URL and that the server runs") from error


def _locks(settings: Settings) -> LocalLocks:
    if settings.redis_url is None:
        return LocalLocks()
    return RedisLocks(settings.redis_url.get_secret_value(), settings.redis_seconds)


async def _load(shared: Services, releases: Releases, app: Sanic, _: object) -> None:
    try:
        await shared.locks.check()
    except LockUnavailableError as error:
        raise CannotStartError(f"{error}: check SEND_GUIDE_REDIS_URL and that the server runs") from error
    await releases.begin()
    app.add_task(releases.follow())


async def _close(database: Database, locks: LocalLocks, limits: RateLimits, *_: object) -> None:
    database.close()
    await locks.close()
    await limits.close()


def _limit(app: Sanic, settings: Settings, limits: RateLimits) -> None:
    """Refuse an address that sends too much; the helpline's answers come as people type, so they may more.

    What may hold a message goes on to its channel, which looks for danger before it refuses.
    """
    rates, typing = parse_many(settings.per_address), parse_many(settings.per_typing)

    @app.on_request
    async def check(request: Request) -> HTTPResponse | None:
        # messages of everybody who texts come from a few addresses of the provider, and are signed
        if not address_limit.is_counted(request) or request.path.startswith(SIGNED):
            return None
        types = request.path == "/helpline/answer"
        asked, kind = (typing, "typing") if types else (rates, "address")
        if await limits.hit_all(asked, kind, address_limit.address_of(request)):
            return None
        if address_limit.goes_on(request):
            address_limit.mark_over(request)
            return None
        return _too_many(request)


def _too_many(request: Request) -> HTTPResponse:
    """Return that it was too much, as a page to who asked for a page."""
    if request.path.startswith(("/helpline", "/editor")):
        answer = told(request, 429, "Please wait a minute", TOO_MANY)
    elif request.path.startswith("/guide/") or wants_page(request):
        answer = page("ended.html", status=429, words=f"{TOO_MANY} {get_content().council.turn_to}")
    else:
        answer = response.json({"error": "too many requests: please wait a minute"}, 429)
    answer.headers["Retry-After"] = "60"
    return answer


async def _guard(_: Request, answer: BaseHTTPResponse) -> None:
    """Let no answer, whatever it is, be shown inside another site's page or be taken for something else."""
    for name in ("Content-Security-Policy", "X-Content-Type-Options"):
        answer.headers.setdefault(name, HEADERS[name])


async def _let_meta_send_more(request: Request, **_: object) -> None:
    """Let the webhook's body, which is read next, be longer than any other."""
    if request.stream and request.path.rstrip("/") == META:
        request.stream.request_max_size = WEBHOOK_BYTES


def _health(app: Sanic, database: Database, locks: LocalLocks) -> None:
    """Add ``/healthz`` (the process is alive) and ``/readyz`` (it can do its work)."""

    @app.get("/healthz")
    async def alive(_: Request) -> HTTPResponse:
        return response.json({"alive": True})

    looking: asyncio.Task[dict[str, bool]] | None = None

    @app.get("/readyz")
    async def ready(_: Request) -> HTTPResponse:
        nonlocal looking  # however many ask, it is looked once at a time
        if looking is None or looking.done():
            looking = asyncio.create_task(look())
        found = await asyncio.shield(looking)
        # without Redis each process locks for itself and the store refuses what comes too late: it can
        # do its work, and taking every replica out of service for it would help nobody
        return response.json(found, 200 if found["store"] and found["understanding"] else 503)

    async def look() -> dict[str, bool]:
        found = {}
        for name, check in (("store", database.check), ("lock", locks.check), ("understanding", understands)):
            try:
                await check()
                found[name] = True
            except Exception as error:  # noqa: BLE001 - not ready is the answer, whatever the reason
                logger.error("readyz.failed", extra={"part": name, "error": type(error).__name__})
                found[name] = False
        return found

    async def understands() -> None:
        shared: Services = app.ctx.services
        reading = await shared.guide.understand(get_content().council.ready_question)
        if not reading["understanding"]["answers"]:
            raise ValueError("the question of data/council.yml has no answer")


def _figures(app: Sanic) -> None:
    """Add ``/metrics``, for programs on this machine."""

    @app.get("/metrics")
    async def metrics(request: Request) -> HTTPResponse:
        # a proxy on this machine comes from here too, and says for whom it asks
        if request.ip not in ("127.0.0.1", "::1") or any(name in request.headers for name in PROXY_SAYS):
            return response.empty(404)
        return response.raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)


async def _announce(settings: Settings, *_: object) -> None:
    print(f"SEND Guide is ready on http://{settings.host}:{settings.port} (stop it with Ctrl+C)", flush=True)
