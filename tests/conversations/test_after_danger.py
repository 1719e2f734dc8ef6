"""After danger: only a clear word that people are safe ends it; new danger is danger; a question is answered."""

import pytest

from tests.conftest import Conversation

DANGER = "he says he wants to die"
RESTRAINED = "they held him down on the floor in class today, two adults"


@pytest.mark.parametrize(
    "words", ["yes everyones safe now thank you", "she is safe now", "everybody is safe", "yes were safe"]
)
def test_who_says_that_people_are_safe_is_not_asked_again(person: Conversation, words: str) -> None:
    person.says(DANGER)
    assert person.kinds[0] == "urgent"
    person.says(words)
    assert "urgent" not in person.kinds
    assert "Is everybody safe now?" not in person.hears
    assert "I am glad." in person.hears


@pytest.mark.parametrize("words", ["no", "nope", "not really", "no hes not", "i dont know"])
def test_whoever_is_not_safe_is_told_again_what_to_do(person: Conversation, words: str) -> None:
    person.says(DANGER)
    person.says("thank you")
    assert "Is everybody safe now?" in person.hears
    person.says(words)
    assert person.kinds[0] == "urgent"
    assert "999" in person.hears


@pytest.mark.parametrize("words", ["hes cut his arms", "he is on the roof", "he has a knife"])
def test_new_danger_after_danger_is_danger(person: Conversation, words: str) -> None:
    person.says(DANGER)
    person.says(words)
    assert person.kinds[0] == "urgent"
    assert "999" in person.hears


def test_a_yes_to_whether_anybody_is_in_danger_brings_what_to_do(person: Conversation) -> None:
    person.says(RESTRAINED)
    assert "Is anybody in danger now?" in person.hears
    person.says("yes")
    assert person.kinds[0] == "urgent"
    assert "999" in person.hears


def test_a_no_to_whether_anybody_is_in_danger_goes_on(person: Conversation) -> None:
    person.says(RESTRAINED)
    person.says("no")
    assert "urgent" not in person.kinds
    person.says("who do i complain to")
    assert "urgent" not in person.kinds
    assert person.answers


def test_a_question_after_danger_is_answered(person: Conversation) -> None:
    person.says(DANGER)
    person.says("who can ask for an ehc plan?")
    assert person.answers[0] == "ehc.who-can-ask"


def test_danger_beside_a_fact_comes_before_the_answer_that_fits_the_fact(person: Conversation) -> None:
    person.says('/choose{"answer": "complaint.maintained-school"}')
    person.says("its an academy. he has cut his arms tonight")
    assert person.kinds[0] == "urgent"
    assert "999" in person.hears
