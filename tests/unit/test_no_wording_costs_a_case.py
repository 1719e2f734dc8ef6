"""Rules of `send-guide check` for what could cost a family its case; each is red on the words of release 0.1."""

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
