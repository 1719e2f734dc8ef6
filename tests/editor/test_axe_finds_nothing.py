"""axe looks at every page of the editors, light and dark, and finds nothing."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.test_axe_finds_nothing import OPTIONS
from tests.editor.conftest import ANSWER, MEASURED, Open

PAGES = [
    "/editor/",
    "/editor/answers",
    f"/editor/answers/{ANSWER}",
    "/editor/due",
    "/editor/changes",
    "/editor/versions",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(signed_in: Open, scheme: str) -> None:
    page = signed_in(color_scheme=scheme)
    found = {}
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        found[path] = Axe().run(page, options=OPTIONS).response["violations"]
    page.goto(f"/editor/answers/{ANSWER}")
    page.get_by_label("New ways of asking").fill(MEASURED)
    page.get_by_label("Title").fill("x" * 70)
    expect(page.locator("#findings")).to_be_visible()
    page.get_by_role("button", name="Check and preview").click()
    expect(page.locator(".field.wrong").first).to_be_visible()
    found["to mend"] = Axe().run(page, options=OPTIONS).response["violations"]
    page.get_by_label("Title").fill("A school and its SENCO")
    page.get_by_label("New ways of asking").fill("")
    page.get_by_role("button", name="Go on: try it out and save it").click()
    expect(page.get_by_role("heading", name="The difference")).to_be_visible()
    found["change"] = Axe().run(page, options=OPTIONS).response["violations"]
    assert {path: wrong for path, wrong in found.items() if wrong} == {}, json.dumps(found)[:4000]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_are_drawn(signed_in: Open, scheme: str) -> None:
    page = signed_in("/editor/", color_scheme=scheme)
    page.wait_for_load_state("networkidle")
    widths = page.locator("img.plot").evaluate_all("all => all.map(one => one.naturalWidth)")
    assert len(widths) >= 3
    assert all(width > 100 for width in widths)
