"""What goes wrong with Rasa as it comes, and does not here: the same act on both, side by side.

The stock server runs our model with Rasa's own REST channel, tracker store and HTTP API on PostgreSQL, as
Rasa's documentation sets it up. Numbers are those of the table in docs/pitfalls.md, which also names the
tests that stand elsewhere.
"""

import asyncio
import http.client
import json
import subprocess
import sys
import tarfile
import threading
import urllib.error
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from packaging.requirements import Requirement
from packaging.version import Version
from rasa.core import constants, lock_store
from rasa.core.brokers.broker import EventBroker
from rasa.core.channels import BUILTIN_CHANNELS
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain, SessionConfig
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from send_guide.rasa_adapter.locks import LocalLocks
from send_guide.rasa_adapter.tracker_store import WINDOW, WindowedTrackerStore
from send_guide.settings import Settings
from tests.conftest import ROOT
from tests.servers import ActionServer, PostgreSQL, Service, StockActions, StockRasa, database, free_port

MODEL = ROOT / "models" / "send-guide.tar.gz"
WEBHOOK = "/webhooks/rest/webhook"
SECRET = "Quillfeather"


class Both:
    """A stock Rasa and our service, each with a database of its own on one PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("postgres", "ours"):
            (folder / name).mkdir()
        self.postgres = PostgreSQL(folder / "postgres")
        self.postgres.create("stock")
        self.stock = self._start_stock()
        self.ours = Service(folder / "ours", DATABASE_URL=self.postgres.url).wait()

    def _start_stock(self) -> StockRasa:
        return StockRasa(self._folder, MODEL, self.postgres.port, "stock").wait()

    def mend(self) -> None:
        """Start again what an earlier test has ended."""
        if self.stock.process.poll() is not None:
            self.stock = self._start_stock()

    def stop(self) -> None:
        self.stock.process.kill()
        self.ours.stop()
        self.postgres.stop()

    def _url(self, bot: Service) -> str:
        return self.postgres.url.removesuffix("guide") + ("stock" if bot is self.stock else "guide")

    def stored(self, bot: Service, sender: str) -> list[dict[str, Any]]:
        """Return the events of a conversation as they are stored."""
        engine = sa.create_engine(self._url(bot))
        query = sa.text("select data from events where sender_id = :sender order by id")
        with engine.connect() as connection:
            found = [json.loads(row[0]) for row in connection.execute(query, {"sender": sender})]
        engine.dispose()
        return found

    def plant(self, bot: Service, sender: str, data: str) -> None:
        """Put a row into the events of a conversation."""
        engine = sa.create_engine(self._url(bot))
        query = sa.text("insert into events (sender_id, type_name, timestamp, data) values (:s, 'x', 1, :d)")
        with engine.begin() as connection:
            connection.execute(query, {"s": sender, "d": data})
        engine.dispose()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    found = Both(tmp_path_factory.mktemp("both"))
    yield found
    found.stop()


@pytest.fixture
def both(running: Both) -> Both:
    running.mend()
    return running


def ends(bot: Service, body: dict[str, Any]) -> bool:
    """Return whether a message ends the process that gets it."""
    try:
        bot.get(WEBHOOK, json.dumps(body).encode())
    except (urllib.error.URLError, http.client.HTTPException, ConnectionError):
        return bot.process.wait(timeout=20) is not None
    return False


def test_01_one_anonymous_request_does_not_end_the_server(both: Both) -> None:
    body = {"sender": "a\u0000b", "message": "hello"}
    assert ends(both.stock, body)
    assert not ends(both.ours, body)
    assert both.ours.asks("after", "hello")


def test_02_one_bad_row_does_not_end_the_server(both: Both) -> None:
    for bot in (both.stock, both.ours):
        bot.asks("bad row", "hello")
        both.plant(bot, "bad row", '{"event": "no such event"}')
    body = {"sender": "bad row", "message": "hello"}
    assert ends(both.stock, body)
    assert not ends(both.ours, body)
    assert both.ours.asks("bad row", "hello")[0]["text"]


def test_04_14_nothing_that_a_client_says_of_itself_is_believed(both: Both) -> None:
    body = {
        "sender": "liar",
        "message": "hello",
        "input_channel": "twilio",
        "metadata": {"role": "admiral"},
    }
    heard = {}
    for bot in (both.stock, both.ours):
        bot.get(WEBHOOK, json.dumps(body).encode())
        heard[bot] = next(event for event in both.stored(bot, "liar") if event["event"] == "user")
    assert heard[both.stock]["input_channel"] == "twilio"
    assert heard[both.stock]["metadata"]["role"] == "admiral"
    assert heard[both.ours]["input_channel"] == "rest"
    assert "admiral" not in json.dumps(both.stored(both.ours, "liar"))


def test_05_who_has_no_name_shares_no_conversation(both: Both) -> None:
    body = json.dumps({"message": "hello"}).encode()
    assert both.stock.get(WEBHOOK, body)[0] == 200
    assert both.stored(both.stock, "default")
    assert both.ours.get(WEBHOOK, body)[0] == 400


def test_09_another_site_cannot_speak_for_its_visitors(both: Both) -> None:
    body = json.dumps({"sender": "visitor", "message": "hello"}).encode()
    plain = {"Content-Type": "text/plain"}
    from_elsewhere = {"Content-Type": "application/json", "Origin": "https://evil.example"}
    assert both.stock.get(WEBHOOK, body, plain | from_elsewhere)[0] == 200
    assert both.stock.get(WEBHOOK, body, plain)[0] == 200
    assert both.ours.get(WEBHOOK, body, plain)[0] == 415
    assert both.ours.get(WEBHOOK, body, from_elsewhere)[0] == 403


@pytest.mark.parametrize("path", ["/conversations/mum/tracker", "/domain", "/status", "/version"])
def test_10_there_is_no_way_to_read_conversations_or_the_model(both: Both, path: str) -> None:
    assert both.stock.get(path, headers={"Accept": "application/json"})[0] == 200
    assert both.ours.get(path, headers={"Accept": "application/json"})[0] == 404


def test_11_37_nobody_can_hand_it_another_model(both: Both) -> None:
    body = json.dumps({"model_file": "no-such-file"}).encode()
    found = {bot: bot.get("/model", body, method="PUT")[0] for bot in (both.stock, both.ours)}
    assert found[both.stock] == 400  # it looked for the file
    assert found[both.ours] == 404


def test_12_nothing_in_the_model_can_run_code_when_it_is_read() -> None:
    with tarfile.open(MODEL) as archive:
        kinds = {Path(member.name).suffix for member in archive if member.isfile()}
    assert kinds <= {".json", ".npz", ".onnx", ".yml", ".md"}


def test_13_what_people_type_is_text(both: Both) -> None:
    heard = {}
    for bot in (both.stock, both.ours):
        bot.asks("slash", '/off_topic{"role": "made up"}')
        read = next(event["parse_data"] for event in both.stored(bot, "slash") if event["event"] == "user")
        heard[bot] = ([entity["value"] for entity in read["entities"]], read["intent"]["confidence"] == 1)
    assert heard[both.stock] == (["made up"], True)
    assert heard[both.ours] == ([], False)


def test_16_a_huge_message_is_refused(both: Both) -> None:
    body = json.dumps({"sender": "huge", "message": "a" * 500_000}).encode()
    assert both.stock.get(WEBHOOK, body)[0] == 200
    assert both.ours.get(WEBHOOK, body)[0] == 413


def test_17_a_long_name_is_refused_and_not_kept_in_memory_for_ever(both: Both) -> None:
    sender = "x" * 300
    body = json.dumps({"sender": sender, "message": "hello"}).encode()
    assert both.stock.get(WEBHOOK, body)[0] == 200
    assert not both.stored(both.stock, sender)
    assert both.ours.get(WEBHOOK, body)[0] == 400


@pytest.mark.parametrize("message", [None, 5, {"a": 1}])
def test_18_what_is_not_text_is_refused_and_not_met_with_silence(both: Both, message: object) -> None:
    body = json.dumps({"sender": "types", "message": message}).encode()
    assert both.stock.get(WEBHOOK, body) == (200, [])
    assert both.ours.get(WEBHOOK, body)[0] == 400


def test_19_no_word_of_a_message_is_logged(both: Both) -> None:
    for bot in (both.stock, both.ours):
        bot.asks("logged", f"/my son {SECRET} is not getting help")
    assert SECRET in both.stock.log.read_text()
    assert SECRET not in both.ours.log.read_text()


def test_20_21_22_a_database_that_is_away_is_said_and_no_message_is_lost_in_silence(both: Both) -> None:
    for bot in (both.stock, both.ours):
        bot.asks("away", "hello")
    both.postgres.stop()
    both.stock.asks("away", "my question while the database is away")
    told = both.ours.asks("away", "my question while the database is away")
    assert "could not keep your message" in told[0]["text"]
    assert both.stock.get("/")[0] == 200
    assert both.ours.get("/readyz")[0] == 503
    both.postgres.start()
    assert "0300 303 5857" in both.ours.asks("away", "number for the tribunal")[0]["text"]
    assert "while the database is away" not in json.dumps(both.stored(both.stock, "away"))
    assert both.ours.get("/readyz")[0] == 200


def test_22_it_does_not_start_without_database_or_model(tmp_path: Path) -> None:
    broken = tmp_path / "model.tar.gz"
    broken.write_bytes(MODEL.read_bytes()[:100_000])
    stock = StockRasa(tmp_path, broken, free_port(), "stock").wait()
    try:
        assert stock.get("/")[0] == 200
        assert stock.asks("mum", "hello") == []
    finally:
        stock.process.kill()
    (tmp_path / "ours").mkdir()
    ours = Service(tmp_path / "ours", MODEL=str(broken))
    assert ours.process.wait(timeout=120) != 0


def test_21_a_connection_that_was_cut_costs_nobody_a_message(tmp_path: Path) -> None:
    postgres = PostgreSQL(tmp_path)
    place = {"host": "127.0.0.1", "port": postgres.port, "db": "guide", "username": "guide"}
    domain = Domain.empty()
    kept = database(postgres.url)
    ours = WindowedTrackerStore(domain, kept)
    stock = SQLTrackerStore(domain, dialect="postgresql", **place)
    for store in (stock, ours):
        asyncio.run(store.retrieve("mum"))
    postgres.stop()
    postgres.start()
    with pytest.raises(sa.exc.OperationalError):
        asyncio.run(stock.retrieve("mum"))
    asyncio.run(ours.retrieve("mum"))
    stock.engine.dispose()
    kept.close()
    postgres.stop()


def test_28_an_action_ends_long_before_its_lock() -> None:
    assert constants.DEFAULT_REQUEST_TIMEOUT > constants.DEFAULT_LOCK_LIFETIME
    assert Settings().action_seconds < constants.DEFAULT_LOCK_LIFETIME


def test_30_nobody_waits_a_second_for_a_free_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    sleeps: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float, *rest: Any) -> None:
        sleeps.append(seconds)
        await sleep(0)

    async def two(locks: Any) -> None:
        async def hold() -> None:
            async with locks.lock("mum"):
                await sleep(0.01)

        await asyncio.gather(hold(), hold())

    monkeypatch.setattr(lock_store.asyncio, "sleep", noted)
    asyncio.run(two(InMemoryLockStore()))
    assert 1 in sleeps
    sleeps.clear()
    asyncio.run(two(LocalLocks()))
    assert 1 not in sleeps


@pytest.mark.filterwarnings("ignore:Slot auto-fill has been removed")  # of every domain with slots
def test_33_34_a_pause_for_tea_ends_nothing_and_nothing_is_carried_to_the_next_child() -> None:
    ours = Domain.load(str(ROOT / "domain.yml")).session_config
    assert SessionConfig.default().session_expiration_time == 60
    assert SessionConfig.default().carry_over_slots
    assert ours.session_expiration_time >= 24 * 60
    assert not ours.carry_over_slots


def test_39_a_store_that_cannot_be_found_is_not_replaced_by_memory(tmp_path: Path) -> None:
    wrong = EndpointConfig(type="no.such.Store", url="sqlite://")
    with pytest.warns(UserWarning, match="Using `InMemoryTrackerStore` instead"):
        assert isinstance(TrackerStore.create(wrong), InMemoryTrackerStore)
    Service(tmp_path, DATABASE_URL="no.such.Store").refuses()


def conversation(sender: str, turns: int) -> DialogueStateTracker:
    start = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
    said = [UserUttered(f"{number}", {"name": "ask"}) for number in range(turns)]
    listens = [ActionExecuted("action_listen") for _ in said]
    both = [event for pair in zip(said, listens, strict=True) for event in pair]
    return DialogueStateTracker.from_events(sender, [*start, *both])


def test_43_44_a_message_costs_the_database_the_same_at_turn_500(tmp_path: Path) -> None:
    """What is read, in how many queries, through which index, and where."""
    domain = Domain.empty()
    stock = SQLTrackerStore(domain, db=str(tmp_path / "stock.db"))
    kept = database(f"sqlite:///{tmp_path}/ours.db")
    ours = WindowedTrackerStore(domain, kept)
    read: dict[object, list[int]] = {stock: [], ours: []}
    queries: list[tuple[str, int]] = []
    for store in (stock, ours):
        sa.event.listen(
            kept.engine if store is ours else stock.engine,
            "before_cursor_execute",
            lambda _c, _k, statement, *_: queries.append((statement, threading.get_ident())),
        )
        counts = []
        for turns in (20, 500):
            sender = f"mum {turns}"
            asyncio.run(store.save(conversation(sender, turns)))
            queries.clear()
            tracker = asyncio.run(store.retrieve(sender))
            assert tracker is not None
            read[store].append(len(tracker.events))
            counts.append(len(queries))
        in_loop = {thread == threading.get_ident() for _, thread in queries}
        if store is stock:
            assert in_loop == {True}
        else:
            assert in_loop == {False}
            assert counts[0] == counts[1]
    assert read[stock][1] > 1000
    assert read[ours][1] <= 3 * WINDOW
    indexed = sa.inspect(kept.engine).get_indexes("events")
    assert ["sender_id", "id"] in [index["column_names"] for index in indexed]
    kept.close()


def test_47_nothing_of_tensorflow_is_in_the_pipeline() -> None:
    with tarfile.open(MODEL) as archive:
        metadata = next(member for member in archive if member.name.endswith("metadata.json"))
        file = archive.extractfile(metadata)
        assert file is not None
        components = file.read().decode()
    assert "RulePolicy" in components
    assert not [
        name for name in ("DIET", "TEDPolicy", "UnexpecTED", "ResponseSelector") if name in components
    ]


def test_48_nothing_is_reported_to_rasas_makers() -> None:
    program = (
        "import os, sys; os.environ.pop('RASA_TELEMETRY_ENABLED', None);"
        "from rasa.utils.common import get_bool_env_variable as on;"
        "from send_guide.cli.main import main; sys.argv = ['send-guide', 'check'];"
        "before = on('RASA_TELEMETRY_ENABLED', True)\ntry: main()\nexcept SystemExit: pass\n"
        "print(before, on('RASA_TELEMETRY_ENABLED', True))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[-2:] == ["True", "False"]


@pytest.mark.parametrize("channel", [name for name in BUILTIN_CHANNELS if name != "rest"])
def test_03_06_07_08_23_25_26_none_of_rasas_own_channels_is_there(both: Both, channel: str) -> None:
    for path in (f"/webhooks/{channel}/", f"/webhooks/{channel}/webhook", "/socket.io/"):
        assert both.ours.get(path, b"{}")[0] == 404


def test_15_what_went_wrong_in_an_action_is_not_sent_with_the_conversation(tmp_path: Path) -> None:
    call = json.dumps({"next_action": "action_answer", "tracker": [{"text": f"my son {SECRET}"}]})
    (tmp_path / "stock").mkdir()
    stock = StockActions(tmp_path / "stock").wait()
    ours = ActionServer(tmp_path).wait()
    try:
        assert SECRET in json.dumps(stock.get("/webhook", call.encode())[1])
        assert stock.get("/actions")[0] == 200
        status, said = ours.get("/webhook", call.encode())
        assert status >= 400
        assert SECRET not in json.dumps(said)
        assert SECRET not in ours.log.read_text()
    finally:
        stock.process.kill()
        ours.stop()


def test_24_a_message_that_is_delivered_twice_is_taken_once(both: Both) -> None:
    body = json.dumps({"sender": "twice", "message": "hello", "message_id": "m1"}).encode()
    for bot, turns in ((both.stock, 2), (both.ours, 1)):
        for _ in range(2):
            bot.get(WEBHOOK, body)
        assert len([event for event in both.stored(bot, "twice") if event["event"] == "user"]) == turns


def test_31_no_event_broker_can_lose_a_conversation(tmp_path: Path) -> None:
    class Away(EventBroker):
        def publish(self, event: dict[str, Any]) -> None:
            raise ConnectionError("away")

        @classmethod
        async def from_endpoint_config(cls, *_: Any) -> "Away":
            return cls()

    domain = Domain.empty()
    stock = SQLTrackerStore(domain, db=str(tmp_path / "stock.db"), event_broker=Away())
    kept = database(f"sqlite:///{tmp_path}/ours.db")
    ours = WindowedTrackerStore(domain, kept)
    ours.event_broker = Away()
    with pytest.raises(ConnectionError):
        asyncio.run(stock.save(conversation("mum", 2)))
    asyncio.run(ours.save(conversation("mum", 2)))
    assert asyncio.run(stock.retrieve("mum")) is None
    assert asyncio.run(ours.retrieve("mum")) is not None
    kept.close()


def test_35_every_message_has_a_reply(both: Both) -> None:
    both.stock.asks("silence", "hello")
    assert both.stock.asks("silence", "/session_start") == []
    assert both.ours.asks("silence", "/session_start")[0]["text"]


def test_38_letters_of_another_shape_are_read(both: Both) -> None:
    fancy = "𝐰𝐡𝐨 𝐦𝐮𝐬𝐭 𝐚𝐩𝐩𝐨𝐢𝐧𝐭 𝐚 𝐬𝐞𝐧𝐜𝐨"
    answered = [
        reply["custom"]["answer_ids"] for reply in both.ours.asks("fancy", fancy) if "custom" in reply
    ]
    assert answered == [["schools.appoint-senco"]]
    assert "999" in both.ours.asks("fancy", "his dad 𝗵𝗶𝘁𝘀 him")[0]["text"]
    assert "999" in both.ours.asks("fancy", "his dad h\u200bits him")[0]["text"]


def test_46_there_is_one_process_whatever_rasas_setting_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANIC_WORKERS", "2")
    service = Service(tmp_path).wait()
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
    service.stop()
    assert children == []


SAFE = {"aiohttp": "3.14.5", "pydantic": "1.10.13", "protobuf": "4.25.8", "setuptools": "78.1.1"} | {
    "skops": "0.13", "scikit-learn": "1.5", "sentry-sdk": "1.45.1", "pymongo": "4.6.3", "dnspython": "2.6.1"
}  # fmt: skip
"""Versions from which the known vulnerabilities of finding 52 are mended."""


@pytest.mark.parametrize("package", SAFE)
def test_12_52_known_vulnerabilities_are_lifted(package: str) -> None:
    safe = Version(SAFE[package])
    assert Version(metadata.version(package)) >= safe
    pins = [Requirement(line) for line in metadata.requires("rasa") or []]
    named = [pin for pin in pins if pin.name.lower() == package and not pin.specifier.contains(str(safe))]
    assert named, f"Rasa itself allows {package} {safe} now: take it off the list"
