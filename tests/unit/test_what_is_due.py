"""What people have to look at again, on a day that the test names."""

import datetime
import json

import pytest
from typer.testing import CliRunner

from send_guide.cli.main import app
from send_guide.content import Content
from send_guide.content.review import due, months_after
from tests.conftest import ROOT

WRITTEN = datetime.date(2026, 11, 23)
"""The day on which the content was last checked."""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(ROOT)
    return CliRunner()


def test_a_month_ends_where_it_ends() -> None:
    assert months_after(datetime.date(2026, 8, 31), 6) == datetime.date(2027, 2, 28)
    assert months_after(datetime.date(2026, 11, 23), 14) == datetime.date(2028, 1, 23)


def test_the_day_it_was_written_only_unconfirmed_contacts_are_due(content: Content) -> None:
    found = due(content, WRITTEN)
    assert {thing.why for thing in found} == {"not confirmed"}
    phone = next(thing for thing in found if thing.id == "iass.phone")
    assert "020 8461 7630" in phone.title
    assert "020 8461 7630" in phone.path.read_text().splitlines()[phone.line - 1]


def test_an_answer_is_due_on_its_review_date_and_not_the_day_before(content: Content) -> None:
    answer = content.answers["contacts.iass"]

    def on(day: datetime.date) -> list[str]:
        return [thing.id for thing in due(content, day) if thing.why == "review"]

    assert answer.id in on(answer.review)
    assert answer.id not in on(answer.review - datetime.timedelta(days=1))


def test_evidence_and_contacts_grow_old(content: Content) -> None:
    half_a_year, a_year = months_after(WRITTEN, 6), months_after(WRITTEN, 12)
    assert "tribunal.phone" in [thing.id for thing in due(content, half_a_year) if thing.why == "not checked"]
    assert not [thing for thing in due(content, half_a_year) if thing.why == "evidence"]
    assert "contacts.iass" in [thing.id for thing in due(content, a_year) if thing.why == "evidence"]


def test_what_has_waited_longest_comes_first(content: Content) -> None:
    days = [thing.since for thing in due(content, months_after(WRITTEN, 24))]
    assert days == sorted(days)


def test_the_list_names_file_and_line(run: CliRunner) -> None:
    shown = run.invoke(app, ["review", "--on", "2027-03-01"])
    assert shown.exit_code == 0
    assert "review due since 2027-02-28: contacts.iass" in shown.output
    assert "data/answers/contacts.yml:" in shown.output
    assert "0 so late that a release must wait" in shown.output


def test_the_list_can_be_read_by_programs(run: CliRunner) -> None:
    shown = run.invoke(app, ["review", "--on", "2027-03-01", "--json"])
    lines = [json.loads(line) for line in shown.output.splitlines()]
    assert {"since", "why", "id", "title", "path", "line"} == set(lines[0])
    assert any(line["id"] == "contacts.iass" and line["why"] == "review" for line in lines)


def test_a_release_waits_for_an_answer_six_months_past_its_review(run: CliRunner) -> None:
    assert run.invoke(app, ["review", "--release", "--on", "2027-08-22"]).exit_code == 0
    shown = run.invoke(app, ["review", "--release", "--on", "2027-08-23"])
    assert shown.exit_code == 1
    assert "so late that a release must wait" in shown.output
    assert run.invoke(app, ["review", "--on", "2027-08-23"]).exit_code == 0
