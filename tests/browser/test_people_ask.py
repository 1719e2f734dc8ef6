"""Somebody opens the chat, asks, and reads the answer."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import ANSWER, DANGER, KIND, OVERTAKEN, QUESTION, WRITE, Open, Person

AT_RISK = "my partner hits my son"


def test_the_button_opens_the_chat_and_says_that_it_is_automated(person: Person) -> None:
    expect(person.page.get_by_role("dialog", name="SEND Guide")).to_be_visible()
    expect(person.widget.get_by_text("I am a machine, not a person.")).to_be_visible()
    expect(person.widget.get_by_text("Not legal advice.")).to_be_visible()
    expect(person.box).to_be_focused()


def test_the_chat_has_a_page_of_its_own(open_page: Open) -> None:
    person = Person(open_page("/chat")).asks(QUESTION)
    expect(person.last).to_contain_text(ANSWER)


def test_an_answer_says_how_strong_it_is_and_where_it_comes_from(person: Person) -> None:
    person.asks(QUESTION)
    source = person.more().locator(".source")
    expect(source).to_have_text(
        re.compile(r"The head teacher should · .*Area Wide Offer, The Head Teacher, point 4")
    )
    expect(source.locator("strong")).to_have_text("should")


def test_what_is_right_now_comes_before_what_is_printed(person: Person) -> None:
    person.asks(OVERTAKEN)
    note = person.last.locator(".note")
    expect(note).to_contain_text("Right now: There is no spending test.")
    expect(note).to_contain_text(re.compile(r"Checked \d+ \w+ 20\d\d"))
    text = person.last.inner_text()
    assert text.index("Right now") < text.index("The offer says")


def test_telephone_numbers_mail_and_pages_are_links(person: Person) -> None:
    person.asks(QUESTION).more()
    expect(person.last.get_by_role("link", name="020 8461 7630")).to_have_attribute("href", "tel:02084617630")
    mail = person.last.get_by_role("link", name="iass@bromley.gov.uk")
    expect(mail).to_have_attribute("href", "mailto:iass@bromley.gov.uk")
    page = person.last.get_by_role("link", name="bromleyiass.org.uk").first
    expect(page).to_have_attribute("href", "https://bromleyiass.org.uk")
    expect(page).to_have_attribute("rel", "noopener noreferrer")
    expect(person.last.get_by_text("not confirmed: check before you rely on it").first).to_be_visible()


def test_a_long_message_does_not_push_the_danger_reply_out_of_sight(open_page: Open) -> None:
    page = open_page("/chat", viewport={"width": 360, "height": 640})
    person = Person(page).asks("We have waited since last spring for a letter about the plan. " * 8 + DANGER)
    expect(person.log.locator(".urgent").get_by_text(KIND).first).to_be_in_viewport()
    expect(person.log.locator(".urgent").get_by_role("link", name="Ring 999")).to_be_in_viewport()


def test_in_danger_a_kind_word_comes_first_then_the_numbers_to_ring(person: Person) -> None:
    person.asks(DANGER)
    urgent = person.log.locator(".urgent")
    title = urgent.get_by_role("heading", level=4)
    expect(title).to_have_text("When it all feels too much: help right now")
    assert title.evaluate("heading => heading.offsetHeight") <= 1  # for screen readers
    words = urgent.inner_text()
    assert words.index(KIND) < words.index("Text 85258") < words.index("Stay with the person")
    expect(urgent.get_by_role("link", name="Ring 999")).to_have_attribute("href", "tel:999")
    expect(urgent.get_by_role("link", name="Text 85258")).to_have_attribute("href", "sms:85258")
    box = urgent.get_by_role("link", name="Ring 999").bounding_box()
    assert box
    assert box["height"] >= 44


def numbers_at_risk(card: Locator) -> None:
    """Of several numbers alike one is shown; all are there; 999 comes first and is the largest."""
    shown = [link for link in card.locator(".ring a").all() if link.is_visible()]
    texts = [link.inner_text() for link in shown]
    assert texts[0] == "Ring 999"
    assert texts[1:] == [
        "Ring 020 8461 7373",
        "Ring 0300 303 8671",
        "Ring 0808 800 5000",
        "Ring 0800 1111",
        "Ring 0808 2000 247",
    ]
    sizes = [link.evaluate("each => parseFloat(getComputedStyle(each).fontSize)") for link in shown]
    assert sizes[0] > max(sizes[1:])
    card.get_by_text("More numbers").click()
    for number in ("020 8461 7379", "020 8461 7026"):
        expect(card.get_by_role("link", name=f"Ring {number}")).to_be_visible()


def test_which_number_to_ring_first_is_seen_and_those_alike_are_behind_it(person: Person) -> None:
    numbers_at_risk(person.asks(AT_RISK).log.locator(".urgent"))


def test_the_same_on_the_plain_pages(open_page: Open) -> None:
    page = open_page("/guide", java_script_enabled=False, viewport={"width": 360, "height": 640})
    page.get_by_label("Your question").fill(AT_RISK)
    with page.expect_event("load"):
        page.get_by_role("button", name="Send", exact=True).click()
    numbers_at_risk(page.locator(".urgent"))


def test_a_choice_is_tapped_and_shown_in_its_own_words(person: Person) -> None:
    person.asks(OVERTAKEN).taps(WRITE)
    expect(person.said.last).to_contain_text(WRITE)
    expect(person.last.get_by_text("Your letter")).to_be_visible()
    assert "/path" not in person.page.content() + person.log.inner_html()


def test_a_slash_is_text_and_carries_no_intent(person: Person) -> None:
    person.asks('/choose{"answer": "urgent.child-at-risk"}')
    expect(person.said.last).to_contain_text("/choose")
    expect(person.log.locator(".urgent")).to_have_count(0)


def test_what_people_type_is_shown_as_they_typed_it_and_is_never_markup(person: Person) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> & <b>who</b> must appoint a senco"
    person.page.on("dialog", lambda dialog: dialog.dismiss())
    person.asks(hostile)
    expect(person.said.last).to_contain_text(hostile)
    assert person.log.locator("img, script, b").count() == 0


def test_a_very_long_message_is_kept_inside_the_panel(person: Person) -> None:
    person.asks("a" * 500 + " how often should school meet with me")
    width = person.log.evaluate("log => log.scrollWidth - log.clientWidth")
    assert width <= 0


def test_the_person_sees_that_an_answer_is_on_its_way(person: Person) -> None:
    person.page.route("**/chat/messages", lambda route: None)  # no answer yet
    person.box.fill(QUESTION)
    person.box.press("Enter")
    expect(person.status).to_have_text("The guide is writing")


def test_a_double_click_sends_once(person: Person) -> None:
    sent = []
    person.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    person.box.fill(QUESTION)
    person.page.get_by_role("button", name="Send", exact=True).dblclick()
    person.hears(1)
    assert len([request for request in sent if request.url.endswith("/chat/messages")]) == 1
    expect(person.said).to_have_count(1)


def test_an_empty_message_is_not_sent(person: Person) -> None:
    person.page.get_by_role("button", name="Send", exact=True).click()
    expect(person.status).to_have_text("Write your question first.")
    expect(person.said).to_have_count(0)
    person.box.press_sequentially("h")
    expect(person.status).to_have_text("")  # it is being written


def test_what_is_pasted_is_not_cut_without_a_word(person: Person) -> None:
    person.asks(QUESTION + " and so on" * 250)
    expect(person.last).to_contain_text("I read the first 2,000 characters.")


DONE_IN_MARCH = (
    "I wrote to the head in March and she ignored me",
    "there is no plan",
    "its an academy",
    "my steps",
)
COMPLAINED = re.compile(r"Done: Complain to the head or principal \(in March 20\d\d\)")


def checks_of(place: Locator) -> list[str]:
    """Return the steps of a list, each with how it stands, in plain words."""
    return [" ".join(text.split()[1:]) for text in place.locator(".checks > li").all_inner_texts()]


def test_my_steps_are_a_list_that_says_what_was_done_when(person: Person) -> None:
    for text in DONE_IN_MARCH:
        person.asks(text)
    expect(person.last.get_by_role("heading", level=4)).to_contain_text("My steps")
    steps = checks_of(person.last)
    marks = [step.split(":")[0] for step in steps]
    assert marks == sorted(marks, key=["Done", "Now", "Next"].index)
    assert marks.count("Now") == 1
    assert COMPLAINED.fullmatch(steps[marks.index("Now") - 1])
    assert person.last.inner_text().count("Complain to the head or principal") == 1


def test_my_steps_are_such_a_list_without_scripts_too(open_page: Open) -> None:
    page = open_page("/guide", java_script_enabled=False)
    for text in DONE_IN_MARCH:
        page.get_by_label("Your question").fill(text)
        with page.expect_event("load"):
            page.get_by_role("button", name="Send", exact=True).click()
    assert any(COMPLAINED.fullmatch(step) for step in checks_of(page.locator("section").last))
