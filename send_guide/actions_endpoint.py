"""Runs the actions in Rasa's own process: no port, no copy of the conversation on the wire."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

logger = logging.getLogger(__name__)

FAILED = (
    "I am sorry, something went wrong here and I could not do that. Please ask again in a moment. "
    "If a child is in danger, ring 999. For advice on special needs in Bromley see bromleyiass.org.uk."
)
"""What a person hears where an action failed: true, and with somewhere to turn."""


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint whose requests are calls of rasa_sdk's executor (design decision 2)."""

    def __init__(self, seconds: float = 5.0) -> None:
        """Register the actions.

        Args:
            seconds: how long an action may take before the person is told that it failed.
        """
        super().__init__(url="in-process", enable_selective_domain=True)
        self._seconds = seconds
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that ``json`` names and return its events and responses.

        An action that fails or takes too long changes nothing and says so.
        """
        call = kwargs["json"]
        try:
            return await asyncio.wait_for(self._executor.run(call), self._seconds)
        except Exception as error:  # noqa: BLE001 - whatever an action does, the person is told
            # the error's text may hold what the person wrote: its kind has to do
            logger.error("action.failed name=%s error=%s", call.get("next_action"), type(error).__name__)
            metadata: dict[str, Any] = {
                "kind": "fallback",
                "answer_ids": [],
                "offered": [],
                "confidence": None,
            }
            return {"events": [], "responses": [{"text": FAILED, "custom": metadata, **metadata}]}
