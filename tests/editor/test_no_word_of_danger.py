"""What people and the helpline say of danger never reaches the editors, whichever way it is reported."""

import json

import pytest

from send_guide.domain import safety
from tests.helpline.conftest import EDITOR, Helpline, Person
from tests.web.conftest import Caller

MARKS = "she came home from school with finger marks on her arm"
"""Danger that the model sees and no list of words does."""
LATER = "is there a lift at the swimming baths in penge for her chair"


def test_marks_are_danger_without_a_word_of_the_list() -> None:
    assert safety.by_words(MARKS) is None


def test_an_adviser_who_reports_an_answer_about_danger_by_key_sends_no_words(guide: Helpline) -> None:
    adviser = Person(guide)
    adviser.signs_in()
    told = adviser.sends("/helpline/report", kind="unclear", q=f"The caller says {MARKS}")
    assert "The question is not kept: somebody may be in danger." in told.text
    [(about, question)] = guide.rows("SELECT answer_ids, question FROM feedback ORDER BY number DESC LIMIT 1")
    assert "urgent.child-at-risk" in str(about)
    assert question is None
    assert "finger marks" not in report_of(guide, 13)


def test_a_question_of_danger_is_not_kept_whatever_is_picked_beside_it(guide: Helpline) -> None:
    adviser = Person(guide)
    adviser.signs_in()
    adviser.sends("/helpline/report", kind="wrong", q=MARKS, pick="schools.appoint-senco")
    assert guide.rows("SELECT question FROM feedback ORDER BY number DESC LIMIT 1") == [(None,)]


@pytest.mark.parametrize("page", ["/chat/feedback", "/guide/feedback"])
def test_a_thumb_in_a_conversation_that_told_of_danger_keeps_no_words(guide: Helpline, page: str) -> None:
    parent = Caller(guide)
    assert parent.asks(MARKS)[1]["replies"][0]["kind"] == "urgent"
    parent.asks(LATER)
    opinion = {
        "kind": "not-useful",
        "answer_ids": ["help.ipsea"],
        "question": LATER,
        "reason": "the arm is blue",
    }
    if page == "/chat/feedback":
        assert parent.call("POST", page, opinion)[0] == 204
    else:
        form = {
            "token": parent.token,
            "kind": "not-useful",
            "answers": "help.ipsea",
            "reason": "the arm is blue",
        }
        assert Person(guide).http.post(page, data=form).status_code == 200
    [kept] = guide.rows("SELECT kind, question, reason FROM feedback ORDER BY number DESC LIMIT 1")
    assert kept == ("not-useful", None, None)
    shown = report_of(guide, 8 if page == "/chat/feedback" else 2)
    assert "lift at the swimming baths" not in shown
    assert "the arm is blue" not in shown


@pytest.mark.parametrize("field", ["question", "reason"])
def test_danger_that_is_told_with_the_thumb_is_not_kept(guide: Helpline, field: str) -> None:
    parent = Caller(guide)
    parent.asks(LATER)
    opinion = {"kind": "not-useful", "answer_ids": ["help.ipsea"], "question": LATER, field: MARKS}
    status, answer = parent.call("POST", "/chat/feedback", opinion)
    if field == "reason":  # written just now: who writes it is told what to do
        assert status == 200
        assert "020 8461 7373" in json.dumps(answer["replies"])
        form = {"token": parent.token, "kind": "not-useful", "answers": "help.ipsea", "reason": MARKS}
        assert "020 8461 7373" in Person(guide).http.post("/guide/feedback", data=form).text
    assert guide.rows("SELECT question, reason FROM feedback ORDER BY number DESC LIMIT 1") == [(None, None)]


def test_other_opinions_keep_their_words(guide: Helpline) -> None:
    parent = Caller(guide)
    parent.asks(LATER)
    opinion = {"kind": "not-useful", "answer_ids": ["help.ipsea"], "question": LATER, "reason": "no map"}
    assert parent.call("POST", "/chat/feedback", opinion)[0] == 204
    [kept] = guide.rows("SELECT question, reason FROM feedback ORDER BY number DESC LIMIT 1")
    assert kept == (LATER, "no map")
    guide.rows("DELETE FROM feedback")


def report_of(guide: Helpline, weeks: int) -> str:
    """The editors' page; each test asks for other weeks, since a page is shown again for half a minute."""
    editor = Person(guide)
    editor.signs_in(EDITOR)
    return editor.opens(f"/editor/?weeks={weeks}").text
