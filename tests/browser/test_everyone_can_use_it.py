"""Keyboard, screen reader, zoom, small screens, colours: WCAG 2.2 AA beside what axe can find."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWER, DANGER, LANDSCAPE, OVERTAKEN, PHONE, QUESTION, Open, Person

FOCUS = """() => {
  let found = document.activeElement;
  while (found && found.shadowRoot && found.shadowRoot.activeElement) found = found.shadowRoot.activeElement;
  return found ? (found.ariaLabel || found.innerText || found.id || found.localName) : "";
}"""
WATCH = """() => {
  const log = document.querySelector("send-guide").shadowRoot.querySelector("[role=log]");
  window.announced = [];
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
    const quiet = node.closest && node.closest("[aria-live=off]");
    if (!quiet && change.target === log.querySelector("ol")) window.announced.push([log.getAttribute("aria-live"), node.innerText]);
  }))).observe(log, { childList: true, subtree: true });
}"""


def focused(page: Page) -> str:
    return str(page.evaluate(FOCUS)).strip()


def test_everything_is_done_with_the_keyboard_alone(open_page: Open) -> None:
    page = open_page("/")
    person = Person(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if focused(page) == "Ask the SEND guide":
            break
    page.keyboard.press("Enter")
    expect(person.box).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    person.hears(1)
    expect(person.box).to_be_focused()  # whoever types goes on typing
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if focused(page) == "Write: A first e-mail to the SENCO":
            break
    page.keyboard.press("Enter")
    person.hears(2)
    assert "Write: A first e-mail to the SENCO" in focused(
        page
    )  # on what was chosen: the answer is what comes next
    expect(person.said.last).to_be_focused()
    page.keyboard.press("Escape")
    opener = page.get_by_role("button", name="Ask the SEND guide")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(person.box).to_be_focused()
    expect(person.said).to_have_count(2)


def test_one_key_leads_from_the_box_to_the_newest_choices(open_page: Open) -> None:
    page = open_page("/")
    person = Person(page).opens()
    expect(person.log.get_by_text("Arrow up in the empty box")).to_be_visible()
    page.keyboard.press("ArrowUp")
    assert focused(page) == "Can I ask for an EHC plan myself?"
    person.box.focus()
    page.keyboard.type("the school will not help my son")
    page.keyboard.press("Enter")
    person.hears(1)
    expect(person.last.get_by_text("3 choices")).to_have_count(1)
    expect(person.box).to_be_focused()
    page.keyboard.type("no")
    page.keyboard.press("ArrowUp")  # goes to the beginning of what is written
    expect(person.box).to_be_focused()
    page.keyboard.press("Delete")
    page.keyboard.press("Delete")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "Yes, there is an EHC plan"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    person.hears(2)
    expect(person.said.last).to_contain_text("No plan, or not yet")


def test_the_box_says_which_key_leads_to_the_choices(person: Person) -> None:
    expect(person.box).to_have_attribute("aria-keyshortcuts", "ArrowUp")
    expect(person.box).to_have_accessible_description(re.compile("Arrow up in the empty box"))


def test_on_a_phone_the_first_words_are_seen_and_leaving_stays_in_reach(open_page: Open) -> None:
    for size in (PHONE, LANDSCAPE):
        page = open_page("/", viewport=size, has_touch=True, is_mobile=True)
        person = Person(page).opens()
        expect(person.box).not_to_be_focused()  # no keyboard comes up over what the guide says
        expect(page.get_by_text("I am a machine, not a person.")).to_be_in_viewport()
        for _ in range(3):
            person.option("Larger text").click()
        person.widget.locator("details.options summary").click()
        person.asks(QUESTION)
        expect(page.get_by_role("button", name="Leave quickly")).to_be_in_viewport(ratio=1)
        expect(person.last.get_by_text(ANSWER)).to_be_in_viewport()


def test_escape_closes_the_chat_from_the_page_behind(person: Person) -> None:
    person.page.get_by_role("link", name="All topics").focus()
    person.page.keyboard.press("Escape")
    expect(person.page.get_by_role("dialog")).to_have_count(0)


def test_the_focus_is_always_to_be_seen(person: Person) -> None:
    person.asks(QUESTION)
    for _ in range(25):
        person.page.keyboard.press("Tab")
        outline = person.page.evaluate(
            FOCUS.replace(
                "return found ?",
                "if (!found || found === document.body) return 'solid 3px'; const style = getComputedStyle(found);"
                "return `${style.outlineStyle} ${style.outlineWidth}`; return found ?",
            )
        )
        assert outline == "solid 3px"


def test_new_messages_are_announced_in_order_and_old_ones_are_not(person: Person) -> None:
    log = person.log
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-relevant", "additions")
    person.page.evaluate(WATCH)
    person.asks(QUESTION)
    announced = person.page.evaluate("announced")
    assert [live for live, _ in announced] == ["polite", "polite"]
    assert announced[0][1].startswith("You said")
    assert QUESTION in announced[0][1]
    assert announced[1][1].startswith("Guide said")
    assert ANSWER in announced[1][1]
    expect(person.last.locator(".more")).to_have_attribute("aria-live", "off")
    person.page.reload()
    expect(person.said).to_have_count(1)
    person.page.evaluate(WATCH)
    person.asks("who must appoint a senco")
    assert len(person.page.evaluate("announced")) == 2  # not what was restored


def test_the_state_is_a_status_and_not_part_of_the_conversation(person: Person) -> None:
    person.page.route("**/chat/messages", lambda route: None)
    person.box.fill(QUESTION)
    person.box.press("Enter")
    expect(person.status).to_have_text("The guide is writing")
    assert person.log.locator("[role=status]").count() == 0


@pytest.mark.parametrize(
    ("width", "height"), [(320, 256), (320, 640), (390, 844)], ids=["400 %", "320 px", "telephone"]
)
def test_nothing_is_scrolled_sideways(open_page: Open, width: int, height: int) -> None:
    page = open_page("/", viewport={"width": width, "height": height})
    person = Person(page).opens()
    person.asks(OVERTAKEN)
    person.option("Simpler words")
    person.page.keyboard.press("Escape")  # closes the menu
    person.more()
    sideways = page.evaluate(
        """() => {
          const inside = [...document.querySelector("send-guide").shadowRoot.querySelectorAll("*")];
          return [document.documentElement, ...inside].filter((each) => each.clientWidth > 1 && each.checkVisibility()
            && each.scrollWidth > each.clientWidth + 1 && !["A", "SPAN", "STRONG", "H2"].includes(each.tagName))
            .map((each) => each.className);
        }"""
    )
    assert sideways == []
    for _ in range(4):
        person.option("Larger text").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    person.box.scroll_into_view_if_needed()
    expect(person.box).to_be_in_viewport()


def test_at_400_percent_the_way_out_stays_in_view_and_covers_nothing_with_the_focus(open_page: Open) -> None:
    page = open_page("/", viewport={"width": 320, "height": 256})
    person = Person(page).opens().asks(QUESTION)
    expect(person.widget.get_by_role("button", name="Leave quickly")).to_be_in_viewport()
    head = person.widget.locator(".head").bounding_box()
    assert head
    assert head["height"] <= 256 / 4
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        top = page.evaluate(
            FOCUS.replace("return found ?", "return found.getBoundingClientRect().bottom; return found ?")
        )
        assert top > 20


def test_on_a_telephone_the_page_behind_cannot_be_reached(open_page: Open) -> None:
    page = open_page("/", viewport={"width": 390, "height": 844})
    Person(page).opens()
    for _ in range(15):
        page.keyboard.press("Tab")
        assert focused(page) != "Chat on a page of its own"


@pytest.mark.parametrize("question", [QUESTION, DANGER], ids=["answer", "urgent"])
def test_what_is_pressed_is_large_enough_for_a_thumb(person: Person, question: str) -> None:
    person.asks(question)
    person.option("Simpler words")
    for target in person.widget.get_by_role("button").all() + person.widget.get_by_role("switch").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= 44, target.inner_text()
        assert box["width"] >= 44, target.inner_text()


def test_nothing_moves_for_who_does_not_want_it(open_page: Open) -> None:
    page = open_page("/", reduced_motion="reduce")
    person = Person(page).opens()
    page.route("**/chat/messages", lambda route: None)
    person.box.fill(QUESTION)
    person.box.press("Enter")
    expect(person.status).to_have_text("The guide is writing")
    assert page.evaluate("document.getAnimations().length") == 0
    assert person.status.evaluate("each => getComputedStyle(each, '::after').animationName") == "none"


def test_with_forced_colours_messages_and_controls_have_edges(open_page: Open) -> None:
    page = open_page("/", forced_colors="active")
    person = Person(page).opens().asks(DANGER)
    for selector in (".urgent", ".message.person", "textarea", ".ask button"):
        style = person.widget.locator(selector).last.evaluate(
            "each => [getComputedStyle(each).borderTopStyle, getComputedStyle(each).borderTopWidth]"
        )
        assert style[0] == "solid"
        assert float(style[1].removesuffix("px")) >= 1


@pytest.mark.parametrize(
    ("theme", "system", "paper"),
    [
        ("light", "dark", "rgb(255, 255, 255)"),
        ("dark", "light", "rgb(20, 24, 28)"),
        ("auto", "light", "rgb(255, 255, 255)"),
        ("auto", "dark", "rgb(20, 24, 28)"),
    ],
)
def test_light_or_dark_as_the_page_says(open_page: Open, theme: str, system: str, paper: str) -> None:
    person = Person(open_page("/", color_scheme=system)).opens()
    person.widget.evaluate("(guide, theme) => guide.setAttribute('theme', theme)", theme)
    panel = person.widget.locator(".panel")
    assert panel.evaluate("each => getComputedStyle(each).backgroundColor") == paper
