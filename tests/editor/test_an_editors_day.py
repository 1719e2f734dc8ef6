"""An editor's day: what got no answer, three ways of asking, the trial, the difference, the patch."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.editor.conftest import ADDED, ALIKE, ANSWER, DANGER, MEASURED, TITLE, Open
from tests.helpline.conftest import ADVISER, Helpline, Person


def test_three_ways_of_asking_from_the_unanswered_to_the_patch(
    signed_in: Open, guide: Helpline, tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in (ROOT / "data").rglob("*.yml")}
    page = signed_in("/editor/")

    # the unanswered: alike questions stand together; nothing of a child who may be in danger
    group = page.locator(".groups > li").filter(has_text=ALIKE[0])
    expect(group).to_contain_text("2 times: 2 no answer")
    expect(group).to_contain_text(ALIKE[1])
    assert DANGER not in page.content()
    assert "please" not in group.inner_text()
    group.get_by_label(ALIKE[0], exact=True).check()
    page.get_by_label("Any other answer").select_option(TITLE)
    page.get_by_role("button", name="Add the ticked questions to this answer").click()

    # the answer: what was ticked is there; a near copy and a name are refused while they are typed
    ways = page.get_by_label("New ways of asking")
    expect(ways).to_have_value(ALIKE[0])
    ways.fill("\n".join([MEASURED, ADDED[0]]))
    expect(page.locator("#findings")).to_contain_text("a question that we measure with")
    page.get_by_label("Title").fill(
        "A title that is very much longer than a person on a phone can read at once"
    )
    page.get_by_role("button", name="Go on: try it out and save it").click()
    expect(page.locator("#findings")).to_contain_text("Title: has more than 60 characters")
    expect(ways).to_have_value(f"{MEASURED}\n{ADDED[0]}")  # nothing is lost
    page.get_by_label("Title").fill(TITLE)
    ways.fill("\n".join(ADDED))
    expect(page.locator("#looked")).to_contain_text("Nothing to mend")
    expect(page.locator("#looked")).to_contain_text("2 segments")
    page.get_by_role("button", name="Go on: try it out and save it").click()

    # the trial, in a process of its own: the guide answers meanwhile
    expect(page.locator("#trial")).to_contain_text(re.compile("Waiting|Opening|Reading|Training|Asking"))
    assert guide.asks("somebody", "who must appoint a senco")
    expect(page.locator(".verdict")).to_have_text(re.compile(r"^\d+ better, \d+ worse$"), timeout=900_000)
    expect(page.locator("#trial table")).to_contain_text("messages of danger")

    # the difference, and nothing is saved without a reason
    difference = page.locator(".difference")
    assert difference.locator(".plus").all_inner_texts() == [f"+    - {way}\n" for way in ADDED]
    assert difference.locator(".minus").all_inner_texts() == []
    page.get_by_role("button", name="Save the change for review").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    page.get_by_label("Why?").fill("Asked three times, and offered only choices.")
    page.get_by_role("button", name="Save the change for review").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Download")).click()
    patch = Path(waiting.value.path()).read_text()
    assert "# By: ed, " in patch
    assert "# Reason: Asked three times, and offered only choices.\n" in patch
    assert re.search(r"# Trial: \d+ better, \d+ worse, of \d+ questions\n", patch)

    # whoever looks after the files puts it in; the pages have changed nothing
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "change.patch").write_text(patch)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "change.patch"], cwd=tmp_path, check=True)
    assert all(way in (tmp_path / "data" / "nlu" / "schools.yml").read_text() for way in ADDED)
    assert {path: path.read_bytes() for path in (ROOT / "data").rglob("*.yml")} == before
    assert ("ed", "saved a change of an answer", "0001-schools-appoint-senco.patch") in guide.audit()
    page.goto("/editor/changes")
    expect(page.get_by_role("table")).to_contain_text("Asked three times")


def test_only_editors_come_in_and_only_with_their_own_forms(guide: Helpline, person: Person) -> None:
    assert "Sign in" in person.opens("/editor/").text
    person.signs_in(ADVISER)
    for path in (
        "/editor/",
        "/editor/answers",
        f"/editor/answers/{ANSWER}",
        "/editor/due",
        "/editor/changes/1",
    ):
        assert person.opens(path).status_code == 403
    assert person.sends(f"/editor/answers/{ANSWER}", add="\n".join(ADDED), do="go-on").status_code == 403


def test_a_forged_form_changes_nothing(guide: Helpline, person: Person) -> None:
    person.signs_in("ed")
    before = guide.rows("SELECT count(*) FROM answer_changes")
    for path in (f"/editor/answers/{ANSWER}", "/editor/begin", "/editor/changes/1"):
        assert person.sends(path, csrf="forged", add="x", do="go-on", reason="x").status_code == 403
    assert guide.rows("SELECT count(*) FROM answer_changes") == before


@pytest.mark.parametrize(
    ("path", "status"),
    [("/editor/answers/no.such", 404), ("/editor/changes/99999", 404), ("/editor/pictures/none/light", 404)],
)
def test_what_is_not_there_is_said(guide: Helpline, person: Person, path: str, status: int) -> None:
    person.signs_in("ed")
    assert person.opens(path).status_code == status


def test_the_report_without_a_script_and_with_odd_wishes(guide: Helpline, person: Person) -> None:
    person.signs_in("ed")
    found = person.opens("/editor/?weeks=0%00&channel=%3Cscript%3E")
    assert found.status_code == 200
    assert "<script>" not in found.text.replace('<script src="/editor/editor.js" defer></script>', "")


def test_the_same_from_the_command_line(guide: Helpline) -> None:
    import os
    import sys

    environment = os.environ | {"SEND_GUIDE_DATABASE_URL": guide.database}
    out = Path(guide.log).with_name("report.json")
    command = [sys.executable, "-W", "ignore", "-m", "send_guide.cli.main", "editor"]
    done = subprocess.run(
        [*command, "report", "--json", str(out)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "2 x 2 no answer" in done.stdout
    assert DANGER not in done.stdout
    assert json.loads(out.read_text())["urgent"]
    refused = subprocess.run(
        [*command, "change", ANSWER, "--ask", MEASURED, "--who", "ed", "--reason", "asked"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 1
    assert "a question that we measure with" in refused.stderr
    assert refused.stdout == ""


@pytest.fixture
def person(guide: Helpline) -> Person:
    return Person(guide)


def test_what_is_wrong_stands_at_its_field_and_goes_when_it_is_mended(signed_in: Open) -> None:
    page = signed_in(f"/editor/answers/{ANSWER}")
    title, ways = page.get_by_label("Title"), page.get_by_label("New ways of asking")
    expect(title).to_have_attribute("aria-invalid", "false")
    title.fill("A title that is very much longer than a person on a phone can read at once")
    ways.fill(MEASURED)
    page.get_by_role("button", name="Go on: try it out and save it").click()
    expect(page).to_have_title(re.compile("^Problem: "))
    expect(page.locator("#findings")).to_be_focused()
    for field, words in ((title, "has more than 60 characters"), (ways, "a question that we measure with")):
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(words))

    title.fill(TITLE + "?")  # mended: what was said of it goes, without the button
    expect(title).to_have_attribute("aria-invalid", "false")
    expect(page.locator("#title-errors")).to_be_empty()
    expect(page.locator(".field.wrong")).to_have_count(1)
    ways.fill("")
    expect(page.locator(".field.wrong")).to_have_count(0)
    expect(page).not_to_have_title(re.compile("Problem"))
    title.fill("")  # and what becomes wrong is said there too
    expect(title).to_have_accessible_description(re.compile("is missing"))


def test_a_change_without_a_reason_says_so_at_the_field(signed_in: Open) -> None:
    page = signed_in(f"/editor/answers/{ANSWER}")
    page.get_by_label("Title").fill(TITLE + "?")
    page.get_by_role("button", name="Go on: try it out and save it").click()
    page.get_by_role("button", name="Save the change for review").click()
    expect(page).to_have_title(re.compile("^Problem: "))
    expect(page.get_by_label("Why?")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Why?")).to_have_accessible_description(re.compile("Say why, in a sentence"))
