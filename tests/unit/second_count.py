"""Every time limit counted a second way: with dateutil's rules and bank holidays worked out by hand.

It shares no code with ``send_guide.domain.deadlines``. ``benchmarks/deadlines.py`` prints both side by side.
"""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import MO, relativedelta
from dateutil.rrule import DAILY, rrule

ONCE = {
    date(2020, 5, 4): None,  # moved to 8 May for VE Day
    date(2020, 5, 8): "VE Day",
    date(2022, 5, 30): None,  # moved to 2 June for the jubilee
    date(2022, 6, 2): "jubilee",
    date(2022, 6, 3): "jubilee",
    date(2022, 9, 19): "funeral of the Queen",
    date(2023, 5, 8): "coronation",
}


def bank_holidays(year: int) -> set[date]:
    """Return England's: a day of the new year, Christmas or Boxing Day on a weekend moves to the next weekday."""
    found = {
        easter(year) - timedelta(days=2),
        easter(year) + timedelta(days=1),
        date(year, 5, 1) + relativedelta(weekday=MO(1)),
        date(year, 5, 31) + relativedelta(weekday=MO(-1)),
        date(year, 8, 31) + relativedelta(weekday=MO(-1)),
    }
    for month, day in ((1, 1), (12, 25), (12, 26)):
        rest = date(year, month, day)
        while rest.isoweekday() > 5 or rest in found:
            rest += timedelta(days=1)
        found.add(rest)
    changed = {day: why for day, why in ONCE.items() if day.year == year}
    return {day for day in found if day not in changed} | {day for day, why in changed.items() if why}


def working(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in bank_holidays(day.year)


def forward(day: date) -> date:
    return next(one.date() for one in rrule(DAILY, dtstart=day) if working(one.date()))


def in_tribunal(day: date) -> date:
    """Rule 12(2) and (3): past the closed days first, then to a working day."""
    while day.month == 8 or f"{day:%m%d}" in ("1225", "1226", "1227", "1228", "1229", "1230", "1231", "0101"):
        day += timedelta(days=1)
    return forward(day)


def working_days_after(day: date, number: int) -> date:
    days = (one.date() for one in rrule(DAILY, dtstart=day + timedelta(days=1)) if working(one.date()))
    return next(one for count, one in enumerate(days, 1) if count == number)


def second_count(
    kind: str,
    start: date,
    setting: str = "",
    decision: str = "",
    certificate: date | None = None,
    college: bool = False,
) -> date:
    """Return the last day of a kind of time limit."""
    weeks = {
        "six-weeks": 6,
        "sixteen-weeks": 16,
        "twenty-weeks": 20,
        "review-decision": 4,
        "amended-plan": 12,
    }
    if kind in weeks:
        return start + timedelta(days=7 * weeks[kind])
    match kind:
        case "appeal":
            days = [in_tribunal(start + relativedelta(months=+2))]
            if certificate and decision != "school":
                days.append(in_tribunal(certificate + relativedelta(months=+1)))
            return max(days)
        case "mediation":
            return start + relativedelta(months=+2)
        case "discrimination" | "ombudsman":
            return start + relativedelta(months={"discrimination": 6, "ombudsman": 12}[kind]) - timedelta(1)
        case "draft-plan":
            return [one.date() for one in rrule(DAILY, dtstart=start, count=15)][-1]
        case "phase-transfer":
            return date(start.year, 3, 31) if college else date(start.year, 2, 15)
        case "exclusion-review" | "transport-appeal":
            return working_days_after(start, {"exclusion-review": 15, "transport-appeal": 20}[kind])
        case "records":
            return (
                working_days_after(start, 15)
                if setting == "maintained"
                else forward(start + relativedelta(months=+1))
            )
    raise ValueError(kind)
