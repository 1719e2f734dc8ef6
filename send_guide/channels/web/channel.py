"""The web channel, on Rasa's own server: the JSON API and the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from limits import parse
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.channels.web.api import add_api
from send_guide.channels.web.chat import NAME, Chat
from send_guide.channels.web.files import add_files
from send_guide.channels.web.identity import Identity
from send_guide.channels.web.plain import PlainPages
from send_guide.settings import Settings
from send_guide.storage.database import Database
from send_guide.templating import page


class Web(InputChannel):  # type: ignore[misc]
    """``/chat/...`` for the widget, ``/guide`` without JavaScript, the widget's files."""

    def __init__(self, settings: Settings, database: Database, secret: bytes) -> None:
        """Set what stands behind it.

        Args:
            settings: of the service.
            database: where conversations are kept.
            secret: signs conversations; the same for every replica.
        """
        self._settings = settings
        self._database = database
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
            self._database,
            parse(self._settings.per_conversation),
            self._settings.text_characters,
        )
        add_files(routes)
        add_api(routes, chat, self._identity, self._database)
        PlainPages(chat, self._identity, self._database, self._settings).add_to(routes)

        @routes.get("/chat")
        async def alone(_: Request) -> HTTPResponse:
            return page("chat.html")

        return routes
