"""A date counts for the kind of letter that was told, and never for another."""

import pytest

from tests.conftest import Conversation


@pytest.mark.parametrize(
    ("told", "last_day"),
    [
        (["its final already got it 2 weeks ago", "letter was 12th of november"], "12 January 2027"),
        (["plan is final letter 12 november 2026"], "12 January 2027"),
        (["letter says we do not propose to amend his plan", "dated 2/11/26"], "4 January 2027"),
        (["letter dated 28 october says they will not change his plan after the review"], "4 January 2027"),
        (["i had a letter, amendment notice, dated 18 november"], "2 December 2026"),
        (["council refused the taxi letter dated 19 november", "how long have i got"], "17 December 2026"),
        (["transport refused letter dated 19 november"], "17 December 2026"),
        (["council does not propose to amend the plan, letter dated 3 november"], "4 January 2027"),
        (["panel refused to assess, letter 3 november"], "4 January 2027"),
        (["final plan has no transport in it, dated 3 november"], "4 January 2027"),
        (["i asked on 5 october for the assessment when do they have to answer"], "16 November 2026"),
    ],
)
def test_the_last_day_is_that_of_the_letter(person: Conversation, told: list[str], last_day: str) -> None:
    for message in told:
        person.says(message)
    assert last_day in person.hears


def test_a_final_plan_is_no_draft(person: Conversation) -> None:
    person.says('/choose{"answer": "ehc.independent-school"}')
    person.says("its final already got it 2 weeks ago")
    person.says("letter was 12th of november")
    assert "draft" not in person.hears.split("Check the date")[0]
    assert "12 January 2027" in person.hears


def test_the_day_of_an_exclusion_is_no_governors_letter(person: Conversation) -> None:
    person.says("he was excluded permanently on 20 november how long until the governors meet")
    assert "11 December 2026" not in person.hears


def test_the_date_of_a_pasted_letter_is_kept(person: Conversation) -> None:
    person.says(
        "London Borough of Bromley, 17 November 2026. Re: request for an EHC needs assessment. I am writing to inform "
        "you that the council has decided not to carry out an assessment of your son. You have the right to appeal "
        "to the First-tier Tribunal. Yours sincerely, SEN Team"
    )
    person.says("when is my last day")
    assert "Last day to appeal to the SEND Tribunal: 18 January 2027" in person.hears


def test_a_no_after_the_councils_own_limit_can_be_appealed(person: Conversation) -> None:
    person.says('/choose{"answer": "ehc.six-weeks"}')
    person.says("they answered just now. they said no. email dated 20 november")
    assert "Last day to appeal to the SEND Tribunal: 20 January 2027" in person.hears


def test_a_date_is_corrected_after_another_question(person: Conversation) -> None:
    person.says("council refused to assess, letter dated 3 october")
    person.says("do i need a solicitor")
    person.says("sorry i read it wrong its the 13th october")
    assert "14 December 2026" in person.hears


def test_a_day_to_come_is_no_date_of_what_happened(person: Conversation) -> None:
    person.says('/choose{"answer": "school-life.trips-and-clubs"}')
    person.says("its on friday")
    assert "deadline" not in person.kinds


def test_a_day_of_this_month_is_read(person: Conversation) -> None:
    person.says('/choose{"answer": "ehc.after-refusal"}')
    person.says("letter was dated the 2nd of this month")
    assert "4 January 2027" in person.hears


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("ehc.six-weeks", "they decided not to assess, dated 3 november"),
        ("ehc.six-weeks", "they declined, letter 3 november"),
        ("ehc.twenty-weeks", "they will not make a plan, letter 3 november"),
        ("ehc.annual-review", "they are ceasing the plan, letter 3 november"),
    ],
)
def test_when_the_council_has_said_no_the_time_is_that_of_the_appeal(
    person: Conversation, before: str, told: str
) -> None:
    person.says(f'/choose{{"answer": "{before}"}}')
    person.says(told)
    assert "4 January 2027" in person.hears


@pytest.mark.parametrize(
    "news", ["sorry we had a meeting on 12 november", "not an academy, he broke his arm on monday"]
)
def test_news_beside_a_sorry_corrects_no_date(person: Conversation, news: str) -> None:
    person.says("council refused to assess, letter dated 3 october")
    assert "3 December 2026" in person.hears
    person.says(news)
    assert "deadline" not in person.kinds
    person.says("so when is the last day")
    assert "3 December 2026" in person.hears
