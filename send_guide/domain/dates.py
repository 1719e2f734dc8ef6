"""Dates as people type them: one day is taken, and whatever may mean another day is asked about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from send_guide.domain.date_grammar import (
    BACK_YEARS,
    OLDEST_YEARS,
    Mention,
    Reading,
    day_of,
    mentions,
    month_in,
    plain,
    weekday_of,
)
from send_guide.domain.text import own_words

_BESIDE = re.compile(r"[ ,.(]*(?:(?:the|a|on|which|was|is|it) )*")
_PRINTED = re.compile(
    r"(?:\b(?:dated?|printed|says|letter (?:is|was|of)|on (?:it|the (?:letter|top|paper)))\b"
    r"(?:(?!\b(?:got|came|arrived|received|until|reply|by|till)\b)[^;]){0,25}|\bletter from (?:the )?)$"
)
_PRINTED_AFTER = re.compile(
    r" ?\(?(?:is |was )?(?:the date )?(?:that is |that's )?(?:printed|on (?:the letter|it|top))\b"
)
_CAME = re.compile(
    r"\b(?:got|get|came|come|arrived|received|opened|found|postmarked|saw|landed|home)\b[^;]{0,35}$"
)
_CAME_AFTER = re.compile(
    r" (?:is|was) (?:when|the da(?:y|te)) (?:that )?(?:i|we|it) (?:got|received|came|arrived)"
)
_CERTIFICATE = "certificat"
_PAPER = re.compile(rf"\b(?:{_CERTIFICATE}|letter|decision|refus|declin|final plan|plan)")
_CORRECTS = re.compile(
    r"\b(?:no|sorry|i mean|i meant|correction|wait|actually|rather|oops|scrap that)\b"
    r"(?:[ ,.:;-]|\b(?:no|sorry|it|its|it's|is|was|i|mean|meant|the|on|dated|that|should|be|have|been|"
    r"actually|my mistake)\b)*$"
)


def spoken(day: date) -> str:
    """Return a date as letters write it, for instance "3 March 2026"."""
    return f"{day.day} {day:%B %Y}"


def read(text: str, today: date) -> Reading:
    """Return what ``text`` says about a date.

    Without a year the newest such date that has been is meant; where the next one is near, which of the two
    has to be asked. The date after "dated", "printed" or "the
    letter says" wins over others, and the one after "no sorry" or "I mean" over those before it. A date in
    the future whose year is said is returned as it stands; whoever asks decides what to make of it.

    Args:
        text: a message, for instance "3rd of march", "it came last tuesday", "12/03".
        today: the day on which it was written.
    """
    words = _months_named(plain(own_words(text)), today)
    found = _weekdays_checked(list(mentions(words, today)), words, today)
    found = _after_correction(found, words)
    named = [mention for mention in found if _likeliest(mention)]
    printed, any_day = _one(_anchored(named, words)), _one(named)
    return printed or (any_day and replace(any_day, came=True)) or _one_asked(found) or Reading()


def _months_named(words: str, today: date) -> str:
    """Return words with "of this month" and "of last month" as the name of the month."""
    last = today.replace(day=1) - timedelta(days=1)
    words = re.sub(r"\bof this month\b", f"of {today:%B}".lower(), words)
    return re.sub(r"\bof last month\b", f"of {last:%B}".lower(), words)


def read_certificate(text: str, today: date) -> tuple[Reading, Reading]:
    """Return what ``text`` says about the date on a mediation certificate, and about the date of a letter.

    A date belongs to the paper that is named last before it; where none is, to the certificate.

    Args:
        text: a message that names a certificate.
        today: the day on which it was written.
    """
    words = plain(own_words(text))
    certificate: list[Mention] = []
    letter: list[Mention] = []
    end, paper = 0, certificate
    for mention in mentions(words, today):
        named = _PAPER.findall(words[end : mention.start])
        paper = (letter if named[-1] != _CERTIFICATE else certificate) if named else paper
        paper.append(mention)
        end = mention.end
    return _one(certificate) or Reading(), _one(letter) or Reading()


def without_dates(text: str, today: date) -> str:
    """Return a text in plain small letters without its dates.

    Args:
        text: a message.
        today: the day on which it was written.
    """
    words = plain(own_words(text))
    for mention in reversed(list(mentions(words, today))):
        words = f"{words[: mention.start]} {words[mention.end :]}"
    return words


def read_month(text: str, today: date) -> str | None:
    """Return the month that ``text`` names or that its date lies in, as "2026-03"; None for the future.

    Args:
        text: a message, for instance "I wrote to the head in March" or "three weeks ago".
        today: the day on which it was written.
    """
    reading = read(text, today)
    days = [reading.day] if reading.day else list(reading.candidates)
    months = {f"{day:%Y-%m}" for day in days if day <= today}
    if len(months) == 1:
        return months.pop()
    found = None if reading.day else month_in(plain(text), today)
    if found and found <= (today.year, today.month) and today.year - found[0] <= OLDEST_YEARS:
        return f"{found[0]}-{found[1]:02}"
    return None


def ask_back(reading: Reading) -> str:
    """Return the question that finds out which day is meant.

    Args:
        reading: one that has to be asked about.
    """
    days = [f"{day:%A} {spoken(day)}" for day in reading.candidates]
    meant = f" Is it {' or '.join(days)}?" if days else ""
    if reading.why == "several":
        return f"I read more than one date.{meant} Please type the one that is on the paper."
    said = {
        "approximate": "The time limit is counted from one day, so I need the exact date.",
        "year": "I am not sure of which year that is.",
        "weekday": "The weekday and the date do not fit together.",
        "unclear": "I am not sure which day that is.",
        "future": "That day is still to come.",
        "impossible": "There is no such day.",
    }[reading.why]
    return f"{said}{meant} Please type the day, the month and the year, for instance 3 March 2026."


def _weekdays_checked(found: list[Mention], text: str, today: date) -> list[Mention]:
    """Join a weekday with the date it stands beside ("Friday 6 November"), and ask where they do not fit."""
    joined: list[Mention] = []
    for mention in found:
        before = joined[-1] if joined else None
        beside = before is not None and _BESIDE.fullmatch(text[before.end : mention.start])
        if before is None or not beside or before.is_weekday == mention.is_weekday:
            joined.append(mention)
            continue
        named, weekday = (mention, before) if before.is_weekday else (before, mention)
        if not named.day:
            joined.append(mention)
            continue
        number = weekday_of(text[weekday.start : weekday.end])
        joined[-1] = replace(named, start=before.start, end=mention.end)
        if named.day.weekday() != number:
            other = () if named.year_said else _same_day_on(named.day, number, today)
            joined[-1] = replace(joined[-1], reading=Reading(None, "weekday", (named.day, *other)))
    return joined


def _same_day_on(day: date, weekday: int, today: date) -> tuple[date, ...]:
    """Return the same day and month in another of the last years, where it was that weekday."""
    years = range(min(day.year, today.year) - 1, today.year - BACK_YEARS, -1)
    days = (day_of(year, day.month, day.day) for year in years)
    return tuple(other for other in days if other and other.weekday() == weekday)[:1]


def _after_correction(found: list[Mention], text: str) -> list[Mention]:
    """Leave out what was said before the last "no sorry" or "I mean" that a date follows."""
    for number in range(len(found) - 1, 0, -1):
        if _CORRECTS.search(text[found[number - 1].end : found[number].start]):
            return found[number:]
    return found


def _anchored(named: list[Mention], text: str) -> list[Mention]:
    """Return the dates that stand on the paper; else all but those on which it came."""
    printed, others, end = [], [], 0
    for mention in named:
        before, after = text[max(end, mention.start - 40) : mention.start], text[mention.end :]
        if _PRINTED.search(before) or _PRINTED_AFTER.match(after):
            printed.append(mention)
        elif not _CAME.search(before) and not _CAME_AFTER.match(after):
            others.append(mention)
        end = mention.end
    return printed or others


def _one(named: list[Mention]) -> Reading | None:
    """Return the day that all of these name, the question where they name several, None where none."""
    days = tuple(dict.fromkeys(day for mention in named if (day := _likeliest(mention))))
    if len(days) > 1:
        return Reading(None, "several", days)
    sure = any(mention.day for mention in named)
    return (Reading(days[0]) if sure else named[0].reading) if days else None


def _likeliest(mention: Mention) -> date | None:
    """Return the day that a mention names, the last one where no year is said; None where it names none."""
    return mention.reading.candidates[0] if mention.reading.why == "year" else mention.day


def _one_asked(found: list[Mention]) -> Reading | None:
    """Return the first thing that has to be asked about; what has candidates comes first."""
    asked = [mention.reading for mention in found if mention.reading.must_ask]
    return max(asked, key=lambda reading: bool(reading.candidates), default=None)
