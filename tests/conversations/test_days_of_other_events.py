"""A day that is told is the date of a letter only where a letter is spoken of; what was counted stays."""

import pytest

from tests.conftest import Conversation

REFUSED = "the council refused to assess, letter dated 12 october"
LAST_DAY = "14 December 2026"


@pytest.mark.parametrize(
    "news",
    [
        "he broke his arm on monday",
        "we had a mediation meeting on 20 november",
        "they rang me on monday about it",
        "school meeting was 16 november",
    ],
)
def test_other_days_do_not_move_the_last_day(person: Conversation, news: str) -> None:
    person.says(REFUSED)
    assert LAST_DAY in person.hears
    person.says(news)
    assert "deadline" not in person.kinds
    person.says("so when is the last day")
    assert LAST_DAY in person.hears


def test_the_right_date_takes_the_place_of_a_wrong_one(person: Conversation) -> None:
    person.says(REFUSED)
    person.says("sorry it was the 2nd of november")
    assert "4 January 2027" in person.hears


def test_danger_on_a_day_is_danger(person: Conversation) -> None:
    person.says(REFUSED)
    person.says("he tried to hurt himself on friday")
    assert person.kinds[0] == "urgent"
    assert "deadline" not in person.kinds


@pytest.mark.parametrize(
    "told",
    [
        ["mediation certificate dated 10 november decision letter 15 september"],
        ["my letter was 15 september and certificate 10 november"],
        [
            "council refused to assess letter 15 september",
            "got my mediation certificate its dated 10 november",
        ],
    ],
)
def test_the_month_from_the_certificate_counts_where_it_is_later(
    person: Conversation, told: list[str]
) -> None:
    for message in told:
        person.says(message)
    assert "Last day to appeal to the SEND Tribunal: 10 December 2026" in person.hears
    assert "mediation adviser:" not in person.hears


def test_a_certificate_alone_is_not_enough(person: Conversation) -> None:
    person.says("my mediation certificate is dated 10 november")
    assert "Which date is on the letter?" in person.hears
    person.says("15 september")
    assert "10 December 2026" in person.hears


def test_a_day_soon_and_without_a_year_is_not_one_of_last_year(person: Conversation) -> None:
    person.says("council refused to assess")
    person.says("mediation is on 3 december")
    assert "deadline" not in person.kinds
    assert "2025" not in person.hears


def test_what_has_a_time_limit_of_its_own_gets_no_date_of_the_tribunal(person: Conversation) -> None:
    person.says("bromley turned down school transport for my son")
    person.says("letter was 11 november")
    assert "Last day to appeal to the council about free school travel: 9 December 2026" in person.hears
    assert "Last day to appeal to the SEND Tribunal" not in person.hears


def test_a_letter_of_which_nothing_is_known_is_asked_about(person: Conversation) -> None:
    person.says("fine letter dated 2 november")
    assert "Which one is it?" in person.hears
