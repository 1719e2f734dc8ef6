"""Sends by a provider's API: off the event loop's way, with a time-out, again on 429 and 5xx only."""

from __future__ import annotations

import asyncio
import logging
from enum import Enum
from typing import Any

import aiohttp
from prometheus_client import Counter

logger = logging.getLogger(__name__)

SENDS = Counter(
    "send_guide_sends", "Requests to a provider's API, by what became of them", ["provider", "outcome"]
)
TIMES = 4
"""How often a request is made at most."""
LONGEST_PAUSE = 8.0
"""Seconds between two of them at most, whatever the provider asks for."""


class Sent(Enum):
    """What became of what was to be sent."""

    TAKEN = "taken by the provider"
    REFUSED = "refused, or perhaps arrived: it is not sent again"
    NOT = "not sent: it may be later"


class Sender:
    """Makes requests to one provider."""

    def __init__(self, provider: str, seconds: float, pause: float) -> None:
        """Set the limits; connections are opened when they are first needed.

        Args:
            provider: its name in metrics and log.
            seconds: how long a request may take.
            pause: seconds before the first repetition; doubled each time.
        """
        self._provider, self._pause = provider, pause
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, *, urgent: bool = False, **request: Any) -> Sent:
        """Make a request until it is taken; return what became of it.

        A 429 and a 5xx are tried again after a pause, and so is a connection that could not be made. What
        was refused (4xx) would be refused again. A time-out may have been sent, and nobody wants it twice;
        but what to do in danger rather twice than not at all.

        Args:
            url: where to.
            urgent: whether somebody may be in danger: what is not sent then is an error of its own.
            **request: ``data``, ``json``, ``headers``, ``auth`` as aiohttp takes them.
        """
        outcome = "unsent"
        for attempt in range(TIMES):
            outcome, again = await self._once(url, request)
            SENDS.labels(self._provider, outcome).inc()
            if again is None:
                break
            if attempt + 1 < TIMES:
                await asyncio.sleep(min(LONGEST_PAUSE, max(again, self._pause * 2**attempt)))
        if outcome == "taken":
            return Sent.TAKEN
        # neither text nor number: only that it happened, and whether somebody may be in danger
        logger.error("send.failed", extra={"provider": self._provider, "outcome": outcome, "urgent": urgent})
        refused = outcome.startswith("4") and outcome != "429"
        unsent = outcome.startswith("5") or outcome in ("429", "no connection")
        return Sent.NOT if unsent or (urgent and not refused) else Sent.REFUSED

    async def _once(self, url: str, request: dict[str, Any]) -> tuple[str, float | None]:
        """Return what became of one request, and after how many seconds to try again, or None."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        try:
            async with self._session.post(url, **request) as answer:
                if answer.status == 429 or answer.status >= 500:
                    return str(answer.status), _retry_after(answer.headers.get("Retry-After"))
                return ("taken" if answer.ok else str(answer.status)), None
        except aiohttp.ClientConnectorError:
            return "no connection", 0.0
        except (aiohttp.ClientError, TimeoutError) as error:
            return type(error).__name__, None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def _retry_after(value: str | None) -> float:
    return float(value) if value and value.isdigit() else 0.0
