"""What no single route can do: who may call, the headers of every answer, the first page, errors in words."""

from __future__ import annotations

from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from send_guide import templating
from send_guide.channels.web.api import problem
from send_guide.channels.web.links import lines
from send_guide.channels.web.origins import Origins
from send_guide.channels.web.public_pages import demonstration, not_found
from send_guide.content import get_content
from send_guide.settings import Settings
from send_guide.templating import page

NOT_FOUND = 404
WORDS = {NOT_FOUND: "there is no such address", 405: "that cannot be done here", 413: "that is too long"}


class WebMiddleware:
    """Stands before the chat and its pages; other addresses of the server go past it."""

    def __init__(self, settings: Settings) -> None:
        """Take who may come in, and whether the chat is switched off."""
        self._origins = Origins(settings)
        self._off = settings.web_off
        self._keep_days = settings.keep_days

    def add_to(self, app: Sanic) -> None:
        """Stand before the routes of ``app``."""
        app.register_middleware(self._check, "request")
        app.register_middleware(self._headers, "response")
        app.error_handler.add(SanicException, self._in_words)

    async def _check(self, request: Request) -> HTTPResponse | None:
        # Rasa's own page at / names its version: ours stands before it
        if not (_of_the_chat(request) or request.path == "/"):
            return None
        if not self._origins.allow(request):
            return problem(403, "this page may not use the chat: see SEND_GUIDE_WEB_ORIGINS")
        if request.method == "OPTIONS":
            return response.empty()
        if self._off:
            words = f"The guide is switched off just now. {get_content().council.turn_to}"
            if not _is_page(request):
                return problem(503, words)
            return page("off.html", status=503, words=lines(words))
        asks = request.path == "/" and request.method in ("GET", "HEAD")
        return demonstration(self._keep_days) if asks else None

    async def _headers(self, request: Request, answer: BaseHTTPResponse) -> None:
        if _of_the_chat(request):
            for name, value in (templating.HEADERS | self._origins.headers(request)).items():
                answer.headers.setdefault(name, value)

    def _in_words(self, request: Request, error: SanicException) -> HTTPResponse | None:
        if not _of_the_chat(request):
            return None  # as it was
        status, headers = error.status_code, dict(getattr(error, "headers", {}))
        words = WORDS.get(status, "that was not understood")
        if not _is_page(request):
            return problem(status, words, headers)
        if status == NOT_FOUND:
            return not_found()
        sentence = f"{words[0].upper()}{words[1:]}. Please go back and change it."
        return page("ended.html", status=status, headers=headers, words=sentence, token="")


def _is_page(request: Request) -> bool:
    """Return whether people look at the answer, and not a script."""
    return not request.path.startswith("/chat/")


def _of_the_chat(request: Request) -> bool:
    return request.path in ("/chat", "/guide") or request.path.startswith(("/chat/", "/guide/"))
