"""Names that are not told apart, numbers that are too large, and what is not for everybody."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.servers import Service
from tests.web.conftest import Caller
from tests.web.test_danger_while_things_fail import posts_a_form


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    found = Service(tmp_path_factory.mktemp("edge"), PER_ADDRESS="100000/minute", PROXIES="1").wait()
    yield found
    found.stop()


def test_messages_of_two_programs_never_share_a_name(service: Service) -> None:
    def says(sender: str, name: str, message: str) -> str:
        body = {"sender": sender, "message": message, "message_id": name}
        return json.dumps(service.get("/webhooks/rest/webhook", json.dumps(body).encode())[1])

    one = says("alice/x", "1", "who must appoint a senco")
    other = says("alice", "x/1", "number for the tribunal")
    assert "0300 303 5857" in other
    assert one != other
    long = "m" * 254
    assert says("bob", long + "1", "who must appoint a senco") != says("bob", long + "2", "hello")


@pytest.mark.parametrize("field", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via", "X-Forwarded-Host"])
def test_figures_are_not_for_who_comes_by_a_proxy(service: Service, field: str) -> None:
    assert service.get("/metrics")[0] == 200
    assert service.get("/metrics", headers={field: "for=192.0.2.1"})[0] == 404


def test_whoever_asks_whether_it_is_ready_it_is_looked_once_at_a_time(service: Service) -> None:
    with ThreadPoolExecutor(20) as people:
        answers = list(people.map(lambda _: service.get("/readyz"), range(60)))
    assert answers == [(200, {"store": True, "lock": True, "understanding": True})] * 60


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_a_letter_has_a_thousand_lines_at_most(service: Service, kind: str) -> None:
    parent = Caller(service)
    letter = {"title": "A letter", "text": "\n".join("a" * 1000), "format": kind}
    assert parent.call("POST", "/chat/letter", {**letter, "text": "\n".join("a" * 1001)}) == (
        400,
        {"error": "text: Value error, at most 1000 lines and blanks"},
    )
    status, _ = posts_a_form(
        service, path="/guide/letter", **{**letter, "text": "a\n" * 10_000}, token=parent.token
    )
    assert status == 400
    if kind == "txt":  # the other is no text
        assert parent.call("POST", "/chat/letter", letter)[0] == 200


def test_the_database_is_its_owners(tmp_path: Path) -> None:
    service = Service(tmp_path).wait()
    try:
        service.asks("mum", "hello")
        assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("conversations.db*")} == {0o600}
    finally:
        service.stop()
