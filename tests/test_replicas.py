"""Two replicas of the service over one PostgreSQL and one Redis."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.servers import PostgreSQL, Redis, Service

AT_ONCE = 12


class Replicas:
    """Two services that share everything but memory."""

    def __init__(self, folder: Path) -> None:
        self.postgres = PostgreSQL(folder / "postgres")
        self.redis = Redis(folder)
        shared = {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.redis.url, "REDIS_SECONDS": "0.5"}
        shared |= {"PER_CONVERSATION": "1000/minute"}
        self.services = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            self.services.append(Service(folder / name, **shared))
        for service in self.services:
            service.wait()

    def asks(self, sender: str, number: int) -> str:
        return str(self.services[number % 2].asks(sender, "what do governors have to do")[0]["text"])

    def kinds_of_events(self, sender: str) -> list[str]:
        """Return what happened, in order: who spoke."""
        engine = sa.create_engine(self.postgres.url)
        with engine.connect() as connection:
            query = sa.text("select type_name from events where sender_id = :sender order by id")
            rows = connection.execute(query, {"sender": sender}).fetchall()
        engine.dispose()
        return [row.type_name for row in rows if row.type_name in ("user", "bot")]

    def stop(self) -> None:
        for service in self.services:
            service.stop()
        self.redis.stop()
        self.postgres.stop()


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    folder = tmp_path_factory.mktemp("replicas")
    (folder / "postgres").mkdir()
    found = Replicas(folder)
    yield found
    found.stop()


def all_at_once(replicas: Replicas, sender: str) -> None:
    with ThreadPoolExecutor(AT_ONCE) as people:
        heard = list(people.map(lambda number: replicas.asks(sender, number), range(AT_ONCE)))
    assert all("1 to 4 of 10" in text for text in heard), heard
    assert replicas.kinds_of_events(sender) == ["user", "bot"] * AT_ONCE


def test_messages_of_one_conversation_at_one_instant_neither_interleave_nor_vanish(
    replicas: Replicas,
) -> None:
    all_at_once(replicas, "family")


def test_a_conversation_goes_on_at_the_other_replica(replicas: Replicas) -> None:
    replicas.services[0].asks("moves", "what do governors have to do")
    assert "5 to 8 of 10" in replicas.services[1].asks("moves", "what else must they do?")[0]["text"]
    assert "9 to 10 of 10" in replicas.services[0].asks("moves", "what else must they do?")[0]["text"]


def test_a_message_delivered_to_both_replicas_is_answered_once(replicas: Replicas) -> None:
    body = json.dumps({"sender": "both", "message": "number for the tribunal", "message_id": "m1"}).encode()
    with ThreadPoolExecutor(4) as people:
        answers = list(
            people.map(
                lambda number: replicas.services[number % 2].get("/webhooks/rest/webhook", body)[1], range(4)
            )
        )
    assert all(answer == answers[0] for answer in answers)
    assert replicas.kinds_of_events("both") == ["user", "bot"]


def test_what_is_sent_to_both_replicas_is_counted_once_and_a_restart_forgets_nothing(
    replicas: Replicas, tmp_path: Path
) -> None:
    shared = {"DATABASE_URL": replicas.postgres.url, "REDIS_URL": replicas.redis.url}
    body = json.dumps({"sender": "busy", "message": "hello"}).encode()
    statuses = []
    for name in ("third", "fourth"):  # one after the other: the second is as the first after a restart
        (tmp_path / name).mkdir()
        service = Service(tmp_path / name, PER_CONVERSATION="4/hour", **shared).wait()
        statuses.append([service.get("/webhooks/rest/webhook", body)[0] for _ in range(3)])
        service.stop()
    assert statuses == [[200, 200, 200], [200, 429, 429]]


@pytest.mark.parametrize("trouble", ["freeze", "stop"])
def test_without_redis_nothing_is_lost_and_it_is_said(replicas: Replicas, trouble: str) -> None:
    getattr(replicas.redis, trouble)()
    try:
        all_at_once(replicas, f"family without redis: {trouble}")
        status, found = replicas.services[0].get("/readyz")
        assert (status, found) == (200, {"store": True, "lock": False, "understanding": True})
    finally:
        replicas.redis.thaw() if trouble == "freeze" else replicas.redis.start()
    assert replicas.services[0].get("/readyz")[1]["lock"] is True
