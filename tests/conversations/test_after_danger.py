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


@pytest.mark.parametrize(
    "words",
    [
        "Somebody is not safe",
        "not safe",
        "no im not safe",
        "hes not safe",
        "im still not ok",
        "i said im not ok",
    ],
)
def test_not_safe_is_never_taken_for_safe(person: Conversation, words: str) -> None:
    person.says(DANGER)
    person.says(words)
    assert "I am glad" not in person.hears
    assert person.kinds[0] == "urgent"
    assert "999" in person.hears


@pytest.mark.parametrize(
    "words", ["can i talk to someone", "speak to a person", "who can i talk to", "i want to talk to someone"]
)
def test_who_asks_for_somebody_to_talk_to_hears_who_answers_now(person: Conversation, words: str) -> None:
    person.says(DANGER)
    person.says(words)
    assert "116 123" in person.hears
    assert "contacts.iass" not in person.answers


def test_care_goes_on_until_somebody_is_safe(person: Conversation) -> None:
    person.says("my stepdad comes in my room at night and touches me")
    assert person.kinds[0] == "urgent"
    person.says("i told my teacher and she said dont make things up")
    assert "escalation" not in person.kinds
    person.says("mum doesnt believe me")
    assert "escalation" not in person.kinds
    assert "0800 1111" in person.hears


def test_whom_to_tell_is_not_the_place_that_did_it(person: Conversation) -> None:
    person.says("someone at the special school is hurting my daughter")
    assert person.kinds[0] == "urgent"
    person.says("who do i tell")
    assert "020 8461 7373" in person.hears


def test_whoever_is_afraid_of_a_partner_hears_of_the_helpline(person: Conversation) -> None:
    person.says("my husband hits me in front of the kids")
    assert "0808 2000 247" in person.hears


@pytest.mark.parametrize(
    "words",
    [
        "nobody is in danger i just want someone to believe me",
        "no the danger is over he is on the ward safe. i want to know about the exclusions",
        "he is ok",
        "no danger, this was last year",
        "everyone's safe, thanks",
        "no hes safe now he is home with me",
    ],
)
@pytest.mark.parametrize("before", [DANGER, RESTRAINED])
def test_who_says_that_nobody_is_in_danger_is_believed(person: Conversation, before: str, words: str) -> None:
    person.says(before)
    person.says(words)
    assert "urgent" not in person.kinds
    assert "Somebody is not safe" not in person.titles
    person.says("he comes home with bruises from football")
    assert "Somebody is not safe" not in person.titles


def test_who_was_safe_and_tells_of_danger_is_heard(person: Conversation) -> None:
    person.says(DANGER)
    person.says("hes ok now")
    person.says("he has taken pills")
    assert person.kinds[0] == "urgent"


@pytest.mark.parametrize(
    "words",
    [
        "im not sure he is ok",
        "they say he is ok",
        "i hope hes safe",
        "hes ok but theres blood and he wont let me see",
        "I don't think she is safe",
        "not everyone is safe",
        "we are not all safe",
        "she is safe when he is at work",
        "she is ok for now",
        "how do i know she is safe",
    ],
)
def test_a_doubt_is_no_word_that_people_are_safe(person: Conversation, words: str) -> None:
    person.says(DANGER)
    person.says(words)
    assert "I am glad" not in person.hears
