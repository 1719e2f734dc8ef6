"""Calendar files: the day, reminders in the morning, none of them past, and a name that says what it is for."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from send_guide.domain.calendar_file import calendar_file, calendar_name
from send_guide.domain.deadlines import DEADLINES, Deadline, Facts

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
APPEAL = Deadline(
    "Last day to appeal to the SEND Tribunal", date(2027, 1, 14), ("How it was found.",), notes=("By 5pm.",)
)


def event_of(deadline: Deadline, now: datetime = NOW) -> icalendar.Event:
    found = icalendar.Calendar.from_ical(calendar_file(deadline, now)).walk("VEVENT")[0]
    assert isinstance(found, icalendar.Event)
    return found


def day_of(component: icalendar.Component, name: str) -> Any:
    """Return the day or the time that a property of a component holds."""
    value: Any = component[name]
    return value.dt


def reminders(deadline: Deadline, now: datetime = NOW) -> list[datetime]:
    return [day_of(alarm, "trigger").astimezone(LONDON) for alarm in event_of(deadline, now).walk("VALARM")]


def test_the_file_holds_the_day_how_it_was_found_and_what_else_to_know() -> None:
    event = event_of(APPEAL)
    assert day_of(event, "dtstart") == date(2027, 1, 14)
    assert day_of(event, "dtend") == date(2027, 1, 15)
    for words in ("How it was found.", "By 5pm.", "IPSEA"):
        assert words in str(event["description"])
    assert calendar_file(APPEAL, NOW) == calendar_file(APPEAL, NOW)


def test_reminders_ring_at_nine_in_the_morning_in_london() -> None:
    assert reminders(APPEAL) == [datetime(2026 + (day < 30), month, day, 9, tzinfo=LONDON) for month, day in ((12, 31), (1, 7), (1, 12))]  # fmt: skip


def test_in_summer_they_ring_at_nine_by_the_clock_on_the_wall() -> None:
    summer = Deadline("x", date(2027, 6, 30), ())
    assert all(at.hour == 9 for at in reminders(summer))
    assert b"TRIGGER;VALUE=DATE-TIME:20270623T080000Z" in calendar_file(summer, NOW)


def test_across_the_change_of_the_clocks_each_rings_at_nine() -> None:
    spring = Deadline("x", date(2027, 3, 30), ())  # the clocks go forward on 28 March
    content = calendar_file(spring, NOW)
    assert b"20270323T090000Z" in content
    assert b"20270328T080000Z" in content


def test_no_reminder_is_in_the_past() -> None:
    assert len(reminders(APPEAL, datetime(2027, 1, 7, 8, 59, tzinfo=UTC))) == 2
    assert len(reminders(APPEAL, datetime(2027, 1, 7, 9, 0, tzinfo=UTC))) == 1
    assert reminders(APPEAL, datetime(2027, 1, 14, 12, tzinfo=UTC)) == []


def test_a_day_that_has_passed_in_london_has_no_file() -> None:
    calendar_file(APPEAL, datetime(2027, 1, 14, 23, 59, tzinfo=UTC))
    with pytest.raises(ValueError, match="passed"):
        calendar_file(APPEAL, datetime(2027, 1, 15, 0, 0, tzinfo=UTC))
    summer = Deadline("x", date(2027, 6, 30), ())
    with pytest.raises(ValueError, match="passed"):
        calendar_file(summer, datetime(2027, 6, 30, 23, 30, tzinfo=UTC))


@given(
    st.dates(date(2026, 11, 25), date(2099, 12, 31)),
    st.datetimes(datetime(2026, 11, 25), datetime(2099, 1, 1)),
)
def test_any_file_can_be_read_again(day: date, at: datetime) -> None:
    now, deadline = at.replace(tzinfo=UTC), Deadline("Last day", day, ())
    if day < now.astimezone(LONDON).date():
        return
    assert all(now < ring and ring.hour == 9 for ring in reminders(deadline, now))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Last day to appeal to the SEND Tribunal", "appeal-tribunal-by-14-january-2027.ics"),
        ("Last day to contact the mediation adviser", "contact-mediation-adviser-by-14-january-2027.ics"),
        (
            "Last day for a disability discrimination claim to be brought in the county court",
            "disability-discrimination-claim-county-court-by-14-january-2027.ics",
        ),
        ("The council must send the final EHC plan by then", "council-final-ehc-plan-by-14-january-2027.ics"),
        ('"; filename=../../x\r\n', "filename-x-by-14-january-2027.ics"),
        ("期限", "deadline-by-14-january-2027.ics"),
        ("x" * 500, f"{'x' * 80}-by-14-january-2027.ics"),
    ],
)
def test_the_file_is_named_after_its_purpose(title: str, name: str) -> None:
    assert calendar_name(title, date(2027, 1, 14)) == name


def test_every_kind_of_time_limit_has_a_name_of_its_own() -> None:
    titles = {rule.work_out(date(2026, 11, 25), Facts()).title for rule in DEADLINES.values()}
    names = {calendar_name(title, date(2027, 1, 14)) for title in titles}
    assert len(names) == len(DEADLINES)
    assert not any(name.startswith("deadline-") for name in names)
