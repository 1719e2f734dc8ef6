"""Counting: months, working days, school days, and where the Tribunal's rule 12 moves a last day to."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays
from dateutil.relativedelta import relativedelta

from send_guide.domain.dates import spoken

SCHOOL_DAYS = 15
"""How long a limit in school days is: for the review of an exclusion, and for the record of a pupil."""


def months_after(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last day of a month that is too short for it."""
    later: date = day + relativedelta(months=months)
    return later


def in_tribunal_time(last: date) -> tuple[date, tuple[str, ...]]:
    """Return where rule 12 moves a last day of the Tribunal's to, and why, a sentence a line."""
    if not is_closed(last):
        moved = working_day_from(last)
        if moved == last:
            return last, ()
        return moved, (
            f"{why_no_working_day(last)}, so the last day is the next working day, {spoken(moved)} "
            f"(rule 12(2)). Better send it so that it is there by {spoken(_working_day_before(last))}.",
        )
    if last.month == 8:
        first, why = date(last.year, 9, 1), "That is in August, which does not count"
    else:
        first, why = date(last.year + (last.month == 12), 1, 2), "That is between 25 December and 1 January"
    moved = working_day_from(first)
    if moved == first:
        return moved, (f"{why}, so the last day is {spoken(moved)} (rule 12(3)).",)
    return moved, (
        f"{why}, so the last day is the first working day after that (rule 12(3)).",
        f"{why_no_working_day(first)}, so it is {spoken(moved)}.",
    )


def is_closed(day: date) -> bool:
    """Return whether a day lies in August or from 25 December to 1 January."""
    return day.month == 8 or (day.month, day.day) >= (12, 25) or (day.month, day.day) == (1, 1)


def act_before(last: date) -> tuple[str, ...]:
    """Return what to say where a last day that does not move is no working day; nothing where it is one."""
    if _is_working_day(last):
        return ()
    before = _working_day_before(last)
    return (f"{why_no_working_day(last)}. Go by the {before:%A} before, {spoken(before)}.",)


def why_no_working_day(day: date) -> str:
    """Return "3 May 2026 is a Sunday" or that it is a bank holiday."""
    what = f"a {day:%A}" if day.weekday() >= 5 else "a bank holiday"
    return f"{spoken(day)} is {what}"


@cache
def _bank_holidays() -> holidays.HolidayBase:
    """Return the bank holidays of England; the library works out a year when it is first asked for."""
    return holidays.country_holidays("GB", subdiv="ENG")


def _is_working_day(day: date) -> bool:
    """Return whether a day is no weekend and no bank holiday (rule 1(3))."""
    return day.weekday() < 5 and day not in _bank_holidays()


def working_day_from(day: date) -> date:
    """Return the first working day from ``day`` on."""
    while not _is_working_day(day):
        day += timedelta(days=1)
    return day


def _working_day_before(day: date) -> date:
    """Return the last working day before ``day``."""
    day -= timedelta(days=1)
    while not _is_working_day(day):
        day -= timedelta(days=1)
    return day


def school_days_after(day: date, number: int) -> date:
    """Return the day that is so many working days after ``day``; a school's holidays are not known."""
    for _ in range(number):
        day = working_day_from(day + timedelta(days=1))
    return day
