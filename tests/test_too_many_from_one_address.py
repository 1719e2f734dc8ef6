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
    assert parent.call("POST", "/chat/letter", {})[0] == 429


FORMS = ["", "/read", "/copy", "/letter", "/calendar", "/feedback"]


@pytest.mark.parametrize("path", FORMS)
def test_who_uses_the_pages_is_told_on_a_page(crowded: tuple[Service, Caller, str], path: str) -> None:
    service, parent, _ = crowded
    fields = {"id": "message-0", "text": "hello", "kind": "useful", "token": parent.token}
    status, page = posts_a_form(service, path=f"/guide{path}", **fields)
    assert status == 429
    assert page.startswith("<!doctype html>")
    assert "wait a minute" in page


def test_staff_are_told_on_a_page_too(crowded: tuple[Service, Caller, str]) -> None:
    for path in ("/helpline", "/editor", "/sign-in"):
        status, page = crowded[0].get(path, headers={"Accept": "text/html"})
        assert (status, page.startswith("<!doctype html>")) == (429, True)


def test_the_pages_on_which_people_write_are_there(crowded: tuple[Service, Caller, str]) -> None:
    for path in ("/", "/chat", "/guide"):
        assert crowded[0].get(path)[0] == 200


@pytest.mark.parametrize("path", ["/chat/feedback", "/guide/feedback"])
def test_who_tells_of_danger_in_what_they_think_of_an_answer_is_answered(
    crowded: tuple[Service, Caller, str], path: str
) -> None:
    service, parent, _ = crowded
    if path == "/guide/feedback":
        fields = {"kind": "not-useful", "reason": DANGER, "token": parent.token}
        status, page = posts_a_form(service, path=path, **fields)
        assert (status, "tel:116123" in page) == (200, True)
    else:
        opinion = {"kind": "not-useful", "answer_ids": [], "reason": DANGER}
        assert is_told_what_to_do(parent.call("POST", path, opinion))


def test_nobody_has_to_stay(crowded: tuple[Service, Caller, str]) -> None:
    service, _, _ = crowded
    leaves, ends, deletes = Caller(service), Caller(service), Caller(service)
    status, page = posts_a_form(service, path="/guide/leave", token=leaves.token)
    assert (status, "Refresh" in page or "weather" in page) == (200, True)
    status, page = posts_a_form(service, path="/guide/end", token=ends.token, sure="yes")
    assert (status, "has been deleted" in page) == (200, True)
    assert deletes.call("DELETE", "/chat/conversation")[0] == 204


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
    of_staff = [f"/{part}/{part}.{kind}" for part in ("helpline", "editor") for kind in ("js", "css")]
    try:
        for _ in range(3):
            assert [service.get(path)[0] for path in files] == [200] * len(files)
        assert [service.get("/sign-in")[0] for _ in range(6)] == [200] * 5 + [429]
        assert [service.get(path)[0] for path in files] == [200] * len(files)
        assert [service.get(path)[0] for path in of_staff] == [401] * len(
            of_staff
        )  # as ever, without an account
    finally:
        service.stop()


ONE = {
    "a household's IPv6 addresses": [f"2001:db8:0:1::{n:x}" for n in (1, 2, 0xFFFF)]
    + ["2001:db8:0:1:2:3:4:5"],
    "an IPv4 address with ports": ["192.0.2.1", "192.0.2.1:1", "192.0.2.1:65535", "::ffff:192.0.2.1"],
    "an IPv6 address with ports": ["2001:db8::1", "[2001:db8::1]:1", "[2001:db8::2]", "[2001:db8::3]:65535"],
    "what is no address": ["unknown", "garbage", "_hidden", "999.1.1.1"],
}
OTHERS = ["2001:db8:0:2::1", "192.0.2.2", "192.0.2.3:1", "::ffff:192.0.2.4"]


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("proxy"), PROXIES="1", PER_ADDRESS="3/hour").wait()
    yield service
    service.stop()


def comes_from(service: Service, address: str) -> int:
    return service.get("/sign-in", headers={"X-Forwarded-For": f"198.51.100.1, {address}"})[0]


@pytest.mark.parametrize("addresses", ONE.values(), ids=ONE)
def test_who_has_many_addresses_counts_once(behind_a_proxy: Service, addresses: list[str]) -> None:
    assert [comes_from(behind_a_proxy, address) for address in addresses] == [200, 200, 200, 429]


def test_others_count_for_themselves(behind_a_proxy: Service) -> None:
    assert [comes_from(behind_a_proxy, address) for address in OTHERS] == [200] * 4
