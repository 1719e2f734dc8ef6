"""Somebody uses a computer or telephone that others use too."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OVERTAKEN, PHONE, QUESTION, WRITE, Open, Person
from tests.servers import wait_until

NEUTRAL = "https://www.bbc.co.uk/weather"


def conversation(page: Page) -> dict[str, object]:
    return dict(json.loads(page.evaluate("sessionStorage.getItem('send-guide')") or "{}"))


def test_the_conversation_is_there_after_a_reload_in_the_same_tab(person: Person) -> None:
    person.asks(OVERTAKEN)
    person.page.reload()
    expect(person.replies.nth(1)).to_contain_text("There is no spending test")
    expect(person.said).to_have_text([f"You said{OVERTAKEN}"])
    person.taps(WRITE)  # what was offered before is offered still
    expect(person.last.get_by_text("Your letter")).to_be_visible()


def test_another_tab_knows_nothing(person: Person) -> None:
    person.asks(QUESTION)
    other = person.page.context.new_page()
    other.goto("/")
    somebody = Person(other).opens()
    expect(somebody.replies).to_have_count(1)
    expect(somebody.said).to_have_count(0)


def test_nothing_is_kept_outside_the_tab(person: Person) -> None:
    person.asks(QUESTION)
    assert person.page.context.cookies() == []
    assert person.page.evaluate("localStorage.length") == 0
    assert QUESTION not in json.dumps(conversation(person.page))
    assert "token" not in person.page.url


def test_leaving_quickly_replaces_the_page_and_leaves_nothing_in_the_tab(open_page: Open) -> None:
    page = open_page("/guide")  # where they came from
    page.goto("/")
    person = Person(page).opens().asks(QUESTION)
    token = conversation(page)["token"]
    left: list[str] = []

    def neutral(route):  # type: ignore[no-untyped-def]
        left.append(route.request.url)
        route.fulfill(body="<title>Weather</title>", content_type="text/html")

    page.context.route(NEUTRAL, neutral)
    before = page.evaluate("history.length")
    person.widget.get_by_role("button", name="Leave quickly").click()
    page.wait_for_url(NEUTRAL)
    assert page.evaluate("history.length") == before
    page.go_back()
    assert page.url.endswith("/guide")  # the page with the chat is gone from the history
    assert conversation(page) == {}
    header = {"Authorization": f"Bearer {token}"}
    wait_until(lambda: page.request.get("/chat/messages", headers=header).status == 410)


def test_that_leaving_deletes_is_said_before_it_does(person: Person) -> None:
    leave = person.widget.get_by_role("button", name="Leave quickly")
    expect(leave).to_have_accessible_description(re.compile("deletes this conversation"))
    expect(person.log.get_by_text("deletes this conversation")).to_have_count(1)


def test_shift_three_times_leaves(person: Person) -> None:
    page = person.page
    page.context.route(NEUTRAL, lambda route: route.fulfill(body="Weather", content_type="text/html"))
    person.asks(QUESTION)
    page.keyboard.press("Shift")
    expect(person.status).to_have_text("Shift: press it twice more to leave.")
    page.keyboard.press("Shift")
    expect(person.status).to_have_text("Shift: press it once more to leave.")
    page.keyboard.press("Shift")
    page.wait_for_url(NEUTRAL)


def test_capital_letters_and_a_pause_leave_nothing(person: Person) -> None:
    page = person.page
    page.clock.install()
    person.box.press_sequentially("EHC PLAN")
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.clock.run_for(5_001)
    expect(person.status).to_have_text("")
    page.keyboard.press("Shift")
    expect(person.status).to_have_text("Shift: press it twice more to leave.")
    page.keyboard.press("Escape")  # a chat that is closed leaves the page to itself
    for _ in range(3):
        page.keyboard.press("Shift")
    assert not page.url.startswith(NEUTRAL)
    expect(page.get_by_role("button", name="Ask the SEND guide")).to_be_visible()


def test_on_a_phone_too_nothing_leads_back(open_page: Open) -> None:
    page = open_page("/guide", viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/")
    person = Person(page).opens()
    page.context.route(NEUTRAL, lambda route: route.fulfill(body="Weather", content_type="text/html"))
    person.asks(QUESTION).box.fill("he hits me")
    person.widget.get_by_role("button", name="Leave quickly").click()
    page.wait_for_url(NEUTRAL)
    page.go_back()
    assert page.url.endswith("/guide")
    assert conversation(page) == {}


@pytest.mark.parametrize("way", ["Leave quickly", "End and delete"])
def test_a_message_on_its_way_does_not_bring_the_conversation_back(person: Person, way: str) -> None:
    page = person.page
    sent: list[str] = []

    def lost(route: Route) -> None:
        route.abort()

    person.asks(QUESTION)
    page.clock.install()
    page.route("**/chat/messages", lost)
    page.context.route(
        NEUTRAL, lambda route: route.fulfill(status=204)
    )  # where they go to is slow: they still wait
    person.box.fill("he hits me")
    person.box.press("Enter")
    expect(person.status).to_contain_text("Trying again")
    page.unroute("**/chat/messages", lost)
    page.on("request", lambda request: sent.append(request.post_data or ""))
    if way == "Leave quickly":
        person.widget.get_by_role("button", name=way).click(no_wait_after=True)
    else:
        person.option(way).click()
        person.widget.get_by_role("button", name="Yes, delete it").click()
        expect(person.status).to_have_text("Your conversation has been deleted.")
    page.clock.run_for(60_000)  # longer than all the pauses before it would be tried again
    page.evaluate("fetch('/healthz')")  # what was asked for before this has been asked for
    assert not [body for body in sent if "hits" in body]
    assert "token" not in conversation(page)


def test_end_and_delete_asks_first_and_then_nothing_is_left(person: Person) -> None:
    person.asks(QUESTION)
    token = conversation(person.page)["token"]
    person.option("End and delete").click()
    sure = person.page.get_by_role("dialog", name="End and delete this conversation?")
    expect(sure.get_by_role("button", name="No, go back")).to_be_focused()
    sure.get_by_role("button", name="No, go back").click()
    expect(person.said).to_have_count(1)
    person.option("End and delete").click()
    sure.get_by_role("button", name="Yes, delete it").click()
    expect(person.status).to_have_text("Your conversation has been deleted.")
    expect(person.said).to_have_count(0)
    expect(person.box).to_be_focused()
    assert "token" not in conversation(person.page)
    answer = person.page.request.get("/chat/messages", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 410


def test_what_could_not_be_deleted_is_not_said_to_be_deleted(person: Person) -> None:
    """The secret was changed: the server knows no token of before."""
    person.asks(QUESTION)
    refusal = {"error": "There is no conversation with that name. Please start a new one."}
    person.page.route("**/chat/conversation", lambda route: route.fulfill(status=401, json=refusal))
    person.option("End and delete").click()
    person.widget.get_by_role("button", name="Yes, delete it").click()
    expect(person.status).to_contain_text("could not delete its copy")
    expect(person.status).not_to_contain_text("has been deleted")
    expect(person.said).to_have_count(0)
    assert "token" not in conversation(person.page)


def test_a_conversation_that_was_deleted_elsewhere_is_begun_anew_and_said(person: Person) -> None:
    person.asks(QUESTION)
    token = conversation(person.page)["token"]
    person.page.request.delete("/chat/conversation", headers={"Authorization": f"Bearer {token}"})
    person.asks("who must appoint a senco")
    expect(person.log.get_by_text("Your earlier conversation has ended. This is a new one.")).to_be_visible()
    expect(person.last).to_contain_text("SENCO")
