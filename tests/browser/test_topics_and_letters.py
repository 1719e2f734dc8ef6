"""Pages that everybody can find: topics, answers, letters, the demonstration page; and what plain pages share."""

import datetime
import io
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from send_guide.content import Content
from send_guide.domain.dates import spoken
from send_guide.domain.deadlines import today
from tests.browser.conftest import OVERTAKEN, QUESTION, Open, Person
from tests.browser.test_axe_finds_nothing import violations
from tests.browser.test_without_javascript import asks

PHONE = {"width": 360, "height": 640}
PAGES = (
    "/guide",
    "/guide/topics",
    "/guide/topics/the-council-said-no",
    "/guide/topics/i-am-16-or-over",
    "/guide/answers/exclusion.sent-home",
    "/guide/answers/funding.notional-budget",
    "/guide/answers/urgent.child-at-risk",
    "/guide/answers/signpost.benefits",
    "/guide/letters/head-complaint",
    "/guide/none",
)


@pytest.fixture
def phone(open_page: Open) -> Page:
    return open_page("/guide", java_script_enabled=False, viewport=PHONE)


def presses(page: Page, name: str) -> None:
    with page.expect_event("load"):
        page.get_by_role("button", name=name, exact=True).last.click()


@pytest.mark.parametrize("path", PAGES)
def test_the_way_out_stays_in_view(phone: Page, path: str) -> None:
    phone.goto(path)
    if path == "/guide":
        asks(phone, OVERTAKEN)
    phone.locator("footer").scroll_into_view_if_needed()
    expect(phone.get_by_role("button", name="Leave quickly")).to_be_in_viewport()


def test_it_stays_in_view_where_something_is_over(phone: Page) -> None:
    asks(phone, QUESTION)
    presses(phone, "End and delete")
    expect(phone.get_by_role("button", name="Leave quickly")).to_be_in_viewport()
    presses(phone, "Yes, delete it")
    expect(phone.get_by_role("button", name="Leave quickly")).to_be_in_viewport()


def test_what_is_wrong_is_seen_where_it_is_wrong(phone: Page) -> None:
    for question in (OVERTAKEN, "what do governors have to do", ""):
        asks(phone, question)
    expect(phone.get_by_text("Write your question first.")).to_be_in_viewport()
    expect(phone.get_by_label("Your question")).to_be_in_viewport()
    phone.keyboard.press("Tab")
    expect(phone.get_by_label("Your question")).to_be_focused()


def test_an_answer_has_its_lead_first_and_larger(phone: Page) -> None:
    def size(selector: str) -> float:
        return float(
            phone.locator(selector).first.evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
        )

    asks(phone, OVERTAKEN)
    answer = phone.locator(".message:not(.person)").last
    text = answer.inner_text()
    assert (
        text.index("There is no spending test.") < text.index("Right now:") < text.index("A parent or carer")
    )
    assert size(".message .lead p") > size(".message li") > size(".message .changed p")
    expect(answer.locator("li", has_text="A parent or carer")).to_be_visible()
    with phone.context.expect_page() as other:  # the conversation stays where it is
        answer.get_by_role("link", name="Sources").click()
    expect(other.value.get_by_role("heading", name="Where this comes from")).to_be_visible()


def test_a_last_day_is_said_once_and_large(phone: Page) -> None:
    asks(phone, "the letter refusing to assess is dated 20 november 2026, by when do i have to appeal")
    answer = phone.locator(".message:not(.person)").first
    day = answer.locator(".date span").inner_text()
    assert answer.inner_text().count(day) == 1
    answer.get_by_text("How this was worked out").click()
    expect(answer.get_by_text("2 months after the decision letter")).to_be_visible()


def test_of_two_last_days_every_button_has_a_name_of_its_own(phone: Page) -> None:
    day = spoken(today() - datetime.timedelta(days=3))
    asks(phone, f"the letter refusing to assess is dated {day}, by when do i have to appeal")
    messages = phone.locator(".message:not(.person)")
    names = messages.locator(":is(button, summary)").all_text_contents()
    assert sum(name.startswith("Put it in my calendar") for name in names) == 2
    assert sum(name.startswith("How this was worked out") for name in names) == 2
    assert sorted(set(names)) == sorted(names)
    one, other = (each.bounding_box() for each in messages.all())
    assert one
    assert other
    assert one["y"] + one["height"] >= other["y"]  # one card
    assert "".join(messages.all_inner_texts()).count("Do not wait for the last day.") == 1
    expect(messages.last).to_contain_text("Do not wait for the last day.")
    assert sum(name.startswith("Was this useful?") for name in names) == 1


def test_from_a_situation_to_a_letter_as_a_word_file_in_four_taps(open_page: Open) -> None:
    page = open_page("/guide/topics", java_script_enabled=False, viewport=PHONE)
    page.get_by_role("link", name="Sent home or excluded").click()
    page.get_by_role("link", name="School sends a child home early").click()
    page.get_by_role("link", name=re.compile("^Write it: ")).click()
    page.get_by_label("Child's name").fill("Ada Brown")
    with page.expect_download() as download:
        page.get_by_role("button", name="Get it as a Word file").click()
    document = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())).read("word/document.xml")
    assert b"to collect Ada Brown early" in document
    assert download.value.suggested_filename.endswith("put-it-in-writing.docx")


def test_only_the_letter_is_printed_and_a_sheet_to_keep(open_page: Open) -> None:
    page = open_page("/guide/letters/head-complaint", java_script_enabled=False)
    presses(page, "Change the words")
    page.get_by_label("The letter").fill("Dear head,\n\nas I have changed it.")
    presses(page, "See it and print it")
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    assert printed.startswith("Dear head,\n\nas I have changed it.")
    keep = page.locator(".keep")
    assert printed.strip().endswith(keep.inner_text().strip())
    assert keep.evaluate("each => getComputedStyle(each).breakBefore") == "page"
    page.emulate_media(media="screen")
    presses(page, "Change the letter")
    expect(page.get_by_label("The letter")).to_have_value("Dear head,\n\nas I have changed it.")


def test_a_letter_is_filled_in_seen_and_changed_again(open_page: Open) -> None:
    page = open_page("/guide/letters/ehc-request", java_script_enabled=False, viewport=PHONE)
    page.get_by_label("Child's name").fill("Ada Brown")
    page.get_by_label("The needs").fill("She falls.\nShe is tired.")
    page.get_by_label("Leave out this note: A carer").check()
    presses(page, "See it and print it")
    paper = page.locator(".paper")
    expect(paper).to_contain_text("I ask for an assessment of Ada Brown's education")
    assert "The needs: She falls.\nShe is tired.\n" in paper.inner_text()
    assert "A carer whom" not in paper.inner_text()
    presses(page, "Change the letter")
    expect(page.get_by_label("Child's name")).to_have_value("Ada Brown")
    expect(page.get_by_label("Leave out this note: A carer")).to_be_checked()
    presses(page, "Change the words")
    page.get_by_label("The letter").fill("Dear [name], [child's name] is well.")
    presses(page, "Fill in what is in [brackets]")
    page.get_by_label("Name", exact=True).fill("Mx Green")
    presses(page, "See it and print it")
    expect(paper).to_have_text("Dear Mx Green, [child's name] is well.")


def test_an_answer_is_printed_with_council_date_and_contacts(open_page: Open, content: Content) -> None:
    page = open_page("/guide/answers/exclusion.sent-home", java_script_enabled=False)
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    assert re.search(rf"{content.council.name} .* printed on \d+ \w+ 20\d\d", printed)
    assert content.contacts["iass"].name in printed
    for control in ("Leave quickly", "People also read", "Ask in your own words"):
        assert control not in printed


def test_nothing_is_scrolled_sideways(open_page: Open, content: Content) -> None:
    page = open_page("/guide/topics", java_script_enabled=False, viewport={"width": 320, "height": 640})
    too_wide = []
    for path in (*PAGES, *(f"/guide/answers/{key}" for key in content.answers), "/"):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            too_wide.append(path)
    assert too_wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page: Open, scheme: str) -> None:
    page = open_page("/guide", color_scheme=scheme)
    found = {}
    for path in PAGES:
        page.goto(path)
        for folded in page.locator("summary").all()[:3]:
            folded.click()
        found[path] = violations(page)
    page.goto("/guide/letters/head-complaint")
    presses(page, "Change the words")
    found["by hand"] = violations(page)
    page.get_by_label("The letter").fill("")
    presses(page, "Get it as a Word file")
    found["an error"] = violations(page)
    page.get_by_label("The letter").fill("Dear [name],")
    presses(page, "See it and print it")
    found["to print"] = violations(page)
    assert found == dict.fromkeys(found, "[]")


def test_a_question_that_is_tapped_opens_the_chat_and_is_asked(open_page: Open) -> None:
    page = open_page("/", viewport=PHONE)
    first = page.locator(".examples button").first
    expect(first).to_be_in_viewport()
    expect(page.get_by_text("demonstration", exact=True)).to_be_in_viewport()
    question = first.inner_text()
    first.click()
    person = Person(page).hears(1)  # after what the guide says first
    expect(person.said).to_contain_text(question)
    expect(person.last).to_contain_text("Sending a pupil home")


def test_without_scripts_it_is_asked_on_the_plain_pages(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    presses(page, "Can I ask for an EHC plan myself?")
    expect(page.locator(".message:not(.person)")).to_contain_text("You can ask the council")


def test_every_question_to_tap_has_an_answer(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    for question in page.locator(".examples button").all_inner_texts():
        page.goto("/")
        presses(page, question)
        expect(page.locator(".message:not(.person)").first).not_to_contain_text("outside what I know")
        assert page.locator(".lead, .letter").count(), question
