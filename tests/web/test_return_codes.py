"""Four words bring steps and situation back on another device; who guesses finds nothing."""

import asyncio
import json
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from limits import parse_many
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet

from send_guide.channels.web.chat import Chat, RateLimitedError
from send_guide.channels.web.return_codes import ReturnCodes, WrongCodeError, plain_code, word_list
from send_guide.content import get_content
from send_guide.domain.guided_path import Progress
from send_guide.domain.safety import in_danger
from send_guide.domain.situation import SLOT, Situation
from send_guide.rasa_adapter.engine import RasaEngine
from send_guide.rasa_adapter.locks import LocalLocks
from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from send_guide.rate_limits import RateLimits
from send_guide.service import Guide
from send_guide.services import Release, Services
from send_guide.settings import Settings
from send_guide.storage import conversations, return_codes
from send_guide.storage.base import DAY
from send_guide.storage.database import Database
from send_guide.storage.retention import purge_once
from tests.servers import Service, database
from tests.web.conftest import Caller

TOLD = (
    "my daughter Wilhelmina is at a secondary academy and the school will not help her, she is so frightened"
)
TYPED = ("wilhelmina", "daughter", "frightened")
GUESSES = 10_000
UNLIMITED = {"per_return": "1000000/minute", "all_returns": "1000000/minute"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MUM = "web-mum"


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The guide behind a proxy that says where people are; the limits are those it comes with."""
    found = Service(tmp_path_factory.mktemp("return-codes"), PROXIES="1").wait()
    yield found
    assert found.stop() == 0


class Device(Caller):
    """A device at an address of its own."""

    def __init__(self, service: Service) -> None:
        self.address = f"198.18.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
        super().__init__(service)

    def call(
        self, method: str, path: str, body: Any = None, token: str | None = "own", **headers: str
    ) -> tuple[int, Any]:
        return super().call(method, path, body, token, X_Forwarded_For=self.address, **headers)

    def on_the_path(self) -> "Device":
        for text in (TOLD, "no plan", "i wrote to the senco and nothing happened"):
            assert self.asks(text)[0] == 200
        return self

    def code(self) -> str:
        status, made = self.call("POST", "/chat/return-code", {})
        assert status == 201, made
        return str(made["code"])

    def comes_back(self, code: str, name: str = "return-1") -> tuple[int, Any]:
        return self.call("POST", "/chat/return", {"id": name, "code": code})


def words(replies: list[dict[str, Any]]) -> str:
    return "\n".join(
        "".join(piece["text"] for piece in line["pieces"]) for reply in replies for line in reply["lines"]
    )


def kept(service: Service) -> bytes:
    return b"".join(path.read_bytes() for path in service.log.parent.glob("conversations.db*"))


def test_it_brings_back_step_and_facts_and_none_of_the_words(guide: Service) -> None:
    parent = Device(guide).on_the_path()
    code = parent.code()
    another = Device(guide)
    status, answer = another.comes_back(code)
    assert status == 200
    said = words(answer["replies"])
    assert "Welcome back. You are at step 2 of 8." in said
    assert "You are at: Ask for the complaints policy." in said
    for fact in ("there is no EHC plan", "it is an academy or free school", "the phase is secondary"):
        assert fact in said
    assert "Ask for the complaints policy" in words(another.asks("my steps")[1]["replies"])
    assert "Complain to the head" in words(another.asks("i have done this")[1]["replies"])
    everything = json.dumps([answer, another.reads()[1]]).lower()
    assert not [word for word in TYPED if word in everything]


def test_what_came_back_is_there_after_a_reload_and_its_buttons_work(guide: Service) -> None:
    code = Device(guide).on_the_path().code()
    another = Device(guide)
    replies = another.comes_back(code)[1]["replies"]
    assert another.reads()[1]["messages"] == replies
    done = next(choice for choice in replies[-1]["choices"] if choice["title"] == "I have done this")
    assert "Complain to the head" in words(another.taps(done["id"])[1]["replies"])


@pytest.mark.parametrize("change", [str.upper, lambda code: f"  {code.replace(' ', ' - ')}. ", str.title])
def test_it_may_be_typed_as_people_type(guide: Service, change: Any) -> None:
    code = Device(guide).on_the_path().code()
    assert Device(guide).comes_back(change(code))[0] == 200


def test_commas_lines_and_hyphens_are_no_part_of_it() -> None:
    for typed in (
        "apple, pear, fig, plum",
        "Apple-Pear-Fig-Plum",
        " apple\npear\tfig  plum. ",
        "1. apple 2. pear 3. fig 4. plum",
    ):
        assert plain_code(typed) == "apple pear fig plum"


def test_a_lost_answer_is_sent_again_and_another_device_is_too_late(guide: Service) -> None:
    code = Device(guide).on_the_path().code()
    another, third = Device(guide), Device(guide)
    first = another.comes_back(code)
    assert another.comes_back(code) == first
    assert len(another.reads()[1]["messages"]) == len(first[1]["replies"])
    assert third.comes_back(code)[0] == 404


def test_wrong_used_replaced_and_deleted_ones_have_one_answer(guide: Service) -> None:
    parent, another, asking = Device(guide).on_the_path(), Device(guide).on_the_path(), Device(guide)
    replaced, used = parent.code(), parent.code()
    assert Device(guide).comes_back(used)[0] == 200
    deleted = another.code()
    assert another.call("DELETE", "/chat/conversation")[0] == 204
    found = [
        asking.comes_back(code, f"return-{at}") for at, code in enumerate((replaced, used, deleted, "no"))
    ]
    assert found == [found[0]] * 4
    assert found[0][0] == 404


def test_the_database_holds_neither_code_nor_words(guide: Service) -> None:
    parent = Device(guide).on_the_path()
    code = parent.code()
    raw = kept(guide).lower()
    assert b"return_codes" in raw
    assert code.encode() not in raw
    assert b"wilhelmina" not in raw
    status, answer = Device(guide).comes_back(code)
    assert status == 200, answer
    assert code not in guide.log.read_text()


def test_where_nothing_is_known_no_code_is_made(guide: Service) -> None:
    status, answer = Device(guide).call("POST", "/chat/return-code", {})
    assert status == 409
    assert "nothing to bring back yet" in answer["error"]


def test_danger_that_is_typed_for_a_code_is_answered(guide: Service) -> None:
    somebody = Device(guide)
    for at in range(7):  # over the limit, too
        status, answer = somebody.comes_back("i want to die", f"return-{at}")
        assert (status, [reply["kind"] for reply in answer["replies"]]) == (200, ["urgent"])


def test_an_address_has_five_tries_a_minute(guide: Service) -> None:
    code, guesser = Device(guide).on_the_path().code(), Device(guide)
    tries = [guesser.comes_back("apple pear fig plum", f"return-{at}")[0] for at in range(5)]
    assert tries == [404] * 5
    assert guesser.comes_back(code, "return-right")[0] == 429
    assert Device(guide).comes_back(code)[0] == 200


def test_the_pages_without_javascript_do_the_same(guide: Service) -> None:
    parent, another = Device(guide).on_the_path(), Device(guide)

    def posts(device: Device, path: str, **fields: str) -> tuple[int, str]:
        body = "&".join(f"{name}={value}" for name, value in fields.items()).replace(" ", "+")
        return device.service.get(path, body.encode(), {**FORM, "X-Forwarded-For": device.address})

    status, shown = posts(parent, "/guide/return-code", token=parent.token)
    code = shown.partition('<p class="code">')[2].partition("</p>")[0]
    assert (status, len(code.split())) == (200, 4)
    status, wrong = posts(another, "/guide/return", id="return-1", code="apple pear fig plum")
    assert status == 400
    assert "That code does not work." in wrong
    status, back = posts(another, "/guide/return", id="return-2", code=code)
    assert status == 200
    assert "You are at step 2 of 8." in back
    assert posts(another, "/guide/return-code", token=another.token)[0] == 409


def test_there_are_enough_words_and_none_of_them_is_of_danger() -> None:
    found = word_list()
    assert len(set(found)) == len(found) >= 2_048
    assert all(word.isalpha() and word.islower() and 3 <= len(word) <= 10 for word in found)
    assert [word for word in found if in_danger(word)] == []


# ---- the service by itself, so that thousands of guesses take seconds ----


class Alone:
    """Return codes with a conversation that knows something, and no model."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.settings = Settings(**settings)  # type: ignore[arg-type]
        self.database: Database = database(f"sqlite:///{folder}/conversations.db")
        domain = Domain.load("domain.yml")
        store = WindowedTrackerStore(domain, self.database)
        agent = Agent(domain=domain, tracker_store=store, lock_store=LocalLocks())
        self.services = Services(self.settings, self.database, LocalLocks(), RateLimits(self.settings))
        engine = RasaEngine(agent, self.database)
        self.services.current = Release(Guide(engine), get_content(), self.settings.model)
        chat = Chat(self.services, parse_many("1000000/minute"), characters=2_000)
        self.codes = ReturnCodes(self.services, chat, b"secret" * 8)
        self._store = store

    async def tells(self, sender: str = MUM) -> None:
        situation = Situation(progress=Progress(facts={"plan": "no"}), said=["head.parent-meetings"])
        tracker = await self._store.get_or_create_tracker(sender, append_action_listen=False)
        tracker.update(SlotSet(SLOT, situation.to_json()))
        await self._store.save(tracker)

    async def guess(self, code: str, at: int) -> str:
        """Try a code in a conversation and from an address that nobody has used; return what came of it."""
        address = f"10.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}"
        try:
            await self.codes.come_back(f"web-{at}", f"return-{at}", code, address)
        except (WrongCodeError, RateLimitedError) as error:
            return type(error).__name__
        return "opened"


def guesses() -> Iterator[str]:
    """Codes of the right shape."""
    return (" ".join(secrets.choice(word_list()) for _ in range(4)) for _ in range(GUESSES))


def test_ten_thousand_guesses_are_refused_however_many_addresses_they_come_from(tmp_path: Path) -> None:
    alone = Alone(tmp_path)

    async def attack() -> list[str]:
        await alone.tells()
        code, _ = await alone.codes.make(MUM)
        return [await alone.guess(one, at) for at, one in enumerate(guesses())] + [
            await alone.guess(code, GUESSES)
        ]

    *found, right = asyncio.run(attack())
    assert found == ["WrongCodeError"] * 60 + ["RateLimitedError"] * (GUESSES - 60)
    assert right == "RateLimitedError"  # now not even the right one opens anything
    alone.database.close()


def test_ten_thousand_guesses_find_nothing_where_nobody_counts_them(tmp_path: Path) -> None:
    alone = Alone(tmp_path, **UNLIMITED)

    async def attack() -> list[str]:
        for number in range(100):
            await alone.tells(f"web-parent-{number}")
            code, _ = await alone.codes.make(f"web-parent-{number}")
        return [await alone.guess(one, at) for at, one in enumerate(guesses())] + [
            await alone.guess(code, GUESSES)
        ]

    *found, right = asyncio.run(attack())
    assert set(found) == {"WrongCodeError"}
    assert right == "opened"
    alone.database.close()


def test_a_code_lives_as_long_as_its_conversation_and_no_longer(tmp_path: Path) -> None:
    alone = Alone(tmp_path, keep_days="30", **UNLIMITED)

    async def ages() -> tuple[str, str, dict[str, int], list[Any]]:
        await alone.tells()
        code, _ = await alone.codes.make(MUM)
        newest = await conversations.newest_event(alone.database, MUM) or 0.0
        table = return_codes.return_codes
        rows = await alone.database.transaction(lambda one: one.execute(table.select()).fetchall())
        assert rows[0].expires == newest + 30 * DAY
        expired = table.update().values(expires=time.time() - 1)
        await alone.database.transaction(lambda one: one.execute(expired))
        first = await alone.guess(code, 1)
        gone = await purge_once(alone.database, alone.settings)
        left = await alone.database.transaction(lambda one: one.execute(table.select()).fetchall())
        return code, first, gone, left

    code, first, gone, left = asyncio.run(ages())
    assert first == "WrongCodeError", code
    assert gone["return codes"] == 1
    assert left == []
    alone.database.close()


def test_what_is_kept_of_a_code_is_facts_and_steps(tmp_path: Path) -> None:
    alone = Alone(tmp_path)

    async def look() -> tuple[str, list[Any]]:
        await alone.tells()
        code, _ = await alone.codes.make(MUM)
        table = return_codes.return_codes
        return code, await alone.database.transaction(lambda one: one.execute(table.select()).fetchall())

    code, [row] = asyncio.run(look())
    assert set(json.loads(row.situation)) == {"version", "progress"}
    assert json.loads(row.situation)["progress"]["facts"] == {"plan": "no"}
    assert code not in str(row)
    assert ReturnCodes(alone.services, alone.codes._chat, b"another" * 8)._hash(code) != row.code_hash
    alone.database.close()
