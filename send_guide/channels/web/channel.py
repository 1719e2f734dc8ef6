"""The web channel, on Rasa's own server: the JSON API, the pages, who may call them, and their headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from limits import parse
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide import pages
from send_guide.channels.web.api import add_api, problem
from send_guide.channels.web.chat import NAME, Chat
from send_guide.channels.web.files import add_files
from send_guide.channels.web.identity import Identity
from send_guide.channels.web.origins import Origins
from send_guide.channels.web.plain import add_plain_pages
from send_guide.pages import page
from send_guide.settings import Settings
from send_guide.store.tracker_store import WindowedTrackerStore


class Web(InputChannel):  # type: ignore[misc]
    """``/chat/...`` for the widget, ``/guide`` without JavaScript, the widget's files."""

    def __init__(self, settings: Settings, store: WindowedTrackerStore, secret: bytes) -> None:
        """Set what stands behind it.

        Args:
            settings: of the service.
            store: where conversations are kept.
            secret: signs conversations; the same for every replica.
        """
        self._settings = settings
        self._store = store
        self._identity = Identity(secret, settings.web_hours)

    @classmethod
    def name(cls) -> str:
        """Return the name of the channel."""
        return NAME

    def url_prefix(self) -> str:
        """Return where its addresses start: at the root, since people see them."""
        return "/"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        """Return the routes."""
        routes = Blueprint(NAME)
        chat = Chat(
            on_new_message,
            self._store,
            parse(self._settings.per_conversation),
            self._settings.text_characters,
        )
        add_files(routes)
        add_api(routes, chat, self._identity, self._store)
        add_plain_pages(routes, chat, self._identity, self._store, self._settings)
        return routes


def add_door(app: Sanic, settings: Settings) -> None:
    """Add to ``app`` what no single route can do: who may call, the headers, the first page, errors in words.

    Args:
        app: the server, whose own page at ``/`` names Rasa's version; ours stands before it.
        settings: of the service.
    """
    origins = Origins(settings)

    @app.on_request
    async def check(request: Request) -> HTTPResponse | None:
        if request.path == "/":
            return _off() if settings.web_off else page("demonstration.html")
        if not _of_the_chat(request):
            return None
        if not origins.allow(request):
            return problem(403, "this page may not use the chat: see SEND_GUIDE_WEB_ORIGINS")
        if request.method == "OPTIONS":
            return response.empty()
        if settings.web_off:
            return problem(503, _off_words()) if request.path.startswith("/chat/") else _off()
        return None

    @app.on_response
    async def headers(request: Request, answer: HTTPResponse) -> None:
        if _of_the_chat(request):
            for name, value in (pages.HEADERS | origins.headers(request)).items():
                answer.headers.setdefault(name, value)

    @app.exception(SanicException)
    async def in_words(request: Request, error: SanicException) -> HTTPResponse:
        status = error.status_code
        words = {404: "there is no such address", 405: "that cannot be done here", 413: "that is too long"}
        allow = {"Allow": ", ".join(sorted(error.headers["Allow"].split(", ")))} if status == 405 else {}
        return problem(status, words.get(status, "that was not understood"), allow)


def _of_the_chat(request: Request) -> bool:
    return request.path == "/guide" or request.path.startswith(("/chat/", "/guide/"))


def _off() -> HTTPResponse:
    return page("off.html", status=503, words=_off_words())


def _off_words() -> str:
    return ""
