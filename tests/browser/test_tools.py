"""What people do with answers: simpler words, aloud, larger, copied, printed, kept, told to be useful or not."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from playwright.sync_api import Page, Route, expect

from send_guide.channels.web.replies import shown
from send_guide.domain.deadlines.time_limit import CHECK
from send_guide.domain.reply import DeadlineReply, LetterReply, Reply
from tests.browser.conftest import ANSWER, DANGER, OVERTAKEN, QUESTION, Open, Person
from tests.servers import Service

LETTER = LetterReply(template="ehc-request", title="Letter", words="Here it is.")
DEADLINE = DeadlineReply(
    title="Last day to appeal to the SEND Tribunal",
    last_day="2099-02-03",
    spoken="3 February 2099",
    working=("2 months after the decision letter of 3 December 2098: 3 February 2099.",),
)


def test_simpler_words_at_a_switch_and_back(person: Person) -> None:
    person.asks(QUESTION)
    switch = person.option("Simpler words")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(person.last.get_by_text("School should talk with you")).to_be_visible()
    expect(person.last.get_by_text(ANSWER)).to_be_hidden()
    switch.click()
    expect(person.last.get_by_text(ANSWER)).to_be_visible()


def test_text_size_goes_up_and_down_and_stays_after_a_reload(person: Person) -> None:
    person.asks(QUESTION)

    def size() -> float:
        return float(person.last.evaluate("each => parseFloat(getComputedStyle(each).fontSize)"))

    normal = size()
    person.option("Larger text").click()
    person.option("Larger text").click()
    larger = size()
    assert larger == normal * 1.5
    person.page.reload()
    expect(person.said).to_have_count(1)
    assert size() == larger
    for _ in range(5):
        person.option("Smaller text").click()
    assert size() == normal


def test_copy_the_conversation(person: Person) -> None:
    person.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person.asks(QUESTION)
    person.option("Copy all").click()
    expect(person.status).to_have_text("The conversation is copied.")
    copied = person.page.evaluate("navigator.clipboard.readText()")
    assert f"You: {QUESTION}" in copied
    assert ANSWER in copied
    assert "The head teacher should. Source: " in copied


def test_download_the_conversation(person: Person) -> None:
    person.asks(OVERTAKEN)
    with person.page.expect_download() as download:
        person.option("Download").click()
    assert download.value.suggested_filename == "send-guide-conversation.txt"
    text = download.value.path().read_text("utf-8-sig")
    assert text.startswith("SEND Guide: an automated guide, not legal advice\n\nYou: " + OVERTAKEN)
    assert text.index("Right now: ") < text.index("The offer says")


def test_print_the_conversation_and_nothing_else(open_page: Open) -> None:
    page = open_page("/")
    page.context.add_init_script(
        "window.print = () => { top.printed = document.body.innerText; dispatchEvent(new Event('afterprint')) }"
    )
    page.reload()
    person = Person(page).opens().asks(QUESTION)
    person.option("Print").click()
    printed = page.evaluate("window.printed")
    assert f"You: {QUESTION}" in printed
    assert "Help for children" not in printed
    expect(person.widget.locator("iframe")).to_have_count(0)


@pytest.mark.parametrize("whole", [True, False], ids=["the conversation", "the letter"])
def test_a_letter_is_printed_as_it_was_filled_in(open_page: Open, whole: bool) -> None:
    page = open_page("/")
    page.context.add_init_script(
        "window.print = () => { top.printed = document.body.innerText; dispatchEvent(new Event('afterprint')) }"
    )
    page.reload()
    answers_with(page, LETTER)
    person = Person(page).opens().asks("write the letter")
    person.last.get_by_label("Child's name").fill("Ada Brown")
    if whole:
        person.option("Print").click()
    else:
        person.last.get_by_role("button", name="Print the letter").click()
    printed = page.evaluate("window.printed")
    assert "Request for an EHC needs assessment: Ada Brown, date of birth [date of birth]" in printed
    assert ("write the letter" in printed) == whole


SPEAKS = """
window.spoken = []; window.stopped = 0;
speechSynthesis.speak = (words) => { spoken.push(words.text, words.lang); window.speech = words };
speechSynthesis.cancel = () => { stopped += 1; if (window.speech) speech.onend() };
"""


def test_an_answer_is_read_aloud_and_can_be_stopped(open_page: Open) -> None:
    page = open_page("/")
    page.context.add_init_script(SPEAKS)
    page.reload()
    person = Person(page).opens().asks(QUESTION)
    aloud = person.more().get_by_role("button", name="Read aloud")
    aloud.click()
    expect(aloud).to_have_attribute("aria-pressed", "true")
    words, language = page.evaluate("spoken")
    assert ANSWER in words
    assert language == "en-GB"
    aloud.click()
    expect(aloud).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("spoken.length") == 2
    aloud.click()
    stopped = page.evaluate("stopped")
    person.box.press("Escape")  # closes the chat
    expect(person.box).to_be_hidden()
    page.wait_for_function(f"stopped == {stopped + 1}")


def test_thumbs_with_a_reason_are_kept_without_names(person: Person, service: Service) -> None:
    person.asks(QUESTION)
    person.more().get_by_role("button", name="No, this was not useful").click()
    reason = person.last.get_by_label("What was wrong or missing? You can leave this empty.")
    expect(reason).to_be_focused()
    reason.fill("It does not say what Zebedee Quillfeather may do")
    person.last.get_by_role("button", name="Send my view").click()
    thanks = person.last.get_by_text("Thank you. Your view has been kept.")
    expect(thanks).to_be_focused()
    kept = service.log.parent.joinpath("conversations.db-wal").read_bytes()
    kept += service.log.parent.joinpath("conversations.db").read_bytes()
    assert b"It does not say what" in kept
    assert b"Quillfeather" not in kept


def test_who_tells_of_danger_with_the_thumb_is_told_what_to_do(person: Person) -> None:
    person.asks(QUESTION)
    person.more().get_by_role("button", name="No, this was not useful").click()
    person.last.get_by_label("What was wrong or missing? You can leave this empty.").fill(DANGER)
    person.last.get_by_role("button", name="Send my view").click()
    expect(person.last).to_contain_text("116 123")
    expect(person.last).to_be_in_viewport()


def answers_with(page: Page, *replies: Reply) -> None:
    """Have the next messages answered with these replies, as the server would render them."""

    def answer(route: Route) -> None:
        route.fulfill(json={"replies": [shown(reply) for reply in replies]})

    page.route("**/chat/messages", answer)


def test_a_letter_is_filled_in_field_by_field_and_seen_as_it_will_be(person: Person) -> None:
    answers_with(person.page, LETTER)
    person.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person.asks("write the letter")
    paper = person.last.locator(".paper")
    blanks = paper.locator("mark")
    before = blanks.count()
    name = person.last.get_by_label("Child's name")
    name.fill("Ada <b>Brown</b>")
    expect(paper).to_contain_text("I ask for an assessment of Ada <b>Brown</b>'s education")
    assert blanks.count() == before - 3  # it stands three times
    name.fill("")
    expect(blanks).to_have_count(before)
    name.fill("Ada Brown")
    person.last.get_by_label("The needs").fill("She falls.\nShe is tired.")
    expect(person.last.get_by_label("The needs")).to_have_accessible_description(re.compile("what is hard"))
    note = "A carer whom the child lives with"
    expect(paper).to_contain_text(note)
    person.last.get_by_label(f"Leave out this note: {note}").check()
    expect(paper).not_to_contain_text(note)
    person.last.get_by_role("button", name="Copy the letter").click()
    expect(person.status).to_have_text("The letter is copied.")
    copied = person.page.evaluate("navigator.clipboard.readText()")
    assert "I am Ada Brown's parent.\n" in copied
    assert "The needs: She falls.\nShe is tired.\n" in copied
    assert "[date of birth]" in copied  # what is left empty
    with person.page.expect_download() as download:
        person.last.get_by_role("button", name="Get a text file").click()
    assert download.value.path().read_text("utf-8-sig") == copied


def test_every_word_of_a_letter_can_be_changed_and_it_is_taken_away(person: Person) -> None:
    answers_with(person.page, LETTER)
    person.asks("write the letter")
    person.last.get_by_label("Child's name").fill("Ada Brown")
    person.last.get_by_role("button", name="Change the words").click()
    letter = person.last.get_by_label("The letter")
    expect(letter).to_be_focused()
    assert "Ada Brown" in letter.input_value()
    letter.fill("Dear Council,\n\nplease assess <my> child.")
    with person.page.expect_download() as download:
        person.last.get_by_role("button", name="Get a text file").click()
    assert download.value.suggested_filename == "asking-for-ehc-needs-assessment.txt"
    assert download.value.path().read_bytes().decode("utf-8-sig").startswith("Dear Council,\r\n")
    with person.page.expect_download() as download:
        person.last.get_by_role("button", name="Get a Word file").click()
    assert download.value.suggested_filename == "asking-for-ehc-needs-assessment.docx"
    document = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())).read("word/document.xml")
    assert b"please assess &lt;my&gt; child." in document


def test_a_deadline_shows_its_working_and_goes_into_the_calendar(person: Person) -> None:
    answers_with(person.page, DEADLINE)
    person.asks("when do i have to appeal")
    heading = person.last.get_by_role("heading", level=4)
    expect(heading).to_have_text("Last day to appeal to the SEND Tribunal 3 February 2099")
    day, body = (
        float(each.evaluate("each => parseFloat(getComputedStyle(each).fontSize)"))
        for each in (heading.get_by_text("3 February 2099"), person.last)
    )
    assert day >= 1.4 * body
    working = person.last.get_by_text("2 months after the decision letter of 3 December 2098")
    expect(working).to_be_hidden()
    person.last.get_by_text("How this was worked out").click()
    expect(working).to_be_visible()
    for once in ("Last day to appeal", "2 months after the decision letter of 3 December 2098"):
        words = person.last.locator("h4, p, li").all_inner_texts()
        assert "".join(words).count(once) == 1, "nothing is said twice"
    with person.page.expect_download() as download:
        person.last.get_by_role("button", name="Put it in my calendar").click()
    assert download.value.suggested_filename == "appeal-tribunal-by-3-february-2099.ics"
    assert "DTSTART;VALUE=DATE:20990203" in download.value.path().read_text()


def test_of_two_last_days_every_button_has_a_name_of_its_own(person: Person) -> None:
    first = replace(DEADLINE, title="Last day to contact the mediation adviser")
    answers_with(
        person.page, *(replace(one, advice=("That is far off.", CHECK)) for one in (first, DEADLINE))
    )
    person.asks("when do i have to appeal")
    names = person.log.locator(".message:not(.person) :is(button, summary)").evaluate_all(
        "all => all.map((each) => each.getAttribute('aria-label') || each.textContent)"
    )
    assert sum(name.startswith("Put it in my calendar") for name in names) == 2
    assert sum(name.startswith("How this was worked out") for name in names) == 2
    assert sorted(set(names)) == sorted(names)
    boxes = [each.bounding_box() for each in person.replies.all()[-2:]]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] + boxes[0]["height"] >= boxes[1]["y"]  # one card
    expect(person.log.get_by_text(CHECK)).to_have_count(1)
    expect(person.last).to_contain_text(CHECK)
    assert sum(name.startswith("More about: ") for name in names) == 1


def test_no_calendar_is_offered_for_a_day_that_has_passed(person: Person) -> None:
    answers_with(person.page, replace(DEADLINE, last_day="2026-02-03", spoken="3 February 2026"))
    person.asks("when did i have to appeal")
    expect(person.last.get_by_role("heading", level=4)).to_contain_text("3 February 2026")
    expect(person.last.get_by_role("button", name="Put it in my calendar")).to_have_count(0)
