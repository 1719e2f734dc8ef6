"""An answer that may be wrong is withdrawn by two words in its file and a restart, without training."""

import datetime
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from send_guide.content import Content, load_content
from send_guide.content.checks import check
from send_guide.content.review import due
from send_guide.content.wording import in_full, simpler, strength_sentence
from send_guide.editing.drafts import draft_of, words_of
from send_guide.editing.preview import preview
from send_guide.editing.validation import validate_draft
from tests.browser.conftest import Person as AtTheWidget
from tests.browser.conftest import browser  # noqa: F401 - a fixture
from tests.conftest import ROOT
from tests.helpline.conftest import Helpline, Person
from tests.servers import Service
from tests.unit.test_broken_content_is_refused import change, complaints

WORDS = "People are checking this answer"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Our content, with the answer on who must appoint a SENCO withdrawn."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    withdraw(tmp_path / "data", "schools", "schools.appoint-senco")
    return tmp_path / "data"


def withdraw(data: Path, section: str, answer_id: str) -> None:
    line = "    withdrawn: {since: 2026-11-25, reason: the rules have changed}\n"
    change(data / "answers" / f"{section}.yml", f"  {answer_id}:\n", f"  {answer_id}:\n{line}")


def test_people_hear_that_it_is_being_checked_and_who_can_help(data: Path, tmp_path: Path) -> None:
    service = Service(tmp_path, DATA=str(data), MODEL=str(ROOT / "models" / "send-guide.tar.gz")).wait()
    try:
        heard = service.asks("a-parent-who-asks-once", "who must appoint a senco")
        said = next(reply["custom"] for reply in heard if "custom" in reply)
        assert said["answer_ids"] == ["schools.appoint-senco"]
        assert heard[0]["text"].startswith(WORDS)
        assert "bromleyiass.org.uk" in heard[0]["text"]
        assert "Source" not in heard[0]["text"]
        for follow_up in ("is that a must?", "can you say that more simply"):
            said = service.asks("a-parent-who-asks-once", follow_up)[0]["text"]
            assert said.startswith(WORDS)
            assert "Source" not in said
    finally:
        service.stop()


def test_neither_the_web_nor_the_helpline_says_how_strong_it_was(
    data: Path,
    tmp_path: Path,
    browser: Browser,  # noqa: F811
) -> None:
    service = Helpline(tmp_path, DATA=str(data), MODEL=str(ROOT / "models" / "send-guide.tar.gz")).wait()
    try:
        widget = AtTheWidget(browser.new_page(base_url=service.url))
        widget.page.goto("/chat")
        widget.asks("who must appoint a senco")
        expect(widget.last).to_contain_text(WORDS)
        expect(widget.last.locator(".source")).to_have_count(0)
        person = Person(service)
        asked = {"id": "message-1", "text": "who must appoint a senco"}
        plain = person.http.post("/guide", data=asked).text
        token = plain.split('name="token" value="')[1].split('"')[0]
        copied = person.http.post("/guide/copy", data={"token": token}).text
        person.signs_in()
        helpline = person.opens("/helpline/answers/schools.appoint-senco").text
        note = person.sends("/helpline/add", add="schools.appoint-senco", q="who must").text
        for words in (plain, copied, helpline, note):
            assert WORDS in words or "This is being checked, so nothing is said of it now" in words
            for strong in ("Schools must", "Source: ", "point 9", "A must", "Also:", "What that rests on"):
                assert strong not in words
        assert "Being checked" in helpline
    finally:
        service.stop()


def test_an_editor_mends_it_as_it_is_written(data: Path, content: Content) -> None:
    words = words_of(load_content(data), "schools.appoint-senco")["title"]
    found = validate_draft(
        data, draft_of(load_content(data), "schools.appoint-senco", {"title": words + "?"})
    )
    assert found.findings == ()
    assert found.answer
    assert found.answer.text == content.answers["schools.appoint-senco"].text
    assert "Schools must" in preview(found.answer, found.content).plain


def test_no_wording_says_it_any_more(data: Path, content: Content) -> None:
    withdrawn, before = load_content(data), content.answers["schools.appoint-senco"]
    answer, roles = withdrawn.answers["schools.appoint-senco"], withdrawn.roles
    for words in (
        in_full(answer, roles),
        simpler(answer, roles),
        strength_sentence(answer, roles),
        answer.short,
    ):
        assert words.startswith(WORDS)
        assert before.text not in words
    assert answer.id in [duty.id for duty in content.duties_of("school")]
    assert answer.id not in [duty.id for duty in withdrawn.duties_of("school")]
    assert check(withdrawn) == []


def test_it_is_not_forgotten(data: Path) -> None:
    found = due(load_content(data), datetime.date(2026, 11, 25))
    assert [thing.id for thing in found if thing.why == "withdrawn"] == ["schools.appoint-senco"]


def test_what_is_said_in_danger_cannot_be_switched_off(data: Path) -> None:
    withdraw(data, "urgent", "urgent.child-at-risk")
    assert "what is said in danger cannot be switched off" in complaints(data)
