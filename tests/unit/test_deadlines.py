"""Time limits: every boundary by a table, every kind counted a second way, and what is said beside the day."""

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.deadlines import FACTS, both, on
from send_guide.content.schema import Deadline as Kind
from send_guide.domain.dates import spoken
from send_guide.domain.deadlines import COURT, DEADLINES, Deadline, Facts


def worked_out(kind: str, start: str, **facts: object) -> Deadline:
    return DEADLINES[kind].work_out(date.fromisoformat(start), Facts(**facts))  # type: ignore[arg-type]


def all_of(found: Deadline) -> str:
    return " ".join([found.title, *found.working, *found.notes])


def test_every_kind_that_content_may_name_has_a_rule() -> None:
    assert set(DEADLINES) == set(get_args(Kind))


@pytest.mark.parametrize("kind", sorted(DEADLINES))
def test_every_rule_says_which_date_it_counts_from_and_where_it_stands(kind: str) -> None:
    rule = DEADLINES[kind]
    assert rule.counts_from.startswith("the ")
    assert any(law in (rule.work_out.__doc__ or "") for law in ("Act", "Regulations", "Rules"))
    found = worked_out(kind, "2026-11-20")
    assert found.kind == kind
    assert found.working
    assert found.late
    assert spoken(found.last_day) in " ".join(found.working)


@pytest.mark.parametrize(
    ("decision", "certificate", "last_day", "because"),
    [
        ("2026-03-03", None, "2026-05-05", "3 May is a Sunday and 4 May a bank holiday"),
        ("2026-03-03", "2026-03-20", "2026-05-05", "two months are later than one from the certificate"),
        ("2026-03-03", "2026-04-25", "2026-05-26", "one month from the certificate is later; 25 May is a bank holiday"),
        ("2026-03-03", "2026-04-03", "2026-05-05", "both on the same day"),
        ("2026-12-31", None, "2027-03-01", "February is shorter, and its last day a Sunday"),
        ("2027-12-31", None, "2028-02-29", "leap day"),
        ("2027-12-29", None, "2028-02-29", "leap day, the same number"),
        ("2028-02-29", None, "2028-05-02", "from a leap day: 29 April is a Saturday, 1 May a bank holiday"),
        ("2026-07-31", None, "2026-09-30", "end of month: September has 30 days"),
        ("2026-02-01", "2026-03-31", "2026-04-30", "certificate at the end of a month"),
        ("2026-05-31", None, "2026-07-31", "the last day before August"),
        ("2026-06-01", None, "2026-09-01", "1 August moves to Tuesday 1 September"),
        ("2026-06-30", None, "2026-09-01", "30 August moves"),
        ("2026-06-15", "2026-07-31", "2026-09-01", "31 August moves"),
        ("2026-07-01", None, "2026-09-01", "1 September stays"),
        ("2024-06-20", None, "2024-09-02", "1 September 2024 is a Sunday"),
        ("2029-06-20", None, "2029-09-03", "1 September 2029 is a Saturday"),
        ("2026-10-24", None, "2026-12-24", "24 December stays"),
        ("2026-10-25", None, "2027-01-04", "25 December moves over a weekend to Monday 4 January"),
        ("2025-10-25", None, "2026-01-02", "25 December moves to Friday 2 January"),
        ("2025-10-31", None, "2026-01-02", "31 December moves"),
        ("2025-11-01", None, "2026-01-02", "1 January moves"),
        ("2025-11-02", None, "2026-01-02", "2 January stays"),
        ("2027-10-31", None, "2028-01-04", "1 January 2028 is a Saturday: Monday 3 January is a bank holiday"),
        ("2025-10-01", "2025-11-29", "2026-01-02", "one month from the certificate falls on 29 December"),
        ("2026-09-01", None, "2026-11-02", "1 November is a Sunday"),
        ("2026-01-30", None, "2026-03-30", "a plain Monday"),
        ("2026-02-03", None, "2026-04-07", "Good Friday, the weekend and Easter Monday"),
        ("2026-05-30", "2026-07-10", "2026-09-01", "the certificate's month ends in August"),
    ],
)  # fmt: skip
def test_the_last_day_of_an_appeal(
    decision: str, certificate: str | None, last_day: str, because: str
) -> None:
    found = worked_out(
        "appeal", decision, certificate=date.fromisoformat(certificate) if certificate else None
    )
    assert found.last_day == date.fromisoformat(last_day), because


@pytest.mark.parametrize(
    ("act", "last_day", "because"),
    [
        ("2026-03-15", "2026-09-14", "the day itself is the first of the six months"),
        ("2026-02-10", "2026-08-09", "August does not move it"),
        ("2026-06-29", "2026-12-28", "Christmas does not move it"),
        ("2026-03-01", "2026-08-31", "the last day of August"),
        ("2026-08-31", "2027-02-27", "February is shorter"),
        ("2027-08-31", "2028-02-28", "February of a leap year"),
        ("2028-02-29", "2028-08-28", "from a leap day"),
    ],
)
@pytest.mark.parametrize("setting", ["", "academy", "college"])
def test_the_last_day_of_a_discrimination_claim(setting: str, act: str, last_day: str, because: str) -> None:
    assert worked_out("discrimination", act, setting=setting).last_day == date.fromisoformat(last_day), (
        because
    )


@pytest.mark.parametrize(
    ("kind", "start", "facts", "last_day", "because"),
    [
        ("mediation", "2026-03-03", {}, "2026-05-03", "a Sunday stays"),
        ("mediation", "2026-12-31", {}, "2027-02-28", "February is shorter"),
        ("mediation", "2026-06-20", {}, "2026-08-20", "August stays"),
        ("draft-plan", "2026-11-02", {}, "2026-11-16", "the day it came is the first of 15"),
        ("draft-plan", "2026-12-20", {}, "2027-01-03", "weekends and Christmas count"),
        ("six-weeks", "2026-11-02", {}, "2026-12-14", "42 days after"),
        ("sixteen-weeks", "2026-11-02", {}, "2027-02-22", "112 days after"),
        ("twenty-weeks", "2026-11-02", {}, "2027-03-22", "140 days after"),
        ("review-decision", "2026-11-02", {}, "2026-11-30", "28 days after"),
        ("amended-plan", "2026-11-02", {}, "2027-01-25", "84 days after"),
        ("phase-transfer", "2027-09-02", {}, "2027-02-15", "to a school"),
        ("phase-transfer", "2027-09-02", {"to_college": True}, "2027-03-31", "to a college"),
        ("ombudsman", "2026-03-15", {}, "2027-03-14", "12 months that begin with the day"),
        ("ombudsman", "2028-02-29", {}, "2029-02-27", "from a leap day"),
        ("exclusion-review", "2026-11-02", {}, "2026-11-23", "15 school days after a Monday"),
        ("exclusion-review", "2026-12-18", {}, "2027-01-13", "Christmas, Boxing Day as a substitute, New Year"),
        ("exclusion-review", "2026-04-01", {}, "2026-04-24", "Good Friday and Easter Monday"),
        ("transport-appeal", "2026-11-19", {}, "2026-12-17", "20 working days after a Thursday"),
        ("transport-appeal", "2026-12-18", {}, "2027-01-20", "Christmas, Boxing Day as a substitute, New Year"),
        ("records", "2026-09-03", {}, "2026-10-05", "3 October is a Saturday"),
        ("records", "2027-01-30", {}, "2027-03-01", "28 February is a Sunday"),
        ("records", "2026-11-25", {"setting": "academy"}, "2026-12-29", "Christmas, a weekend, a substitute day"),
        ("records", "2026-11-02", {"setting": "maintained"}, "2026-11-23", "15 school days"),
    ],
)  # fmt: skip
def test_the_last_day_of_the_others(
    kind: str, start: str, facts: dict[str, object], last_day: str, because: str
) -> None:
    assert worked_out(kind, start, **facts).last_day == date.fromisoformat(last_day), because


FEW_YEARS = [date(2023, 12, 1) + timedelta(days=number) for number in range(4 * 366)]


@pytest.mark.parametrize("kind", sorted(DEADLINES))
def test_every_day_of_four_years_counted_a_second_way(kind: str) -> None:
    for facts in FACTS.get(kind, [Facts()]):
        for start in FEW_YEARS:
            found, again = both(kind, start, on(start, facts))
            assert found == again, (kind, start, facts)


DATES = st.dates(date(2020, 1, 1), date(2035, 12, 31))
ANY = st.builds(
    Facts,
    setting=st.sampled_from(["", "maintained", "academy", "independent", *sorted(COURT)]),
    decision=st.sampled_from(["", "assessment", "school"]),
    certificate=st.none(),
    to_college=st.booleans(),
)


@settings(max_examples=400)
@given(st.sampled_from(sorted(DEADLINES)), DATES, ANY)
def test_any_kind_from_any_day_counted_a_second_way(kind: str, start: date, facts: Facts) -> None:
    found, again = both(kind, start, facts)
    assert found == again


@settings(max_examples=400)
@given(DATES, st.integers(0, 300))
def test_any_certificate_counted_a_second_way(decision: date, days: int) -> None:
    found, again = both("appeal", decision, Facts(certificate=decision + timedelta(days=days)))
    assert found == again
    assert found >= both("appeal", decision, Facts())[0], "a certificate never makes the time shorter"


# --- What is said beside the day ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["appeal", "discrimination"])
def test_the_tribunal_must_have_received_it_by_5pm(kind: str) -> None:
    assert worked_out(kind, "2026-10-20").notes[0] == "The Tribunal must have received it by 5pm on that day."


def test_a_claim_whose_last_day_is_at_a_weekend_names_the_friday_before() -> None:
    found = worked_out("discrimination", "2026-02-10")
    assert found.last_day == date(2026, 8, 9)
    assert "9 August 2026 is a Sunday. Go by the Friday before, 7 August 2026." in found.notes


def test_a_claim_whose_last_day_is_at_easter_names_the_thursday_before() -> None:
    found = worked_out("discrimination", "2025-10-05")
    assert found.last_day == date(2026, 4, 4)
    assert "Go by the Thursday before, 2 April 2026." in all_of(found)


@pytest.mark.parametrize("decision", ["2026-06-20", "2026-10-25"])
def test_mediation_says_that_august_and_christmas_do_not_extend_it(decision: str) -> None:
    assert (
        "August and Christmas do not make this time limit longer." in worked_out("mediation", decision).notes
    )


def test_mediation_at_another_time_of_year_does_not_speak_of_august() -> None:
    assert "August" not in all_of(worked_out("mediation", "2026-09-08"))


def test_a_weekend_that_moves_an_appeal_is_explained() -> None:
    found = worked_out("appeal", "2026-09-01")
    assert (
        "1 November 2026 is a Sunday, so the last day is the next working day, 2 November 2026 (rule 12(2)). "
        "Better send it so that it is there by 30 October 2026."
    ) in found.working


def test_a_weekend_after_the_closed_days_is_explained() -> None:
    working = " ".join(worked_out("appeal", "2024-06-20").working)
    assert "That is in August, which does not count" in working
    assert "1 September 2024 is a Sunday, so it is 2 September 2024." in working


def test_section_i_alone_needs_no_certificate_and_says_so() -> None:
    found = worked_out("appeal", "2026-10-20", decision="school")
    assert "You do not need a mediation certificate for an appeal about the school alone." in found.notes
    assert "With a mediation certificate" not in all_of(found)
    later = worked_out("appeal", "2026-10-20", decision="school", certificate=date(2027, 1, 10))
    assert later.last_day == found.last_day, "the safe one"


def test_without_a_certificate_the_month_is_explained() -> None:
    assert "With a mediation certificate it is 1 month" in all_of(worked_out("appeal", "2026-10-20"))


def test_a_late_certificate_is_warned_of_with_the_day_by_the_letter_alone() -> None:
    found = worked_out("appeal", "2026-03-03", certificate=date(2026, 7, 10))
    assert found.last_day == date(2026, 9, 1)
    assert "more than 4 months after the letter" in all_of(found)
    assert "By the letter alone the last day is 5 May 2026." in all_of(found)


@pytest.mark.parametrize(("certificate", "warned"), [(date(2026, 7, 3), False), (date(2026, 7, 4), True)])
def test_four_months_exactly_is_no_warning(certificate: date, warned: bool) -> None:
    found = worked_out("appeal", "2026-03-03", certificate=certificate)
    assert ("more than 4 months" in all_of(found)) is warned


def test_the_working_shows_both_dates_and_why_the_day_moved() -> None:
    working = " ".join(worked_out("appeal", "2025-10-01", certificate=date(2025, 11, 29)).working)
    for words in ("1 October 2025: 1 December 2025", "29 November 2025: 29 December 2025", "later", "25 December", "2 January 2026"):  # fmt: skip
        assert words in working


def test_a_certificate_older_than_the_decision_is_refused() -> None:
    with pytest.raises(ValueError, match="older than the decision"):
        worked_out("appeal", "2026-03-03", certificate=date(2026, 3, 2))


@pytest.mark.parametrize(
    ("setting", "where"),
    [
        ("academy", "SEND Tribunal"),
        ("maintained", "SEND Tribunal"),
        ("independent", "SEND Tribunal"),
        ("", "SEND Tribunal"),
        ("college", "county court"),
        ("nursery", "county court"),
        ("childminder", "county court"),
    ],
)
def test_a_claim_goes_to_the_tribunal_or_to_the_county_court(setting: str, where: str) -> None:
    found = worked_out("discrimination", "2026-11-20", setting=setting)
    assert where in found.title
    assert ("5pm" in all_of(found)) is (where == "SEND Tribunal")


def test_a_claim_says_that_older_pages_may_say_otherwise() -> None:
    assert "Until July 2020 they did" in all_of(worked_out("discrimination", "2026-11-20"))


def test_school_days_say_that_the_schools_holidays_are_not_known() -> None:
    assert "I do not know the school's holidays" in all_of(worked_out("exclusion-review", "2026-11-20"))
    assert "school's holidays" in all_of(worked_out("records", "2026-11-20", setting="maintained"))
