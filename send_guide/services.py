"""What the handlers of a running service share, typed: kept at one place of Sanic's application."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Sanic
from sanic.request import Request

from send_guide.rasa_adapter.locks import LocalLocks
from send_guide.rate_limits import RateLimits
from send_guide.service import Guide
from send_guide.settings import Settings
from send_guide.storage.database import Database


@dataclass
class Services:
    """What stands behind the handlers.

    Attributes:
        settings: of the service.
        database: where everything is kept.
        locks: one message of a conversation at a time.
        limits: how much somebody may do in a time.
        loaded: the guide, once the model is loaded; requests come only after that.
    """

    settings: Settings
    database: Database
    locks: LocalLocks
    limits: RateLimits
    loaded: Guide | None = None

    @property
    def guide(self) -> Guide:
        """The guide.

        Raises:
            RuntimeError: the model is not loaded yet.
        """
        if self.loaded is None:
            raise RuntimeError("the model is not loaded yet")
        return self.loaded


def put(app: Sanic, services: Services) -> None:
    """Keep the services with an application."""
    app.ctx.services = services


def of(request: Request) -> Services:
    """Return the services of the application that a request has come to."""
    found: Services = request.app.ctx.services
    return found
