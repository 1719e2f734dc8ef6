"""What the handlers of a running service share, typed: kept at one place of Sanic's application."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from sanic import Sanic
from sanic.request import Request

from send_guide.content.loader import Content, take_in_hand
from send_guide.rasa_adapter.locks import LocalLocks
from send_guide.rate_limits import RateLimits
from send_guide.service import Guide
from send_guide.settings import Settings
from send_guide.storage.database import Database


@dataclass(frozen=True)
class Release:
    """A content and the model that was trained on it: they come into service together or not at all.

    Attributes:
        guide: answers by them.
        content: what can be said.
        model: the archive of the model.
        number: of the publication; None for what was installed.
    """

    guide: Guide
    content: Content
    model: Path
    number: int | None = None


_IN_HAND: ContextVar[Release] = ContextVar("release in hand")


@dataclass
class Services:
    """What stands behind the handlers.

    Attributes:
        settings: of the service.
        database: where everything is kept.
        locks: one message of a conversation at a time.
        limits: how much somebody may do in a time.
        current: what is in service, once the model is loaded; requests come only after that.
    """

    settings: Settings
    database: Database
    locks: LocalLocks
    limits: RateLimits
    current: Release | None = None

    @property
    def release(self) -> Release:
        """What is in hand, else what is in service.

        Raises:
            RuntimeError: the model is not loaded yet.
        """
        found = _IN_HAND.get(None) or self.current
        if found is None:
            raise RuntimeError("the model is not loaded yet")
        return found

    @property
    def guide(self) -> Guide:
        """The guide that is in hand, else the one in service.

        Raises:
            RuntimeError: the model is not loaded yet.
        """
        return self.release.guide

    def take_in_hand(self) -> None:
        """Have a request, and every task that it begins, keep to its end what is in service now."""
        if self.current is not None:
            _IN_HAND.set(self.current)
            take_in_hand(self.current.content)


def put(app: Sanic, services: Services) -> None:
    """Keep the services with an application."""
    app.ctx.services = services


def of(request: Request) -> Services:
    """Return the services of the application that a request has come to."""
    found: Services = request.app.ctx.services
    return found
