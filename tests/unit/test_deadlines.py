"""Time limits: every boundary by a table, and any date against a second way of counting."""

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from send_guide.domain.deadlines import (
    Deadline,
    appeal_deadline,
    calendar_file,
    discrimination_deadline,
    mediation_deadline,
    read_date,
)

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("decision", "certificate", "last_day", "because"),
    [
        ("2026-03-03", None, "2026-05-03", "two months"),
        ("2026-03-03", "2026-03-20", "2026-05-03", "two months are later than one from the certificate"),
        ("2026-03-03", "2026-04-25", "2026-05-25", "one month from the certificate is later"),
        ("2026-03-03", "2026-04-03", "2026-05-03", "both on the same day"),
        ("2026-12-31", None, "2027-02-28", "end of month: February is shorter"),
        ("2027-12-31", None, "2028-02-29", "leap day"),
        ("2027-12-29", None, "2028-02-29", "leap day, the same number"),
        ("2028-02-29", None, "2028-04-29", "from a leap day"),
        ("2026-07-31", None, "2026-09-30", "end of month: September has 30 days"),
        ("2026-02-01", "2026-03-31", "2026-04-30", "certificate at the end of a month"),
        ("2026-05-31", None, "2026-07-31", "the last day before August"),
        ("2026-06-01", None, "2026-09-01", "1 August moves to Tuesday 1 September"),
        ("2026-06-30", None, "2026-09-01", "30 August moves"),
        ("2026-06-15", "2026-07-31", "2026-09-01", "31 August moves"),
        ("2026-07-01", None, "2026-09-01", "1 September stays"),
        ("2024-06-20", None, "2024-09-02", "1 September 2024 is a Sunday"),
        ("2029-06-20", None, "2029-09-03", "1 September 2029 is a Saturday"),
        ("2026-10-24", None, "2026-12-24", "24 December stays"),
        ("2026-10-25", None, "2027-01-04", "25 December moves over a weekend to Monday 4 January"),
        ("2025-10-25", None, "2026-01-02", "25 December moves to Friday 2 January"),
        ("2025-10-31", None, "2026-01-02", "31 December moves"),
        ("2025-11-01", None, "2026-01-02", "1 January moves"),
        ("2025-11-02", None, "2026-01-02", "2 January stays"),
        ("2027-10-31", None, "2028-01-04", "1 January 2028 is a Saturday: Monday 3 January is a bank holiday"),
        ("2025-10-01", "2025-11-29", "2026-01-02", "one month from the certificate falls on 29 December"),
    ],
)  # fmt: skip
def test_the_last_day_of_an_appeal(
    decision: str, certificate: str | None, last_day: str, because: str
) -> None:
    found = appeal_deadline(
        date.fromisoformat(decision), date.fromisoformat(certificate) if certificate else None
    )
    assert found.last_day == date.fromisoformat(last_day), because


@pytest.mark.parametrize(
    ("act", "last_day", "because"),
    [
        ("2026-03-15", "2026-09-14", "the day itself is the first of the six months"),
        ("2026-02-10", "2026-08-09", "August does not move it"),
        ("2026-06-29", "2026-12-28", "Christmas does not move it"),
        ("2026-03-01", "2026-08-31", "the last day of August"),
        ("2026-08-31", "2027-02-27", "February is shorter"),
        ("2027-08-31", "2028-02-28", "February of a leap year"),
        ("2028-02-29", "2028-08-28", "from a leap day"),
    ],
)
def test_the_last_day_of_a_discrimination_claim(act: str, last_day: str, because: str) -> None:
    assert discrimination_deadline(date.fromisoformat(act)).last_day == date.fromisoformat(last_day), because


@pytest.mark.parametrize(
    ("decision", "last_day"),
    [("2026-03-03", "2026-05-03"), ("2026-12-31", "2027-02-28"), ("2026-06-20", "2026-08-20")],
)
def test_the_last_day_for_mediation_is_two_months_with_nothing_added(decision: str, last_day: str) -> None:
    assert mediation_deadline(date.fromisoformat(decision)).last_day == date.fromisoformat(last_day)


def test_a_certificate_older_than_the_decision_is_refused() -> None:
    with pytest.raises(ValueError, match="older than the decision"):
        appeal_deadline(date(2026, 3, 3), date(2026, 3, 2))


def test_the_working_shows_both_dates_and_why_the_day_moved() -> None:
    working = " ".join(appeal_deadline(date(2025, 10, 1), date(2025, 11, 29)).working)
    for words in ("1 October 2025: 1 December 2025", "29 November 2025: 29 December 2025", "later", "25 December", "2 January 2026"):  # fmt: skip
        assert words in working


DATES = st.dates(date(2020, 1, 1), date(2035, 12, 31))
# substitute days included; written down by hand, not taken from the library that is tested
BANK_HOLIDAYS_EARLY_JANUARY = {date(2022, 1, 3), date(2023, 1, 2), date(2028, 1, 3), date(2033, 1, 3), date(2034, 1, 2)}  # fmt: skip


def counted(start: date, months: int) -> date:
    """Count months by walking: the same number, or the nearest one before that the month has."""
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def appealed(decision: date, certificate: date | None) -> date:
    last = max(counted(decision, 2), counted(certificate, 1) if certificate else date.min)
    while last.month == 8 or f"{last:%m-%d}" >= "12-25" or f"{last:%m-%d}" == "01-01":
        last += timedelta(days=1)
        if not (last.month == 8 or f"{last:%m-%d}" >= "12-25" or f"{last:%m-%d}" == "01-01"):
            while f"{last:%a}" in ("Sat", "Sun") or last in BANK_HOLIDAYS_EARLY_JANUARY:
                last += timedelta(days=1)
    return last


@given(DATES, st.one_of(st.none(), st.integers(0, 200)))
def test_any_appeal_counted_a_second_way(decision: date, days: int | None) -> None:
    certificate = None if days is None else decision + timedelta(days=days)
    assert appeal_deadline(decision, certificate).last_day == appealed(decision, certificate)


@given(DATES)
def test_any_claim_counted_a_second_way(act: date) -> None:
    assert discrimination_deadline(act).last_day == counted(act, 6) - timedelta(days=1)


@given(DATES)
def test_any_mediation_counted_a_second_way(decision: date) -> None:
    assert mediation_deadline(decision).last_day == counted(decision, 2)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3rd of march", "2026-03-03"),
        ("3 March", "2026-03-03"),
        ("march 3rd", "2026-03-03"),
        ("Mar 3 2025", "2025-03-03"),
        ("the letter is dated 3rd March 2026, it came later", "2026-03-03"),
        ("3march", "2026-03-03"),
        ("12/03", "2026-03-12"),
        ("12/03/26", "2026-03-12"),
        ("12.3.2026", "2026-03-12"),
        ("12-03-2026", "2026-03-12"),
        ("2026-03-12", "2026-03-12"),
        ("20 december", "2025-12-20"),
        ("1st december 2026", "2026-12-01"),
        ("6 nov 26", "2026-11-06"),
        ("14th febuary", "2026-02-14"),
        ("29 feb", "2024-02-29"),
        ("last tuesday", "2026-11-24"),
        ("it came on tuesday", "2026-11-24"),
        ("last wednesday", "2026-11-18"),
        ("wednesday", "2026-11-18"),
        ("tuesday last week", "2026-11-17"),
        ("friday 6 november", "2026-11-06"),
        ("yesterday", "2026-11-24"),
        ("the day before yesterday", "2026-11-23"),
        ("today", "2026-11-25"),
        ("two weeks ago", "2026-11-11"),
        ("about 10 days ago i think", "2026-11-15"),
        ("a month ago", "2026-10-25"),
    ],
)
def test_dates_as_people_type_them(text: str, meant: str) -> None:
    assert read_date(text, TODAY) == date.fromisoformat(meant)


@pytest.mark.parametrize(
    "text",
    ["", "in march", "i dont know", "31 november", "30/02/2026", "99/99", "the 3rd", "last week", "may be", "i may have lost it", "a while back", "year 4", "0300 303 5857", "1st december 1066", "\x00", "🆘"],
)  # fmt: skip
def test_what_names_no_single_day_is_no_date(text: str) -> None:
    assert read_date(text, TODAY) is None


def test_a_date_in_the_future_is_returned_as_it_stands() -> None:
    assert read_date("3 march 2027", TODAY) == date(2027, 3, 3)


@given(st.text(max_size=80))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    found = read_date(text, TODAY)
    assert found is None or isinstance(found, date)


@given(DATES)
def test_a_date_written_out_is_read_back(day: date) -> None:
    assert read_date(f"{day.day} {day:%B %Y}", TODAY) == day
    assert read_date(f"{day:%d/%m/%Y}", TODAY) == day


def test_the_calendar_file_holds_the_day_and_reminders() -> None:
    deadline = Deadline("Last day to appeal to the SEND Tribunal", date(2027, 1, 4), ("How it was found.",))
    content = calendar_file(deadline, datetime(2026, 11, 25, 12, tzinfo=UTC))
    event: Any = icalendar.Calendar.from_ical(content).walk("VEVENT")[0]
    assert event["dtstart"].dt == date(2027, 1, 4)
    assert event["dtend"].dt == date(2027, 1, 5)
    assert "IPSEA" in event["description"]
    assert "How it was found." in event["description"]
    assert [alarm["trigger"].dt.days for alarm in event.walk("VALARM")] == [-14, -7, -2]
    assert content == calendar_file(deadline, datetime(2026, 11, 25, 12, tzinfo=UTC))
