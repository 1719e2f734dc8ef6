"""How people begin the guided path, and what they have said already."""

import pytest

from tests.conftest import Conversation

IASS = "bromleyiass.org.uk"
START = "Take me through it step by step"
NO_PLAN = "No plan, or not yet"


@pytest.mark.parametrize(
    "words",
    [
        "school wont help my son",
        "The school is refusing to support my daughter and nobody listens.",
        "nursery does nothing for my little boy",
        "my childminder isnt helping her with her needs",
        "im 19 and my college isnt giving me any support",
        "our private school does nothing for him",
        "my complaint went nowhere",
        "we keep getting fobbed off by the school",
        "the head ignored my complaint",
        "teacher wont give him any help in class",
        "the governors rejected my complaint",
        "so hes 8 and its been a nightmare, the teacher says hes lazy and school do nothing",
        "take me through the steps",
    ],
)
def test_any_wording_that_nobody_helps_begins_the_path(person: Conversation, words: str) -> None:
    person.says(words)
    assert "escalation" in person.kinds, person.hears
    assert IASS in person.hears
    assert person.choices


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("how do i complain about an academy", "complaint.academy"),
        ("what is the complaints policy and how do i get it", "escalation.complaints-policy"),
        ("who makes sure the school does its part", "escalation.who-is-responsible"),
        ("school say there isnt any money for my daughter", "funding.notional-budget"),
        ("how many weeks to decide on an assessment", "ehc.six-weeks"),
        ("what is the time limit to appeal", "appeal.deadline"),
    ],
)
def test_a_question_is_answered_and_the_path_offered(
    person: Conversation, question: str, answer: str
) -> None:
    person.says(question)
    assert person.answers[0] == answer
    assert START in person.titles
    person.taps(START)
    assert "escalation" in person.kinds
    assert IASS in person.hears


def test_two_steps_are_done_where_the_head_was_written_to(person: Conversation) -> None:
    person.says("I wrote to the head in March and she ignored me")
    person.says("there is no plan")
    assert "What kind of place is it?" in person.hears, "what decides between governors and a trust"
    person.says("its an academy")
    assert person.step == "panel"
    person.says("my steps")
    assert "Done: Talk to the teacher" in person.hears
    assert "Done: Complain to the head or principal (in March 2026)" in person.hears


def test_what_was_told_before_the_path_counts(person: Conversation) -> None:
    person.says("my daughter is at an academy")
    person.says("i have spoken to the senco and the teacher")
    person.says('/path{"start": "escalation.talk-to-staff"}')
    person.taps(NO_PLAN)
    assert person.step == "policy", person.hears


def test_a_student_is_not_asked_who_it_is_about(person: Conversation) -> None:
    person.says("im 18 and my college wont help me")
    person.says("no plan")
    person.says("nothing yet")
    person.says("write the email for me")
    assert "I am a student" in person.letter


def test_the_council_refused_and_the_date_is_asked(person: Conversation) -> None:
    person.says("the council refused to assess my son")
    person.taps(START)
    assert "What date is printed on the council's letter?" in person.hears


def test_only_what_decides_is_asked(person: Conversation) -> None:
    person.says("school wont help my son")
    person.says("he hasnt got one")
    person.says("nothing yet")
    assert person.step == "talk", "the kind of school does not matter yet"


def test_answers_can_be_typed_in_peoples_own_words(person: Conversation) -> None:
    person.says("school wont help my son")
    person.says("ive spoken to the teacher and the head")
    person.says("no, there isnt one")
    assert "What kind of place is it?" in person.hears, "a childminder has no complaints policy to ask for"
    person.says("it's one of those academy trusts")
    assert person.step == "policy"
    person.says("got it")
    assert person.step == "head"
    person.says("i sent it last week and no answer")
    assert person.step == "panel"


def test_a_number_picks_an_option(person: Conversation) -> None:
    person.says("school wont help my son")
    person.says("2")
    assert "How far have you got?" in person.hears
    person.says("1")
    assert person.step == "talk"


def test_with_a_plan_the_way_goes_to_the_council(person: Conversation) -> None:
    person.says("school wont help my son")
    person.says("yes he has a plan")
    assert person.step == "plan-help"


@pytest.mark.parametrize(
    "question",
    [
        "How do I make a complaint to the head teacher?",
        "does the school have to have a complaints policy?",
        "how do I write a formal complaint to the governors?",
    ],
)
def test_to_ask_about_a_step_is_not_to_have_done_it(person: Conversation, question: str) -> None:
    person.says(question)
    person.says('/path{"start": "schools.meet-needs"}')
    person.taps(NO_PLAN)
    assert "How far have you got?" in person.hears
    person.taps("Nothing yet")
    assert person.step == "talk"
    person.says(question)
    person.says("what next")
    assert person.step == "talk"


def test_another_child_begins_with_nothing(person: Conversation) -> None:
    person.says("I wrote to the governors in march about my son, its an academy and nothing happens")
    person.says("/start_again")
    person.says("school wont help my daughter")
    assert person.step is None
    assert "Is there an EHC plan" in person.hears
    person.taps(NO_PLAN)
    assert "How far have you got?" in person.hears


def test_who_finds_out_which_school_it_is_gets_its_way(person: Conversation) -> None:
    person.says('/path{"topic": "support"}')
    person.taps(NO_PLAN)
    person.taps("I complained to the head or manager")
    person.taps("I do not know")
    assert person.step == "governors"
    assert "If it is an academy, write to the trust" in person.hears
    person.says("its an academy")
    assert person.step == "panel"


def test_who_wrote_to_the_governors_of_an_academy_can_still_have_the_hearing(person: Conversation) -> None:
    person.says('/path{"topic": "support"}')
    person.taps(NO_PLAN)
    person.taps("I wrote to the governors or the trust")
    person.taps("An academy or free school")
    assert person.step == "panel"
