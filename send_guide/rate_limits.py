"""How much somebody may do in a time, counted for all replicas in Redis, where it is set.

While Redis is away each process counts for itself, as with the locks: nobody is refused for it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Iterable

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from send_guide.settings import Settings

logger = logging.getLogger(__name__)

AWAY = 5.0
"""Seconds for which Redis is not asked again once it did not answer."""
PREFIX = "send-guide-limits"


class RateLimits:
    """Counts what is done, each kind by itself."""

    def __init__(self, settings: Settings) -> None:
        """Take where to count: the connection is made when it is first needed."""
        self._here = MovingWindowRateLimiter(MemoryStorage())
        self._shared: MovingWindowRateLimiter | None = None
        self._storage: RedisStorage | None = None
        self._away_until = 0.0
        self._seconds = seconds = settings.redis_seconds
        if settings.redis_url:
            self._storage = RedisStorage(
                f"async+{settings.redis_url.get_secret_value()}",
                implementation="redispy",
                key_prefix=PREFIX,
                socket_timeout=seconds,
                socket_connect_timeout=seconds,
                retry=Retry(NoBackoff(), 1),
            )
            self._shared = MovingWindowRateLimiter(self._storage)

    async def hit_all(self, rates: Iterable[RateLimitItem], kind: str, who: str) -> bool:
        """Count once for each rate, up to the first that is exceeded; return whether all are kept.

        Args:
            rates: how much is allowed, such as so many a minute and so many a day.
            kind: what is counted.
            who: a conversation or an address.
        """
        for rate in rates:
            if not await self.hit(rate, kind, who):
                return False
        return True

    async def hit(self, rate: RateLimitItem, kind: str, who: str) -> bool:
        """Count once; return whether it is within the rate.

        Args:
            rate: how much is allowed.
            kind: what is counted.
            who: a conversation or an address; Redis sees only its hash.
        """
        name = hashlib.sha256(who.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        if self._shared and time.monotonic() >= self._away_until:
            try:
                return await asyncio.wait_for(self._shared.hit(rate, kind, name), 2 * self._seconds)
            except (RedisError, OSError, TimeoutError) as error:
                self._away_until = time.monotonic() + AWAY
                logger.error("limits.away", extra={"error": type(error).__name__})
        return await self._here.hit(rate, kind, name)

    async def close(self) -> None:
        """Give the connections to Redis back."""
        if self._storage and isinstance(self._storage.bridge, RedispyBridge):
            await self._storage.bridge.get_connection().aclose()  # type: ignore[attr-defined] # of redis-py
