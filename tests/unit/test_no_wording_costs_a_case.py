"""Rules of `send-guide check` for what could cost a family its case; each is red on the words of release 0.1."""

import re

import pytest

from send_guide.content import Content
from send_guide.content.checks import check_answer

DEADLINE_WITHOUT_LIMIT = (
    "If the council refuses, you can appeal to the SEND Tribunal. The letter says how. Free help: IASS."
)


@pytest.mark.parametrize("wording", ["short", "easy_read"])
def test_an_answer_about_an_appeal_says_its_time_limit_in_every_wording(
    content: Content, wording: str
) -> None:
    old = content.answers["appeal.what"].model_copy(update={wording: DEADLINE_WITHOUT_LIMIT})
    problems = [problem.message for problem in check_answer(old, content)]
    assert any("a time limit runs" in message and f": {wording}:" in message for message in problems)


def test_may_not_is_no_ban(content: Content) -> None:
    old = content.answers["law.reasonable-adjustments"]
    words = old.easy_read + "\nThe school may not charge you."
    problems = [one.message for one in check_answer(old.model_copy(update={"easy_read": words}), content)]
    assert any("'may not'" in message for message in problems)


def test_every_answer_of_today_keeps_these_rules(content: Content) -> None:
    assert [problem for answer in content.answers.values() for problem in check_answer(answer, content)] == []


def test_a_claim_of_discrimination_has_six_months_less_a_day_in_every_wording(content: Content) -> None:
    of_another_limit = {"ehc.reassessment", "appeal.if-i-lose"}
    said = [
        (answer.id, f"{one.text} {one.short} {one.easy_read}")
        for answer in content.answers.values()
        if answer.id not in of_another_limit
        for one in (answer, *map(answer.as_in, answer.variants))
    ]
    said += [(step.id, step.model_dump_json()) for step in content.steps.values()]
    wrong = [named for named, words in said if re.search(r"\b6\s+months\b(?!\s+less a day)", words)]
    assert wrong == []
