"""The pure parts of the widget: what lines, links and contacts of a reply become on a page and in plain words."""

import gzip

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT

SCRIPT = ROOT / "send_guide" / "static" / "send-guide.js"


def line(*pieces: dict[str, str], item: bool = False) -> dict[str, object]:
    return {"item": item, "pieces": list(pieces)}


@pytest.fixture
def page(browser: Browser) -> Page:
    """A page with the script and no server: nothing of it asks for one before somebody opens the chat."""
    page = browser.new_page()
    page.add_script_tag(content=SCRIPT.read_text())
    return page


def html(page: Page, part: str, *given: object) -> str:
    """Return what a part makes, as HTML."""
    made = f"[customElements.get('send-guide').parts.{part}(...given)].flat()"
    program = (
        "(given) => { const box = document.createElement('div'); box.append(...MADE); return box.innerHTML; }"
    )
    return str(page.evaluate(program.replace("MADE", made), list(given)))


def test_items_that_follow_each_other_are_one_list(page: Page) -> None:
    lines = [
        line({"text": "You can:"}),
        line({"text": "ask"}, item=True),
        line({"text": "appeal"}, item=True),
        line({"text": "Then wait."}),
        line({"text": "alone"}, item=True),
    ]
    wanted = "<p>You can:</p><ul><li>ask</li><li>appeal</li></ul><p>Then wait.</p><ul><li>alone</li></ul>"
    assert html(page, "paragraphs", lines) == wanted


def test_words_stay_words_whatever_they_look_like(page: Page) -> None:
    assert html(page, "paragraphs", [line({"text": "<img src=x onerror=alert(1)> & more"})]) == (
        "<p>&lt;img src=x onerror=alert(1)&gt; &amp; more</p>"
    )


@pytest.mark.parametrize("address", ["tel:999", "mailto:a@b.example", "sms:85258"])
def test_ways_to_reach_somebody_open_in_the_same_page(page: Page, address: str) -> None:
    assert html(page, "link", "words", address) == f'<a href="{address}">words</a>'


def test_another_site_opens_apart_and_is_not_told_where_from(page: Page) -> None:
    made = html(page, "link", "words", "https://www.gov.uk")
    assert made == '<a href="https://www.gov.uk" target="_blank" rel="noopener noreferrer">words</a>'


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil", ""]
)
def test_an_address_that_runs_something_is_only_words(page: Page, address: str) -> None:
    assert html(page, "link", "words", address) == "words"


def test_plain_words_keep_the_lines_and_mark_the_items(page: Page) -> None:
    lines = [line({"text": "Ring "}, {"text": "IPSEA", "href": "tel:1"}), line({"text": "soon"}, item=True)]
    assert html(page, "plain", lines) == "Ring IPSEA\n- soon"


def test_a_number_that_nobody_has_confirmed_says_so(page: Page) -> None:
    ways = [
        {"name": "Telephone", "text": "020 1", "href": "tel:0201", "confirmed": True},
        {"name": "E-mail", "text": "a@b.example", "href": None, "confirmed": False},
    ]
    made = html(page, "contacts", [{"name": "IPSEA", "helps_with": "law", "ways": ways}])
    assert made == (
        "<ul><li><strong>IPSEA</strong>. law<ul>"
        '<li>Telephone: <a href="tel:0201">020 1</a></li>'
        "<li>E-mail: a@b.example (not confirmed: check before you rely on it)</li></ul></li></ul>"
    )


def test_what_nobody_has_confirmed_says_so_once_and_a_name_stands_once(page: Page) -> None:
    ways = [
        {"name": "Phone", "text": number, "href": f"tel:{number}", "confirmed": False}
        for number in ("0201", "0202")
    ]
    made = html(page, "contacts", [{"name": "IPSEA", "helps_with": "law", "ways": ways}])
    assert made == (
        "<ul><li><strong>IPSEA</strong>. law (not confirmed: check before you rely on it)<ul>"
        '<li>Phone: <a href="tel:0201">0201</a> or <a href="tel:0202">0202</a></li></ul></li></ul>'
    )


def test_the_parts_of_a_step_stand_under_their_headings(page: Page) -> None:
    lines = [
        line({"text": "Who: the SENCO. Ring "}, {"text": "IPSEA", "href": "tel:1"}),
        line({"text": "Then wait."}),
    ]
    assert html(page, "parts", lines) == (
        '<p><strong class="part">Who:</strong>the SENCO. Ring <a href="tel:1">IPSEA</a></p><p>Then wait.</p>'
    )


def test_the_script_is_small() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes())) <= 20_000
