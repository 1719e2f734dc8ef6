"""A child at risk comes before all, also while the database is away."""

import json
import re
import sqlite3
import urllib.parse
from pathlib import Path
from typing import Any

from send_guide.channels.web.identity import Identity
from send_guide.secret import service_secret
from send_guide.settings import Settings
from tests.servers import PostgreSQL, Service
from tests.web.conftest import Caller

DANGER = "my son says he wants to die"
NUMBERS = r'class="urgent".*tel:116123'


def posts_a_form(service: Service, path: str = "/guide", **fields: str) -> tuple[int, Any]:
    """Send a message, or what else can be sent, as the pages without JavaScript do."""
    form = urllib.parse.urlencode(fields).encode()
    return service.get(path, form, {"Content-Type": "application/x-www-form-urlencoded"})


UPSET = "i am so upset, it is all too much for me"
NOT_SAFE = "Somebody is not safe"


def choice_not_safe(parent: Caller) -> str:
    """Say something upset; return the choice that says it is more than that."""
    replies = parent.asks(UPSET)[1]["replies"]
    found: str = next(one["id"] for reply in replies for one in reply["choices"] if one["title"] == NOT_SAFE)
    return found


def is_told_what_to_do(answer: tuple[int, Any]) -> bool:
    """Return whether an answer of the API says first what to do in danger."""
    status, body = answer
    return (
        status == 200 and body["replies"][0]["kind"] == "urgent" and "999" in json.dumps(body["replies"][0])
    )


def test_who_is_in_danger_is_answered_while_the_database_is_away(tmp_path: Path) -> None:
    postgres = PostgreSQL(tmp_path)
    service = Service(tmp_path, DATABASE_URL=postgres.url, DATABASE_SECONDS="2").wait()
    try:
        parent = Caller(service)
        not_safe = choice_not_safe(parent)
        assert parent.asks("number for the tribunal")[0] == 200
        postgres.stop()
        assert is_told_what_to_do(parent.taps(not_safe))
        status, page = posts_a_form(service, id="plain-tap", choice=not_safe, token=parent.token)
        assert (status, "tel:999" in page) == (200, True)
        status, answer = parent.asks(DANGER)
        assert status == 200
        assert answer["replies"][0]["kind"] == "urgent"
        assert "could not keep your message" in json.dumps(answer["replies"][1])
        status, page = posts_a_form(service, id="plain-message", text=DANGER)
        assert status == 200
        assert re.search(NUMBERS, page, re.S)
        opinion = {"kind": "not-useful", "answer_ids": ["help.ipsea"], "reason": DANGER}
        status, answer = parent.call("POST", "/chat/feedback", opinion)
        assert (status, answer["replies"][0]["kind"]) == (200, "urgent")
        status, answer = parent.reads()
        assert status == 503
        assert set(answer) == {"error"}
        postgres.start()
        status, answer = parent.reads()
        assert status == 200
        said = [message["text"] for message in answer["messages"] if message["from"] == "person"]
        assert said == [UPSET, "number for the tribunal"]
    finally:
        service.stop()
        postgres.stop()


def test_a_turn_that_cannot_be_kept_is_shown_on_the_plain_page(tmp_path: Path) -> None:
    service = Service(tmp_path, DATABASE_SECONDS="1").wait()
    held = sqlite3.connect(tmp_path / "conversations.db", isolation_level=None)
    try:
        page = posts_a_form(service, id="message-1", text="number for the tribunal")[1]
        token = re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]
        held.execute("BEGIN IMMEDIATE")  # nobody else can write; everybody can read
        status, page = posts_a_form(service, id="message-2", text=DANGER, token=token)
        assert status == 200
        assert re.search("number for the tribunal.*0300 303 5857.*" + NUMBERS, page, re.S)
        assert DANGER in page
        assert "could not keep your message" in page
    finally:
        held.close()
        service.stop()


def test_danger_is_answered_where_too_much_is_sent(parent: Caller) -> None:
    said = [parent.asks("hello")[0] for _ in range(31)]
    assert said[-1] == 429
    status, answer = parent.asks(DANGER)
    assert (status, answer["replies"][0]["kind"]) == (200, "urgent")


def test_a_tap_that_somebody_is_not_safe_is_answered_where_too_much_is_sent(parent: Caller) -> None:
    not_safe = choice_not_safe(parent)
    said = [parent.asks("hello")[0] for _ in range(30)]
    assert said[-1] == 429
    assert is_told_what_to_do(parent.taps(not_safe))
    assert parent.taps("0" * 16)[0] == 429


def test_danger_is_answered_in_a_conversation_that_was_ended(parent: Caller, service: Service) -> None:
    assert parent.call("DELETE", "/chat/conversation")[0] == 204
    assert parent.asks(DANGER)[1]["replies"][0]["kind"] == "urgent"
    status, page = posts_a_form(service, id="message-9", text=DANGER, token=parent.token)
    assert status == 200
    assert re.search(NUMBERS, page, re.S)
    opinion = {"kind": "not-useful", "answers": "", "reason": DANGER, "token": parent.token}
    status, page = posts_a_form(service, path="/guide/feedback", **opinion)
    assert status == 200
    assert re.search(NUMBERS, page, re.S)
    assert "has been kept" not in page
    assert parent.reads()[0] == 410  # nothing of it is kept


def test_danger_at_the_end_of_a_very_long_message_is_answered_first(parent: Caller) -> None:
    replies = parent.asks("number for the tribunal please " + "x " * 1_000 + DANGER)[1]["replies"]
    assert replies[0]["kind"] == "urgent"
    assert "I read the first 2,000 characters" in json.dumps(replies[-1])


def test_danger_at_the_end_of_a_very_long_message_of_a_program_is_answered_first(service: Service) -> None:
    replies = service.asks("a-program", "number for the tribunal please " + "x " * 1_000 + DANGER)
    assert next(part["custom"]["kind"] for part in replies if "custom" in part) == "urgent"


def test_what_is_written_on_a_page_of_yesterday_is_answered(service: Service) -> None:
    signer = Identity(service_secret(Settings()), hours=24)
    signer._signer.get_timestamp = lambda: 1_000_000_000  # type: ignore[method-assign] # long ago
    status, page = posts_a_form(service, id="message-1", text=DANGER, token=signer.new_token())
    assert status == 200
    assert re.search(NUMBERS, page, re.S)
