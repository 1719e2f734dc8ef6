"""One message of a conversation at a time, first come, first served: in a process, and over Redis.

Rasa's own lock over Redis reads, changes and writes back (two processes may both hold it), never
expires, and waits a full second between looks. Here one process lets its messages queue in memory and
only the first of them asks Redis, in scripts that run there as a whole.

What is behind the lock is safe without it too: the tracker store refuses a turn whose conversation has
moved on since it was read. So where Redis is away the service goes on with the lock of the process,
and a turn that came too late is done again.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import time
import uuid
import weakref
from collections.abc import AsyncIterator, Iterator

import redis.asyncio
from prometheus_client import Counter
from rasa.core.lock_store import LockError, LockStore
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

LIFE = 3.0
"""Seconds after which the lock of a holder that died is free; one that lives renews it each second."""
WAIT = 60.0
"""Seconds that a message waits for its turn at most."""
LOOK_AGAIN = 0.02
"""Seconds between two looks of one that waits for another process."""
WAITER_LIFE = 2.0
"""Seconds after which one who waits and has not looked again is taken for dead."""
AWAY = 5.0
"""Seconds for which a Redis that did not answer is not asked again."""
AWAY_COUNT = Counter("send_guide_locks_without_redis", "Turns that went on while Redis was away")

_TAKE = """
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZADD', KEYS[2], at + ARGV[3], ARGV[1])
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  redis.call('ZADD', KEYS[1], redis.call('INCR', KEYS[4]), ARGV[1])
end
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', at - 1)) do
  redis.call('ZREM', KEYS[1], gone)
  redis.call('ZREM', KEYS[2], gone)
end
for _, key in ipairs({KEYS[1], KEYS[2], KEYS[4]}) do redis.call('PEXPIRE', key, ARGV[2] * 2) end
if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
if redis.call('ZRANGE', KEYS[1], 0, 0)[1] ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
"""
"""Queue up, drop those who have stopped waiting, and take the lock if it is free and ours is the turn.

KEYS: the queue, until when each is alive, the holder, the last number. ARGV: token, life of the lock
and of one who waits, milliseconds.
"""

_GIVE_BACK = """
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('GET', KEYS[3]) == ARGV[1] then return redis.call('DEL', KEYS[3]) end
return 0
"""


_RENEW = """
if redis.call('GET', KEYS[3]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[3], ARGV[2]) end
return 0
"""


class LocalLocks(LockStore):
    """The lock of one process: those who wait get their turn in order, at once."""

    def __init__(self) -> None:
        """Start with no locks; a lock is forgotten when nobody holds or waits for it."""
        super().__init__()
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    @contextlib.asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LIFE, wait_time_in_seconds: float = LOOK_AGAIN
    ) -> AsyncIterator[None]:
        """Hold the lock of a conversation.

        Args:
            conversation_id: the name of the conversation.
            lock_lifetime: Rasa's; a process that dies holds nothing.
            wait_time_in_seconds: Rasa's; nobody looks again and again here.

        Raises:
            LockError: the turn did not come in time.
        """
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        try:
            await asyncio.wait_for(lock.acquire(), WAIT)
        except TimeoutError as error:
            raise LockError("the messages before this one took too long") from error
        try:
            yield
        finally:
            lock.release()

    async def check(self) -> None:
        """Take a lock and give it back."""
        async with self.lock(uuid.uuid4().hex):
            pass

    async def close(self) -> None:
        """Give back what is held open; nothing is."""


class RedisLocks(LocalLocks):
    """The lock of many processes, over Redis; while Redis is away, each process has its own."""

    def __init__(self, url: str, seconds: float = 1.0) -> None:
        """Name the server; the connection is made when it is first needed.

        Args:
            url: ``redis://host:6379/0`` or ``rediss://...``.
            seconds: how long Redis may take to answer.
        """
        super().__init__()
        self._redis = redis.asyncio.from_url(
            url, socket_timeout=seconds, socket_connect_timeout=seconds, retry=Retry(NoBackoff(), 1)
        )
        self._take = self._redis.register_script(_TAKE)
        self._give_back = self._redis.register_script(_GIVE_BACK)
        self._renew = self._redis.register_script(_RENEW)
        self._seconds = seconds
        self._away_until = 0.0

    @contextlib.asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LIFE, wait_time_in_seconds: float = LOOK_AGAIN
    ) -> AsyncIterator[None]:
        """Hold the lock of a conversation, here and among all processes.

        Args:
            conversation_id: the name of the conversation; Redis sees only its hash.
            lock_lifetime: Rasa's; the lock lives as long as its holder (``LIFE``).
            wait_time_in_seconds: Rasa's; ``LOOK_AGAIN`` stands for it.

        Raises:
            LockError: the turn did not come in time.
        """
        async with super().lock(conversation_id):
            token, keys = uuid.uuid4().hex, _keys(conversation_id)
            shared = await self._wait_for_turn(keys, token)
            renewing = asyncio.create_task(self._keep(keys, token)) if shared else None
            try:
                yield
            finally:
                if renewing:
                    renewing.cancel()
                    with self._may_be_away():
                        await self._run(self._give_back, keys, [token])

    async def check(self) -> None:
        """Take a lock of Redis and give it back.

        Raises:
            LockError: Redis does not answer.
        """
        keys, token = _keys(f"check {uuid.uuid4().hex}"), uuid.uuid4().hex
        try:
            await self._run(self._take, keys, [token, 1000, 1000])
            await self._run(self._give_back, keys, [token])
        except (RedisError, OSError, TimeoutError) as error:
            raise LockError(f"Redis did not do its work: {type(error).__name__}") from error
        self._away_until = 0.0

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()

    async def _keep(self, keys: list[str], token: str) -> None:
        """Renew the lock for as long as the turn takes."""
        while True:
            await asyncio.sleep(LIFE / 3)
            with self._may_be_away():
                await self._run(self._renew, keys, [token, round(LIFE * 1000)])

    async def _wait_for_turn(self, keys: list[str], token: str) -> bool:
        """Return True with the lock held, or False where Redis is away."""
        if time.monotonic() < self._away_until:
            AWAY_COUNT.inc()
            return False
        times: list[str | int] = [token, round(LIFE * 1000), round(WAITER_LIFE * 1000)]
        end = time.monotonic() + WAIT
        with self._may_be_away():
            while not await self._run(self._take, keys, times):
                if time.monotonic() > end:
                    await self._run(self._give_back, keys, [token])
                    raise LockError("the messages before this one took too long")
                await asyncio.sleep(LOOK_AGAIN)
            return True
        AWAY_COUNT.inc()
        return False

    async def _run(
        self, script: redis.commands.core.AsyncScript, keys: list[str], values: list[str | int]
    ) -> int:
        """Run a script; a server that hangs is as good as away."""
        return int(await asyncio.wait_for(script(keys=keys, args=values), 2 * self._seconds))

    @contextlib.contextmanager
    def _may_be_away(self) -> Iterator[None]:
        try:
            yield
        except (RedisError, OSError, TimeoutError) as error:
            self._away_until = time.monotonic() + AWAY
            logger.error("locks.away", extra={"error": type(error).__name__})


def _keys(conversation_id: str) -> list[str]:
    """Return the keys of a conversation; the braces keep them on one node of a cluster."""
    name = hashlib.sha256(conversation_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return [f"send-guide:{{{name}}}:{part}" for part in ("queue", "alive", "holder", "number")]
