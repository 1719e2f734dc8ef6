"""What people ask after many answers leads to what it means after that one; other matters are heard."""

import pytest

from tests.conftest import Conversation


def after(person: Conversation, answer: str, words: str) -> list[str]:
    """Say an answer, then what is typed after it; return the ids of what is said then."""
    person.says(f'/choose{{"answer": "{answer}"}}')
    person.says(words)
    return person.answers


@pytest.mark.parametrize(
    ("answer", "words", "then"),
    [
        ("ehc.after-refusal", "is it free", "appeal.who-and-cost"),
        ("ehc.after-refusal", "what if i lose", "appeal.if-i-lose"),
        ("appeal.how", "do i need a solicitor", "appeal.who-and-cost"),
        ("appeal.how", "what if i miss it", "appeal.missed-deadline"),
        ("ehc.who-can-ask", "can someone help me with it", "contacts.iass"),
        ("school-life.meetings", "can someone help me", "contacts.iass"),
        ("exclusion.permanent", "can someone come with me", "school-life.meetings"),
        ("appeal.hearing", "will they take it out on him", "complaint.taken-out-on-child"),
        ("escalation.complain-to-head", "what if they ignore me", "escalation.write-to-governors"),
        ("ehc.council-must-deliver", "who do i complain to", "complaint.council"),
        ("complaint.council", "what if they dont reply", "complaint.ombudsman"),
    ],
)
def test_it_leads_to_another_answer(person: Conversation, answer: str, words: str, then: str) -> None:
    assert after(person, answer, words)[0] == then


@pytest.mark.parametrize("words", ["what do i say", "how do i get it stopped", "what do i do now"])
def test_it_asks_for_what_to_do_next(person: Conversation, words: str) -> None:
    assert after(person, "exclusion.sent-home", words)[0] == "exclusion.sent-home"
    assert "Ask the school by e-mail to record it." in person.hears


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("also they havent done his annual review", "ehc.annual-review"),
        ("and ive had a fine letter for her absence", "absence.fines"),
        ("now theyre saying he cant go on the trip", "school-life.trips-and-clubs"),
    ],
)
def test_a_new_matter_that_is_told_is_answered(person: Conversation, words: str, then: str) -> None:
    assert after(person, "transport.school", words)[0] == then


def test_a_line_that_is_not_near_is_not_said_alone(person: Conversation) -> None:
    after(person, "schools.medical-conditions", "i had to give up my job because of it")
    assert "signpost.benefits" in person.answers


def test_who_said_no_is_asked_where_nothing_was_said(person: Conversation) -> None:
    person.says("they said no")
    assert "Who said no" in person.hears
    assert "escalation" not in person.kinds


@pytest.mark.parametrize("words", ["my daughter", "he is 7", "mum of a boy", "im 10"])
def test_who_only_says_of_whom_is_asked_what_happened(person: Conversation, words: str) -> None:
    person.says(words)
    assert "Tell me what happened" in person.hears
    assert not person.answers


@pytest.mark.parametrize(
    ("answer", "words", "then"),
    [
        ("complaint.council", "no i meant the school", "escalation.complain-to-head"),
        ("escalation.complain-to-head", "no i meant the council", "complaint.council"),
        ("escalation.talk-to-staff", "its the head thats the problem", "escalation.write-to-governors"),
        ("school-life.restraint", "who do i tell if its the head", "help.report-staff"),
        ("ehc.six-weeks", "its a no", "ehc.after-refusal"),
        ("ehc.after-refusal", "where do i send it", "appeal.how"),
        ("appeal.judicial-review", "is it free", "appeal.judicial-review"),
        ("exclusion.permanent", "they said no", "exclusion.permanent"),
        ("school-life.restraint", "can i report them", "help.report-staff"),
        ("complaint.academy", "how long do they have to reply", "escalation.complaints-policy"),
        ("ehc.how-to-ask", "when do they have to answer by", "ehc.six-weeks"),
    ],
)
def test_who_is_meant_decides(person: Conversation, answer: str, words: str, then: str) -> None:
    assert after(person, answer, words)[0] == then
