"""Dates as people type them: which day is taken, what is asked about, what is no date at all.

It is Saturday 28 November 2026.
"""

import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from send_guide.domain.date_grammar import COMING_DAYS
from send_guide.domain.dates import ask_back, read, read_month, spoken

TODAY = date(2026, 11, 28)

DAYS = """
3rd of march | 2026-03-03
3 March | 2026-03-03
march 3rd | 2026-03-03
Mar 3 2025 | 2025-03-03
3march | 2026-03-03
3 mar | 2026-03-03
the letter is dated 3rd March 2026, it came later | 2026-03-03
12/03 | 2026-03-12
12/03/26 | 2026-03-12
12/3/2026 | 2026-03-12
12.3.2026 | 2026-03-12
12.03.26 | 2026-03-12
12-03-2026 | 2026-03-12
12 / 03 / 2026 | 2026-03-12
3/11 2025 | 2025-11-03
3.11 | 2026-11-03
I think it was 3.11 | 2026-11-03
2026-03-12 | 2026-03-12
2026/05/08 | 2026-05-08
2026.05.08 | 2026-05-08
2026-11-03T10:15 | 2026-11-03
3-Nov-2026 | 2026-11-03
3–11–2026 | 2026-11-03
3—11—2026 | 2026-11-03
3 11 2026 | 2026-11-03
03 11 2026 | 2026-11-03
3.nov.2026 | 2026-11-03
3rd Nov., 2026 | 2026-11-03
Nov 3rd, 2026 | 2026-11-03
3 november '26 | 2026-11-03
6 nov 26 | 2026-11-06
3rd of nov 24 | 2024-11-03
14 november 2026 | 2026-11-14
14th of october | 2026-10-14
1st december 2026 | 2026-12-01
3 march 2027 | 2027-03-03
29 feb | 2024-02-29
14th febuary | 2026-02-14
5 novemeber | 2026-11-05
5 novmber | 2026-11-05
9 septmber | 2026-09-09
third of november | 2026-11-03
the twenty-first of october | 2026-10-21
thirty first of october | 2026-10-31
３ November ２０２６ | 2026-11-03
3 NOVEMBER 2026 | 2026-11-03
letter dated 14 November 2026, will not carry out an assessment, by when? | 2026-11-14
3rd november last year | 2025-11-03
3 november this year | 2026-11-03
last year on 3 november | 2025-11-03
3rd november two years ago | 2024-11-03
14/11 last year | 2025-11-14
last tuesday | 2026-11-24
it came on tuesday | 2026-11-24
last wednesday | 2026-11-25
wednesday | 2026-11-25
saturday | 2026-11-21
tuesday last week | 2026-11-17
last week on tuesday | 2026-11-17
wednesday gone | 2026-11-25
last wensday | 2026-11-25
on sat | 2026-11-21
last thurs | 2026-11-26
Tuesday the 3rd | 2026-11-03
tuesday 3rd | 2026-11-03
friday 6 november | 2026-11-06
friday the 6th of november | 2026-11-06
6 november, a friday | 2026-11-06
fri 6 nov | 2026-11-06
mon 23/11 | 2026-11-23
monday 23/11/26 | 2026-11-23
yesterday | 2026-11-27
yesturday | 2026-11-27
it came yesterday | 2026-11-27
the day before yesterday | 2026-11-26
last night | 2026-11-27
today | 2026-11-28
this morning | 2026-11-28
tomorrow | 2026-11-29
two weeks ago | 2026-11-14
2 wks ago | 2026-11-14
2wks ago | 2026-11-14
a fortnight ago | 2026-11-14
twenty one days ago | 2026-11-07
twenty-one days ago | 2026-11-07
10 days ago | 2026-11-18
3 weeks back | 2026-11-07
a week ago today | 2026-11-21
a month ago | 2026-10-28
I got it on 20 november but it is dated 2 november | 2026-11-02
dated 2 november, arrived on 20 november | 2026-11-02
the letter says 2 november, it came on 20 november | 2026-11-02
it came 20 november, 2 november is printed on it | 2026-11-02
20 november is when i got it, the letter says 2 november | 2026-11-02
I got it yesterday, 3 november is on the letter | 2026-11-03
I received it on the 20th, date on the letter 2 november | 2026-11-02
got it last week, the date is 13 november 2026 | 2026-11-13
I got it on 20 november | 2026-11-20
2 november no sorry 12 november | 2026-11-12
2 november, i mean 12 november | 2026-11-12
2 november. sorry, it's the 12 november | 2026-11-12
2 november no 12 november | 2026-11-12
2 november wait 12 november actually 13 november | 2026-11-13
dated 2 november no sorry dated 12 november | 2026-11-12
2 november 2026 (2/11/26) | 2026-11-02
our ref 12/10 dated 3 november | 2026-11-03
Our Ref: SEN/2026/0412, 3 November 2026 | 2026-11-03
case no 12/10/26 letter of 3 november | 2026-11-03
he is in year 5/6 and the letter is dated 3 november | 2026-11-03
year 5. 14 november | 2026-11-14
at 9.30 on 3 november | 2026-11-03
3 november 10am | 2026-11-03
3 november at 10:15 | 2026-11-03
3 november 14 days | 2026-11-03
dob 3/5/2018, letter 2 november | 2026-11-02
he was born on 3 may 2018, they wrote on 2 november | 2026-11-02
call 0300 303 5857 about the letter of 3 november | 2026-11-03
my name is june and it is dated 3 november | 2026-11-03
friday's letter | 2026-11-27
"""

NONE = """

i dont know
december
99/99
1st december 1066
0300 303 5857
may be
i may have lost it
3 may be ok
the 2nd may help
year 4
he is in year 5/6
year 5 or 6
he gets 9.5 hours
9.5 hours a week
he gets 5/6 lessons
we sat down with 3 of them
3 of them
he sat the test
out in the sun
our ref 12/10
ref 2026/11/03
24/7
50/50
1:1 support
1/2 days
3/4 of the time
£12/10
at 9.30
10.15am
monday to friday
every friday
on fridays
born on 3 may 2018
section 12.3
2 weeks
v2.11
see http://example.org/2026/11/03/x
"""

ASKED = """
3rd or 4th of november | several | 2026-11-03 2026-11-04
3rd november or 4th november | several | 2026-11-03 2026-11-04
between 3 and 10 november | several | 2026-11-03 2026-11-10
12/10 or 10/12 | several | 2026-10-12 2025-12-10
3 november and 10 november | several | 2026-11-03 2026-11-10
2-3 weeks ago | approximate | 2026-11-14 2026-11-07
2 or 3 weeks ago | approximate | 2026-11-14 2026-11-07
two to three weeks ago | approximate | 2026-11-14 2026-11-07
more than 2 months ago | approximate |
over a month ago | approximate |
nearly 2 months ago | approximate |
about 10 days ago i think | approximate | 2026-11-18
a couple of weeks ago | approximate | 2026-11-14
a few weeks ago | approximate |
a week and a half ago | approximate |
2.5 weeks ago | approximate |
a year ago | approximate | 2025-11-28
ages ago | approximate |
last week | approximate |
last month | approximate |
the other day | approximate |
in march | approximate |
november 2026 | approximate |
early november | approximate |
friday 7 november | weekday | 2026-11-07 2025-11-07
friday 8 november 2026 | weekday | 2026-11-08
Tuesday the 4th | weekday | 2026-11-04 2026-08-04
the friday before last | unclear | 2026-11-20
the 3rd | unclear | 2026-11-03
dated the 3rd | unclear | 2026-11-03
20 december | year | 2025-12-20 2026-12-20
7 jan | year | 2026-01-07 2027-01-07
2 november no sorry the 12th | unclear | 2026-11-12
11/23/2026 | unclear | 2026-11-23
next friday | future | 2026-12-04
this coming friday | future | 2026-12-04
friday week | future | 2026-12-11
31 november | impossible |
30/02/2026 | impossible |
29 february 2026 | impossible |
feb 31 | impossible |
"""


def table(lines: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in lines.strip("\n").splitlines()]


def test_the_table_is_large() -> None:
    assert len(table(DAYS)) + len(table(NONE)) + len(table(ASKED)) >= 180


@pytest.mark.parametrize(("text", "meant"), table(DAYS))
def test_one_day_is_taken(text: str, meant: str) -> None:
    assert str(read(text, TODAY).day) == meant


@pytest.mark.parametrize("text", NONE.strip("\n").splitlines())
def test_figures_that_are_no_date_are_no_date(text: str) -> None:
    reading = read(text, TODAY)
    assert reading.day is None
    assert not reading.must_ask, reading


@pytest.mark.parametrize(("text", "why", "days"), table(ASKED))
def test_what_may_mean_another_day_is_asked_about(text: str, why: str, days: str) -> None:
    reading = read(text, TODAY)
    assert reading.day is None
    assert reading.why == why
    assert [str(day) for day in reading.candidates] == days.split()
    assert read(text, TODAY).day is None


@pytest.mark.parametrize("text", [row[0] for row in table(ASKED)])
def test_the_question_names_the_days_that_may_be_meant(text: str) -> None:
    reading = read(text, TODAY)
    asked = ask_back(reading)
    assert all(spoken(day) in asked for day in reading.candidates)
    assert "?" in asked or "Please type" in asked


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("complained in september 2024", "2024-09"),
        ("september 2024", "2024-09"),
        ("I wrote to the head in March", "2026-03"),
        ("back in september last year", "2025-09"),
        ("in december", "2025-12"),
        ("it is from march", "2026-03"),
        ("3 november 2025", "2025-11"),
        ("three weeks ago", "2026-11"),
        ("about 10 days ago", "2026-11"),
        ("3rd or 4th of november", "2026-11"),
        ("in march 2027", None),
        ("3 december 2026", None),
        ("we may go", None),
        ("born on 3 may 2018", None),
        ("more than 2 months ago", None),
        ("", None),
    ],
)
def test_the_month_keeps_a_year_that_is_said(text: str, month: str | None) -> None:
    assert read_month(text, TODAY) == month


DATES = st.dates(date(2020, 1, 1), date(2035, 12, 31))
VOCABULARY = """3 11 2026 nov november may 3rd 1st 31 of or and the last next friday tues sat week weeks ago a two
year 5/6 12/10 - / . 0 dated got on no sorry mean about ref : 99 in 2024 before"""
WORDS = st.sampled_from(VOCABULARY.split())


@given(st.one_of(st.text(max_size=80), st.text(string.printable, max_size=80), st.lists(WORDS, max_size=14).map(" ".join)), DATES)  # fmt: skip
def test_nothing_that_is_typed_breaks_it(text: str, today: date) -> None:
    reading = read(text, today)
    assert reading.day is None or not reading.must_ask
    if reading.must_ask:
        ask_back(reading)
    month = read_month(text, today)
    assert month is None or month <= f"{today:%Y-%m}"


@pytest.mark.parametrize("text", ["3" * 5000, "a " * 5000, "1/" * 5000, "3 nov " * 1000, "no sorry " * 2000])
def test_a_long_text_is_read_in_a_moment(text: str) -> None:
    read(text, TODAY)


@given(st.dates(TODAY - timedelta(days=3000), TODAY))
def test_a_date_is_read_back_however_it_is_written(day: date) -> None:
    for form in (
        "%d/%m/%Y",
        "%d.%m.%Y",
        "%d-%m-%Y",
        "%Y-%m-%d",
        "%d %b %Y",
        "%d %B %Y",
        "%A %d %B %Y",
        "%B %d, %Y",
    ):
        assert read(day.strftime(form), TODAY).day == day, form
    assert read(spoken(day), TODAY).day == day


@given(st.dates(TODAY - timedelta(days=364 - COMING_DAYS), TODAY))
def test_without_a_year_the_newest_is_meant(day: date) -> None:
    assert read(f"{day.day} {day:%B}", TODAY).day == day


@given(DATES, st.integers(1, 90))
def test_days_and_weeks_ago_are_counted_back(today: date, number: int) -> None:
    assert read(f"{number} days ago", today).day == today - timedelta(days=number)
    assert read(f"{number} weeks ago", today).day == today - timedelta(weeks=number)
