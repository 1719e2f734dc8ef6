"""What councils, schools and others must do by a day: decide, send the plan, give records.

One rule a kind, as in ``for_people.py``. Where each rule comes from stands beside it.
"""

from __future__ import annotations

from datetime import date, timedelta

from send_guide.content.schema import Deadline as Kind
from send_guide.domain.dates import spoken
from send_guide.domain.deadlines.counting import (
    SCHOOL_DAYS,
    months_after,
    school_days_after,
    why_no_working_day,
    working_day_from,
)
from send_guide.domain.deadlines.time_limit import Deadline, Facts

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
    """Return the day before which the plan must name the next place: 15 February, 31 March after secondary.

    In the calendar year of the move. (Special Educational Needs and Disability Regulations 2014,
    regulation 18(1).)

    Args:
        move: the first day in the new school or college.
        facts: to_college counts.
    """
    last = date(move.year, 3, 31) if facts.to_college else date(move.year, 2, 15)
    which = (
        "a move from secondary school to a college or other place after 16"
        if facts.to_college
        else ("a move to a new school")
    )
    other = (
        "A move between two colleges has another limit: 5 months before it."
        if facts.to_college
        else f"For a move from secondary school to a college it is before {spoken(date(move.year, 3, 31))}."
    )
    return Deadline(
        "The plan must be reviewed and name the next place before",
        last,
        (f"For {which} in {move.year} it must be done before {spoken(last)}.",),
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
    month = months_after(asked, 1)
    last = working_day_from(month)
    working = [f"1 month after the request of {spoken(asked)}: {spoken(month)}."]
    if last != month:
        working.append(f"{why_no_working_day(month)}, so it is the next working day, {spoken(last)}.")
    notes = [
        "If it is complex they may take up to 2 months more. They must tell you so within the first month."
    ]
    if facts.setting == "maintained":
        fifteen = school_days_after(asked, SCHOOL_DAYS)
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


def _weeks(kind: Kind, title: str, start: date, weeks: int, what: str, *notes: str) -> Deadline:
    """Return a limit of so many weeks that is the council's; the day it starts on is not counted."""
    last = start + timedelta(weeks=weeks)
    working = f"{weeks} weeks after {what} of {spoken(start)}: {spoken(last)}."
    return Deadline(title, last, (working,), kind, notes, COMPLAIN)
