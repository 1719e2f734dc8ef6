"""Every page of the helpline, looked at by axe, in light and dark, on a desktop and a tablet."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.helpline.conftest import EDITOR, Helpline, sign_in_by_keyboard

PAGES = ["browse", "notes", "log", "answers/schools.meet-needs", "all", "answers/nothing"]


@pytest.fixture(
    params=[("light", 1366, 768), ("dark", 820, 1180)], ids=["desktop-light", "tablet-dark"], scope="module"
)
def editor(helpline: Helpline, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    scheme, width, height = request.param
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{helpline.url}/sign-in")
    assert not violations(page)
    sign_in_by_keyboard(page, helpline.url, EDITOR)
    yield page
    context.close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {[node['target'] for node in item['nodes']]}" for item in found]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_breaks_no_rule(editor: Page, helpline: Helpline, path: str) -> None:
    editor.goto(f"{helpline.url}/helpline/{path}")
    assert not violations(editor)


@pytest.mark.parametrize(
    "question", ["school says there is no money", "what about that thing", "he wants to kill himself", ""]
)
def test_the_console_breaks_no_rule_whatever_it_answers(
    editor: Page, helpline: Helpline, question: str
) -> None:
    editor.goto(f"{helpline.url}/helpline")
    editor.locator("#q").fill(question)
    if question:
        expect(editor.locator("#answer h2, #answer h3").first).to_be_visible()
    for summary in editor.locator("summary").all():
        summary.click()
    assert not violations(editor)


def test_the_tools_break_no_rule_when_they_have_been_used(editor: Page, helpline: Helpline) -> None:
    editor.goto(f"{helpline.url}/helpline")
    path, letters, limits = editor.locator("details.tool > summary").all()  # one is open at a time
    letters.click()
    editor.locator("button[name=template]").first.click()
    expect(editor.locator("#letter-text")).to_be_visible()
    assert not violations(editor)
    limits.click()
    editor.locator("#date").fill("2026-09-01")
    editor.locator("button[data-part=deadline]").click()
    expect(editor.locator("#part-deadline li").first).to_be_visible()
    assert not violations(editor)
    path.click()
    editor.locator("#part-map .way summary").first.click()
    editor.locator("#part-map .way button").first.click()
    expect(editor.locator("#step-title")).to_be_visible()
    assert not violations(editor)
    editor.keyboard.press("Escape")
    editor.keyboard.press("?")
    expect(editor.locator("#keys")).to_be_visible()
    assert not violations(editor)
