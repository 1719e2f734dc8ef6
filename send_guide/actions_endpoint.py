"""Runs the actions in Rasa's own process: no port, no copy of the conversation on the wire."""

from __future__ import annotations

from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint whose requests are calls of rasa_sdk's executor (design decision 2)."""

    def __init__(self) -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
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
        """Run the action that ``json`` names and return its events and responses."""
        return await self._executor.run(kwargs["json"])
