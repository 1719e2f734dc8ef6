"""The same conversation as plain pages, in a browser whose scripts are switched off."""

import re

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import (
    ANSWER,
    DANGER,
    KIND,
    ON_THE_PATH,
    OVERTAKEN,
    PHONE,
    QUESTION,
    UNDER_A_QUESTION,
    Open,
)

NEUTRAL = "https://www.bbc.co.uk/weather"


@pytest.fixture
def page(open_page: Open) -> Page:
    return open_page("/guide", java_script_enabled=False)


def asks(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    with page.expect_event("load"):  # a page of its own; only then can it be reloaded or left
        page.get_by_role("button", name="Send", exact=True).click()


def presses(page: Page, name: str) -> None:
    with page.expect_event("load"):
        page.get_by_role("button", name=name).last.click()


def said(page: Page) -> list[str]:
    return [text.removeprefix("You").strip() for text in page.locator(".message.person").all_inner_texts()]


def test_the_council_page_leads_there_without_scripts(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_role("link", name="use the guide as plain pages").click()
    expect(page.get_by_role("heading", name="Ask the SEND guide")).to_be_visible()
    expect(page.get_by_text("This is an automated guide, not legal advice.")).to_be_visible()
    page.goto("/chat")
    page.get_by_role("link", name="Use the guide as plain pages").click()
    expect(page.get_by_label("Your question")).to_be_visible()


def test_a_question_is_answered_with_strength_and_source(page: Page) -> None:
    asks(page, QUESTION)
    expect(page.locator(".message").last).to_contain_text(ANSWER)
    expect(page.locator(".source")).to_have_text(re.compile("The head teacher should · .*point 4"))
    asks(page, OVERTAKEN)
    expect(page.locator(".note").last).to_contain_text("Right now: There is no spending test.")
    assert said(page) == [QUESTION, OVERTAKEN]


def test_the_newest_is_what_is_in_view(page: Page) -> None:
    for question in (OVERTAKEN, "what do governors have to do", QUESTION):
        asks(page, question)
    expect(page.locator("#newest")).to_contain_text(QUESTION)
    expect(page.locator("#newest")).to_be_in_viewport()


def test_after_a_long_question_the_page_opens_at_its_answer(open_page: Open) -> None:
    page = open_page("/guide", java_script_enabled=False, viewport=PHONE)
    asks(page, "We have talked about it with everybody there since last winter. " * 6 + QUESTION)
    expect(page.locator("#newest")).to_contain_text(ANSWER)
    expect(page.get_by_text(ANSWER)).to_be_in_viewport(ratio=1)
    asks(page, QUESTION)
    expect(page.locator("#newest")).to_contain_text(f"You\n{QUESTION}", use_inner_text=True)
    expect(page.locator("#newest")).to_be_in_viewport(ratio=1)


def test_a_very_long_message_is_read_in_part_and_that_is_said(page: Page) -> None:
    asks(page, QUESTION + "\n" + "and so on\n" * 300)
    expect(page.locator(".message").last).to_contain_text("I read the first 2,000 characters.")


def test_choices_are_buttons(page: Page) -> None:
    asks(page, QUESTION)
    presses(page, "Say it more simply")
    assert said(page) == [QUESTION, "Say it more simply"]
    expect(page.locator(".message").last).to_contain_text("School should talk with you")


def test_under_a_question_come_its_answers_then_the_way_back_then_who_else_helps(page: Page) -> None:
    asks(page, ON_THE_PATH)
    said = page.locator(".message").last.inner_text()
    assert sorted(UNDER_A_QUESTION, key=said.index) == UNDER_A_QUESTION
    presses(page, "Go back")
    expect(page.locator(".message").last).to_contain_text("I have gone back one.")


def test_danger_comes_first_with_numbers_to_ring(page: Page) -> None:
    asks(page, DANGER)
    urgent = page.locator(".urgent").inner_text()
    assert urgent.index(KIND) < urgent.index("85258") < urgent.index("Stay with the person")
    expect(page.locator(".urgent").get_by_role("link", name="999").first).to_have_attribute("href", "tel:999")


def test_what_people_type_is_never_markup(page: Page) -> None:
    hostile = '"><script>alert(1)</script><img src=x>'
    asks(page, hostile)
    assert said(page) == [hostile]
    assert page.locator("main script, main img").count() == 0


def test_the_same_form_sent_twice_is_answered_once(page: Page) -> None:
    asks(page, QUESTION)
    page.reload()  # the browser sends the form again
    assert said(page) == [QUESTION]


def test_the_conversation_is_in_no_address_and_in_no_cookie(page: Page) -> None:
    asks(page, QUESTION)
    presses(page, "Use simpler words")
    token = page.locator("input[name=token]").first.get_attribute("value")
    assert token
    assert token not in page.url
    assert page.context.cookies() == []
    page.goto("/guide")
    assert said(page) == []


def test_simpler_words_and_back(page: Page) -> None:
    asks(page, QUESTION)
    presses(page, "Use simpler words")
    expect(page.locator(".message").last).to_contain_text("School should talk with you")
    asks(page, "who must appoint a senco")  # the choice stays
    expect(page.get_by_role("button", name="Show the full words")).to_be_visible()
    presses(page, "Show the full words")
    expect(page.get_by_text(ANSWER)).to_be_visible()


def test_the_conversation_is_taken_away_as_a_file(page: Page) -> None:
    asks(page, QUESTION)
    with page.expect_download() as download:
        page.get_by_role("button", name="Get it as a text file").click()
    text = download.value.path().read_text("utf-8-sig")
    assert f"You: {QUESTION}" in text
    assert ANSWER in text


def test_a_view_is_kept_and_thanked_for(page: Page) -> None:
    asks(page, QUESTION)
    page.get_by_text("Was this useful?").click()
    page.get_by_label("Why, if you like.").fill("clear")
    presses(page, "Yes, useful")
    expect(page.get_by_role("status")).to_have_text("Thank you. Your view has been kept.")
    assert said(page) == [QUESTION]


def test_end_and_delete(page: Page) -> None:
    asks(page, QUESTION)
    presses(page, "End and delete")
    presses(page, "No, go back")
    assert said(page) == [QUESTION]
    presses(page, "End and delete")
    presses(page, "Yes, delete it")
    expect(page.get_by_role("status")).to_have_text("Your conversation has been deleted.")
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # nothing is kept to go back to
        page.go_back()


def test_leaving_quickly_deletes_and_goes_elsewhere(page: Page) -> None:
    asks(page, QUESTION)
    token = page.locator("input[name=token]").first.get_attribute("value")
    page.context.route(NEUTRAL, lambda route: route.fulfill(body="Weather", content_type="text/html"))
    page.get_by_role("button", name="Leave quickly").click()
    page.wait_for_url(NEUTRAL)
    answer = page.request.get("/chat/messages", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 410


@pytest.mark.parametrize(("width", "height"), [(320, 256), (390, 844)])
def test_nothing_is_scrolled_sideways(open_page: Open, width: int, height: int) -> None:
    page = open_page("/guide", java_script_enabled=False, viewport={"width": width, "height": height})
    for question in (OVERTAKEN, DANGER):
        asks(page, question)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_letter_is_on_the_paper_when_the_page_is_printed(page: Page) -> None:
    asks(page, "write a letter to the council about the delay")
    presses(page, "The EHC plan")
    page.emulate_media(media="print")
    expect(page.locator(".on-paper").last).to_be_visible()
    expect(page.locator(".on-paper").last).to_contain_text("20 weeks")
    expect(page.get_by_label("Your question")).to_be_hidden()
