"""People who come back to their steps days later, and the next person on a shared phone."""

import pytest

from tests.conftest import Conversation

GO_ON = "Yes, go on with my steps"


@pytest.fixture
def returning(person: Conversation) -> Conversation:
    person.says("I wrote to the head in March and she ignored me")
    person.taps("No plan, or not yet")
    person.says("its an academy")
    assert person.step == "panel"
    person.comes_back_after(days=4)
    return person


@pytest.mark.parametrize(
    "words", ["what next", "hello", "my steps", "where were we", "write the letter for me"]
)
def test_nothing_is_used_before_they_say_that_it_is_theirs(returning: Conversation, words: str) -> None:
    returning.says(words)
    assert "Are these your steps" in returning.hears
    assert "Ask the trust for a panel hearing" in returning.hears
    assert "March" not in returning.hears
    returning.taps(GO_ON)
    assert returning.step == "panel"
    returning.says("my steps")
    assert "Done: Complain to the head or principal (in March 2026)" in returning.hears


@pytest.mark.parametrize("yes", ["yes", "yes please", "ok"])
def test_yes_can_be_typed(returning: Conversation, yes: str) -> None:
    returning.says("what next")
    returning.says(yes)
    assert returning.step == "panel"


@pytest.mark.parametrize("no", ["no", "No, something else"])
def test_the_next_person_says_no_and_it_is_forgotten(returning: Conversation, no: str) -> None:
    returning.says("hello")
    if no == "no":
        returning.says(no)
    else:
        returning.taps(no)
    returning.says("my steps")
    assert "You have no steps yet" in returning.hears


def test_a_question_is_answered_first(returning: Conversation) -> None:
    returning.says("what next")
    returning.says("what does IASS stand for")
    assert returning.answers == ["glossary.iass"]
    returning.says("what next")
    returning.taps(GO_ON)
    assert returning.step == "panel"


def test_done_means_that_it_is_theirs(returning: Conversation) -> None:
    returning.says("i have done that")
    assert returning.step == "panel"
    returning.says("yes")
    assert returning.step == "resolution"


def test_an_old_button_still_works(returning: Conversation) -> None:
    returning.says('/path{"step": "panel"}')
    assert returning.step == "panel"
    assert "What to expect" in returning.hears


def test_they_are_remembered_over_two_silences(returning: Conversation) -> None:
    returning.says("what next")
    returning.comes_back_after(days=10)
    returning.says("what next")
    returning.taps(GO_ON)
    assert returning.step == "panel"


def test_within_a_day_it_simply_goes_on(person: Conversation) -> None:
    person.says("school wont help my son")
    person.taps("No plan, or not yet")
    person.says("nothing yet")
    person.comes_back_after(days=0.9)
    person.says("what next")
    assert person.step == "talk"


@pytest.mark.parametrize("words", ["still waiting for an answer", "school wont help my son"])
def test_nothing_is_forgotten_before_they_say_that_it_is_not_theirs(
    returning: Conversation, words: str
) -> None:
    returning.says(words)
    assert "Are these your steps" in returning.hears
    returning.taps(GO_ON)
    assert returning.step == "panel"


def test_a_button_under_an_answer_shows_nobody_elses_steps(returning: Conversation) -> None:
    returning.says('/path{"start": "funding.notional-budget"}')
    assert "Are these your steps" in returning.hears
    returning.taps("No, something else")
    returning.says("my steps")
    assert "You have no steps yet" in returning.hears
