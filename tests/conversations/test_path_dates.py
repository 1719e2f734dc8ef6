"""Dates as people type them, and the last day that follows. It is Wednesday 25 November 2026."""

import pytest

from send_guide.domain.reply import DeadlineReply
from tests.conftest import Conversation


@pytest.fixture
def refused(person: Conversation) -> Conversation:
    """Somebody whom the council has refused an assessment, and who is asked for the date."""
    return person.says('/path{"start": "ehc.after-refusal"}')


def deadlines(person: Conversation) -> dict[str, str]:
    return {reply.title: reply.last_day for reply in person.replies if isinstance(reply, DeadlineReply)}


APPEAL = "Last day to appeal to the SEND Tribunal"
MEDIATION = "Last day to contact the mediation adviser"


@pytest.mark.parametrize(
    "typed",
    ["4 october", "4th of october", "4/10", "04/10/2026", "04.10", "4-10", "4.10.26", "its dated 4 Oct 2026"],
)
def test_nine_days_left(refused: Conversation, typed: str) -> None:
    refused.says(typed)
    assert deadlines(refused) == {MEDIATION: "2026-12-04", APPEAL: "2026-12-04"}
    assert "deadline" in refused.kinds
    assert "2 months after the decision letter of 4 October 2026: 4 December 2026" in refused.hears
    assert "9 days" in refused.hears
    assert "(IASS) or IPSEA" in refused.hears
    refused.says("not yet")
    assert refused.step == "mediation"
    assert "4 December 2026. That is in 9 days." in refused.hears


def test_the_certificate_moves_the_last_day(refused: Conversation) -> None:
    refused.says("4 october")
    refused.says("20 november")
    assert deadlines(refused) == {APPEAL: "2026-12-21"}, "20 December is a Sunday"
    assert "The later of the two counts" in refused.hears
    assert refused.step == "appeal", "the mediation adviser has been spoken to"


def test_christmas(refused: Conversation) -> None:
    refused.says("27 october")
    assert deadlines(refused)[APPEAL] == "2027-01-04"
    assert "25 December" in refused.hears


def test_the_certificate_is_asked_for_again_after_mediation(refused: Conversation) -> None:
    refused.says("4 october")
    refused.says("i dont have one")
    refused.taps("I have done this")
    assert "Do you have a mediation certificate?" in refused.hears
    refused.says("yesterday")
    assert deadlines(refused) == {APPEAL: "2026-12-24"}


def test_a_date_that_is_still_to_come_is_asked_again(refused: Conversation) -> None:
    refused.says("3 march 2027")
    assert "3 March 2027 is still to come" in refused.hears
    refused.says("3 november")
    assert APPEAL in deadlines(refused)


@pytest.mark.parametrize("typed", ["last month", "in october", "31 november"])
def test_what_names_no_day_is_asked_again_kindly(refused: Conversation, typed: str) -> None:
    refused.says(typed)
    assert not deadlines(refused)
    assert refused.choices
    refused.says("4 october")
    assert APPEAL in deadlines(refused)


@pytest.mark.parametrize("words", ["i lost it", "dunno exactly"])
def test_without_the_date_the_path_goes_on(refused: Conversation, words: str) -> None:
    refused.says(words)
    assert "mediation certificate" in refused.hears


def test_a_certificate_older_than_the_letter_is_asked_again(refused: Conversation) -> None:
    refused.says("4 october")
    refused.says("1 october")
    assert "older than the council's letter" in refused.hears
    assert not deadlines(refused)


def test_a_last_day_that_has_passed(refused: Conversation) -> None:
    refused.says("3 march")
    assert "That day has passed" in refused.hears
    assert "do not count on it" in refused.hears
    assert "ipsea.org.uk" in refused.hears


def test_an_appeal_about_the_school_alone_needs_no_certificate(person: Conversation) -> None:
    person.says('/path{"decision": "school"}')
    person.taps("A council decision about an EHC plan")
    person.says("4 october")
    assert deadlines(person) == {APPEAL: "2026-12-04"}
    assert person.step == "appeal-school"


def test_discrimination_has_six_months_and_no_more(person: Conversation) -> None:
    person.says('/path{"start": "appeal.discrimination"}')
    person.says("its an academy")
    person.says("last friday")
    assert list(deadlines(person).values()) == ["2027-05-19"]
    assert "August and Christmas do not make this time limit longer" in person.hears
    assert person.step == "claim"


def test_my_steps_say_by_when(refused: Conversation) -> None:
    refused.says("4 october")
    refused.says("my steps")
    assert "By when: Last day to appeal to the SEND Tribunal: 4 December 2026" in refused.hears


@pytest.mark.parametrize(
    "said",
    [
        "i rang the council yesterday, who else can i ring?",
        "i am on the phone to them 24/7 and get nowhere",
        "we spoke to the school about all of this last friday and again today",
    ],
)
def test_a_day_that_is_mentioned_is_not_the_date_of_the_letter(refused: Conversation, said: str) -> None:
    refused.says(said)
    assert not deadlines(refused)
    refused.says("4 october")
    assert deadlines(refused)[APPEAL] == "2026-12-04"


def test_another_decision_has_another_letter(refused: Conversation) -> None:
    refused.says("4 october")
    refused.says("20 november")
    refused.says('/path{"change": "decision"}')
    refused.taps("What the final plan says")
    assert "What date is printed on the council's letter?" in refused.hears
    assert not deadlines(refused)


def test_a_certificate_that_was_a_mistake_is_taken_back(refused: Conversation) -> None:
    refused.says("4 october")
    refused.says("20 november")
    assert refused.step == "appeal"
    refused.says('/path{"change": "certified"}')
    refused.taps("I do not have one yet")
    assert refused.step == "mediation"


def test_a_letter_later_than_the_certificate_locks_nobody_out(refused: Conversation) -> None:
    refused.says("4 october")
    refused.says("20 october")
    refused.says('/path{"change": "decided"}')
    refused.says("3 november")
    assert "went wrong" not in refused.hears
    refused.taps("I do not have one yet")
    assert refused.step == "mediation"
