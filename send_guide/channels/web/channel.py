"""The web channel: the JSON API, the pages and the widget's files."""

from __future__ import annotations

from limits import parse_many
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.channels.web.api import add_api, add_return_codes
from send_guide.channels.web.chat import NAME, Chat
from send_guide.channels.web.files import add_files
from send_guide.channels.web.identity import Identity
from send_guide.channels.web.plain import PlainPages
from send_guide.channels.web.public_pages import add_public_pages
from send_guide.channels.web.return_codes import ReturnCodes
from send_guide.services import Services
from send_guide.templating import page


def web(services: Services, secret: bytes) -> Blueprint:
    """Return ``/chat/...`` for the widget, ``/guide`` without JavaScript, and the widget's files.

    Args:
        services: what stands behind it.
        secret: signs conversations; the same for every replica.
    """
    settings = services.settings
    routes, identity = Blueprint(NAME), Identity(secret, settings.web_hours)
    chat = Chat(services, parse_many(settings.per_conversation), settings.text_characters)
    codes = ReturnCodes(services, chat, secret)
    add_files(routes)
    add_api(routes, chat, identity, services)
    add_return_codes(routes, codes, identity)
    PlainPages(chat, codes, identity, services).add_to(routes)
    add_public_pages(routes, settings)

    @routes.get("/chat")
    async def alone(_: Request) -> HTTPResponse:
        return page("chat.html")

    return routes
