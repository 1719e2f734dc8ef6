"""axe looks at every state of the widget and of the plain pages, light and dark, and finds nothing."""

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DANGER, ON_THE_PATH, OVERTAKEN, QUESTION, Open, Person
from tests.browser.test_tools import DEADLINE, LETTER, answers_with

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
State = Callable[[Page], object]


def closed(page: Page) -> None:
    expect(page.get_by_role("button", name="Ask the SEND guide")).to_be_visible()


def opened(page: Page) -> Person:
    return Person(page).opens()


def options(page: Page) -> None:
    opened(page).option("Simpler words")


def answer(page: Page) -> Person:
    person = opened(page).asks(QUESTION)
    person.more()
    return person


def simpler(page: Page) -> None:
    person = opened(page).asks(OVERTAKEN)
    person.option("Simpler words").click()
    person.option("Larger text").click()


def since_note(page: Page) -> None:
    opened(page).asks(OVERTAKEN)


def urgent(page: Page) -> None:
    opened(page).asks(DANGER)


def choices(page: Page) -> None:
    opened(page).asks("school and council")


def duties(page: Page) -> None:
    opened(page).asks("what do governors have to do")


def writing(page: Page) -> None:
    person = opened(page)
    page.route("**/chat/messages", lambda route: None)
    person.box.fill(QUESTION)
    person.box.press("Enter")
    expect(person.status).to_have_text("The guide is writing")


def lost(page: Page) -> None:
    person = opened(page)
    page.route("**/chat/messages", lambda route: route.abort())
    person.box.fill(QUESTION)
    person.box.press("Enter")
    expect(person.status).to_contain_text("Trying again")


def refused(page: Page) -> None:
    person = opened(page)
    page.route("**/chat/messages", lambda route: route.fulfill(status=400, json={"error": "Not understood."}))
    person.box.fill(QUESTION)
    person.box.press("Enter")
    expect(person.status).to_have_text("Not understood.")


def feedback(page: Page) -> None:
    opened(page).asks(QUESTION).more().get_by_role("button", name="Yes, this was useful").click()


def letter(page: Page) -> None:
    answers_with(page, LETTER)
    opened(page).asks("write the letter")


def letter_by_hand(page: Page) -> None:
    letter(page)
    page.get_by_role("button", name="Change the words").click()


def deadline(page: Page) -> None:
    answers_with(page, DEADLINE)
    opened(page).asks("when do i have to appeal")


def ending(page: Page) -> None:
    opened(page).asks(QUESTION).option("End and delete").click()
    expect(page.get_by_role("dialog", name="End and delete this conversation?")).to_be_visible()


def ended(page: Page) -> None:
    ending(page)
    page.get_by_role("button", name="Yes, delete it").click()
    expect(Person(page).status).to_have_text("Your conversation has been deleted.")


def code_shown(page: Page) -> None:
    opened(page).asks(ON_THE_PATH).option("Come back on another device").click()
    expect(page.get_by_role("dialog", name="Come back on another device")).to_be_visible()


def code_asked(page: Page) -> None:
    opened(page).widget.get_by_role("button", name="I have a code").click()


def code_wrong(page: Page) -> None:
    code_asked(page)
    page.get_by_label("Your four words").fill("apple pear fig plum")
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("That code does not work.")


def plain_asks(page: Page, *questions: str) -> None:
    for question in questions:
        page.get_by_label("Your question").fill(question)
        page.get_by_role("button", name="Send", exact=True).click()


def plain_press(page: Page, *names: str) -> None:
    plain_asks(page, QUESTION)
    for name in names:
        page.get_by_role("button", name=name).click()


def plain_code_wrong(page: Page) -> None:
    page.get_by_text("I have a code").click()
    page.get_by_label("Your four words").fill("apple pear fig plum")
    page.get_by_role("button", name="Go on where I was").click()


def plain_code_shown(page: Page) -> None:
    plain_asks(page, ON_THE_PATH)
    page.get_by_role("button", name="Come back on another device").click()


WIDGET: dict[str, State] = {
    state.__name__: state
    for state in (
        closed, opened, options, answer, simpler, since_note, urgent, choices, duties, writing, lost, refused,
        feedback, letter, letter_by_hand, deadline, ending, ended, code_shown, code_asked, code_wrong,
    )
}  # fmt: skip
PLAIN: dict[str, State] = {
    "start": lambda page: None,
    "answer": lambda page: plain_asks(page, QUESTION),
    "since note": lambda page: plain_asks(page, OVERTAKEN),
    "urgent": lambda page: plain_asks(page, DANGER),
    "choices": lambda page: plain_asks(page, "school and council"),
    "several": lambda page: plain_asks(page, "what do governors have to do", OVERTAKEN),
    "nothing written": lambda page: plain_asks(page, ""),
    "simpler": lambda page: plain_press(page, "Use simpler words"),
    "code shown": plain_code_shown,
    "code wrong": plain_code_wrong,
    "letter": lambda page: plain_asks(page, "write a letter asking for an ehc needs assessment"),
    "ending": lambda page: plain_press(page, "End and delete"),
    "ended": lambda page: plain_press(page, "End and delete", "Yes, delete it"),
}


def violations(page: Page) -> str:
    """Return what axe finds, in words short enough to read."""
    page.wait_for_timeout(0)
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return json.dumps(
        [(each["id"], each["help"], [node["html"][:200] for node in each["nodes"]]) for each in found],
        indent=1,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", WIDGET)
def test_of_the_widget(open_page: Open, state: str, scheme: str) -> None:
    page = open_page("/", color_scheme=scheme)
    WIDGET[state](page)
    assert violations(page) == "[]"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["opened", "answer", "urgent"])
def test_of_the_widget_on_a_telephone(open_page: Open, state: str, scheme: str) -> None:
    page = open_page("/", color_scheme=scheme, viewport={"width": 390, "height": 844})
    WIDGET[state](page)
    assert violations(page) == "[]"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("question", [None, QUESTION])
def test_of_the_chat_on_a_page_of_its_own(open_page: Open, question: str | None, scheme: str) -> None:
    page = open_page("/chat", color_scheme=scheme)
    if question:
        Person(page).asks(question)
    assert violations(page) == "[]"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", PLAIN)
def test_of_the_plain_pages(open_page: Open, state: str, scheme: str) -> None:
    page = open_page("/guide", color_scheme=scheme)
    PLAIN[state](page)
    assert violations(page) == "[]"
