"""What is picked up from a message beside its question: facts, and the language it is in."""

import pytest

from send_guide.nlu.facts import facts
from send_guide.nlu.language import other_language

KNOWN = {"my", "son", "the", "school", "will", "not", "help", "what", "can", "i", "do", "and", "he", "is"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my son is in year 9 and has no ehcp", {("phase", "secondary"), ("plan", "no")}),
        ("Her EHC plan says 20 hours", {("plan", "yes")}),
        ("the nursery wont take him", {("phase", "nursery")}),
        ("im at college and emailed my tutor", {("phase", "college"), ("spoken_to", "teacher")}),
        ("i spoke to the senco, the head ignored me", {("spoken_to", "senco"), ("spoken_to", "head")}),
        ("we wrote to the governors and to the council", {("spoken_to", "governors")}),
        ("the council refused to assess her", {("spoken_to", "council")}),
        ("who is the head teacher", set()),
        ("", set()),
    ],
)
def test_facts_are_picked_up_on_the_way(text: str, found: set[tuple[str, str]]) -> None:
    told = {(fact, value) for fact, value, _, _ in facts(text) if fact in ("phase", "plan", "spoken_to")}
    assert told == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("its an academy", {("setting", "academy")}),
        ("not an academy no", {("setting", "maintained")}),
        ("it isnt an academy its a council school", {("setting", "maintained")}),
        ("its the nursery class in the primary", {("setting", "maintained"), ("phase", "nursery")}),
        ("no plan", {("plan", "no")}),
        ("he hasnt got a plan", {("plan", "no")}),
        ("she has a plan", {("plan", "yes")}),
        ("i have a plan to move house", set()),
        ("he's not at college yet", set()),
    ],
)
def test_what_is_not_so_is_not_told(text: str, found: set[tuple[str, str]]) -> None:
    told = {(fact, value) for fact, value, _, _ in facts(text) if fact in ("phase", "plan", "setting")}
    assert told - {("phase", "primary")} == found


def test_a_fact_says_where_it_stands() -> None:
    text = "He’s in Year 9 now"
    [(_, _, start, end)] = facts(text)
    assert text[start:end] == "Year 9"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mój syn potrzebuje pomocy w szkole", "pl"),
        ("copilul meu are nevoie de ajutor la școală", "ro"),
        ("mi hijo necesita ayuda en la escuela", "es"),
        ("meu filho precisa de ajuda na escola", "pt"),
        ("oğlumun okulda yardıma ihtiyacı var", "tr"),
        ("синът ми има нужда от помощ", "bg"),
        ("我的儿子需要帮助", "zh"),
        ("my son he not get help in the school what can i do", None),
        ("wot shud i do abt my sons skool", None),
        ("ehcp?", None),
        ("", None),
    ],
)
def test_another_language_is_told_and_bad_english_is_english(text: str, language: str | None) -> None:
    assert other_language(text, KNOWN) == language
