"""A small screen and a thumb: room for the answer, the keyboard up, landscape, large letters, Back, a reload."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWER, LANDSCAPE, OVERTAKEN, PHONE, QUESTION, WRITE, Open, Person

TOUCH = {"has_touch": True, "is_mobile": True}
KEYBOARD = """(height) => {
  for (const [name, value] of [["height", height], ["offsetTop", 40], ["scale", 1]])
    Object.defineProperty(visualViewport, name, { value, configurable: true });
  visualViewport.dispatchEvent(new Event("resize"));
}"""


def phone(open_page: Open, size: dict[str, int] = PHONE, path: str = "/") -> Person:
    return Person(open_page(path, viewport=size, **TOUCH))


def height(person: Person, selector: str) -> float:
    box = person.widget.locator(selector).bounding_box()
    assert box
    return box["height"]


def lower_edge(person: Person, selector: str) -> float:
    box = person.widget.locator(selector).bounding_box()
    assert box
    return box["y"] + box["height"]


def test_at_most_a_fifth_of_the_screen_is_not_conversation(open_page: Open) -> None:
    person = phone(open_page).opens().asks(QUESTION)
    assert (
        height(person, ".head") + height(person, ".notice") + height(person, ".foot") <= PHONE["height"] / 5
    )


@pytest.mark.parametrize(
    "size", [PHONE, {"width": 390, "height": 664}, {"width": 412, "height": 732}], ids=str
)
def test_the_button_lies_over_no_question_of_the_demonstration(open_page: Open, size: dict[str, int]) -> None:
    page = phone(open_page, size).page
    button = page.get_by_role("button", name="Ask the SEND guide").bounding_box()
    questions = page.locator("form.examples button")
    assert button
    boxes = [each.bounding_box() for each in questions.all()]
    assert boxes
    for box in boxes:
        assert box
        assert box["y"] + box["height"] <= button["y"]


def test_what_is_said_first_takes_three_lines_and_says_what_matters(open_page: Open) -> None:
    person = phone(open_page).opens()
    hello = person.log.get_by_text("I am a machine")
    lines = hello.evaluate("each => each.clientHeight / parseFloat(getComputedStyle(each).lineHeight)")
    assert round(lines) <= 3
    for words in ("not a person", "private", "leave out names"):
        expect(hello).to_contain_text(words)
    for each in (person.log.get_by_role("link", name="999"), *person.log.get_by_role("button").all()):
        expect(each).to_be_in_viewport(ratio=1)


def test_the_menu_is_in_groups_and_what_cannot_be_undone_stands_apart(open_page: Open) -> None:
    person = phone(open_page).opens()
    person.option("Simpler words")
    groups = person.widget.locator("details.options").get_by_role("group")
    names = ["Reading", "This conversation", "When you are done"]
    assert [each.get_attribute("aria-label") for each in groups.all()] == names
    for group, name in zip(groups.all(), names, strict=True):
        expect(group.get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)
        assert 1 <= group.locator("button").count() <= 4
    expect(groups.last.get_by_role("button")).to_have_text(["End and delete"])
    assert lower_edge(person, ".choose") <= PHONE["height"] * 0.6


@pytest.mark.parametrize("path", ["/", "/chat"])
def test_what_is_behind_more_is_seen_when_it_is_opened(open_page: Open, path: str) -> None:
    person = phone(open_page, path=path)
    if path == "/":
        person.opens()
    person.asks(QUESTION)
    more = person.more()
    expect(more.get_by_text("Read more at:")).to_be_in_viewport(ratio=1)
    expect(more.locator("summary")).to_be_in_viewport(ratio=1)


def test_what_was_sent_is_seen_at_once(open_page: Open) -> None:
    person = phone(open_page).opens().asks(QUESTION).asks(OVERTAKEN)
    person.page.route("**/chat/messages", lambda route: None)
    person.box.fill("and what if they say no")
    person.page.get_by_role("button", name="Send", exact=True).click()
    expect(person.said.last).to_be_in_viewport(ratio=1)
    expect(person.status).to_have_text("The guide is writing")
    expect(person.said.last).to_be_in_viewport(ratio=1)
    assert lower_edge(person, ".message.person >> nth=-1") <= lower_edge(person, ".log")


def test_with_the_keyboard_up_it_is_as_high_as_what_is_left(open_page: Open) -> None:
    person = phone(open_page).opens().asks(QUESTION)
    person.page.evaluate(KEYBOARD, 340)
    panel = person.widget.locator(".panel").bounding_box()
    assert panel
    assert (panel["y"], panel["height"]) == (40, 340)
    assert lower_edge(person, ".ask") <= 40 + 340
    expect(person.last.get_by_text(ANSWER)).to_be_in_viewport(ratio=1)


def test_pinching_is_no_keyboard(open_page: Open) -> None:
    person = phone(open_page).opens()
    person.page.evaluate(KEYBOARD.replace('["scale", 1]', '["scale", 2]'), 340)
    assert height(person, ".panel") == PHONE["height"]


def test_in_landscape_the_box_to_write_in_stays(open_page: Open) -> None:
    person = phone(open_page, LANDSCAPE).opens().asks(OVERTAKEN)
    expect(person.box).to_be_in_viewport(ratio=1)
    expect(person.widget.get_by_role("button", name="Leave quickly")).to_be_in_viewport(ratio=1)
    assert height(person, ".log") >= LANDSCAPE["height"] / 2


@pytest.mark.parametrize("by", ["the chat's own control", "the browser's letters"])
def test_at_200_percent_all_is_on_the_screen(open_page: Open, by: str) -> None:
    person = phone(open_page)
    if by == "the browser's letters":
        session = person.page.context.new_cdp_session(person.page)
        session.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
        person.page.reload()
        person.opens()
    else:
        person.opens()
        for _ in range(3):
            person.option("Larger text").click()
    person.asks(QUESTION)
    assert person.last.evaluate("each => parseFloat(getComputedStyle(each).fontSize)") == 32
    expect(person.box).to_be_in_viewport(ratio=1)
    for name in ("Leave quickly", "Close", "Send"):
        expect(person.widget.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)
    assert height(person, ".log") >= PHONE["height"] / 3
    assert person.widget.locator(".panel").evaluate("each => each.scrollWidth <= each.clientWidth")
    assert person.log.evaluate("each => each.scrollWidth <= each.clientWidth")


def test_at_400_percent_every_control_of_the_menu_can_be_pressed(open_page: Open) -> None:
    person = Person(open_page("/", viewport={"width": 320, "height": 256})).opens().asks(QUESTION)
    for _ in range(2):
        person.option("Larger text").click()  # fails where something lies over it
    person.option("Smaller text").click()
    person.option("Simpler words").click()
    person.option("End and delete").click()
    person.page.get_by_role("button", name="No, go back").click()
    expect(person.box).to_be_in_viewport(ratio=1)


def test_on_its_own_page_there_is_one_thing_to_scroll(open_page: Open) -> None:
    person = phone(open_page, path="/chat").asks(OVERTAKEN)
    assert (
        person.widget.evaluate(
            """guide => [...guide.shadowRoot.querySelectorAll("*")].filter((each) =>
          /auto|scroll/.test(getComputedStyle(each).overflowY) && each.localName !== "textarea"
          && each.scrollHeight > each.clientHeight + 1).length"""
        )
        == 0
    )
    person.page.evaluate("scrollTo(0, 600)")
    expect(person.widget.get_by_role("button", name="Leave quickly")).to_be_in_viewport(ratio=1)
    expect(person.box).to_be_in_viewport(ratio=1)


def test_enter_makes_a_line_where_there_is_no_other_key_for_it(open_page: Open) -> None:
    person = phone(open_page).opens()
    person.box.fill("one")
    person.box.press("Enter")
    person.box.press_sequentially("two")
    expect(person.box).to_have_value("one\ntwo")
    expect(person.said).to_have_count(0)


@pytest.mark.parametrize("event", [{"isComposing": True}, {"keyCode": 229}])
def test_an_input_method_that_takes_enter_sends_nothing(person: Person, event: dict[str, object]) -> None:
    person.box.fill("half a wo")
    person.box.dispatch_event("keydown", {"key": "Enter", "bubbles": True, **event})
    expect(person.box).to_have_value("half a wo")
    expect(person.said).to_have_count(0)


def test_back_closes_the_chat_and_stays_on_the_page(open_page: Open) -> None:
    person = phone(open_page, path="/guide")
    person.page.goto("/")
    person.opens().asks(QUESTION)
    person.page.go_back()
    expect(person.widget.locator(".panel")).to_be_hidden()
    assert person.page.url.endswith("/")
    person.opens()
    expect(person.said).to_have_count(1)
    person.widget.get_by_role("button", name="Close").click()
    expect(person.widget.locator(".panel")).to_be_hidden()
    person.page.wait_for_function("!history.state?.sendGuide")
    person.page.go_back()  # what closing took away is not left in the history
    expect(person.page).to_have_url(re.compile("/guide$"))


def test_a_reload_shows_the_chat_where_it_was_with_what_was_being_written(open_page: Open) -> None:
    person = phone(open_page).opens().asks(QUESTION).asks(OVERTAKEN)
    person.box.fill("and half of a thou")
    person.log.evaluate("log => log.scrollTop = 200")
    person.page.reload()
    expect(person.said).to_have_count(2)
    expect(person.box).to_be_visible()
    expect(person.box).to_have_value("and half of a thou")
    assert person.log.evaluate("log => log.scrollTop") == 200


def test_what_was_changed_in_a_letter_survives_a_reload(person: Person) -> None:
    person.asks(OVERTAKEN).taps(WRITE)
    person.last.get_by_label("Child's name").fill("Ada")
    person.last.get_by_label("Leave out this note").first.check()
    person.page.reload()
    expect(person.last.get_by_label("Child's name")).to_have_value("Ada")
    expect(person.last.get_by_label("Leave out this note").first).to_be_checked()
    expect(person.last.locator(".paper")).to_contain_text("I am Ada's parent.")
    person.last.get_by_role("button", name="Change the words").click()
    person.last.get_by_label("The letter").fill("Dear SENCO, it is about Ada.")
    person.page.reload()
    expect(person.last.get_by_label("The letter")).to_have_value("Dear SENCO, it is about Ada.")
    assert stored(person.page)["letters"]
    person.option("End and delete").click()
    person.page.get_by_role("button", name="Yes, delete it").click()
    expect(person.status).to_have_text("Your conversation has been deleted.")
    assert "Ada" not in str(stored(person.page))


def stored(page: Page) -> dict[str, object]:
    return dict(page.evaluate("JSON.parse(sessionStorage.getItem('send-guide')) || {}"))
