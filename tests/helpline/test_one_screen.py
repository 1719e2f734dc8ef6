"""The whole call on one screen at 1366 by 768; what was typed before counts, and can be corrected."""

import re

from playwright.sync_api import Page, expect

from send_guide.content import get_content

CUT_OFF = """async (ids) => {
  const cut = [];
  for (const id of ids) {
    const fields = new URLSearchParams(new FormData(document.querySelector("#call")));
    fields.set("pick", id);
    const reply = await fetch("/helpline/answer", { method: "POST", body: fields, headers: { Accept: "text/x-part" } });
    document.querySelector("#answer").innerHTML = await reply.text();
    const parts = ["html", "#answer .tell", "#answer .beside"].map((part) => document.querySelector(part));
    if (parts.some((part) => part.scrollHeight > part.clientHeight)) cut.push(id);
  }
  return cut;
}"""
"""Answers of which a part has to be scrolled to."""


def seen(page: Page, selector: str) -> bool:
    """Return whether an element stands on the screen as a whole, without scrolling."""
    box = page.locator(selector).first.bounding_box()
    assert box, selector
    return box["y"] >= 0 and box["y"] + box["height"] <= 768 and box["x"] + box["width"] <= 1366


def test_question_answer_what_to_ask_whom_to_refer_to_and_note_stand_on_one_screen(page: Page) -> None:
    page.keyboard.type("school says there is no money for extra help")
    expect(page.locator("#answer article h2")).to_contain_text("6,000")
    for part in (
        "#q",
        ".lead",
        ".points",
        "#ask-title",
        ".contacts",
        "#note",
        "#status",
        "#end",
        ".tools",
        ".more",
    ):
        assert seen(page, part), part
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_no_answer_has_to_be_scrolled_to(page: Page) -> None:
    assert page.evaluate(CUT_OFF, list(get_content().answers)) == []


def test_the_rest_opens_over_the_answer_by_a_key_and_closes_by_escape(page: Page) -> None:
    page.keyboard.type("who must appoint a senco")
    expect(page.locator("#answer article h2")).to_contain_text("SENCO")
    page.keyboard.press("Escape")
    for key, words in (
        ("m", "What kind of place"),
        ("l", "Which letter?"),
        ("d", "Work out"),
        ("e", "SENCO"),
        ("q", "Source: "),
    ):
        page.keyboard.press(key)
        panel = page.locator(".tab[open] > .panel")
        expect(panel).to_have_count(1)  # one at a time
        expect(panel).to_contain_text(words)
        assert seen(page, ".tab[open] > .panel")
        page.keyboard.press("Escape")
        if panel.count():  # the first one left a box
            page.keyboard.press("Escape")
        expect(panel).to_have_count(0)


def test_what_was_typed_before_counts_and_is_corrected_by_key(page: Page) -> None:
    page.keyboard.type("my son is at an academy and the head did not answer my complaint")
    expect(page.get_by_label("Place", exact=True)).to_have_value("academy")
    page.keyboard.press("Enter")
    expect(page.locator("#note")).to_have_value(re.compile("^Asked: my son is at an academy"))
    page.locator("#q").fill("who do i write to next")
    expect(page.locator("#answer .lead, #answer .choices").first).to_be_visible()
    expect(page.get_by_label("Place", exact=True)).to_have_value("academy")  # still known
    expect(page.get_by_label("Caller", exact=True)).to_have_value("parent")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    expect(page.get_by_label("Caller", exact=True)).to_be_focused()
    page.get_by_label("Place", exact=True).select_option("council-run school")
    expect(page.locator("#fact-setting")).to_have_value("maintained")  # the letters and the map have it too
    page.locator("#q").fill("how long do they have")
    expect(page.get_by_label("Place", exact=True)).to_have_value("maintained")
    page.get_by_label("Place", exact=True).select_option("not known")
    expect(page.get_by_label("Place", exact=True)).to_have_count(0)


def test_a_short_question_goes_on_from_the_answer_before_and_a_clear_one_does_not(page: Page) -> None:
    page.keyboard.type("i think its disability discrimination by the school")
    expect(page.locator("#answer article h2").first).to_contain_text(re.compile("discriminat", re.I))
    page.keyboard.press("Enter")
    expect(page.locator("#note")).to_have_value(re.compile("Told: "))
    page.locator("#q").fill("how long have i got")
    expect(page.locator("#answer article").first).to_contain_text("6 months")
    page.locator("#q").fill("who must appoint a senco")
    expect(page.locator("#answer article h2").first).to_contain_text("SENCO")


def test_a_typed_date_fills_the_time_limit(page: Page) -> None:
    page.keyboard.type("the council refused to assess, the letter is dated 3 november 2026")
    expect(page.locator(".limit")).to_contain_text("Monday 4 January 2027")
    expect(page.locator("#date")).to_have_value("2026-11-03")
    expect(page.locator("#limit")).to_have_value("appeal")
    page.keyboard.press("Enter")
    page.locator("#q").fill("the letter is dated 3 or 4 november")
    expect(page.locator(".limit")).to_contain_text(
        "Which day exactly: Tuesday 3 November 2026 or Wednesday 4 November 2026?"
    )


def test_the_note_says_what_was_told_and_gets_a_subject_and_its_reference_is_copied(page: Page) -> None:
    page.keyboard.type("who must appoint a senco")
    expect(page.locator("#answer article h2").first).to_contain_text("SENCO")
    page.keyboard.press("Enter")
    lead = get_content().answers["schools.appoint-senco"].lead or ""
    expect(page.locator("#note")).to_have_value(re.compile(rf"\nTold: {re.escape(lead)} \("))
    expect(page.locator("#subject")).to_have_value(re.compile("SENCO"))
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    page.keyboard.type("Mrs Featherstone rings again on Monday")
    expect(page.locator("#note")).to_have_value(
        re.compile("\nAgreed: Mrs Featherstone rings again on Monday$")
    )
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.locator("#status")).to_contain_text("Saved as ")
    expect(page.locator("#status")).to_contain_text("(copied)")
    assert seen(page, "#status .reference")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#status .reference").inner_text()
    expect(page.locator("#status")).to_contain_text("taken out: name")
    expect(page.locator("#note")).to_have_value(re.compile(r"Mrs \[name\]"))  # as it is kept


def test_the_line_of_danger_is_not_green_and_its_card_is_red(page: Page) -> None:
    page.keyboard.type("she says she wants to kill herself")
    card = page.locator("#answer > :first-child")
    expect(card).to_contain_text("Danger: say this first")
    red, _, blue = card.locator("h2").evaluate(
        "element => getComputedStyle(element).color.match(/\\d+/g).map(Number)"
    )
    assert red > 2 * blue
    expect(page.locator("#status")).to_be_empty()
    assert seen(page, ".call-now .contacts")
