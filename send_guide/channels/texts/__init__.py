"""SMS and WhatsApp: the same guidance by text, through Twilio and through Meta's Cloud API."""

from __future__ import annotations

from rasa.core.channels.channel import InputChannel

from send_guide.channels.texts.answering import Answering
from send_guide.channels.texts.link_pages import link_pages
from send_guide.channels.texts.meta import Meta
from send_guide.channels.texts.twilio import Twilio
from send_guide.rasa_adapter.locks import LocalLocks
from send_guide.settings import Settings
from send_guide.storage.database import Database

__all__ = ["link_pages", "text_channels"]


def text_channels(settings: Settings, database: Database, locks: LocalLocks) -> list[InputChannel]:
    """Return the channels whose secrets are set."""
    if not settings.twilio_on and not settings.meta_on:
        return []
    answering = Answering(settings, database, locks)
    channels: list[InputChannel] = []
    if settings.twilio_on:
        channels.append(Twilio(settings, answering))
    if settings.meta_on:
        channels.append(Meta(settings, answering))
    return channels
