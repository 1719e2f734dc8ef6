"""The connection is lost, or the server dies: the person sees one answer."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import ANSWER, QUESTION, Open, Person
from tests.servers import ROOT, Service, free_port, wait_until


def test_a_message_whose_answer_is_lost_is_sent_again_under_the_same_name(person: Person) -> None:
    names: list[str] = []

    def lose_twice(route: Route) -> None:
        names.append(json.loads(route.request.post_data or "{}")["id"])
        if len(names) == 1:
            route.abort()  # it never arrived
        elif len(names) == 2:
            route.fetch()  # it was answered, and the answer was lost
            route.abort()
        else:
            route.continue_()

    person.page.route("**/chat/messages", lose_twice)
    person.box.fill(QUESTION)
    person.box.press("Enter")
    expect(person.status).to_have_text("The connection was lost. Trying again")
    expect(person.last).to_contain_text(ANSWER)
    assert len(names) == 3
    assert len(set(names)) == 1
    expect(person.said).to_have_count(1)
    expect(person.replies).to_have_count(2)
    person.page.unroute("**/chat/messages")
    person.page.reload()
    expect(person.said).to_have_count(1)  # and the server knows of one, too


def test_a_message_on_its_way_is_not_lost_when_the_page_is_loaded_anew(person: Person) -> None:
    person.page.route("**/chat/messages", lambda route: route.abort())
    person.box.fill(QUESTION)
    person.box.press("Enter")
    expect(person.status).to_contain_text("Trying again")
    person.page.unroute("**/chat/messages")
    person.page.reload()
    expect(person.last).to_contain_text(ANSWER)
    expect(person.said).to_have_count(1)


def test_when_it_does_not_come_back_the_person_can_try_again_by_hand(person: Person) -> None:
    person.page.clock.install()
    person.page.route("**/chat/messages", lambda route: route.abort())
    person.box.fill(QUESTION)
    person.box.press("Enter")
    expect(person.status).to_contain_text("Trying again")
    again = person.said.last.get_by_role("button", name="Try again")
    for _ in range(30):
        person.page.clock.run_for(5_000)
        if again.count():
            break
    expect(again).to_be_visible()
    person.page.unroute("**/chat/messages")
    again.click()
    expect(person.last).to_contain_text(ANSWER)
    expect(person.said).to_have_count(1)


def test_what_was_typed_is_not_lost_when_it_was_too_much(person: Person) -> None:
    person.page.route(
        "**/chat/messages",
        lambda route: route.fulfill(
            status=429, json={"error": "Please wait."}, headers={"Retry-After": "60"}
        ),
    )
    person.box.fill(QUESTION)
    person.box.press("Enter")
    expect(person.status).to_have_text("Please wait.")
    expect(person.box).to_have_value(QUESTION)


class Dies(Service):
    """The service, killed between storing a turn and answering it as soon as ``folder/die`` is there."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port, self.log = port, folder / "log-dies"
        script = str(Path(__file__).with_name("dies_before_answering.py"))
        environment = os.environ | {
            "SEND_GUIDE_DATABASE_URL": f"sqlite:///{folder}/conversations.db",
            "DIE": str(folder / "die"),
        }
        command = [sys.executable, "-W", "ignore", script, "serve", "--port", str(port)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )


@pytest.mark.parametrize("when", ["stays on the page", "loads the page anew"])
def test_the_server_dies_between_storing_and_answering(open_page: Open, tmp_path: Path, when: str) -> None:
    """The person sees one answer, the tracker holds one turn."""
    port = free_port()
    dying = Dies(tmp_path, port).wait()
    person = Person(open_page(f"http://127.0.0.1:{port}/")).opens()
    person.asks("what do governors have to do")
    (tmp_path / "die").touch()
    person.box.fill("what else must they do?")
    person.box.press("Enter")
    wait_until(lambda: dying.process.poll() is not None, 30)
    after = Service(tmp_path, port).wait()
    try:
        if when == "loads the page anew":
            person.page.reload()
        expect(person.replies).to_have_count(3, timeout=60_000)
        expect(person.last).to_contain_text("5 to 8 of 10")
        person.asks("what else must they do?")
        expect(person.last).to_contain_text("9 to 10 of 10")  # the portion after: there was one turn
        with sqlite3.connect(tmp_path / "conversations.db") as database:
            turns = database.execute("SELECT count(*) FROM events WHERE type_name = 'user'").fetchone()
        assert turns == (3,)
    finally:
        after.stop()
