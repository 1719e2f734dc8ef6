"""The steps of a family outlive the servers; a letter is delivered with its text and kept without it."""

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.servers import Service


def delivers(service: Service, message: str, name: str) -> list[dict[str, Any]]:
    body = json.dumps({"sender": "family", "message": message, "message_id": name}).encode()
    status, replies = service.get("/webhooks/rest/webhook", body)
    assert status == 200, replies
    return list(replies)


def metadata(replies: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the metadata of the first reply; this channel sends it as a message of its own."""
    return next(reply["custom"] for reply in replies if "custom" in reply)


def test_the_steps_are_there_after_a_restart(tmp_path: Path) -> None:
    service = Service(tmp_path).wait()
    try:
        service.asks("family", "I wrote to the head in March and she ignored me")
        service.asks("family", "no plan")
        service.asks("family", "its an academy")
    finally:
        service.stop()
    service = Service(tmp_path).wait()
    try:
        assert metadata(service.asks("family", "what next"))["step"] == "panel"
        for _ in ("first", "again"):
            letter = metadata(delivers(service, "write the letter for me", "one"))["letter"]
            assert "Dear Clerk" in letter["text"]
            assert "in March" in letter["text"]
    finally:
        service.stop()
    engine = sa.create_engine(f"sqlite:///{tmp_path}/conversations.db")
    with engine.connect() as connection:
        events = "".join(connection.execute(sa.text("select data from events")).scalars())
        inbox = "".join(connection.execute(sa.text("select replies from inbox")).scalars())
    engine.dispose()
    for kept in (events, inbox):
        assert "governors-complaint" in kept
        assert "Dear Clerk" not in kept
