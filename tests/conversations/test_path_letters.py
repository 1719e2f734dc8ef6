"""Letters: asked for in any words, filled from what was told, and not kept."""

import json

from tests.conftest import Conversation

NO_PLAN = "No plan, or not yet"


def test_the_letter_of_the_step_knows_what_was_told(person: Conversation) -> None:
    person.says("I wrote to the head in March and she ignored me")
    person.taps(NO_PLAN)
    person.says("its an academy")
    person.says("write the letter for me")
    assert person.kinds == ["letter"]
    assert "complained to the head teacher in March 2026" in person.letter
    assert "panel hearing" in person.letter
    assert "[your name]" in person.letter


def test_a_letter_asks_only_what_it_needs(person: Conversation) -> None:
    person.says("can you write a letter to the head for me")
    assert "What kind of place is it?" in person.hears
    person.says("a private school")
    assert "Equality Act 2010" in person.letter
    assert "section 66" not in person.letter


def test_for_a_college_it_asks_who_writes(person: Conversation) -> None:
    person.says("draft a letter to the principal")
    person.says("college")
    assert "Is this about you" in person.hears
    person.says("its me")
    assert "my special educational needs" in person.letter


def test_there_is_a_list_of_letters(person: Conversation) -> None:
    person.says("can you write a letter for me")
    assert len(person.choices) >= 6
    person.taps("Asking for an EHC needs assessment")
    assert "section 36(1)" in person.letter


def test_a_letter_about_delay_asks_what_is_late(person: Conversation) -> None:
    person.says("write a letter to the council about the delay")
    person.taps("The EHC plan")
    assert "20 weeks" in person.letter
    assert "Ombudsman" in person.letter


def test_after_a_letter_the_path_goes_on(person: Conversation) -> None:
    person.says("school wont help my son")
    person.taps(NO_PLAN)
    person.says("nothing yet")
    person.says("write it for me")
    person.taps("An academy or free school")
    assert person.letter
    person.taps("Back to my steps")
    assert person.step == "talk"


def test_nothing_of_a_letter_is_kept(person: Conversation) -> None:
    person.says("write a letter to the council about the delay")
    person.taps("The EHC plan")
    kept = person.kept()
    assert "council-delay" in kept
    assert "Dear Sir or Madam" not in kept
    assert "[your name]" not in json.dumps(kept)


def test_a_letter_that_waits_does_not_come_in_the_way(person: Conversation) -> None:
    person.says("can you write a letter to the head for me")
    assert "What kind of place is it?" in person.hears
    person.says('/path{"topic": "support"}')
    person.taps(NO_PLAN)
    person.taps("Nothing yet")
    assert person.kinds != ["letter"]
    assert person.step == "talk"


def test_a_special_school_is_not_told_the_law_for_others(person: Conversation) -> None:
    person.says("can you write a letter to the head for me")
    person.taps("A school run with the council")
    assert "[For a special school leave this sentence out." in person.letter
