"""The steps of a family outlive the servers; a letter is delivered with its text and kept without it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.servers import PostgreSQL, Service

Made = tuple[Callable[[], Service], str]


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Made]:
    database = f"sqlite:///{tmp_path}/conversations.db"
    postgres = None
    if request.param == "PostgreSQL":
        (tmp_path / "postgres").mkdir()
        postgres = PostgreSQL(tmp_path / "postgres")
        database = postgres.url
    yield lambda: Service(tmp_path, DATABASE_URL=database).wait(), database
    if postgres:
        postgres.stop()


def delivers(service: Service, message: str, name: str) -> tuple[int, list[dict[str, object]]]:
    body = json.dumps({"sender": "family", "message": message, "message_id": name}).encode()
    return service.get("/webhooks/rest/webhook", body)


def test_the_steps_are_there_after_a_restart(servers: Made) -> None:
    start, database = servers
    service = start()
    try:
        service.asks("family", "I wrote to the head in March and she ignored me")
        service.asks("family", "its an academy")
    finally:
        service.stop()
    service = start()
    try:
        [reply] = service.asks("family", "what next")
        assert reply["custom"]["step"] == "panel"
        _, [first] = delivers(service, "write the letter for me", "one")
        _, [again] = delivers(service, "write the letter for me", "one")
        for letter in (first, again):
            assert "in March 2026" in letter["custom"]["letter"]["text"]  # type: ignore[index]
    finally:
        service.stop()
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        events = str(connection.execute(sa.text("select data from events")).fetchall())
        inbox = str(connection.execute(sa.text("select replies from inbox")).fetchall())
    engine.dispose()
    for kept in (events, inbox):
        assert "governors-complaint" in kept
        assert "Dear Clerk" not in kept
