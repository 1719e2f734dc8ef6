"""Time limits for appeals, claims and mediation: the last day, how it was found, and a calendar file.

Pure functions; nothing of Rasa in here. Where each rule comes from stands beside it. Every reply that
shows a deadline also says to check it with IASS or IPSEA.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dateparser
import holidays
from dateutil.relativedelta import relativedelta
from icalendar import Alarm, Calendar, Event

APPEAL_MONTHS, CERTIFICATE_MONTHS, MEDIATION_MONTHS, DISCRIMINATION_MONTHS = 2, 1, 2, 6
REMIND_DAYS_BEFORE = (14, 7, 2)
CHECK = "Check the date with your local advice service (IASS) or IPSEA. Do not wait for the last day."
OLDEST_YEARS = 10
"""A date longer ago than this is more likely a slip than a letter."""


@dataclass(frozen=True)
class Deadline:
    """A time limit.

    Attributes:
        title: what has to be done by then.
        last_day: the last day on which it can be done.
        working: how that day was found, a sentence a line.
    """

    title: str
    last_day: date
    working: tuple[str, ...]


def appeal_deadline(decision: date, certificate: date | None = None) -> Deadline:
    """Return the last day for an appeal to the SEND Tribunal.

    Two months from the decision letter or one month from the mediation certificate, whichever is later.
    A day in August, or from 25 December to 1 January, moves to the first working day after it. (Tribunal
    Procedure (First-tier Tribunal) (Health, Education and Social Care Chamber) Rules 2008, rule 20.)

    Args:
        decision: the date on the council's decision letter.
        certificate: the date on the mediation certificate, where there is one.

    Raises:
        ValueError: the certificate is older than the decision it is about.
    """
    if certificate is not None and certificate < decision:
        raise ValueError("the certificate cannot be older than the decision")
    last = _months_after(decision, APPEAL_MONTHS)
    working = [f"2 months after the decision letter of {spoken(decision)}: {spoken(last)}."]
    if certificate is not None:
        by_certificate = _months_after(certificate, CERTIFICATE_MONTHS)
        working.append(
            f"1 month after the mediation certificate of {spoken(certificate)}: {spoken(by_certificate)}."
        )
        last = max(last, by_certificate)
        working.append(f"The later of the two counts: {spoken(last)}.")
    moved, why = _moved(last)
    if why:
        working.append(f"{why}, so the last day is {spoken(moved)}.")
    return Deadline("Last day to appeal to the SEND Tribunal", moved, tuple(working))


def discrimination_deadline(act: date) -> Deadline:
    """Return the last day for a disability discrimination claim about a school.

    Six months that start with the day itself, so the last day is the day before the same date six
    months on. August and Christmas make no difference. (Equality Act 2010, Schedule 17, paragraph 4.)

    Args:
        act: the day on which it happened.
    """
    last = _months_after(act, DISCRIMINATION_MONTHS) - timedelta(days=1)
    return Deadline(
        "Last day for a disability discrimination claim to reach the SEND Tribunal",
        last,
        (
            f"6 months, counted from the day it happened, {spoken(act)}. That day counts as the first: "
            f"{spoken(last)}.",
            "August and Christmas do not make this time limit longer.",
        ),
    )


def mediation_deadline(decision: date) -> Deadline:
    """Return the last day to contact the mediation adviser, two months after the decision was sent.

    (Special Educational Needs and Disability Regulations 2014, regulation 33.)

    Args:
        decision: the date on the council's decision letter.
    """
    last = _months_after(decision, MEDIATION_MONTHS)
    return Deadline(
        "Last day to contact the mediation adviser",
        last,
        (f"2 months after the decision letter of {spoken(decision)}: {spoken(last)}.",),
    )


def today() -> date:
    """Return today's date in London."""
    return datetime.now(ZoneInfo("Europe/London")).date()


def spoken(day: date) -> str:
    """Return a date as letters write it, for instance "3 March 2026"."""
    return f"{day.day} {day:%B %Y}"


def _months_after(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last day of a month that is too short for it."""
    later: date = day + relativedelta(months=months)
    return later


def _moved(last: date) -> tuple[date, str]:
    """Return where a last day moves to and why; itself and an empty text where it stays."""
    if last.month == 8:
        return _working_day_from(date(last.year, 9, 1)), "That is in August, which does not count"
    if (last.month, last.day) >= (12, 25) or (last.month, last.day) == (1, 1):
        year = last.year + (last.month == 12)
        return _working_day_from(date(year, 1, 2)), "That is between 25 December and 1 January"
    return last, ""


def _working_day_from(day: date) -> date:
    """Return the first day from ``day`` on that is no weekend and no bank holiday in England."""
    england = holidays.country_holidays("GB", subdiv="ENG")
    while day.weekday() >= 5 or day in england:
        day += timedelta(days=1)
    return day


def read_date(text: str, today: date) -> date | None:
    """Return the date that ``text`` names, as people type dates, or None where it names no single day.

    Without a year the nearest such date in the past is meant, day before month ("12/03" is 12 March).
    A date in the future is returned as it stands; whoever asks decides what to make of it.

    Args:
        text: a message, for instance "3rd of march", "it came last tuesday", "12/03".
        today: the day on which it was written.
    """
    for words in _date_words(" ".join(text.lower().split())):
        found = _parsed(words, today)
        if found is not None and abs(found.year - today.year) <= OLDEST_YEARS:
            return found
    return None


def read_month(text: str, today: date) -> str | None:
    """Return the month that ``text`` names or that its date lies in, as "2026-03"; None for the future.

    Args:
        text: a message, for instance "I wrote to the head in March" or "three weeks ago".
        today: the day on which it was written.
    """
    day = read_date(text, today)
    if day is None:
        match = re.search(rf"\b(?:in|since|back in|during|last) ({_MONTH})\b", text.lower())
        day = _parsed(f"1 {match[1]}", today) if match else None
    return f"{day:%Y-%m}" if day and day <= today else None


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?: ?(?:st|nd|rd|th))?"
_YEAR = r"(?:,? ?(?:20\d\d|'?\d\d(?![\d:])))?"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_NUMBER = r"(?:an?|\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_SHAPES = [
    r"\b20\d\d-\d{1,2}-\d{1,2}\b",
    rf"\b(?!24[/-]7\b)\d{{1,2}}([/.-])\d{{1,2}}(?:\1(?:20)?\d\d)?(?![\d/])(?! ?(?:of )?{_MONTH})",
    rf"\b{_DAY}(?: of)? ?{_MONTH}\b{_YEAR}(?! ?\d{{4}})",
    rf"\b{_MONTH} (?:the )?{_DAY}(?!\d){_YEAR}",
    rf"\b{_NUMBER} (?:day|week|month)s? ago\b",
    r"\b(?:the )?day before yesterday\b|\b(?:yesterday|today|tomorrow)\b",
    rf"\b{_WEEKDAY} last week\b|\b(?:last |this |on |the )?{_WEEKDAY}\b",
]
_SLIPS = {
    r"\bfeb(?:uary|urary|rurary|ruray)\b": "february",
    r"\bjan(?:urary|uray|aury)\b": "january",
    r"\bsep(?:tmber|tembre|ember)\b": "september",
    r"\boct(?:obre|ber)\b": "october",
    r"\bnov(?:emeber|ermber|emer)\b": "november",
    r"\bdec(?:emeber|ember|mber)\b": "december",
    r"\bapirl\b|\baprill\b": "april",
    r"\baugest\b|\bagust\b": "august",
    r"\btu(?:es|se)?day\b|\bteusday\b": "tuesday",
    r"\bwed?nesday\b|\bwendesday\b|\bwensday\b": "wednesday",
}
"""Names of months and days as they are often misspelt."""


def _date_words(text: str) -> Iterator[str]:
    """Yield the parts of ``text`` that have the shape of a date, the surest shape first."""
    for slip, right in _SLIPS.items():
        text = re.sub(slip, right, text)
    for shape in _SHAPES:
        for match in re.finditer(shape, text):
            yield match.group()


def _parsed(words: str, today: date) -> date | None:
    weekday = re.fullmatch(rf"(?:last |this |on |the )?({_WEEKDAY})( last week)?", words)
    if weekday:
        return _weekday(weekday[1], bool(weekday[2]), today)
    if numbers := _NUMBERS.fullmatch(words):
        return _in_numbers(int(numbers[1]), int(numbers[3]), numbers[4], today)
    words = words.removeprefix("the ").replace("'", "")
    if words == "day before yesterday":
        return today - timedelta(days=2)
    found = dateparser.parse(
        words,
        languages=["en"],
        settings={
            "DATE_ORDER": "DMY",
            "PREFER_DATES_FROM": "past",
            "RELATIVE_BASE": datetime(today.year, today.month, today.day),
        },
    )
    return found.date() if found else None


_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:\2((?:20)?\d\d))?")


def _in_numbers(day: int, month: int, year: str | None, today: date) -> date | None:
    """Return a date in numbers, day before month; dateparser reads "04.10" as a time of day."""
    for number in [2000 + int(year) % 100] if year else range(today.year, today.year - 5, -1):
        try:
            found = date(number, month, day)
        except ValueError:
            continue
        if year or found <= today:
            return found
    return None


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _weekday(word: str, in_last_week: bool, today: date) -> date:
    """Return the newest such weekday before ``today``, or the one of last week."""
    number = _WEEKDAYS.index(word[:3])
    if in_last_week:
        return today - timedelta(days=today.weekday() + 7 - number)
    return today - timedelta(days=(today.weekday() - number) % 7 or 7)


def calendar_file(deadline: Deadline, now: datetime) -> bytes:
    """Return an iCalendar file (RFC 5545) with the last day and reminders before it.

    Args:
        deadline: what to put in.
        now: when the file is made.
    """
    event = Event()
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, f"{deadline.title} {deadline.last_day}")))
    event.add("dtstamp", now)
    event.add("summary", deadline.title)
    event.add("dtstart", deadline.last_day)
    event.add("dtend", deadline.last_day + timedelta(days=1))
    event.add("description", "\n".join([*deadline.working, CHECK]))
    event.add("transp", "TRANSPARENT")
    for days in REMIND_DAYS_BEFORE:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{deadline.title}: {spoken(deadline.last_day)}. {days} days left.")
        alarm.add("trigger", timedelta(days=-days))
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//SEND Guide//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
