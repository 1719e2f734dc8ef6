"""People who come back days later, and the next person on a shared phone."""

import pytest

from send_guide.content import Content
from tests.conftest import Conversation


@pytest.fixture
def returning(person: Conversation) -> Conversation:
    person.says("how often should school meet with me")
    person.comes_back_after(days=2)
    return person


def test_they_are_told_what_it_was_about_and_asked_whether_to_go_on(
    returning: Conversation, content: Content
) -> None:
    title = content.answers["head.parent-meetings"].title
    returning.says("hello")
    assert f"Welcome back. Last time we talked about “{title}”" in returning.hears
    returning.taps(title)
    assert returning.answers == ["head.parent-meetings"]


@pytest.mark.parametrize("words", ["where were we", "is that a must?", "im back"])
def test_other_words_for_it_work_too(returning: Conversation, words: str) -> None:
    returning.says(words)
    assert returning.offered == ["head.parent-meetings"]


def test_the_next_person_says_no_and_hears_no_more_of_it(returning: Conversation) -> None:
    returning.says("hello")
    returning.taps("No, something else")
    returning.says("where were we")
    assert returning.offered == []


def test_a_question_is_answered_without_ado(returning: Conversation) -> None:
    returning.says("number for the tribunal")
    assert returning.answers == ["contacts.tribunal"]


def test_nothing_but_the_topic_comes_along(returning: Conversation) -> None:
    returning.says("what do governors have to do")
    returning.comes_back_after(days=2)
    returning.says("what else must they do?")
    assert "5 to 8" not in returning.hears


def test_within_a_day_the_conversation_simply_goes_on(person: Conversation) -> None:
    person.says("how often should school meet with me")
    person.comes_back_after(days=0.9)
    person.says("is that a must?")
    assert "the head teacher should do this" in person.hears


def test_somebody_new_has_nothing_to_go_on_with(person: Conversation) -> None:
    person.says("where were we")
    assert "Ask me a question first" in person.hears
