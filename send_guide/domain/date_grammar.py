"""The ways in which people write a date, and what each of them means on its own. :mod:`.dates` decides.

A grammar of its own, day before month: dateparser and dateutil always find *a* date ("in year 5/6" is 5 June
to them, "we sat down with 3 of them" a Saturday), and a wrong date here is a missed time limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

from send_guide.domain.text import plain_text

OLDEST_YEARS = 10
"""A date further away than this is a birthday or a slip, not the date of a letter."""
COMING_DAYS = 60
"""Days ahead up to which a day and month without a year may be one still to come: a meeting, a hearing."""
BACK_YEARS = 8
"""How far back a day and month without a year is looked for: two leap years."""

Why = Literal["", "approximate", "several", "weekday", "year", "unclear", "future", "impossible"]
"""Why a date has to be asked about: it is only near a day, there are more than one, the weekday does not fit,
it has no year and the next such day is near, it can be read in two ways, it is still to come, or there is no
such day."""


@dataclass(frozen=True)
class Reading:
    """What a text says about a date.

    Attributes:
        day: the one day that it names, or None.
        why: why it has to be asked about; empty where there is a day, or no date at all.
        candidates: the days that may be meant, the likeliest first; may be empty.
        came: whether it is the day on which a paper came, and the one that stands on it was not said.
    """

    day: date | None = None
    why: Why = ""
    candidates: tuple[date, ...] = ()
    came: bool = False

    @property
    def must_ask(self) -> bool:
        """Whether something like a date is there, and it is not clear which day."""
        return bool(self.why)


@dataclass(frozen=True)
class Mention:
    """One part of a text that speaks of a day.

    Attributes:
        start: where it begins in the text.
        end: where it ends.
        reading: what it says on its own.
        is_weekday: whether it is only a weekday, that may belong to the date beside it.
        year_said: whether no other year can be meant.
    """

    start: int
    end: int
    reading: Reading
    is_weekday: bool = False
    year_said: bool = True

    @property
    def day(self) -> date | None:
        """The day that it names, or None."""
        return self.reading.day


def mentions(text: str, today: date) -> Iterator[Mention]:
    """Yield the mentions of a day in their order; of two that overlap, the one of the surer shape.

    Args:
        text: what :func:`plain` has returned.
        today: the day on which it was written.
    """
    taken: list[Mention] = []
    for shape, parse in _SHAPES:
        for match in shape.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in taken):
                continue
            reading = parse(match, today)
            if reading is None:
                continue
            if reading.day and abs(reading.day.year - today.year) > OLDEST_YEARS:
                reading = Reading()
            year_said = "year" not in match.re.groupindex or _year(match, today) is not None
            taken.append(Mention(match.start(), match.end(), reading, parse is _weekday, year_said))
    known = (mention for mention in taken if mention.reading != Reading())
    yield from sorted(known, key=lambda mention: mention.start)


def plain(text: str) -> str:
    """Return a text in small letters with plain figures, dashes and quotes, months spelt as they are, and
    figures that are no date blotted out.
    """
    text = plain_text(text).text.lower()
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text).replace("\u2018", "'").replace("\u2019", "'")
    text = " ".join(text.split())
    for slip, right in _SLIPS.items():
        text = re.sub(slip, right, text)
    return _NO_DATE.sub(lambda match: "#" * len(match[0]), text)


def month_in(text: str, today: date) -> tuple[int, int] | None:
    """Return the year and month that ``text`` names without a day, or None; unsaid, the newest that has been.

    Args:
        text: what :func:`plain` has returned.
        today: the day on which it was written.
    """
    match = _MONTH_ALONE.search(text)
    if match is None:
        return None
    month, year = _month(match["month"] or match["said"]), _year(match, today)
    return (year or today.year - (month > today.month), month)


def weekday_of(words: str) -> int:
    """Return the number of the weekday that ``words`` name, Monday being 0."""
    return next(number for number, name in enumerate(_WEEKDAYS) if re.search(rf"\b{name}", words))


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a date, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


# --- Words ------------------------------------------------------------------------------------------

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# fmt: off
_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth",
)
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}
# fmt: on
_NTH = (
    {word: number for number, word in enumerate(_ORDINALS, 1)}
    | {f"twenty {word}": 20 + number for number, word in enumerate(_ORDINALS[:9], 1)}
    | {"twentieth": 20, "thirtieth": 30, "thirty first": 31}
)
_COUNT = (
    {"a": 1, "an": 1, "couple": 2, "couple of": 2}
    | {word: number for number, word in enumerate(_ONES, 1)}
    | _TENS
    | {f"{ten} {word}": tens + n for ten, tens in _TENS.items() for n, word in enumerate(_ONES[:9], 1)}
)
_SLIPS = {
    r"\bfeb(?:uary|urary|rurary|ruray|uray)\b": "february",
    r"\bjan(?:urary|uray|aury|uarry)\b": "january",
    r"\bsep(?:tmber|tembre|ember|temeber)\b": "september",
    r"\boct(?:obre|ber|ouber)\b": "october",
    r"\bnov(?:emeber|ermber|emer|meber|mber|embre)\b": "november",
    r"\bdec(?:emeber|mber|embre)\b": "december",
    r"\bapirl\b|\baprill\b": "april",
    r"\baugest\b|\bagust\b": "august",
    r"\btu(?:se|e)?day\b|\bteusday\b|\btuseday\b": "tuesday",
    r"\bwed?nesday\b|\bwendesday\b|\bwensday\b|\bwedensday\b": "wednesday",
    r"\bthursady\b|\bthrusday\b|\bthurday\b": "thursday",
    r"\bsat[ue]?rday\b": "saturday",
    r"\byest(?:urday|erdy|eday|arday)\b": "yesterday",
    r"\btomm?or?row\b|\btommorr?ow\b": "tomorrow",
}
"""Names of months and days as they are often misspelt."""


def _any_of(words: dict[str, int]) -> str:
    """Return a pattern for any of these words, the longest first; "twenty one" may have a hyphen."""
    return "|".join(word.replace(" ", "[ -]") for word in sorted(words, key=len, reverse=True))


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"may(?! (?:be|have|has|not|need|want|well|also|go|get|help|ask|i|we|take|even|still)\b))\b\.?"
)
_FIGURE = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_DAY = rf"(?:{_FIGURE}(?: ?(?:st|nd|rd|th)\b)?|\b(?:{_any_of(_NTH)})\b)"
_UNIT = r"(?:days?|weeks?|wks?|fortnights?|months?|mths?|years?|yrs?)"
_THINGS = (
    r"(?:hours?|hrs?|h|minutes?|mins?|percent|pounds?|quid|miles?|kg|k|times?|marks?|points?|pupils?|"
    r"children|kids|people|teachers?|sessions?|lessons?|letters?|schools?|"
    r"of (?:them|us|the|his|her|my|our))\b"
)
_NOT_YEAR = rf"(?!\d|[:./]\d| ?%| ?(?:am|pm)\b| ?{_THINGS}| ?{_UNIT})"
_SHIFT = rf"last year|this year|(?:{_any_of(_COUNT)}|\d) years? ago"
# a year, or none and no figures that might be one; "last year" after it or, as ``before``, before the day
_YEAR = rf"(?:[ ,./-]*(?:in )?(?P<year>\d{{4}}|'?\d\d){_NOT_YEAR}|(?!,? ?\d{{3}}))(?:,? (?P<shift>{_SHIFT}))?"
_BEFORE = rf"(?:\b(?P<before>{_SHIFT}),? (?:on )?(?:the )?)?"
_FULL = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_BRIEF = r"(?:mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)"
# "sat" and "sun" are words: in brief a weekday stands beside a figure, at the end, or after "last" and "on"
_WEEKDAY = (
    rf"\b(?:{_FULL}\b|{_BRIEF}\b\.?(?=,? (?:the )?\d| last week| gone)|"
    rf"(?:(?<=last )|(?<=on )|^){_BRIEF}\b(?! (?:down|in|with|for|there|at|next|on)\b))"
)
_OPEN_ENDED = (
    r"(?:just |a (?:bit|little) )?(?:over|under)|(?:more|less|longer) than|at least|nearly|almost|up to"
)
_NEAR = r"about|around|roughly|approx(?:imately)?\.?|maybe|probably|perhaps|say|like"
_COUNTED = rf"(?:\b(?:{_any_of(_COUNT)}|few|several|some|many)\b|(?<![\d.,/])\d{{1,3}}(?:\.\d)?)"
_MONTH_ALONE = re.compile(
    rf"{_BEFORE}\b(?:(?:in|since|from|during|last|early|late|mid|of)[ -](?P<month>{_MONTH}){_YEAR}"
    rf"|(?P<said>{_MONTH}) (?P<its_year>20\d\d)\b)"
)

_NO_DATE = re.compile(
    "|".join(
        [
            r"\S+@\S+|https?://\S+|www\.\S+",
            r"\bref(?:erence)?\b\.?(?: ?(?:no|number|is)\b\.?)*[:# ]*"
            r"\S*(?:\d[/.-]\d|\d{4}|[a-z]\d|\d[a-z])\S*",
            r"\b(?:case|claim|order|file|account|invoice) (?:no|number|ref|id)\b[.:# ]*\S*\d\S*",
            r"\b(?:years?|yrs?|class|form|age|aged|room|page|sections?|part|para(?:graph)?|rule|reg(?:ulation)?|"
            r"band|ks|key stage|stage|level|grade|set|bus|tier) ?\d{1,2}(?:\.\d+)?[a-z]?"
            r"(?: ?(?:/|-|&|and|or|to) ?\d{1,2}[a-z]?)*\b",
            r"\b\d{1,2}(?:[:.]\d{2})? ?(?:am|pm|a\.m|p\.m|o'?clock)\b|\b\d{1,2}:\d{1,2}(?::\d\d)?\b",
            r"\bat \d{1,2}\.\d\d\b(?![./-]\d)|£ ?\d[\d,.]*|\d[\d.,/]* ?%",
            rf"(?<![\d/])\d{{1,3}}(?:[.,/]\d+)?(?: ?(?:-|to|or) ?\d+(?:\.\d+)?)? ?{_THINGS}",
            rf"(?<![\d/])\d{{1,3}}(?:[.,/]\d+)?(?: ?(?:-|to|or) ?\d+)? ?{_UNIT} "
            r"(?:a|an|per|old|each|in|of)\b",
            r"\b24[/-]7\b|\b50/50\b|\b[1-9]/[2-9] (?:of|an?|the|days?|terms?|hours?|way|years?|weeks?)\b",
            rf"\b(?:every|each) (?:other )?{_FULL}\b",
            rf"\b(?:{_FULL}|{_BRIEF}) ?(?:-|to|till|until) ?(?:{_FULL}|{_BRIEF})\b",
            r"(?<!\d)0\d{2,4}[ -]?\d{3}[ -]?\d{3,4}(?!\d)",
            rf"\b(?:born|birthday|d\.?o\.?b|date of birth)\b\.?(?:[ :,-]|\b(?:is|on|was|in|the|of|he|she)\b)*"
            rf"(?:\d{{1,4}}[ /.-]\d{{1,2}}[ /.-]\d{{1,4}}|"
            rf"{_DAY}[ /-]*(?:of )?{_MONTH}[ ,/-]*(?:\d\d(?:\d\d)?\b)?)",
        ]
    )
)
"""What has figures and is no date to take: references, years of school, times, money, amounts, telephone
numbers, birthdays."""


# --- Shapes -----------------------------------------------------------------------------------------


def _month(word: str) -> int:
    return _MONTHS.index(word[:3]) + 1


def _nth(words: str) -> int:
    figures = re.match(r"\d+", words)
    return int(figures[0]) if figures else _NTH[words.replace("-", " ")]


def _count(words: str) -> int | None:
    """Return a number in figures or words; None for "a few" and for "2.5"."""
    return int(words) if words.isdecimal() else _COUNT.get(words.replace("-", " "))


def _year(match: re.Match[str], today: date) -> int | None:
    """Return the year that is said, or None."""
    found = match.groupdict()
    if year := found.get("year") or found.get("its_year"):
        return int(year) if len(year) == 4 else 2000 + int(year.strip("'"))
    shift = found.get("shift") or found.get("before")
    if not shift:
        return None
    years = {"last year": 1, "this year": 0}.get(shift)
    return today.year - (years if years is not None else _count(shift.split(" year")[0]) or 0)


def _on(day: int, month: int, year: int | None, today: date) -> date | None:
    """Return a day; without a year, the newest one that has been."""
    if year is not None:
        return day_of(year, month, day)
    days = (day_of(number, month, day) for number in range(today.year, today.year - BACK_YEARS, -1))
    return next((found for found in days if found and found <= today), None)


def _read(day: int, month: int, year: int | None, today: date) -> Reading:
    """Return a day and month as they are read here; asks where they can only be meant the other way round."""
    if year is not None and abs(year - today.year) > OLDEST_YEARS:
        return Reading()
    if found := _on(day, month, year, today):
        coming = day_of(found.year + 1, month, day) if year is None else None
        if coming and (coming - today).days <= COMING_DAYS:
            return Reading(None, "year", (found, coming))
        return Reading(found)
    if 12 < month <= 31 and (other := _on(month, day, year, today) if 1 <= day <= 12 else None):
        return Reading(None, "unclear", (other,))
    return Reading(None, "impossible") if 1 <= day <= 31 and 1 <= month <= 12 else Reading()


def _iso(match: re.Match[str], today: date) -> Reading:
    return _read(int(match["d"]), int(match["m"]), int(match["y"]), today)


def _in_figures(match: re.Match[str], today: date) -> Reading | None:
    """Read "3/11"; "3.11" and "3-11" without a year only where nothing else can be meant."""
    year, text = _year(match, today), match.string
    alone = match[0].strip() == text.strip(" .,!?") or re.search(
        r"\b(?:on|dated?|of|is|was|from|says|printed) $", text[: match.start()]
    )
    if year is None and match["by"] != "/" and not alone:
        return None
    return _read(int(match["day"]), int(match["m"]), year, today)


def _written(match: re.Match[str], today: date) -> Reading:
    return _read(_nth(match["day"]), _month(match["month"]), _year(match, today), today)


def _two_days(match: re.Match[str], today: date) -> Reading:
    """Read "3rd or 4th of november"."""
    month, year = _month(match["month"]), _year(match, today)
    days = (_on(_nth(match[name]), month, year, today) for name in ("day", "day2"))
    return Reading(None, "several", tuple(day for day in days if day))


def _weekday_and_day(match: re.Match[str], today: date) -> Reading:
    """Read "Tuesday the 3rd": the newest 3rd where it was a Tuesday, else a question."""
    number, day = weekday_of(match["weekday"]), _nth(match["day"])
    months = (today - relativedelta(months=back) for back in range(13))
    days = [found for month in months if (found := day_of(month.year, month.month, day)) and found <= today]
    if days and days[0].weekday() == number:
        return Reading(days[0])
    fits = (found for found in days if found.weekday() == number)
    return Reading(None, "weekday", tuple(days[:1]) + tuple(fits)[:1])


_SIZES = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "fortnight": relativedelta(weeks=2),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
}


def _ago(match: re.Match[str], today: date) -> Reading:
    """Read "two weeks ago"; what is about, between or more than that is asked about."""
    unit = match["unit"].rstrip("s")
    unit = {"wk": "week", "mth": "month", "yr": "year"}.get(unit, unit)
    size = _SIZES[unit]
    counts = [_count(match[name]) for name in ("n", "n2") if match[name]]
    days = tuple(today - size * count for count in counts if count)
    rough = any(match[name] for name in ("near", "open", "n2", "half")) or unit == "year"
    rough = rough or match["n"].startswith("couple")
    if len(days) == 1 and not rough:
        return Reading(days[0])
    return Reading(None, "approximate", () if match["open"] or match["half"] else days)


def _near_today(match: re.Match[str], today: date) -> Reading:
    days = {"day before yesterday": 2, "yesterday": 1, "last night": 1, "tomorrow": -1}
    return Reading(today - timedelta(days=days.get(match["word"], 0)))


def _weekday(match: re.Match[str], today: date) -> Reading:
    """Read a weekday: the newest one before today, or the one of last week; others are asked about."""
    number, which, after = weekday_of(match["weekday"]), match["which"] or "", match["after"] or ""
    newest = today - timedelta(days=(today.weekday() - number) % 7 or 7)
    coming = newest + timedelta(days=7 if newest + timedelta(days=7) > today else 14)
    if after == "before last":
        return Reading(None, "unclear", (newest - timedelta(days=7),))
    if after == "week":
        return Reading(None, "future", (coming + timedelta(days=7),))
    if "next" in which or "coming" in which or after in ("next week", "coming"):
        return Reading(None, "future", (coming,))
    if which == "this" and number > today.weekday():
        return Reading(None, "unclear", (newest, coming))
    if after == "last week" or which.startswith("last week"):
        return Reading(today - timedelta(days=today.weekday() + 7 - number))
    if after == "the week before last":
        return Reading(today - timedelta(days=today.weekday() + 14 - number))
    return Reading(newest)


def _bare_day(match: re.Match[str], today: date) -> Reading:
    """Read "the 3rd": the month has to be asked for."""
    months = (today - relativedelta(months=back) for back in range(3))
    days = (day_of(month.year, month.month, _nth(match["day"])) for month in months)
    return Reading(None, "unclear", tuple(day for day in days if day and day <= today)[:1])


def _vague(_match: re.Match[str], _today: date) -> Reading:
    return Reading(None, "approximate")


_SHAPES: list[tuple[re.Pattern[str], Callable[[re.Match[str], date], Reading | None]]] = [
    (re.compile(shape), parse)
    for shape, parse in (
        (r"(?<![\d/.-])(?P<y>20\d\d)(?P<by>[/.-])(?P<m>\d{1,2})(?P=by)(?P<d>\d{1,2})(?!\d)", _iso),
        (
            rf"{_BEFORE}(?<!\d)(?P<day>{_DAY}) ?(?:or|to|and|-|/|&|till|until) ?(?:the )?(?P<day2>{_DAY})"
            rf"[ .,-]*(?:of )?(?P<month>{_MONTH}){_YEAR}",
            _two_days,
        ),
        (
            rf"{_BEFORE}(?<!\d)(?<!\d[/.:])(?P<day>{_DAY})[ .,/-]*(?:(?:day )?of )?(?:the )?"
            rf"(?P<month>{_MONTH}){_YEAR}",
            _written,
        ),
        (
            rf"{_BEFORE}\b(?P<month>{_MONTH})[ .,/-]*(?:the )?(?P<day>{_DAY}){_YEAR}"
            rf"(?! ?{_THINGS}| ?{_UNIT}\b)",
            _written,
        ),
        (
            rf"{_BEFORE}(?<![\d/.-])(?P<day>\d{{1,2}}) ?(?P<by>[/.-]) ?(?P<m>\d{{1,2}})"
            rf"(?: ?(?P=by) ?(?P<year>\d{{4}}|\d\d)|,? (?P<its_year>20\d\d))?"
            rf"(?![\d/]|[.-]\d)(?:,? (?P<shift>{_SHIFT}))?",
            _in_figures,
        ),
        (
            r"(?<![\d/.-])(?<!\d )(?P<day>\d{1,2})(?P<by> )(?P<m>\d{1,2}) (?P<year>20\d\d)(?! ?\d)",
            _in_figures,
        ),
        (
            rf"(?:\b(?:(?P<near>{_NEAR})|(?P<open>{_OPEN_ENDED})) (?:a |an )?)?(?P<n>{_COUNTED})"
            rf"(?: ?(?:-|or|to|and) ?(?P<n2>{_COUNTED}|a half))? ?(?P<unit>{_UNIT})'?"
            r"(?P<half> and a half| or so)? (?:ago|back|before now)\b(?: today\b)?",
            _ago,
        ),
        (rf"(?P<weekday>{_WEEKDAY}),? (?:the )?(?P<day>{_FIGURE} ?(?:st|nd|rd|th)\b)", _weekday_and_day),
        (
            r"\b(?:the )?(?P<word>day before yesterday|yesterday|last night|today|this morning|tomorrow)\b",
            _near_today,
        ),
        (
            r"(?:\b(?P<which>last week(?: on)?|last|this coming|this past|this|next|coming|past) )?"
            rf"(?P<weekday>{_WEEKDAY})"
            r"(?: (?P<after>last week|the week before last|before last|last|just gone|gone|"
            r"next week|week|coming)\b)?",
            _weekday,
        ),
        (
            rf"(?:^|\b(?:on|dated|from|of|is|says|was|it's|its|sorry|mean|meant|no) )(?:the )?"
            rf"(?P<day>{_FIGURE}(?:st|nd|rd|th))"
            r"(?= ?(?:$|[,.!?;)])| (?:and|but|i|it|or|which|sorry|no)\b)",
            _bare_day,
        ),
        (
            r"\b(?:last|the other) (?:week|month|term|year|weekend|half[ -]term|day|summer|spring|autumn|"
            r"winter|easter|christmas)\b|\ba (?:while|bit|long time|little while) (?:ago|back)\b|"
            r"\b(?:days|weeks|months|years|ages) (?:ago|back)\b|\bnot long ago\b",
            _vague,
        ),
        (_MONTH_ALONE.pattern, _vague),
    )
]
"""The shapes of a date with what reads them, the surest first."""
