"""A whole call by keyboard alone, in a browser; and the same without a script."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Dialog, Page, expect

from tests.helpline.conftest import ADVISER, PASSWORD, Helpline, sign_in_by_keyboard

QUESTIONS = [
    ("school says there is no money for extra help", "6,000"),
    ("can i ask for an ehc needs assessment myself", "Who can ask"),
    ("how long does the council have to decide if they will assess", "How long does the council have"),
    ("the council refused to assess my daughter what now", "The council said no"),
    ("who must appoint a senco", "SENCO"),
]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(25):
        if page.locator(selector).evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def test_a_call_from_sign_in_to_sign_out_by_keyboard(page: Page, helpline: Helpline) -> None:
    note, status = page.locator("#note"), page.locator("#status")
    for question, title in QUESTIONS:
        page.keyboard.type(question)
        expect(page.locator("#answer article h2").first).to_contain_text(title)
        page.keyboard.press("Enter")
        expect(note).to_have_value(re.compile(f"Asked: {re.escape(question)}\nTold: .+Source: "))

    page.keyboard.press("Escape")  # a letter
    page.keyboard.press("l")
    tab_to(page, "button[name=template][value=head-complaint]")
    page.keyboard.press("Enter")
    expect(page.locator("#letter-text")).to_contain_text("Dear")
    tab_to(page, "#part-letter [data-note]")
    page.keyboard.press("Enter")

    page.keyboard.press("d")  # a time limit
    expect(page.locator("#limit")).to_be_focused()
    tab_to(page, "#date")
    page.keyboard.type("09092026")
    tab_to(page, "button[data-part=deadline]")
    page.keyboard.press("Enter")
    expect(page.locator("#part-deadline")).to_contain_text("9 November 2026 is the last day")
    tab_to(page, "#part-deadline [data-note]")
    page.keyboard.press("Enter")

    page.keyboard.press("r")  # a referral
    page.keyboard.press("n")  # the note: what was heard, and when to look again
    page.keyboard.press("Control+End")
    page.keyboard.type("Caller will write to the head first.")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    page.keyboard.type("12122026")
    expect(page.locator("#follow_up")).to_have_value("2026-12-12")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(status).to_contain_text("Saved as ")

    with page.expect_download() as text:
        page.keyboard.press("t")
    written = Path(text.value.path()).read_text(encoding="utf-8-sig")
    for line in (
        "Asked: who must appoint a senco",
        "Letter: ",
        "Time limit: ",
        "Referred to: ",
        "Follow up: 12 December 2026",
    ):
        assert line in written
    with page.expect_download() as word:
        page.keyboard.press("w")
    assert Path(word.value.path()).read_bytes().startswith(b"PK")

    page.keyboard.press("k")
    expect(status).to_have_text("Copied: The note")
    assert "Caller will write to the head first." in page.evaluate("navigator.clipboard.readText()")

    page.keyboard.press("o")  # out, and nothing is left behind in the browser
    expect(page.locator("h1")).to_have_text("Sign in")
    assert page.evaluate("sessionStorage.length") == 0
    [(account,)] = helpline.rows("SELECT account FROM case_notes WHERE follow_up = '2026-12-12'")
    assert account == ADVISER
    helpline.rows("DELETE FROM case_notes")


def test_every_key_is_listed_and_does_nothing_inside_a_box_or_when_switched_off(page: Page) -> None:
    page.keyboard.type("how do i complain to the head ?mx")
    expect(page.locator("#q")).to_have_value("how do i complain to the head ?mx")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    listed = page.locator("#keys-list dt").all_inner_texts()
    used = set(page.locator("[data-key]").evaluate_all("found => found.map(one => one.dataset.key)"))
    assert used | {"?", "Enter", "Esc"} <= set(listed)
    assert {"/", "a", "c", "d", "e", "f", "l", "m", "n", "o", "r", "s", "u", "x"} <= set(listed)
    tab_to(page, "#keys-on")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("details.tool").first).not_to_have_attribute("open", "")
    page.evaluate("localStorage.clear()")


def test_an_answer_can_be_picked_asked_about_copied_and_made_easier_by_one_key_each(page: Page) -> None:
    page.keyboard.type("the school wont help my son")
    answer = page.locator("#answer")
    expect(answer.locator(".choices button").first).to_be_visible()
    page.keyboard.press("Escape")
    title = answer.locator(".choices button").first.inner_text()
    page.keyboard.press("1")
    expect(answer.locator("article h2")).to_contain_text(re.sub(r"^1", "", title).strip())
    page.keyboard.press("e")
    expect(answer.locator("details.easy .aloud")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("#status")).to_contain_text("Copied: ")
    first = page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("c")
    page.wait_for_function("before => navigator.clipboard.readText().then(now => now !== before)", arg=first)


def test_the_caller_s_place_is_shown_on_the_map_and_every_step_can_be_opened(page: Page) -> None:
    page.keyboard.type("the head teacher did not sort it out, who do i write to now")
    expect(page.locator("article h2").first).to_contain_text("head did not sort it out")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    here = page.locator("#part-map [aria-current=step]").first
    expect(here).to_be_visible()
    expect(page.locator("#step-title")).to_contain_text("governing body")
    expect(page.locator("#fact-topic")).to_have_value("support")
    page.locator("#part-map button", has_text="complaints policy").first.press("Enter")
    expect(page.locator("#step-title")).to_contain_text("complaints policy")
    page.locator("#part-map [data-note]").press("Enter")
    expect(page.locator("#note")).to_have_value(re.compile("Step: .*complaints policy"))


def test_two_keys_tell_the_editors(page: Page, helpline: Helpline) -> None:
    page.keyboard.type("can my son Tarquin have a laptop for writing, ring 020 7946 0018")
    expect(page.locator("#answer h2").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.keyboard.press("m")
    expect(page.locator("#status")).to_have_text("Thank you. The editors will see: missing.")
    [(channel, kind, question)] = helpline.rows(
        "SELECT channel, kind, question FROM feedback ORDER BY number DESC LIMIT 1"
    )
    assert (channel, kind) == ("helpline", "missing")
    assert "laptop" in str(question)
    assert "Tarquin" not in str(question)
    assert "7946" not in str(question)


def test_danger_is_shown_first_and_large_while_it_is_typed(page: Page) -> None:
    page.keyboard.type("school wont help and she says she wants to kill herself")
    urgent = page.locator("#answer > :first-child")
    expect(urgent).to_have_class(re.compile("urgent"))
    expect(urgent).to_contain_text("999")
    size = urgent.locator("p").first.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    assert size >= 20
    expect(page.locator("#answer legend")).to_have_count(0)


def test_the_note_comes_back_after_a_reload_and_ends_with_the_call(page: Page) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("Rang twice today.")
    page.reload()
    expect(page.locator("#note")).to_have_value("Rang twice today.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.locator("#note")).to_have_value("")
    assert page.evaluate("sessionStorage.length") == 0


def test_no_answer_came_so_none_goes_into_the_note(helpline: Helpline, browser: Browser) -> None:
    page = browser.new_context().new_page()
    sign_in_by_keyboard(page, helpline.url)
    note, status = page.locator("#note"), page.locator("#status")
    page.keyboard.type("who must appoint a senco")
    expect(page.locator("#answer article h2").first).to_contain_text("SENCO")
    helpline.rows("DELETE FROM staff_sessions")  # the session ends
    page.locator("#q").fill("can i appeal to the tribunal")
    page.keyboard.press("Enter")
    expect(status).to_have_text("you are signed out: sign in again")
    expect(note).to_have_value("")
    page.context.set_offline(True)
    page.locator("#q").fill("can i appeal against the school")
    page.keyboard.press("Enter")
    expect(status).to_have_text(re.compile("fetch", re.I))
    expect(note).to_have_value("")
    page.locator("button[data-note][data-key=a]").first.click()  # it is the first question that was answered
    expect(note).to_have_value(
        re.compile("^Asked: who must appoint a senco\nTold: A mainstream state school must.*\n$")
    )
    page.context.close()


def test_an_answer_that_is_slow_to_come_is_noted_when_it_has_come(page: Page) -> None:
    page.keyboard.type("who must appoint a senco")
    page.keyboard.press("Enter")  # before it can be there
    expect(page.locator("#note")).to_have_value(re.compile("^Asked: who must appoint a senco\nTold: .*SENCO"))


def test_the_key_that_signs_out_asks_first_where_the_note_is_not_saved(
    page: Page, helpline: Helpline
) -> None:
    asked: list[str] = []
    answers = iter([False, True])

    def decide(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if next(answers) else dialog.dismiss()

    page.on("dialog", decide)
    page.locator("#note").fill("Rang about transport.")
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    expect(page.locator("#note")).to_have_value("Rang about transport.")
    page.keyboard.press("s")
    expect(page.locator("#status")).to_contain_text("Saved as ")
    page.locator("#note").fill("Rang about transport. Twice.")
    page.goto(f"{helpline.url}/helpline/browse")  # the note is kept there too
    page.keyboard.press("o")
    expect(page.locator("h1")).to_have_text("Sign in")
    assert asked == ["Sign out? What you have written and not saved will be gone."] * 2
    assert page.evaluate("sessionStorage.length") == 0
    helpline.rows("DELETE FROM case_notes")


def test_what_a_caller_says_stands_in_no_address_and_no_log(page: Page, helpline: Helpline) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.keyboard.type("Wibblington School has no senco")
    expect(page.locator("#answer h2").first).to_be_visible()
    page.goto(f"{helpline.url}/helpline/browse")
    page.locator("#words").fill("Wibblington")
    page.keyboard.press("Enter")
    expect(page.locator("h2").first).to_contain_text("Found")
    assert "Wibblington" not in " ".join(addresses) + helpline.log.read_text()
    assert not any(helpline.rows("SELECT 1 FROM events"))


def test_a_call_without_a_script(browser: Browser, helpline: Helpline) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{helpline.url}/helpline")
    page.fill("#name", ADVISER)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.fill("#q", "who must appoint a senco")
    page.click("text=Answer >> nth=0")
    expect(page.locator("article h2").first).to_contain_text("SENCO")
    page.click("button[name=add] >> nth=0")
    expect(page.locator("#note")).to_have_value(re.compile("Asked: who must appoint a senco\nTold: "))
    page.locator("details.tool > summary").nth(1).click()
    page.click("button[name=template][value=governors-complaint] >> nth=0")
    expect(page.locator("#letter-text")).to_contain_text("Dear")
    expect(page.locator("#note")).to_have_value(re.compile("Told: "))
    page.locator("details.tool > summary").nth(2).click()
    page.fill("#date", "2026-09-01")
    page.click("button[formaction='/helpline/deadline']")
    expect(page.locator("#part-deadline")).to_contain_text("1 November 2026")
    page.click("button[formaction='/helpline/notes']")
    expect(page.locator("#status")).to_contain_text("Saved as")
    helpline.rows("DELETE FROM case_notes")
    context.close()
