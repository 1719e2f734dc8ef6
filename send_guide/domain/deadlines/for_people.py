"""What people must do by a day: appeal, contact the mediation adviser, claim, answer, complain, ask.

One rule a kind, a pure function of the date it counts from and a few facts. Where each rule comes from
stands beside it.

Two things run through all of them. "Within 2 months of" a day leaves that day out; "beginning with" it counts
it, so the last day is one earlier. And the Tribunal's own rules move a last day that is no working day
(rule 12), while a limit that stands in an Act or in other regulations stays where it is.
"""

from __future__ import annotations

from datetime import date, timedelta

from send_guide.domain.dates import spoken
from send_guide.domain.deadlines.counting import (
    SCHOOL_DAYS,
    act_before,
    in_tribunal_time,
    is_closed,
    months_after,
    school_days_after,
)
from send_guide.domain.deadlines.time_limit import Deadline, Facts

LATE_CERTIFICATE_MONTHS = 4
"""A certificate later than this after the letter is seldom about that letter: there are 2 months to contact
the adviser, and mediation takes about 2 more at most."""
TRAVEL_DAYS = 20
"""Working days to appeal a no to free school travel."""
COURT = frozenset({"college", "nursery", "childminder"})
"""Settings whose discrimination claims go to the county court and not to the Tribunal."""


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
    plain = months_after(decision, 2)
    last, moved = in_tribunal_time(plain)
    working = [f"2 months after the decision letter of {spoken(decision)}: {spoken(plain)}.", *moved]
    notes = ["The Tribunal must have received it by 5pm on that day."]
    if certificate is not None:
        by_letter, plain = last, months_after(certificate, 1)
        by_certificate, moved = in_tribunal_time(plain)
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
        if certificate > months_after(decision, LATE_CERTIFICATE_MONTHS):
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
    last = months_after(decision, 2)
    notes = act_before(last)
    if is_closed(last):
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
    last = months_after(act, 6) - timedelta(days=1)
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
        (*notes, *act_before(last)),
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
            *act_before(last),
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
    last = months_after(noticed, 12) - timedelta(days=1)
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
    last = school_days_after(notice, SCHOOL_DAYS)
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


def transport_appeal(letter: date, _facts: Facts) -> Deadline:
    """Return the last day to ask the council to look again at a no to free school travel: 20 working days.

    From the day on which the decision came. (Education Act 1996, section 508B; Department for Education:
    Travel to school for children of compulsory school age, statutory guidance, the
    recommended review and appeals process.) Counted from the date on the letter, which is never later than
    the day it came.

    Args:
        letter: the date on the council's letter.
    """
    last = school_days_after(letter, TRAVEL_DAYS)
    return Deadline(
        "Last day to appeal to the council about free school travel",
        last,
        (
            f"20 working days after the letter of {spoken(letter)}, without weekends and bank holidays: "
            f"{spoken(last)}.",
        ),
        "transport-appeal",
        (
            "Look at the letter: if it names an earlier day, that one counts.",
            "This appeal goes to the council, not the SEND Tribunal. After its answer, 20 working days run "
            "again.",
            "Is no travel also in a new final plan? That appeal has 2 months, at the SEND Tribunal.",
        ),
        "Ask the council to take it late, and why. Then the Ombudsman, within 12 months of when you knew.",
    )
