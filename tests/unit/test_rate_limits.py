"""What is sent is counted among all replicas; while Redis is away each counts for itself."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from limits import parse

from send_guide.rate_limits import RateLimits
from send_guide.settings import Settings
from tests.servers import Redis

RATE = parse("3/hour")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Redis]:
    found = Redis(tmp_path)
    yield found
    found.stop()


def replica(server: Redis | None) -> RateLimits:
    return RateLimits(Settings(redis_url=server.url if server else None, redis_seconds=0.2))


def counted(who: str, *replicas: RateLimits, kind: str = "web") -> list[bool]:
    """Return what each replica in turn says to one message more."""

    async def all_of_them() -> list[bool]:
        found = [await one.hit(RATE, kind, who) for one in replicas]
        for one in replicas:
            await one.close()
        return found

    return asyncio.run(all_of_them())


def test_two_replicas_count_together(server: Redis) -> None:
    one, two = replica(server), replica(server)
    assert counted("mum", one, two, one, two, one) == [True, True, True, False, False]


def test_a_restart_forgets_nothing(server: Redis) -> None:
    assert counted("mum", *[replica(server)] * 4) == [True, True, True, False]
    assert counted("mum", replica(server)) == [False]


def test_without_redis_one_process_counts_for_itself() -> None:
    assert counted("mum", *[replica(None)] * 4) == [True, True, True, False]


def test_people_and_kinds_are_counted_by_themselves(server: Redis) -> None:
    assert counted("mum", *[replica(server)] * 3) == [True] * 3
    assert counted("dad", replica(server)) == [True]
    assert counted("mum", replica(server), kind="sign-in") == [True]


@pytest.mark.parametrize("trouble", ["freeze", "stop"])
def test_while_redis_is_away_nobody_is_refused_for_it_and_each_counts_for_itself(
    server: Redis, trouble: str
) -> None:
    getattr(server, trouble)()
    assert counted("mum", *[replica(server)] * 4) == [True, True, True, False]


def test_redis_sees_no_name_and_keeps_nothing_for_longer(server: Redis) -> None:
    assert counted("+447700900123", replica(server)) == [True]
    with redis.Redis(port=server.port) as client:
        keys = client.keys("*")
        assert keys
        assert not [key for key in keys if b"900123" in key]
        assert all(0 < client.ttl(key) <= 3600 for key in keys)
