"""Where Rasa finds the actions: in its own process, or in an action server of their own.

A call that fails or takes too long raises; ``patches`` tells the person and puts things back.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.content import get_content

logger = logging.getLogger(__name__)
SECRET_HEADER = "Send-Guide-Secret"  # noqa: S105 - the name of it


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint whose requests are calls of rasa_sdk's executor (design decision 2)."""

    def __init__(self, seconds: float = 5.0) -> None:
        """Register the actions.

        Args:
            seconds: how long an action may take.
        """
        super().__init__(url="in-process", enable_selective_domain=True)
        self._seconds = seconds
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *_: Any, **call: Any) -> Any:
        """Run the action that ``json`` names.

        Raises:
            TimeoutError: it took too long.
            Exception: whatever the action raises.
        """
        return await asyncio.wait_for(self._executor.run(call["json"]), self._seconds)


class RemoteActions(EndpointConfig):  # type: ignore[misc]
    """An action server of its own: ``send-guide actions``, on loopback or with a shared secret."""

    def __init__(self, url: str, secret: str | None = None, seconds: float = 5.0) -> None:
        """Name the server.

        Args:
            url: its address, with ``/webhook``.
            secret: what both sides know; none on loopback.
            seconds: how long an action may take.
        """
        headers = {SECRET_HEADER: secret} if secret else {}
        super().__init__(url=url, headers=headers, enable_selective_domain=True)
        self._seconds = seconds

    async def request(self, *arguments: Any, **call: Any) -> Any:
        """Have the server run the action that ``json`` names; raise as ``InProcessActions`` does."""
        return await asyncio.wait_for(super().request(*arguments, **call), self._seconds)


def action_server(secret: str | None) -> Sanic:
    """Return rasa_sdk's action server, which asks for the secret and never sends a conversation back.

    Args:
        secret: what a caller must send; None where only this machine can call.
    """
    get_content()  # read before the server is ready: it takes longer than the first caller may wait
    app: Sanic = create_app("actions", cors_origins=[])

    @app.on_request
    async def only_with_the_secret(request: Request) -> HTTPResponse | None:
        given = request.headers.get(SECRET_HEADER, "")
        if secret is None or hmac.compare_digest(given.encode(), secret.encode()):
            return None
        return response.json({"error": "the shared secret is missing or wrong"}, 403)

    # rasa_sdk's own handler answers with the whole conversation and writes it to the log
    app.error_handler.add(Exception, _failed)
    return app


def _failed(_: Request, error: Exception) -> HTTPResponse:
    logger.error("action_server.failed", extra={"error": type(error).__name__})
    return response.json({"error": type(error).__name__}, getattr(error, "status_code", 500))
