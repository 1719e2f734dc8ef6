"""Whatever comes between: a question at every step, danger, a change of mind, a step back."""

import pytest

from send_guide.content import Content, get_content
from tests.conftest import Conversation

BACK = "Back to my steps"
NO_PLAN = "No plan, or not yet"
WAYS = {
    "talk": ["support", "academy"], "policy": ["support", "academy"], "head": ["support", "academy"],
    "panel": ["support", "academy"], "resolution": ["support", "academy"], "dfe-academy": ["support", "academy"],
    "governors": ["support", "maintained"], "dfe": ["support", "maintained"], "ofsted": ["support", "maintained"],
    "end": ["support", "maintained"], "proprietor": ["support", "independent"], "dfe-independent": ["support", "independent"],
    "corporation": ["support", "college"], "dfe-college": ["support", "college"], "plan-help": ["support", "academy"], "manager": ["support", "nursery"], "early-ofsted": ["support", "nursery"],
    "claim": ["discrimination", "academy"], "court": ["discrimination", "college"],
    "request": ["request"], "wait": ["request"], "council": ["delay"], "ombudsman": ["delay"],
    "mediation": ["decision"], "appeal": ["decision"], "tribunal": ["decision"], "appeal-school": ["decision", "school"], "appeal-change": ["decision", "change"], "draft": ["decision", "draft"],
}  # fmt: skip


def goes_to(person: Conversation, step: str) -> Conversation:
    """Bring somebody to a step by buttons."""
    topic, *rest = WAYS[step]
    person.says(f'/path{{"topic": "{topic}"}}')
    if topic == "decision":
        person.says(f'/path{{"decision": "{rest[0] if rest else "contents"}"}}')
    elif rest:
        person.says(f'/path{{"setting": "{rest[0]}"}}')
    if topic == "support":
        person.says('/path{"plan": "%s"}' % ("yes" if step == "plan-help" else "no"))
    for _ in range(20):
        if person.step == step:
            return person
        person.taps("I have done this" if person.step else person.titles[0])
    raise AssertionError(f"{step} was not reached")


@pytest.mark.parametrize("step", list(get_content().steps))
def test_a_question_at_any_step_is_answered_and_the_way_back_is_there(
    person: Conversation, content: Content, step: str
) -> None:
    goes_to(person, step)
    person.says("what does IASS stand for")
    assert person.answers == ["glossary.iass"]
    person.taps(BACK)
    assert person.step == step
    assert content.steps[step].title in person.hears


@pytest.mark.parametrize("question", ["topic", "reached", "setting", "decided", "certified", "happened"])
def test_danger_comes_first_at_an_open_question_and_the_path_goes_on(
    person: Conversation, content: Content, question: str
) -> None:
    person.says(f'/path{{"change": "{question}"}}')
    asked = content.questions[question].ask
    assert asked in person.hears
    person.says("his dad hits him and im scared to go home")
    assert person.kinds[0] == "urgent"
    assert "999" in person.replies[0].text
    person.says("where were we")
    assert "urgent" not in person.kinds
    assert "escalation" in person.kinds
    assert person.choices


def test_danger_at_a_step(person: Conversation) -> None:
    goes_to(person, "head")
    person.says("i cant go on, i want to kill myself")
    assert person.kinds[0] == "urgent"
    person.says("where were we")
    assert person.step == "head"


def test_going_back_one_answer_at_a_time(person: Conversation) -> None:
    person.says("school wont help my son")
    person.taps(NO_PLAN)
    person.taps("I talked to staff")
    person.taps("A college")
    assert person.step == "policy"
    person.says("go back")
    assert "What kind of place is it?" in person.hears
    person.says("go back")
    assert "How far have you got?" in person.hears
    person.taps("Nothing yet")
    assert person.step == "talk"


def test_a_step_marked_by_mistake_is_taken_back(person: Conversation) -> None:
    goes_to(person, "policy")
    person.taps("I have done this")
    assert person.step == "head"
    person.taps("Go back")
    assert person.step == "policy"


def test_changing_ones_mind_about_the_school(person: Conversation) -> None:
    goes_to(person, "governors")
    person.says("sorry i was wrong, its actually an academy")
    assert person.step == "panel"


def test_an_answer_is_changed_from_my_steps(person: Conversation) -> None:
    goes_to(person, "governors")
    person.says("my steps")
    person.taps("Change what I told you")
    person.taps("It is a school run with the council (a maintained school)")
    person.taps("An academy or free school")
    assert person.step == "panel"


def test_skipping_a_step_leaves_it_out_of_what_is_done(person: Conversation) -> None:
    goes_to(person, "resolution")
    person.says("skip this step")
    assert person.step == "dfe-academy"
    person.says("my steps")
    assert "Left out: Ask for help to come to an agreement" in person.hears


def test_other_ways_need_no_earlier_step_and_lose_nothing(person: Conversation) -> None:
    goes_to(person, "head")
    person.taps("Other ways")
    assert "999" in person.hears
    person.taps("I want to ask for an EHC assessment")
    assert person.step == "request"
    person.taps("Other ways")
    person.taps("Help at school, nursery or college")
    assert person.step == "head"


def test_follow_ups_are_about_the_step(person: Conversation, content: Content) -> None:
    goes_to(person, "policy")
    step = content.steps["policy"]
    person.says("can you say it in easy words")
    assert step.easy_read in person.hears
    person.says("is that a must?")
    assert "should" in person.hears
    person.says("where does it say that")
    assert "Bromley Area Wide Offer" in person.hears
    person.says("who do i contact")
    assert "bromleyiass.org.uk" in person.hears


def test_what_next_says_where_somebody_is_and_what_follows(person: Conversation) -> None:
    goes_to(person, "policy")
    person.says("what next")
    assert "You are at: Ask for the complaints policy" in person.hears
    assert "Complain to the head or principal" in person.hears
    assert "Have you done it?" in person.hears
    person.says("yes")
    assert person.step == "head"


def test_not_yet_is_fine(person: Conversation) -> None:
    goes_to(person, "policy")
    person.says("not yet")
    assert "Your step stays" in person.hears
    person.says("what next")
    assert person.step == "policy"


def test_somebody_who_is_upset_is_heard_and_the_step_stays(person: Conversation) -> None:
    goes_to(person, "head")
    person.says("im so tired of all this, i cant stop crying")
    assert "escalation" in person.kinds or "smalltalk" in person.kinds
    assert person.choices
    person.says("where were we")
    assert person.step == "head"


def test_start_again_leaves_the_path(person: Conversation) -> None:
    goes_to(person, "head")
    person.says("start again")
    person.says("my steps")
    assert "You have no steps yet" in person.hears


def test_nonsense_twice_leads_to_people(person: Conversation) -> None:
    person.says("school wont help my son")
    for words in ("asdf qwer", "zxcv uiop"):
        person.says(words)
        assert person.choices
        assert person.hears


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("how long do i hav", "The last day to appeal to the SEND Tribunal"),
        ("how do i moan about the nursery", get_content().answers["complaint.childminder-nursery"].title),
    ],
)
def test_a_question_half_understood_is_met_with_choices_and_the_path_waits(
    person: Conversation, content: Content, words: str, title: str
) -> None:
    person.says('/path{"change": "topic"}')
    person.says(words)
    assert person.kinds == ["choices"]
    assert title in person.titles
    person.taps(BACK)
    assert content.words["another-way"].text in person.hears, "the question of the path, in other words"
