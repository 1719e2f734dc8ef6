"""Many people share an address: what is too much is refused, but whoever tells of danger is answered."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Service
from tests.web.conftest import Caller
from tests.web.test_danger_while_things_fail import (
    DANGER,
    choice_not_safe,
    is_told_what_to_do,
    posts_a_form,
)

TAP = '/choose{"answer": "urgent.child-at-risk"}'


def says_to_rest(service: Service, message: str) -> tuple[int, Any]:
    body = {"sender": "mum", "message": message}
    return service.get("/webhooks/rest/webhook", json.dumps(body).encode())


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Caller, str]]:
    """A service to which everybody comes from one address that has sent too much, somebody who talks with it,
    and the choice that they were offered before.
    """
    service = Service(tmp_path_factory.mktemp("crowded"), PER_ADDRESS="20/hour").wait()
    parent = Caller(service)
    not_safe = choice_not_safe(parent)
    while parent.reads()[0] == 200:
        pass
    yield service, parent, not_safe
    service.stop()


def test_what_is_too_much_is_refused_on_every_way(crowded: tuple[Service, Caller, str]) -> None:
    service, parent, _ = crowded
    status, answer = parent.asks("hello")
    assert (status, set(answer)) == (429, {"error"})
    assert parent.taps("0" * 16)[0] == 429
    assert says_to_rest(service, "hello")[0] == 429
    status, page = posts_a_form(service, id="message-1", text="hello", token=parent.token)
    assert status == 429
    assert "wait a minute" in page
    assert parent.reads()[0] == 429
    assert service.get("/guide")[0] == 429


def test_who_types_of_danger_is_answered_on_every_way(crowded: tuple[Service, Caller, str]) -> None:
    service, parent, _ = crowded
    assert is_told_what_to_do(parent.asks(DANGER))
    status, page = posts_a_form(service, id="message-2", text=DANGER, token=parent.token)
    assert (status, "tel:116123" in page) == (200, True)
    status, replies = says_to_rest(service, DANGER)
    assert (status, replies[1]["custom"]["kind"]) == (200, "urgent")


def test_who_taps_that_somebody_is_not_safe_is_answered_on_every_way(
    crowded: tuple[Service, Caller, str],
) -> None:
    service, parent, not_safe = crowded
    assert is_told_what_to_do(parent.taps(not_safe))
    status, page = posts_a_form(service, id="message-3", choice=not_safe, token=parent.token)
    assert (status, "tel:999" in page) == (200, True)
    status, replies = says_to_rest(service, TAP)
    assert (status, replies[1]["custom"]["kind"]) == (200, "urgent")


def test_somebody_new_at_that_address_can_still_say_that_they_are_in_danger(
    crowded: tuple[Service, Caller, str],
) -> None:
    assert is_told_what_to_do(Caller(crowded[0]).asks(DANGER))


def test_forged_tokens_and_other_sites_are_refused_there_as_ever(
    crowded: tuple[Service, Caller, str],
) -> None:
    _, parent, _ = crowded
    body = {"id": "message-9", "text": DANGER}
    assert parent.call("POST", "/chat/messages", body, token="forged")[0] == 401
    assert parent.asks(DANGER, Origin="https://evil.example")[0] == 403


def test_files_are_served_and_do_not_count(tmp_path: Path) -> None:
    service = Service(tmp_path, PER_ADDRESS="5/hour").wait()
    files = ("/send-guide.js", "/pages.css", "/icon.svg")
    try:
        for _ in range(3):
            assert [service.get(path)[0] for path in files] == [200] * len(files)
        assert [service.get("/guide")[0] for _ in range(6)] == [200] * 5 + [429]
        assert [service.get(path)[0] for path in files] == [200] * len(files)
    finally:
        service.stop()
