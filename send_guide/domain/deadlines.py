"""Time limits: for each kind the last day, how it was found, and what else to know.

One rule a kind in :data:`DEADLINES`, a pure function of the date it counts from and a few facts. Where each
rule comes from stands beside it. Every reply that shows a deadline also says to check it with IASS or IPSEA.

Two things run through all of them. "Within 2 months of" a day leaves that day out; "beginning with" it counts
it, so the last day is one earlier. And the Tribunal's own rules move a last day that is no working day
(rule 12), while a limit that stands in an Act or in other regulations stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta

from send_guide.content.schema import Deadline as Kind
from send_guide.domain.dates import spoken

CHECK = "Check the date with your local advice service (IASS) or IPSEA. Do not wait for the last day."
LATE_CERTIFICATE_MONTHS = 4
"""A certificate later than this after the letter is seldom about that letter: there are 2 months to contact
the adviser, and mediation takes about 2 more at most."""
SCHOOL_DAYS = 15
COURT = frozenset({"college", "nursery", "childminder"})
"""Settings whose discrimination claims go to the county court and not to the Tribunal."""


@dataclass(frozen=True)
class Deadline:
    """A time limit.

    Attributes:
        title: what has to be done by then.
        last_day: the last day on which it can be done.
        working: how that day was found, a sentence a line.
        kind: the id of its rule; empty where it came from a person's screen.
        notes: what else to know, the most important first, a sentence or two each.
        late: what can be done when the day has passed.
    """

    title: str
    last_day: date
    working: tuple[str, ...]
    kind: str = ""
    notes: tuple[str, ...] = ()
    late: str = ""


@dataclass(frozen=True)
class Facts:
    """What a rule takes into account beside its date. What is not known is left out.

    Attributes:
        setting: where it happened, or who holds the records: an option of the path's question ``setting``.
        decision: what the council decided: an option of the path's question ``decision``.
        certificate: the date on the mediation certificate.
        to_college: whether a young person moves from secondary school to a college or other post-16 place.
    """

    setting: str = ""
    decision: str = ""
    certificate: date | None = None
    to_college: bool = False


@dataclass(frozen=True)
class Rule:
    """How a kind of time limit is worked out.

    Attributes:
        kind: its id, as content names it.
        about: what it is a limit for, as the end of "the last day ...".
        counts_from: the date it counts from, in words: "Which is ...?".
        question: the question of the path whose answer is that date; empty where the path asks none.
        work_out: the rule itself. It raises ValueError where the dates cannot be right.
    """

    kind: Kind
    about: str
    counts_from: str
    question: str
    work_out: Callable[[date, Facts], Deadline]


def today() -> date:
    """Return today's date in London."""
    return datetime.now(ZoneInfo("Europe/London")).date()


# --- What people must do ----------------------------------------------------------------------------


def appeal(decision: date, facts: Facts) -> Deadline:
    """Return the last day for an appeal to the SEND Tribunal.

    Two months from the decision letter or one month from the mediation certificate, whichever is later; for
    an appeal about section I alone there is no certificate. By 5pm. A day in August, or from 25 December to
    1 January, moves to the first working day after it; any other day that is no working day to the next one.
    Each of the two dates is moved before they are compared. (Tribunal Procedure (First-tier Tribunal)
    (Health, Education and Social Care Chamber) Rules 2008, rules 1(3), 12(1) to (3) and 20(1)(c); Children
    and Families Act 2014, section 55.)

    Args:
        decision: the date on the council's decision letter.
        facts: decision and certificate count.

    Raises:
        ValueError: the certificate is older than the decision it is about.
    """
    about_school_only = facts.decision == "school"
    certificate = None if about_school_only else facts.certificate
    if certificate is not None and certificate < decision:
        raise ValueError("the certificate cannot be older than the decision")
    plain = _months_after(decision, 2)
    last, moved = _in_tribunal_time(plain)
    working = [f"2 months after the decision letter of {spoken(decision)}: {spoken(plain)}.", *moved]
    notes = ["The Tribunal must have received it by 5pm on that day."]
    if certificate is not None:
        by_letter, plain = last, _months_after(certificate, 1)
        by_certificate, moved = _in_tribunal_time(plain)
        working += [
            f"1 month after the mediation certificate of {spoken(certificate)}: {spoken(plain)}.",
            *moved,
            f"The later of the two counts: {spoken(max(by_letter, by_certificate))}.",
        ]
        last = max(by_letter, by_certificate)
        notes.append(
            "The month from the certificate helps only if the mediation adviser was contacted within "
            "2 months of the letter."
        )
        if certificate > _months_after(decision, LATE_CERTIFICATE_MONTHS):
            notes.append(
                f"The certificate is dated more than {LATE_CERTIFICATE_MONTHS} months after the letter. "
                "Please look at both dates again, and ask IASS or IPSEA today. By the letter alone the last "
                f"day is {spoken(by_letter)}."
            )
    elif about_school_only:
        notes.append("You do not need a mediation certificate for an appeal about the school alone.")
    else:
        notes.append(
            "With a mediation certificate it is 1 month after the date on it, where that is later and the "
            "adviser was contacted within the 2 months."
        )
    return Deadline(
        "Last day to appeal to the SEND Tribunal",
        last,
        tuple(working),
        "appeal",
        tuple(notes),
        "The Tribunal may let in a late one, but do not count on it. Send it at once and say why it is late.",
    )


def mediation(decision: date, _facts: Facts) -> Deadline:
    """Return the last day to contact the mediation adviser, two months after the decision was sent.

    Nothing moves it: rule 12 is about the Tribunal only. (Special Educational Needs and Disability
    Regulations 2014, regulations 32(2) and 33.)

    Args:
        decision: the date on the council's decision letter.
    """
    last = _months_after(decision, 2)
    notes = _act_before(last)
    if _is_closed(last):
        notes = ("August and Christmas do not make this time limit longer.", *notes)
    return Deadline(
        "Last day to contact the mediation adviser",
        last,
        (f"2 months after the decision letter of {spoken(decision)}: {spoken(last)}.",),
        "mediation",
        notes,
        "Ring the adviser all the same, and ask the Tribunal at once if you can appeal without it.",
    )


def discrimination(act: date, facts: Facts) -> Deadline:
    """Return the last day for a disability discrimination claim: six months less a day.

    About a school the claim goes to the Tribunal (Equality Act 2010, Schedule 17, paragraph 4), about a
    college, a private nursery or a childminder to the county court (section 118). The months start with the
    day itself. Rule 12(2) does not move a limit that stands in an Act, and since 21 July 2020 rule 12(3) is
    for special educational needs cases only (Tribunal Procedure (Amendment) Rules 2020), so neither weekends
    nor August nor Christmas make it longer.

    Args:
        act: the day on which it happened, the last one where it goes on.
        facts: setting counts.
    """
    last = _months_after(act, 6) - timedelta(days=1)
    if facts.setting in COURT:
        where = "be brought in the county court"
        notes = ("A court has its own forms and fees. Get advice soon.",)
    else:
        where = "reach the SEND Tribunal"
        notes = ("The Tribunal must have received it by 5pm on that day.",)
    return Deadline(
        f"Last day for a disability discrimination claim to {where}",
        last,
        (
            f"6 months, counted from the day it happened, {spoken(act)}. That day counts as the first: "
            f"{spoken(last)}.",
            "August and Christmas do not make this time limit longer. Until July 2020 they did, and older "
            "pages may still say so.",
        ),
        "discrimination",
        (*notes, *_act_before(last)),
        "A late claim is let in only if that is just and equitable (fair to both). Get advice today.",
    )


def draft_plan(served: date, _facts: Facts) -> Deadline:
    """Return the last day to answer a draft plan or a notice of changes: 15 days, weekends counted.

    They begin with the day on which it was served, which so counts as the first. (Special Educational Needs
    and Disability Regulations 2014, regulations 13(1)(a) and 22(2)(c).)

    Args:
        served: the day on which it came; the date on the letter is safe.
    """
    last = served + timedelta(days=14)
    return Deadline(
        "Last day to answer the draft plan or the planned changes",
        last,
        (
            f"15 days, weekends counted. {spoken(served)} is the first of them: {spoken(last)}.",
            "It is at least 15 days. The council's letter may give you more.",
        ),
        "draft-plan",
        (
            *_act_before(last),
            "You can ask for a meeting and name a school in the same time.",
            "You are not sure when it came? Count from the date on the letter.",
        ),
        "Answer all the same, today: the council can still look at it before the plan is final. The final "
        "plan can be appealed.",
    )


def ombudsman(noticed: date, _facts: Facts) -> Deadline:
    """Return the last day for a complaint to the Local Government and Social Care Ombudsman.

    12 months beginning with the day on which the person first had notice of the matter. (Local Government
    Act 1974, section 26B.)

    Args:
        noticed: that day.
    """
    last = _months_after(noticed, 12) - timedelta(days=1)
    return Deadline(
        "Last day to complain to the Local Government and Social Care Ombudsman",
        last,
        (
            f"12 months, counted from the day you first knew, {spoken(noticed)}. That day counts as the "
            f"first: {spoken(last)}.",
        ),
        "ombudsman",
        (
            "Complain to the council first, and leave it time to answer.",
            "It is not for what can be appealed to the Tribunal.",
        ),
        "The Ombudsman may look at a late complaint where there is a good reason. Say why it is late.",
    )


def exclusion_review(notice: date, _facts: Facts) -> Deadline:
    """Return the last day to ask for an independent review of a permanent exclusion: 15 school days.

    After the day on which notice of the governors' decision is given in writing. (School Discipline (Pupil
    Exclusions and Reviews) (England) Regulations 2012, Schedule 1, paragraph 2.) Weekends and bank holidays
    are no school days; a school's own holidays are not known here, and they only make the time longer.

    Args:
        notice: the date on the governors' letter.
    """
    last = _school_days_after(notice, SCHOOL_DAYS)
    return Deadline(
        "Last day to ask for an independent review of a permanent exclusion",
        last,
        (
            f"15 school days after the governors' letter of {spoken(notice)}, without weekends and bank "
            f"holidays: {spoken(last)}.",
            "I do not know the school's holidays and training days. They do not count, so the real last day "
            "may be later. This one is safe.",
        ),
        "exclusion-review",
        (
            "Ask for a SEN expert at the review in the same letter.",
            "A discrimination claim has its own limit: 6 months less a day.",
        ),
        "Count the school's holidays and training days: they do not count. If it is over, ask IASS today.",
    )


# --- What others must do ----------------------------------------------------------------------------

COMPLAIN = "It is late. Write to the council at once and complain; the Ombudsman can look at delay."
EXCEPTIONS = "There are few exceptions in the regulations. A shortage of psychologists is not one of them."


def six_weeks(asked: date, _facts: Facts) -> Deadline:
    """Return the day by which the council must say whether it will assess: 6 weeks from the request.

    (Special Educational Needs and Disability Regulations 2014, regulation 5(1).)

    Args:
        asked: the day on which the council got the request.
    """
    return _weeks("six-weeks", "The council must say by then if it will assess", asked, 6, "the request")


def sixteen_weeks(asked: date, _facts: Facts) -> Deadline:
    """Return the day by which the council must say that there will be no plan: 16 weeks from the request.

    (Special Educational Needs and Disability Regulations 2014, regulation 10(1).)

    Args:
        asked: the day on which the council got the request.
    """
    title = "The council must say by then if there will be no EHC plan"
    return _weeks("sixteen-weeks", title, asked, 16, "the request", "A no can be appealed, within 2 months.")


def twenty_weeks(asked: date, _facts: Facts) -> Deadline:
    """Return the day by which the council must send the final plan: 20 weeks from the request.

    (Special Educational Needs and Disability Regulations 2014, regulation 13(2) and (3).)

    Args:
        asked: the day on which the council got the request.
    """
    title = "The council must send the final EHC plan by then"
    return _weeks("twenty-weeks", title, asked, 20, "the request", EXCEPTIONS)


def review_decision(meeting: date, _facts: Facts) -> Deadline:
    """Return the day by which the council must decide after a yearly review: 4 weeks from the meeting.

    (Special Educational Needs and Disability Regulations 2014, regulation 20(10).)

    Args:
        meeting: the day of the review meeting.
    """
    title = "The council must say by then if it keeps, changes or ends the plan"
    return _weeks("review-decision", title, meeting, 4, "the review meeting")


def amended_plan(meeting: date, _facts: Facts) -> Deadline:
    """Return the day by which the council must send the final amended plan: 12 weeks from the meeting.

    4 weeks to decide and to send the notice of changes with it, and 8 from that notice. (Special Educational
    Needs and Disability Regulations 2014, regulations 20(10) and 22(3) and (4); R (L, M and P) v Devon County
    Council [2022] EWHC 493 (Admin).)

    Args:
        meeting: the day of the review meeting.
    """
    return _weeks(
        "amended-plan",
        "The council must send the final changed plan by then",
        meeting,
        12,
        "the review meeting",
        "That is 4 weeks to decide and 8 more from the notice of changes.",
    )


def phase_transfer(move: date, facts: Facts) -> Deadline:
    """Return the last day for the plan to name the next place: 14 February, or 30 March after secondary.

    It must be done before 15 February, or before 31 March, in the calendar year of the move. (Special
    Educational Needs and Disability Regulations 2014, regulation 18(1).)

    Args:
        move: the first day in the new school or college.
        facts: to_college counts.
    """
    for_college = date(move.year, 3, 31)
    before = for_college if facts.to_college else date(move.year, 2, 15)
    last = before - timedelta(days=1)
    which = (
        "a move from secondary school to a college or other place after 16"
        if facts.to_college
        else ("a move to a new school")
    )
    other = (
        "A move between two colleges has another limit: 5 months before it."
        if facts.to_college
        else f"For a move from secondary school to a college it is before {spoken(for_college)}."
    )
    return Deadline(
        "The plan must be reviewed and name the next place by then",
        last,
        (f"For {which} it must be done before {spoken(before)}, so by {spoken(last)}.",),
        "phase-transfer",
        (other, "The final plan can be appealed, within 2 months of its letter."),
        "It is late. Write to the council at once. Ask IPSEA about judicial review, which has to be quick.",
    )


def records(asked: date, facts: Facts) -> Deadline:
    """Return the day by which records must be given: one month, from a maintained school 15 school days.

    One month from the day the request came, whatever day that was; on a weekend or a bank holiday the next
    working day (UK GDPR, articles 12(3) and 15; the Information Commissioner's guidance on the right of
    access). A parent's request for the educational record of a pupil at a maintained school: 15 school days
    (Education (Pupil Information) (England) Regulations 2005, SI 2005/1437, regulation 5).

    Args:
        asked: the day on which the school or the council got the request.
        facts: setting counts.
    """
    month = _months_after(asked, 1)
    last = _working_day_from(month)
    working = [f"1 month after the request of {spoken(asked)}: {spoken(month)}."]
    if last != month:
        working.append(f"{_why_no_working_day(month)}, so it is the next working day, {spoken(last)}.")
    notes = [
        "If it is complex they may take up to 2 months more. They must tell you so within the first month."
    ]
    if facts.setting == "maintained":
        fifteen = _school_days_after(asked, SCHOOL_DAYS)
        working.append(
            f"A parent can have the educational record of a school run with the council sooner, in 15 school "
            f"days: {spoken(fifteen)}, later by the days of the school's holidays."
        )
        notes.insert(0, f"All that is held about you or your child: by {spoken(last)}.")
        last = fifteen
    return Deadline(
        "The records must be given by then",
        last,
        tuple(working),
        "records",
        tuple(notes),
        "Write again, and complain to the Information Commissioner.",
    )


DEADLINES: dict[str, Rule] = {
    rule.kind: rule
    for rule in (
        Rule(
            "appeal", "to appeal to the SEND Tribunal", "the date on the council's letter", "decided", appeal
        ),
        Rule(
            "mediation",
            "to contact the mediation adviser",
            "the date on the council's letter",
            "decided",
            mediation,
        ),
        Rule(
            "discrimination",
            "for a disability discrimination claim",
            "the day on which it happened, or the last time where it happened more than once",
            "happened",
            discrimination,
        ),
        Rule(
            "draft-plan",
            "to answer a draft plan or planned changes",
            "the day on which the draft plan or the notice of changes came",
            "",
            draft_plan,
        ),
        Rule(
            "six-weeks",
            "for the council to say if it will assess",
            "the day on which the council got the request for an assessment",
            "",
            six_weeks,
        ),
        Rule(
            "sixteen-weeks",
            "for the council to say that there will be no plan",
            "the day on which the council got the request for an assessment",
            "",
            sixteen_weeks,
        ),
        Rule(
            "twenty-weeks",
            "for the council to send the final plan",
            "the day on which the council got the request for an assessment",
            "",
            twenty_weeks,
        ),
        Rule(
            "review-decision",
            "for the council to decide after a yearly review",
            "the day of the review meeting",
            "",
            review_decision,
        ),
        Rule(
            "amended-plan",
            "for the council to send the changed plan",
            "the day of the review meeting",
            "",
            amended_plan,
        ),
        Rule(
            "phase-transfer",
            "for the plan to name the next school or college",
            "the first day in the new school or college",
            "",
            phase_transfer,
        ),
        Rule(
            "ombudsman",
            "to complain to the Ombudsman",
            "the day on which you first knew of the problem",
            "",
            ombudsman,
        ),
        Rule(
            "exclusion-review",
            "to ask for an independent review of a permanent exclusion",
            "the date on the governors' letter",
            "",
            exclusion_review,
        ),
        Rule(
            "records",
            "for records to be given",
            "the day on which the school or the council got your request",
            "",
            records,
        ),
    )
}
"""The rule of every kind of time limit that content may name (``send_guide.content.schema.Deadline``)."""


# --- Counting ---------------------------------------------------------------------------------------


def _weeks(kind: Kind, title: str, start: date, weeks: int, what: str, *notes: str) -> Deadline:
    """Return a limit of so many weeks that is the council's; the day it starts on is not counted."""
    last = start + timedelta(weeks=weeks)
    working = f"{weeks} weeks after {what} of {spoken(start)}: {spoken(last)}."
    return Deadline(title, last, (working,), kind, notes, COMPLAIN)


def _months_after(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last day of a month that is too short for it."""
    later: date = day + relativedelta(months=months)
    return later


def _in_tribunal_time(last: date) -> tuple[date, tuple[str, ...]]:
    """Return where rule 12 moves a last day of the Tribunal's to, and why, a sentence a line."""
    if not _is_closed(last):
        moved = _working_day_from(last)
        if moved == last:
            return last, ()
        return moved, (
            f"{_why_no_working_day(last)}, so the last day is the next working day, {spoken(moved)} "
            f"(rule 12(2)). Better send it so that it is there by {spoken(_working_day_before(last))}.",
        )
    if last.month == 8:
        first, why = date(last.year, 9, 1), "That is in August, which does not count"
    else:
        first, why = date(last.year + (last.month == 12), 1, 2), "That is between 25 December and 1 January"
    moved = _working_day_from(first)
    if moved == first:
        return moved, (f"{why}, so the last day is {spoken(moved)} (rule 12(3)).",)
    return moved, (
        f"{why}, so the last day is the first working day after that (rule 12(3)).",
        f"{_why_no_working_day(first)}, so it is {spoken(moved)}.",
    )


def _is_closed(day: date) -> bool:
    """Return whether a day lies in August or from 25 December to 1 January."""
    return day.month == 8 or (day.month, day.day) >= (12, 25) or (day.month, day.day) == (1, 1)


def _act_before(last: date) -> tuple[str, ...]:
    """Return what to say where a last day that does not move is no working day; nothing where it is one."""
    if _is_working_day(last):
        return ()
    before = _working_day_before(last)
    return (f"{_why_no_working_day(last)}. Go by the {before:%A} before, {spoken(before)}.",)


def _why_no_working_day(day: date) -> str:
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


def _working_day_from(day: date) -> date:
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


def _school_days_after(day: date, number: int) -> date:
    """Return the day that is so many working days after ``day``; a school's holidays are not known."""
    for _ in range(number):
        day = _working_day_from(day + timedelta(days=1))
    return day
