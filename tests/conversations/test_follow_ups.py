"""What is said next is about what was said before: the answer, the facts, a date, a letter, danger."""

import pytest

from send_guide.domain.reply import DeadlineReply
from tests.conftest import Conversation

DISCRIMINATION = '/choose{"answer": "appeal.discrimination"}'
TOO_LATE = "2 months"


@pytest.mark.parametrize(
    ("asked", "then", "answer", "hears"),
    [
        ("can i ask for an EHC plan myself?", "how", "ehc.", "in writing"),
        ("can i ask for an EHC plan myself?", "where do i send it", "ehc.", "council"),
        ("what is a senco", "and what do they have to do", "", "SENCO plans and joins up the help"),
        ("the help in the plan is not delivered", "who do i complain to", "complaint.council", "complaints form"),
        ("how often should school meet with me", "when?", "head.parent-meetings", "three times a year"),
        ("how often should school meet with me", "why?", "head.parent-meetings", ""),
        ("how often should school meet with me", "is that the law", "head.parent-meetings", "should"),
    ],
)  # fmt: skip
def test_a_question_in_a_word_or_two_is_about_the_last_answer(
    person: Conversation, asked: str, then: str, answer: str, hears: str
) -> None:
    person.says(asked)
    person.says(then)
    assert person.answers, f"{person.kinds}: {person.hears}"
    assert person.answers[0].startswith(answer)
    assert hears in person.hears


def test_a_question_asked_again_is_answered_again(person: Conversation) -> None:
    person.says("number for the tribunal")
    person.says("number for the tribunal?")
    assert "0300 303 5857" in person.hears


@pytest.mark.parametrize("words", ["how long have i got", "how long have I got?", "by when"])
def test_how_long_is_of_what_it_is_about(person: Conversation, words: str) -> None:
    person.says(DISCRIMINATION)
    person.says(words)
    assert "6 months" in person.hears
    assert TOO_LATE not in person.hears
    person.says("14 october")
    assert [reply.last_day for reply in person.replies if isinstance(reply, DeadlineReply)] == ["2027-04-13"]


def test_a_student_at_college_is_never_sent_to_the_tribunal_against_a_school(person: Conversation) -> None:
    person.says("im 17 and at college and they leave me out because of my disability")
    person.says(DISCRIMINATION)
    assert "county court" in person.hears
    assert "your child" not in person.hears


@pytest.mark.parametrize(
    "told",
    [
        "letter dated 14 November 2026, will not carry out an assessment, by when?",
        "the council refused to assess, the letter is dated 14 november 2026. how long have i got",
    ],
)
def test_a_letters_date_is_worked_out(person: Conversation, told: str) -> None:
    person.says(told)
    assert "deadline" in person.kinds, person.hears
    assert "14 January 2027" in person.hears


@pytest.mark.parametrize(
    "words", ["got a letter from the council today", "a letter from bromley came yesterday about my son"]
)
def test_the_day_a_letter_came_is_not_taken_for_its_date(person: Conversation, words: str) -> None:
    person.says(words)
    assert person.kinds == ["question"]
    assert "not from the day it came" in person.hears
    person.taps("To assessing (the first step)")
    assert person.answers == ["ehc.after-refusal"]
    person.says("it is dated 18 november")
    assert "Last day to appeal to the SEND Tribunal: 18 January 2027" in person.hears


def test_nothing_is_counted_from_the_day_a_letter_came_however_often_that_is_said(
    person: Conversation,
) -> None:
    person.says("the council refused to assess her, a letter came")
    person.says("it came tuesday")
    assert "not from the day it came" in person.hears
    person.says("i only know it came tuesday")
    assert "Ask whoever sent it for the date" in person.hears
    assert not any(isinstance(reply, DeadlineReply) for reply in person.replies)
    person.says("found it. it is dated 18 november")
    assert "Last day to appeal to the SEND Tribunal: 18 January 2027" in person.hears


def test_the_letter_is_that_of_the_last_answer_or_one_is_chosen(person: Conversation) -> None:
    person.says("he hasnt got a plan")
    person.says('/choose{"answer": "absence.part-time-timetable"}')
    person.says("can u write it")
    assert "letter" not in person.kinds
    assert person.titles[0] == "Sent home early - please put it in writing"


@pytest.mark.parametrize(
    ("date", "day"), [("14 november 2026", "14 January 2027"), ("yesterday", "25 January 2027")]
)
def test_a_date_alone_is_kept_until_it_is_known_what_it_is_of(
    person: Conversation, date: str, day: str
) -> None:
    person.says(date)
    assert person.kinds == ["choices"]
    person.taps("The last day to appeal to the SEND Tribunal")
    assert "deadline" in person.kinds
    assert f"Last day to appeal to the SEND Tribunal: {day}" in person.hears


@pytest.mark.parametrize(
    "words",
    [
        "write a letter asking for an ehc assessment",
        "i need the letter to the council asking them to assess him",
        "please write me a letter to the council, we want her to be assessed",
    ],
)
def test_the_letter_that_is_named_is_written(person: Conversation, words: str) -> None:
    person.says(words)
    assert person.kinds == ["letter"]
    assert "section 36(1)" in person.letter


def test_nobody_is_told_a_line_of_what_to_do_in_danger(person: Conversation) -> None:
    person.says("he says he wishes he was dead")
    assert person.kinds[0] == "urgent"
    person.says("no its ok he says it alot he doesnt mean it")
    person.says("he cant cope any more and neither can i")
    assert "urgent" not in person.kinds
    assert "Somebody is not safe" in person.titles
    assert "Have you done it?" not in person.hears


def test_a_kind_word_comes_with_nothing_that_does_not_fit(person: Conversation) -> None:
    person.says("i feel like a bad mum")
    assert "I am sorry" in person.hears
    assert "Who can appeal, and what does it cost?" not in person.titles
    assert "Speak to a person" in person.titles


@pytest.mark.parametrize(
    "words", ["help me please", "Help!!", "🆘", "😭", "k", "?", "what?", "idk", "useless", "why?", "ok"]
)
def test_a_first_message_of_a_word_is_met_with_something_to_choose(person: Conversation, words: str) -> None:
    person.says(words)
    assert not {"fallback", "urgent"} & set(person.kinds), person.hears
    assert person.choices


def test_of_two_likely_answers_each_has_a_button_for_all_of_it(person: Conversation) -> None:
    person.says("school want a meeting and wont say what about")
    said = person.answers
    assert len(said) == 2, person.hears
    assert "Two things may matter here" in person.hears
    assert person.hears.count("Source: ") == 2, "each names its source"
    person.taps(person.titles[0])
    assert person.answers == [said[0]]
    assert "Next: " in person.hears, "all of it"


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ("its an academy", "complaint.academy"),
        ("its a acadmy i think", "complaint.academy"),
        ("its a private school", "complaint.independent-school"),
        ("sorry its the nursery class in the primary", "complaint.maintained-school"),
    ],
)
def test_a_fact_told_in_short_leads_to_the_answer_that_fits_it(
    person: Conversation, told: str, answer: str
) -> None:
    other = "complaint.childminder-nursery"
    person.says(f'/choose{{"answer": "{other}"}}')
    person.says(told)
    assert person.answers == [answer]


def test_off_topic_and_upset_stay_so_after_an_answer(person: Conversation) -> None:
    person.says("number for the tribunal")
    person.says("i am so upset, it is all too much for me")
    assert person.kinds == ["smalltalk"]
    assert "I am sorry" in person.hears
    person.says("number for the tribunal")
    person.says("whats the weather like")
    assert not person.answers


def test_a_place_refused_is_no_appeal_to_the_tribunal(person: Conversation) -> None:
    person.says("school said no to a place on 2 november 2026 how long have we got")
    assert "deadline" not in person.kinds


@pytest.mark.parametrize("words", ["are they allowed to do that", "can they just do that", "is that legal"])
def test_whether_it_is_allowed_is_said_as_it_stands_there(person: Conversation, words: str) -> None:
    person.says('/choose{"answer": "exclusion.sent-home"}')
    lead = person.hears.split("\n")[0]
    person.says(words)
    assert person.answers == ["exclusion.sent-home"]
    assert lead in person.hears
    assert "It is a duty, not a choice" not in person.hears


def test_what_a_message_names_itself_has_its_own_time_limit(person: Conversation) -> None:
    person.says('/choose{"answer": "appeal.mediation-certificate"}')
    person.says("she was permanently excluded, governors letter dated 20 november 2026, time limit?")
    days = [reply for reply in person.replies if isinstance(reply, DeadlineReply)]
    assert [reply.answer_ids for reply in days] == [("exclusion.permanent",)]


def test_the_time_that_whatsapp_puts_before_a_message_is_no_date_of_it(person: Conversation) -> None:
    person.says("14/11/2026, 09:12 - Sam: they refused to assess him, what now")
    assert "deadline" not in person.kinds


@pytest.mark.parametrize("words", ["about the start of november", "3rd or 4th of november"])
def test_a_date_that_is_not_sure_is_asked_about(person: Conversation, words: str) -> None:
    person.says('/choose{"answer": "ehc.after-refusal"}')
    person.says(words)
    assert person.kinds == ["question"]
    assert "November" in person.hears or "date" in person.hears


def test_whoever_asks_whether_to_start_again_is_not_started_again(person: Conversation) -> None:
    person.says('/choose{"answer": "ehc.moving"}')
    person.says("do we have to start again")
    assert "Let us start again" not in person.hears
