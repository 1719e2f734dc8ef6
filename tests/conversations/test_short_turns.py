"""Short turns: a word or two that says nothing by itself, taken for what it means after what was said."""

import pytest

from tests.conftest import Conversation

MEETINGS = "head.parent-meetings"
VAGUE = "children and teachers"


@pytest.fixture
def answered(person: Conversation) -> Conversation:
    """Somebody who has been told how often school should meet with them."""
    person.says("how often should school meet with me")
    assert person.answers == [MEETINGS]
    return person


@pytest.mark.parametrize(
    ("words", "hears"),
    [
        ("ok", "These often come next."),
        ("k", "These often come next."),
        ("👍", "These often come next."),
        ("?", "School should talk with you about progress."),
        ("what?", "School should talk with you about progress."),
        ("i dont get it", "School should talk with you about progress."),
        ("useless", "I am sorry. I have not helped you yet."),
        ("idk", "You do not have to know."),
        ("too long", "Ask by e-mail for the next date."),
        ("no thats not it", "that was not what you meant"),
        ("help", "Ask by e-mail for the next date."),
        ("is this confidential", "The school is not told."),
        ("i want my conversation deleted", "What I have understood so far is forgotten now."),
    ],
)
def test_after_an_answer(answered: Conversation, words: str, hears: str) -> None:
    answered.says(words)
    assert hears in answered.hears
    assert not {"fallback", "urgent"} & set(answered.kinds)


def test_too_long_is_met_with_less(answered: Conversation) -> None:
    full = answered.hears
    answered.says("too long")
    assert len(answered.hears) < len(full) / 2


def test_not_understood_twice_leads_on(answered: Conversation) -> None:
    answered.says("i dont get it")
    simpler = answered.hears
    answered.says("?")
    assert answered.hears != simpler
    assert "Speak to a person" in answered.titles


def test_a_wrong_answer_is_not_offered_again(answered: Conversation) -> None:
    answered.says("no thats not it")
    assert answered.offered
    assert MEETINGS not in answered.offered


@pytest.mark.parametrize("pick", ["1", "the first one", "ok 1 please"])
def test_a_choice_can_be_picked_in_words(person: Conversation, pick: str) -> None:
    person.says(VAGUE)
    first = person.offered[0]
    person.says(pick)
    assert person.answers == [first]


def test_the_first_thing_under_an_answer_can_be_picked(answered: Conversation) -> None:
    assert answered.titles[0].startswith("Write:")
    answered.says("the first one")
    assert "So that the letter says the right thing" in answered.hears


def test_none_of_them(person: Conversation) -> None:
    person.says(VAGUE)
    person.says("none")
    assert person.kinds == ["choices"]
    assert "none of those" in person.hears
    assert "Speak to a person" in person.titles


@pytest.mark.parametrize("words", ["oh no", "oh god", "omg"])
def test_a_fright_is_met_with_a_kind_word(person: Conversation, words: str) -> None:
    person.says("council refused to assess, letter dated 2 november")
    person.says(words)
    assert "a lot at once" in person.hears
    assert "How do I appeal to the Tribunal?" in person.titles


def test_how_long_is_about_the_last_answer(person: Conversation) -> None:
    person.says('/choose{"answer": "appeal.discrimination"}')
    person.says("how long have i got")
    assert person.answers == ["appeal.discrimination"]
    assert "within 6 months" in person.hears
    assert "I work out the last day" in person.hears


@pytest.mark.parametrize(
    "danger",
    ["my son says he wants to kill himself", "his dad hits him and the school wont do the ehcp what do i do"],
)
def test_who_takes_danger_back_is_asked_with_care_and_not_told_the_same_again(
    person: Conversation, danger: str
) -> None:
    person.says(danger)
    assert person.kinds[0] == "urgent"
    person.says("no its ok he says it alot he doesnt mean it")
    assert not {"fallback", "urgent"} & set(person.kinds)
    assert "Is everybody safe now?" in person.hears
    assert "Somebody is not safe" in person.titles


def test_a_short_turn_on_the_path_has_a_way_back(person: Conversation) -> None:
    person.says('/path{"step": "governors"}')
    person.says("is this confidential")
    assert "The school is not told." in person.hears
    person.taps("Back to my steps")
    assert "escalation" in person.kinds
