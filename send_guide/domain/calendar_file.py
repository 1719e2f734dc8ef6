"""Calendar files (iCalendar, RFC 5545) with a last day and reminders. Made when fetched, never kept."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from send_guide.domain.dates import spoken
from send_guide.domain.deadlines import CHECK, Deadline
from send_guide.domain.text import slug

REMIND_DAYS_BEFORE = (14, 7, 2)
REMIND_AT = time(9, tzinfo=ZoneInfo("Europe/London"))
_SMALL_WORDS = frozenset(
    {"last", "day", "by", "then", "to", "the", "a", "an", "for", "of", "if", "it", "must", "can", "be", "say"}
    | {"send", "reach", "brought", "there", "will", "no", "and", "or", "in", "its"}
)
"""What the name of a file can do without; "send" is in "SEND Tribunal"."""


def calendar_file(deadline: Deadline, now: datetime) -> bytes:
    """Return a calendar file with the last day, and reminders at 9 in the morning in London before it.

    Args:
        deadline: what to put in.
        now: when the file is made, with its time zone. Reminders before it are left out.

    Raises:
        ValueError: the last day is over, and there is nothing to be reminded of.
    """
    if deadline.last_day < now.astimezone(REMIND_AT.tzinfo).date():
        raise ValueError("that day has passed")
    event = Event()
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, f"{deadline.title} {deadline.last_day}")))
    event.add("dtstamp", now)
    event.add("summary", deadline.title)
    event.add("dtstart", deadline.last_day)
    event.add("dtend", deadline.last_day + timedelta(days=1))
    event.add("description", "\n".join([*deadline.working, *deadline.notes, CHECK]))
    event.add("transp", "TRANSPARENT")
    for days in REMIND_DAYS_BEFORE:
        at = datetime.combine(deadline.last_day - timedelta(days=days), REMIND_AT)
        if at > now:
            event.add_component(_reminder(deadline, days, at))
    calendar = Calendar()
    calendar.add("prodid", "-//SEND Guide//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _reminder(deadline: Deadline, days: int, at: datetime) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{deadline.title}: {spoken(deadline.last_day)}. {days} days left.")
    # a day has no hour: a trigger counted from it rings at midnight, so the moment itself is given, in UTC
    alarm.add("trigger", at.astimezone(ZoneInfo("UTC")), parameters={"VALUE": "DATE-TIME"})
    return alarm


def calendar_name(title: str, last_day: date) -> str:
    """Return the name of a calendar file, for instance "appeal-tribunal-by-14-january-2027.ics".

    Args:
        title: what has to be done by then; its small words are left out.
        last_day: the last day.
    """
    purpose = slug(title, _SMALL_WORDS) or "deadline"
    return f"{purpose}-by-{slug(spoken(last_day))}.ics"
