"""Four words that are read on one device and typed on another: a phone, the keyboard, pages without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ON_THE_PATH, PHONE, Open, Person

TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
CODE_IS_SHOWN, CODE_IS_ASKED = "Come back on another device", "Go on where you were"
FACT = "there is no EHC plan"


def on_the_path(page: Page) -> Person:
    return Person(page).opens().asks(ON_THE_PATH).asks("no plan")


def code_of(person: Person) -> str:
    person.option(CODE_IS_SHOWN).click()
    shown = person.page.get_by_role("dialog", name=CODE_IS_SHOWN)
    expect(shown.locator(".code")).to_have_text(re.compile(r"^([a-z]+ ){3}[a-z]+$"))
    code = shown.locator(".code").inner_text()
    shown.get_by_role("button", name="Done").click()
    expect(shown).to_have_count(0)
    return code


def types(person: Person, code: str) -> None:
    person.widget.get_by_role("button", name="I have a code").click()
    person.page.get_by_label("Your four words").fill(code)
    person.page.get_by_role("button", name="Go on", exact=True).click()


def test_what_was_understood_comes_along_to_another_phone(open_page: Open) -> None:
    code = code_of(on_the_path(open_page("/", **TOUCH)))
    another = Person(open_page("/", **TOUCH)).opens()
    types(another, code.upper())
    expect(another.log).to_contain_text("Welcome back.")
    expect(another.log).to_contain_text(FACT)
    expect(another.page.get_by_role("dialog", name=CODE_IS_ASKED)).to_have_count(0)
    expect(another.log.get_by_text("Welcome back.")).to_be_in_viewport()
    assert "daughter" not in another.log.inner_text()
    another.asks("nothing yet")  # and it goes on from there
    another.page.reload()
    expect(another.log).to_contain_text("Welcome back.")
    expect(another.said).to_have_count(1)


def test_the_words_are_large_and_fit_a_phone(open_page: Open) -> None:
    person = on_the_path(open_page("/", **TOUCH))
    person.option(CODE_IS_SHOWN).click()
    code = person.page.get_by_role("dialog", name=CODE_IS_SHOWN).locator(".code")
    expect(code).to_be_in_viewport(ratio=1)
    assert code.evaluate("each => parseFloat(getComputedStyle(each).fontSize)") >= 24
    for name in ("Copy the words", "Done"):
        expect(person.page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)


def test_by_keyboard_alone(open_page: Open) -> None:
    code = code_of(on_the_path(open_page("/")))
    another = Person(open_page("/")).opens()
    another.widget.get_by_role("button", name="I have a code").focus()
    another.page.keyboard.press("Enter")
    box = another.page.get_by_label("Your four words")
    expect(box).to_be_focused()
    another.page.keyboard.press("Escape")  # closes that, and not the chat
    expect(box).to_have_count(0)
    expect(another.box).to_be_visible()
    expect(another.widget.get_by_role("button", name="I have a code")).to_be_focused()
    another.page.keyboard.press("Enter")
    another.page.keyboard.type(code)
    another.page.keyboard.press("Enter")
    expect(another.log).to_contain_text(FACT)


def test_a_wrong_code_is_told_where_it_was_typed(open_page: Open) -> None:
    person = Person(open_page("/", **TOUCH)).opens()
    types(person, "apple pear fig plum")
    asked = person.page.get_by_role("dialog", name=CODE_IS_ASKED)
    expect(asked.get_by_role("alert")).to_contain_text("That code does not work.")
    expect(asked.get_by_label("Your four words")).to_be_focused()
    asked.get_by_role("button", name="Go back").click()
    expect(person.said).to_have_count(0)


def test_where_nothing_is_known_that_is_said(open_page: Open) -> None:
    person = Person(open_page("/", **TOUCH)).opens()
    person.option(CODE_IS_SHOWN).click()
    expect(person.status).to_contain_text("There is nothing to bring back yet.")


def test_a_link_to_oneself_brings_it_back_and_its_code_reaches_no_address_of_a_request(
    open_page: Open,
) -> None:
    person = on_the_path(open_page("/", **TOUCH))
    person.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person.page.evaluate("Navigator.prototype.share = undefined")  # a browser that has no way of its own
    person.option(CODE_IS_SHOWN).click()
    shown = person.page.get_by_role("dialog", name=CODE_IS_SHOWN)
    code = shown.locator(".code").inner_text()
    shown.get_by_role("button", name="Send me a link").click()
    expect(shown.get_by_role("status")).to_have_text("The link is copied. Send it to yourself.")
    link = person.page.evaluate("navigator.clipboard.readText()")
    assert link.endswith("/chat#code=" + code.replace(" ", "-"))
    page = open_page("/guide", **TOUCH)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    page.goto(link)
    another = Person(page)
    expect(page.get_by_label("Your four words")).to_have_value(code)
    assert page.url.endswith("/chat")  # nobody who comes after reads it there
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(another.log).to_contain_text(FACT)
    assert asked
    assert not any(code.split()[0] in url for url in asked)


def test_a_link_goes_the_way_that_the_device_has_for_sending(open_page: Open) -> None:
    person = on_the_path(open_page("/", **TOUCH))
    person.page.evaluate("navigator.share = async (what) => { window.shared = what; }")
    person.option(CODE_IS_SHOWN).click()
    person.page.get_by_role("button", name="Send me a link").click()
    person.page.wait_for_function("window.shared")
    assert "/chat#code=" in person.page.evaluate("shared.url")


def test_nothing_of_a_code_stays_in_the_tab(open_page: Open) -> None:
    person = on_the_path(open_page("/", **TOUCH))
    code = code_of(person)
    assert code not in person.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert code not in person.page.content()


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desktop"])
def test_without_javascript(open_page: Open, size: dict[str, int]) -> None:
    page = open_page("/guide", java_script_enabled=False, viewport=size)
    for question in (ON_THE_PATH, "no plan"):
        page.get_by_label("Your question").fill(question)
        with page.expect_event("load"):
            page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name=CODE_IS_SHOWN).click()
    code = page.locator(".code").inner_text()
    page.get_by_role("button", name="Back to the conversation").click()
    expect(page.get_by_text(ON_THE_PATH)).to_be_visible()
    another = open_page("/guide", java_script_enabled=False, viewport=size)
    for typed in ("apple pear fig plum", code):
        if typed != code:
            another.get_by_text("I have a code").click()
        another.get_by_label("Your four words").fill(typed)
        with another.expect_event("load"):
            another.get_by_role("button", name="Go on where I was").click()
        if typed != code:
            expect(another.get_by_role("alert")).to_be_in_viewport()
    expect(another.get_by_text("Welcome back.")).to_be_visible()
    expect(another.get_by_text(FACT, exact=False).first).to_be_visible()
    assert "daughter" not in another.content()
