"""One message of a conversation at a time: in one process, and in many over a real Redis."""

import asyncio
import time
from collections.abc import Awaitable, Iterator
from pathlib import Path

import pytest
import redis
from rasa.core.lock_store import LockError, RedisLockStore

from send_guide.rasa_adapter.locks import LIFE, LOOK_AGAIN, LocalLocks, RedisLocks
from tests.conftest import ROOT
from tests.servers import Redis


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    found = Redis(tmp_path_factory.mktemp("redis"))
    yield found
    found.stop()


@pytest.fixture(params=["one process", "two processes"])
def pair(request: pytest.FixtureRequest, server: Redis) -> list[LocalLocks]:
    """The locks of two replicas; in one process they are the same."""
    if request.param == "one process":
        return [LocalLocks()] * 2
    return [RedisLocks(server.url), RedisLocks(server.url)]


def run(work: Awaitable[None], *locks: LocalLocks) -> None:
    async def all_of_it() -> None:
        await work
        for lock in locks:
            await lock.close()

    asyncio.run(all_of_it())


def test_no_two_hold_it_at_once_and_none_is_lost(pair: list[LocalLocks]) -> None:
    inside = done = 0

    async def message(number: int) -> None:
        nonlocal inside, done
        async with pair[number % 2].lock(f"family {number % 3}"):
            inside += 1
            assert inside <= 3  # one a family
            holders[number % 3] += 1
            assert holders[number % 3] == 1
            await asyncio.sleep(0.002)
            holders[number % 3] -= 1
            inside -= 1
            done += 1

    async def all_at_once() -> None:
        await asyncio.gather(*(message(number) for number in range(90)))

    holders = [0, 0, 0]
    run(all_at_once(), *pair)
    assert done == 90


def test_first_come_first_served(pair: list[LocalLocks]) -> None:
    order: list[int] = []

    async def message(number: int) -> None:
        async with pair[number % 2].lock("family"):
            order.append(number)

    async def one_after_another() -> None:
        async with pair[0].lock("family"):
            waiting = []
            for number in (1, 2):  # of each process one waits at Redis
                waiting.append(asyncio.create_task(message(number)))
                await asyncio.sleep(0.1)
        await asyncio.gather(*waiting)

    run(one_after_another(), *pair)
    assert order == [1, 2]


def test_a_free_lock_is_taken_at_once_after_the_one_before(pair: list[LocalLocks]) -> None:
    async def two() -> None:
        async def short() -> None:
            async with pair[0].lock("family"):
                await asyncio.sleep(0.1)

        first = asyncio.create_task(short())
        await asyncio.sleep(0.02)
        start = time.monotonic()
        async with pair[1].lock("family"):
            waited.append(time.monotonic() - start)
        await first

    waited: list[float] = []
    run(two(), *pair)
    # Rasa's own waits a full second between two looks
    assert waited[0] < 0.9


def test_a_turn_that_takes_long_keeps_its_lock(server: Redis) -> None:
    one, two = RedisLocks(server.url), RedisLocks(server.url)
    order: list[str] = []

    async def long() -> None:
        async with one.lock("family"):
            await asyncio.sleep(LIFE + 1)
            order.append("long")

    async def short() -> None:
        async with two.lock("family"):
            order.append("short")

    async def both() -> None:
        first = asyncio.create_task(long())
        await asyncio.sleep(0.1)
        await asyncio.gather(first, short())

    run(both(), one, two)
    assert order == ["long", "short"]


def test_the_lock_of_a_process_that_died_comes_free(server: Redis) -> None:
    dead, alive = RedisLocks(server.url), RedisLocks(server.url)

    async def die_and_go_on() -> None:
        holding = dead.lock("family")
        await holding.__aenter__()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()  # kill -9: it neither renews nor gives back
        async with alive.lock("family"):
            pass

    run(die_and_go_on(), alive)


def test_one_that_gave_up_waiting_does_not_hold_up_the_queue(server: Redis) -> None:
    one, two, three = (RedisLocks(server.url) for _ in range(3))

    async def give_up() -> None:
        async def wait() -> None:
            async with two.lock("family"):
                raise AssertionError("it had given up")

        async with one.lock("family"):
            waiting = asyncio.create_task(wait())
            await asyncio.sleep(0.1)
            waiting.cancel()
        async with three.lock("family"):
            pass

    run(give_up(), one, two, three)


@pytest.mark.parametrize("trouble", ["stop", "freeze"])
def test_while_redis_is_away_each_process_has_its_own_lock(tmp_path: Path, trouble: str) -> None:
    server = Redis(tmp_path)
    locks = RedisLocks(server.url, seconds=0.3)

    async def go_on() -> None:
        await locks.check()
        getattr(server, trouble)()
        for _ in range(50):
            async with locks.lock("family"):
                pass
        with pytest.raises(LockError):
            await locks.check()
        server.start() if trouble == "stop" else server.thaw()
        await locks.check()
        async with locks.lock("family"):
            assert redis.Redis.from_url(server.url).keys("*:holder")

    try:
        run(go_on(), locks)
    finally:
        server.stop()


def test_redis_sees_no_name_and_keeps_nothing(server: Redis) -> None:
    locks, look = RedisLocks(server.url), redis.Redis.from_url(server.url)
    look.flushall()

    async def hold() -> None:
        async with locks.lock("+447700900123"):
            keys = look.keys("*")
            assert keys
            assert all(look.pttl(key) > 0 for key in keys)
            assert all(b"7700900123" not in key for key in keys)

    run(hold(), locks)
    look.close()


def test_rasas_own_lock_lets_two_in_at_once(server: Redis) -> None:
    """The defect: two processes that read before either has written both hold the lock."""
    one, two = (RedisLockStore("127.0.0.1", server.port) for _ in range(2))
    first, second = one.get_or_create_lock("family"), two.get_or_create_lock("family")
    tickets = [first.issue_ticket(60), second.issue_ticket(60)]
    one.save_lock(first)
    two.save_lock(second)
    assert tickets == [0, 0]
    assert not one.get_lock("family").is_locked(0)
    assert not two.get_lock("family").is_locked(0)
    assert one.red.ttl(one.key_prefix + "family") == -1


def test_the_docs_say_how_often_redis_is_asked() -> None:
    told = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert f"looks every {LOOK_AGAIN * 1000:.0f} ms whether it is their turn" in told
