"""The routes of SMS and WhatsApp that are switched on."""

from __future__ import annotations

from sanic import Blueprint

from send_guide.channels.texts.answering import Answering
from send_guide.channels.texts.link_pages import link_pages
from send_guide.channels.texts.meta import Meta
from send_guide.channels.texts.twilio import Twilio
from send_guide.services import Services


def text_channels(services: Services) -> list[Blueprint]:
    """Return the channels whose secrets are set, and the pages that links in their texts lead to."""
    settings = services.settings
    if not settings.twilio_on and not settings.meta_on:
        return []
    answering, routes = Answering(services), [link_pages(services.database)]
    if settings.twilio_on:
        routes.append(Twilio(settings, answering).blueprint())
    if settings.meta_on:
        routes.append(Meta(settings, answering).blueprint())
    return routes
