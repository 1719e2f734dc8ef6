"""Tokens: without the right one nobody reads, goes on with or deletes a conversation."""

import asyncio
import json
import re
import secrets
import sqlite3
import stat
import time
from pathlib import Path

import pytest
from limits import parse_many
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from send_guide.channels.web.chat import Chat
from send_guide.channels.web.identity import Identity, InvalidTokenError
from send_guide.content import get_content
from send_guide.errors import CannotStartError
from send_guide.rasa_adapter.engine import RasaEngine
from send_guide.rasa_adapter.locks import LocalLocks
from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from send_guide.rate_limits import RateLimits
from send_guide.secret import service_secret
from send_guide.service import Guide, Message, Turn
from send_guide.services import Release, Services
from send_guide.settings import Settings
from tests.servers import Service, database
from tests.web.conftest import Caller

QUESTION = "how often should school meet with me"
METHODS = [
    ("GET", "/chat/messages", None),
    ("POST", "/chat/messages", {"id": "message-9", "text": "hello"}),
    ("DELETE", "/chat/conversation", None),
    ("POST", "/chat/feedback", {"kind": "useful", "answer_ids": []}),
    ("POST", "/chat/return-code", {}),
    ("POST", "/chat/return", {"id": "message-9", "code": "apple pear fig plum"}),
    ("POST", "/chat/letter", {"title": "a", "text": "b", "format": "txt"}),
    ("POST", "/chat/calendar", {"title": "a", "last_day": "2099-01-01", "working": []}),
]


def forged(token: str) -> list[str]:
    conversation, time, signature = token.split(".")
    swapped = "A" if conversation[0] != "A" else "B"
    return [
        f"{swapped}{conversation[1:]}.{time}.{signature}",
        f"{conversation}.{time}.{signature[:-3]}AAA",
        f"{conversation}.zzzzzz.{signature}",
        f"{conversation}.{time}",
        conversation,
        "..",
        "x" * 4_000,
        "null",
    ]


@pytest.mark.parametrize(("method", "path", "body"), METHODS)
def test_forged_tokens_open_nothing(parent: Caller, method: str, path: str, body: object) -> None:
    parent.asks(QUESTION)
    for token in [None, *forged(parent.token)]:
        status, answer = parent.call(method, path, body, token=token)
        assert status == 401, token
        assert set(answer) == {"error"}
        assert QUESTION not in json.dumps(answer)
    assert len(parent.reads()[1]["messages"]) == 2


def test_the_token_of_somebody_else_opens_their_conversation_only(parent: Caller, stranger: Caller) -> None:
    parent.asks(QUESTION)
    assert stranger.reads() == (200, {"messages": []})
    mixed = ".".join([parent.token.split(".")[0], *stranger.token.split(".")[1:]])
    assert parent.call("GET", "/chat/messages", token=mixed)[0] == 401


def test_a_token_is_random_and_ends() -> None:
    identity = Identity(b"secret" * 8, hours=1)
    tokens = {identity.new_token().split(".")[0] for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 for token in tokens)  # 256 bits
    over = Identity(b"secret" * 8, hours=-1)
    with pytest.raises(InvalidTokenError, match="over its time"):
        over.sender_of(over.new_token())
    with pytest.raises(InvalidTokenError):
        Identity(b"another" * 8, hours=1).sender_of(identity.new_token())


def test_an_expired_token_opens_nothing(tmp_path: Path, parent: Caller) -> None:
    secret = service_secret(Settings())
    status, answer = parent.call("GET", "/chat/messages", token=Identity(secret, hours=24).new_token())
    assert status == 200  # the secret is the service's
    signer = Identity(secret, hours=24)
    signer._signer.get_timestamp = lambda: 1_000_000_000  # type: ignore[method-assign] # long ago
    status, answer = parent.call("GET", "/chat/messages", token=signer.new_token())
    assert status == 401
    assert "over its time" in answer["error"]


def at_another_time(token: str, seconds: float) -> str:
    """A token of the same conversation, made so many seconds before or after now."""
    signer = Identity(service_secret(Settings()), hours=24)._signer
    signer.get_timestamp = lambda: round(time.time() + seconds)  # type: ignore[method-assign]
    return signer.sign(token.split(".")[0]).decode()


@pytest.mark.parametrize(("path", "fields"), [(None, ""), ("/guide/end", "&sure=yes"), ("/guide/leave", "")])
@pytest.mark.parametrize("hours", [-25, 2], ids=["begun yesterday", "begun when a clock was wrong"])
def test_a_token_that_opens_nothing_any_more_still_deletes(
    parent: Caller, service: Service, path: str | None, fields: str, hours: int
) -> None:
    """Whoever ends the conversation on a page of yesterday is told that it is gone: so it is gone."""
    parent.asks(QUESTION)
    token = at_another_time(parent.token, hours * 3600)
    assert parent.call("GET", "/chat/messages", token=token)[0] == 401
    assert parent.reads()[0] == 200
    if path is None:
        assert parent.call("DELETE", "/chat/conversation", token=token)[0] == 204
    else:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert service.get(path, f"token={token}{fields}".encode(), form)[0] == 200
    assert parent.reads()[0] == 410


def test_a_conversation_of_nobody_is_not_said_to_be_deleted(parent: Caller, service: Service) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    status, answer = service.get("/guide/end", f"token={forged(parent.token)[0]}&sure=yes".encode(), form)
    assert status == 410
    assert "has been deleted" not in str(answer)


@pytest.mark.parametrize(("ahead", "status"), [(1, 200), (50, 200), (120, 401)])
def test_clocks_of_replicas_may_differ_by_a_minute(parent: Caller, ahead: int, status: int) -> None:
    token = at_another_time(parent.token, ahead)
    assert parent.call("GET", "/chat/messages", token=token)[0] == status


def test_who_reads_the_database_holds_no_token(parent: Caller, service: Service) -> None:
    parent.asks(QUESTION)
    kept = b"".join(path.read_bytes() for path in service.log.parent.glob("conversations.db*"))
    assert b"head.parent-meetings" in kept
    assert parent.token.split(".")[0].encode() not in kept
    assert parent.token not in service.log.read_text()


def test_a_conversation_that_was_deleted_is_gone_and_stays_gone(parent: Caller, service: Service) -> None:
    parent.asks(QUESTION, "message-1")
    assert parent.call("DELETE", "/chat/conversation")[0] == 204
    assert parent.reads()[0] == 410
    assert parent.asks(QUESTION, "message-1")[0] == 410  # a message that was on its way
    assert parent.asks("hello")[0] == 410
    assert parent.call("DELETE", "/chat/conversation")[0] == 204


def test_who_leaves_while_the_answer_is_being_made_leaves_nothing(tmp_path: Path) -> None:
    """The browser ends its request, then the conversation; what the turn still writes goes too."""
    kept_in = database(f"sqlite:///{tmp_path}/conversations.db")
    store = WindowedTrackerStore(None, kept_in)

    async def leave() -> None:
        begun, over = asyncio.Event(), asyncio.Event()

        class Slow(Guide):
            """Keeps the message once it may."""

            async def handle(self, message: Message) -> Turn:
                begun.set()
                await over.wait()
                tracker = await store.get_or_create_tracker(message.sender, append_action_listen=False)
                tracker.update(UserUttered(message.text))
                await store.save(tracker)
                return Turn((), "answered")

        engine = RasaEngine(Agent(domain=Domain.empty()), store)
        slow = Release(Slow(engine), get_content(), Settings().model)
        services = Services(Settings(), kept_in, LocalLocks(), RateLimits(Settings()), current=slow)
        chat = Chat(services, parse_many("30/minute"), characters=2_000)
        request = asyncio.create_task(chat.say("web-somebody", "message-1", "he hits me"))
        await begun.wait()
        request.cancel()
        await asyncio.wait([request])
        await chat.end("web-somebody")
        over.set()
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})

    asyncio.run(leave())
    with sqlite3.connect(tmp_path / "conversations.db") as kept:
        assert kept.execute("SELECT count(*) FROM events").fetchone() == (0,)
    kept_in.close()


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "storage" / "secret"
    first = service_secret(Settings(), file)
    assert len(first) >= 43
    assert service_secret(Settings(), file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_service_that_others_can_reach_needs_a_secret_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(CannotStartError, match="set SEND_GUIDE_SECRET"):
        service_secret(Settings(host="0.0.0.0"), tmp_path / "secret")
    random = secrets.token_urlsafe(32)
    set_one = Settings(host="0.0.0.0", secret=random)  # type: ignore[arg-type]
    assert service_secret(set_one, tmp_path / "secret") == random.encode()
    assert "set SEND_GUIDE_SECRET" in Service(tmp_path, HOST="0.0.0.0", REST="false").refuses()


@pytest.mark.parametrize("number", range(3))
def test_what_our_pages_show_as_a_secret_is_none(number: int) -> None:
    """The line is copied as it stands from the installation that docs/operate.md describes."""
    shown = re.findall(r"SEND_GUIDE_SECRET=(.{32,})", Path("docs/operate.md").read_text())
    example = [*shown, "change-me-" * 4, "0" * 64][number]
    with pytest.raises(CannotStartError, match="no secret"):
        service_secret(Settings(secret=example))  # type: ignore[arg-type]


@pytest.mark.parametrize("kept", ["", "\n", "short", "a" * 43])
def test_a_file_without_a_secret_is_not_taken_for_one(tmp_path: Path, kept: str) -> None:
    file = tmp_path / "secret"
    file.write_text(kept)
    with pytest.raises(CannotStartError, match="delete the file"):
        service_secret(Settings(), file)
    assert file.read_text() == kept
