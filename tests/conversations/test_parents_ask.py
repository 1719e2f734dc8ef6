"""Conversations in the words people type, with the words they hear."""

import pytest

from send_guide.content import Content
from send_guide.dialogue.triage import MOST_CHOICES
from tests.conftest import Conversation

# about everything and nothing: an assistant that answers this is guessing
VAGUE = "children and teachers"

TWENTY_QUESTIONS = [
    ("who must appoint a senco", "schools.appoint-senco", ["SENCO", "2014", "qualified teacher"]),
    ("does the senco have to be a teacher", "governors.senco-qualification", ["qualified teacher"]),
    ("what do governors have to do", "governors.", ["Must", "1 to 4 of 10"]),
    ("how often should school meet with me", "head.parent-meetings", ["three times a year"]),
    ("my son has diabetes does school have to help", "schools.medical-conditions", ["medical conditions"]),
    ("school say there isnt any money for my daughter", "funding.notional-budget", ["£6,000", "not money for each child"]),
    ("do they have to spend 6000 before i can ask for an ehcp", "funding.above-threshold", ["no spending test"]),
    ("can i ask for an assessment myself or does school have to", "ehc.who-can-ask", ["parent", "sections 24 and 36"]),
    ("how many weeks to decide on an assessment", "ehc.six-weeks", ["6 weeks"]),
    ("the school named in the plan wont take him", "governors.admit-named-in-plan|ehc.school-must-admit", ["must"]),
    ("what does IASS stand for", "glossary.iass", ["Information, Advice and Support Service"]),
    ("number for the tribunal", "contacts.tribunal", ["0300 303 5857", "send@justice.gov.uk"]),
    ("where is the sen information report", "schools.information-report", ["online|website"]),
    ("hes going up to secondary in september who helps with that", "head.transition", ["head teacher"]),
    ("is the head supposed to tell me shes on the register", "governors.tell-parents-register", ["register"]),
    ("what's the graduated approach", "glossary.graduated-approach|sen-support.graduated-approach", ["review"]),
    ("can i get help with taxi to school", "transport.school", ["free travel", "Education Act 1996"]),
    ("i want to complain about a childminder", "complaint.childminder-nursery|escalation.govuk-complaint", ["Ofsted|gov.uk"]),
    ("what is this area wide offer thing", "offer.what-is", ["Bromley", "older"]),
    ("who do i ring about all this", "contacts.iass", ["bromleyiass.org.uk"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "ids", "facts"), TWENTY_QUESTIONS, ids=[q for q, _, _ in TWENTY_QUESTIONS]
)
def test_twenty_questions_are_answered(
    person: Conversation, question: str, ids: str, facts: list[str]
) -> None:
    person.says(question)
    assert person.answers, f"no answer, but {person.kinds} offering {person.offered}"
    assert any(person.answers[0].startswith(right) for right in ids.split("|")), person.answers
    for fact in facts:
        assert any(word.lower() in person.hears.lower() for word in fact.split("|")), f"{fact!r} is missing"


def test_a_message_with_two_questions_gets_both_answers(person: Conversation) -> None:
    person.says("Does the senco have to be a qualified teacher? And what is the number for the tribunal?")
    assert "governors.senco-qualification" in person.answers
    assert "contacts.tribunal" in person.answers


def test_of_six_questions_none_is_dropped_without_a_word(person: Conversation) -> None:
    person.says(
        "what is a senco? who can ask for an ehc plan? how long does the council have to decide? can i get "
        "help with transport? what is sen support? who do i complain to about the school?"
    )
    assert len(person.answers) == 3
    assert "You asked more than that." in person.hears
    assert "ehc.who-can-ask" in person.answers
    assert "What does SEN support mean?" in person.titles


def test_a_question_that_is_short_of_a_word_is_met_with_choices(person: Conversation) -> None:
    person.says("how long does the council have to decide")
    assert person.kinds == ["choices"]
    assert "ehc.six-weeks" in person.offered


def test_follow_ups_are_about_the_last_answer(person: Conversation, content: Content) -> None:
    answer = content.answers["head.parent-meetings"]
    person.says("how often should school meet with me")
    assert answer.text in person.hears
    person.says("is that a must?")
    assert "the head teacher should do this" in person.hears
    assert "not as strong as a must" in person.hears
    person.says("can you say it in easy words")
    assert answer.easy_read.splitlines()[0] in person.hears
    person.says("where does it say that")
    assert "Bromley Area Wide Offer, The Head Teacher" in person.hears
    person.says("who checks that")
    assert person.answers == ["escalation.write-to-governors"]


def test_duties_come_in_portions(person: Conversation) -> None:
    person.says("what do governors have to do")
    assert "1 to 4 of 10" in person.hears
    person.taps("Show me more")
    assert "5 to 8 of 10" in person.hears
    person.says("what else must they do?")
    assert "9 to 10 of 10" in person.hears
    assert "Show me more" not in person.titles


def test_not_sure_twice_leads_to_people(person: Conversation) -> None:
    person.says(VAGUE)
    assert person.kinds == ["choices"]
    assert 1 <= len(person.offered) <= MOST_CHOICES
    person.taps("None of these")
    assert "none of those" in person.hears
    person.taps("Speak to a person")
    assert "contacts.iass" in person.answers


def test_a_choice_is_answered(person: Conversation, content: Content) -> None:
    person.says(VAGUE)
    first = person.offered[0]
    person.taps(content.answers[first].title)
    assert person.answers == [first]


def test_a_child_at_risk_comes_first(person: Conversation) -> None:
    person.says("his dad hits him and the school wont do the ehcp what do i do")
    assert person.kinds[0] == "urgent"
    assert "999" in person.replies[0].text
    assert "0800 1111" in person.replies[0].text


@pytest.mark.parametrize("text", ["🆘", "?", "a" * 3000, "<script>alert(1)</script>", "\x00", "ehcp " * 400])
def test_odd_messages_get_a_reply(person: Conversation, text: str) -> None:
    person.says(text)
    assert person.hears.strip()


def test_start_again_forgets_the_last_answer(person: Conversation) -> None:
    person.says("number for the tribunal")
    person.says("start again")
    person.says("where does it say that")
    assert person.kinds == ["fallback"]
