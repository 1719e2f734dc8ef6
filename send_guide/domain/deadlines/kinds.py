"""Every kind of time limit, in the order in which they are listed."""

from __future__ import annotations

from send_guide.domain.deadlines.for_others import (
    amended_plan,
    phase_transfer,
    records,
    review_decision,
    six_weeks,
    sixteen_weeks,
    twenty_weeks,
)
from send_guide.domain.deadlines.for_people import (
    appeal,
    discrimination,
    draft_plan,
    exclusion_review,
    mediation,
    ombudsman,
    transport_appeal,
)
from send_guide.domain.deadlines.time_limit import Rule

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
            "transport-appeal",
            "to appeal a no to free school travel",
            "the date on the council's letter about travel",
            "",
            transport_appeal,
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
