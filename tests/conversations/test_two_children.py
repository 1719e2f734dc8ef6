"""Two children in one conversation: what is known of each is kept apart, and comes back with the child."""

import json

from send_guide.domain.situation import Fact, Situation
from tests.conftest import Conversation


def test_what_is_told_of_one_is_not_taken_for_the_other(person: Conversation) -> None:
    person.says("my son has a plan and the school cut his hours")
    person.says("my daughter has no plan and gets no help at all with her reading")
    assert "about another child" in person.hears
    person.says("what do you know about me")
    assert "there is no EHC plan" in person.hears
    assert "Of your son: there is an EHC plan" in person.hears


def test_who_only_names_another_child_is_asked_what_it_is_about(person: Conversation) -> None:
    person.says("how often should school meet with me about my son")
    person.says("and what about my daughter")
    assert "What is it about?" in person.hears
    assert person.titles


def told(**facts: str) -> dict[str, Fact]:
    return {key: Fact(value) for key, value in facts.items()}


def test_a_child_comes_back_with_all_that_was_known() -> None:
    known = Situation(facts=told(plan="yes", who="parent"), dates={"decision": "2026-11-12"})
    assert not known.turn_to("son")
    assert known.turn_to("daughter")
    assert known.known() == {"who": "parent"}
    assert not known.dates
    known.tell({"plan": "no"})
    kept = Situation.of_json(json.loads(json.dumps(known.to_json())))  # over a restart
    moved = kept.to_take_along()  # on another device
    assert moved.turn_to("son")
    assert moved.known() == {"who": "parent", "plan": "yes"}
    assert moved.dates == {"decision": "2026-11-12"}
    assert moved.turn_to("daughter")
    assert moved.known()["plan"] == "no"


def test_a_first_child_without_a_name_comes_back_too() -> None:
    known = Situation(facts=told(plan="no"))
    assert known.turn_to("other")
    known.tell({"plan": "yes"})
    assert known.turn_to("son")
    assert known.known() == {"plan": "no"}


def test_the_parent_of_a_grandchild_is_no_other_child() -> None:
    known = Situation(child="grandson", facts=told(plan="no"))
    assert not known.turn_to("son")
    assert known.known() == {"plan": "no"}
