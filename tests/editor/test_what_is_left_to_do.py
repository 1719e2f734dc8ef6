"""Questions that are handled, answers that are found, contacts that are confirmed: at a browser."""

import datetime
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import expect

from send_guide.content.loader import data_directory, read_content
from tests.editor.conftest import ALIKE, ANSWER, Open
from tests.helpline.conftest import Helpline


def test_a_group_is_found_handled_and_opened_again(signed_in: Open, guide: Helpline) -> None:
    page = signed_in("/editor/")
    page.get_by_label("Only questions that hold").fill("IPAD apps")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".groups > li")).to_have_count(1)
    assert "ipad" not in page.url
    page.get_by_role("button", name="Handled: ").click()
    expect(page.locator(".groups > li").filter(has_text=ALIKE[0])).to_have_count(0)
    page.locator("#done > summary").click()
    expect(page.locator("#done")).to_contain_text(ALIKE[0])
    expect(page.locator("#done")).to_contain_text("handled by ed, ")
    page.get_by_role("button", name="Open again: ").click()
    expect(page.locator(".groups > li").filter(has_text=ALIKE[0])).to_have_count(1)
    assert guide.rows("SELECT 1 FROM asked_needs") == []


def test_answers_are_found_by_words(signed_in: Open) -> None:
    page = signed_in("/editor/answers")
    page.get_by_label("Find by words").fill("mediation certificate")
    page.get_by_role("button", name="Find").click()
    first = page.locator("ol > li a").first
    expect(first).to_have_attribute("href", "/editor/answers/appeal.mediation-certificate")


def test_a_way_of_asking_of_another_answer_is_named_while_it_is_typed(signed_in: Open) -> None:
    page = signed_in(f"/editor/answers/{ANSWER}")
    ways = page.get_by_label("New ways of asking")
    ways.fill("how long has the council got to decide if they will assess her")
    conflict = page.locator("#conflicts")
    expect(conflict).to_contain_text("also belongs to another answer")
    expect(conflict.get_by_role("link")).to_have_attribute("href", "/editor/answers/ehc.six-weeks")
    ways.fill("")
    expect(conflict).to_have_count(0)


def test_a_contact_is_confirmed_in_one_press_and_the_patch_says_so(
    signed_in: Open, guide: Helpline, tmp_path: Path
) -> None:
    page = signed_in("/editor/due")
    row = page.locator("li").filter(has_text="020 8461 7630")
    row.get_by_role("button", name="It is right: confirm").click()
    row.get_by_role("link", name="Confirmed: waits").click()
    expect(page.locator("h1")).to_contain_text("IASS")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").click()
    shutil.copytree(data_directory(), tmp_path / "data")
    shutil.copy(waiting.value.path(), tmp_path / "change.patch")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "change.patch"], cwd=tmp_path, check=True)
    detail = read_content(tmp_path / "data")[0].contacts["iass"].details["phone"]
    assert (detail.confirmed, detail.checked) == (True, datetime.date.today())
    assert ("ed", "confirmed a contact", "iass.phone") in guide.audit()
    guide.rows("DELETE FROM answer_changes")
