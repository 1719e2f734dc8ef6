"""A button acts on the answer it stands under; what has had its time is gone; one stands out, the rest is one tap away."""

from playwright.sync_api import expect

from tests.browser.conftest import DANGER, OVERTAKEN, QUESTION, UNDER_A_QUESTION, WRITE, Person

ASKED = "the school will not help my son"
NO_PLAN = "No plan, or not yet"
FIRST = "Write: A first e-mail to the SENCO"


def test_what_was_asked_earlier_cannot_be_answered_any_more(person: Person) -> None:
    person.asks(ASKED)
    expect(person.replies.last.get_by_role("button", name=NO_PLAN)).to_be_visible()
    person.asks(QUESTION)
    expect(person.widget.get_by_role("button", name=NO_PLAN)).to_have_count(0)
    person.page.reload()
    expect(person.said).to_have_count(2)
    expect(person.widget.get_by_role("button", name=NO_PLAN)).to_have_count(0)


def test_under_a_question_come_its_answers_then_the_way_back_then_who_else_helps(person: Person) -> None:
    person.asks(ASKED)
    said = person.last.inner_text()
    assert sorted(UNDER_A_QUESTION, key=said.index) == UNDER_A_QUESTION
    expect(person.last.get_by_role("listitem").get_by_role("button", name="Go back")).to_have_count(0)
    person.taps("Go back")
    expect(person.last).to_contain_text("I have gone back one.")
    assert person.widget.get_by_role("button", name="Go back").count() <= 1  # that of before is gone


def test_a_letter_offered_earlier_is_still_that_letter(person: Person) -> None:
    person.asks(OVERTAKEN).asks(QUESTION).taps(WRITE)
    expect(person.last.get_by_role("heading", level=4)).to_have_text("Asking for an EHC needs assessment")


def test_simpler_words_under_an_answer_make_that_answer_simpler(person: Person) -> None:
    person.asks(QUESTION).asks(OVERTAKEN)
    person.more(1).get_by_role("switch", name="Simpler words").click()
    expect(person.replies.nth(1).get_by_text("School should talk with you")).to_be_in_viewport()
    expect(person.said).to_have_count(2)  # nothing was asked
    expect(person.option("Simpler words")).to_have_attribute("aria-checked", "true")  # one state, one name
    expect(person.widget.get_by_role("button", name="Say it more simply")).to_have_count(0)


def test_a_choice_that_failed_can_be_tapped_again(person: Person) -> None:
    person.asks(ASKED)
    person.page.route("**/chat/messages", lambda route: route.fulfill(status=429, json={"error": "Wait."}))
    person.last.get_by_role("button", name=NO_PLAN).click()
    expect(person.status).to_have_text("Wait.")
    person.page.unroute("**/chat/messages")
    person.taps(NO_PLAN)
    expect(person.widget.get_by_role("button", name=NO_PLAN)).to_have_count(0)


def test_one_button_stands_out_and_it_is_the_newest_answers(person: Person) -> None:
    person.asks(QUESTION)
    standing_out = person.log.locator("button.main")
    expect(standing_out).to_have_text([FIRST])
    person.asks(OVERTAKEN)
    expect(standing_out).to_have_text([WRITE])
    person.asks(DANGER)
    expect(standing_out).to_have_count(0)  # nothing beside the numbers to ring


def test_what_else_can_be_done_with_an_answer_is_one_tap_away(person: Person) -> None:
    person.asks(QUESTION)
    for name in ("Simpler words", "Read aloud", "Yes, this was useful"):
        expect(person.last.get_by_role("button", name=name)).to_have_count(0)
    expect(person.last.get_by_text("Who to contact")).to_be_hidden()
    more = person.more()
    expect(more.get_by_role("switch", name="Simpler words")).to_be_visible()
    for name in ("Read aloud", "Yes, this was useful", "No, this was not useful"):
        expect(more.get_by_role("button", name=name)).to_be_visible()
    expect(more.get_by_role("heading", name="Who to contact")).to_be_visible()
    expect(more.locator(".source").first).to_be_visible()


def test_what_an_answer_rests_on_is_a_link(person: Person) -> None:
    person.asks(OVERTAKEN)
    site = person.more().get_by_role("link", name="legislation.gov.uk")
    expect(site).to_have_attribute("rel", "noopener noreferrer")
    assert "legislation.gov.uk/" in (site.get_attribute("href") or "")


def test_no_two_controls_have_the_same_name(person: Person) -> None:
    person.asks(QUESTION).asks(OVERTAKEN).asks(QUESTION)
    for at in (1, 2, 3):
        person.more(at)
    names = person.log.evaluate(
        """log => [...log.querySelectorAll(".more summary, .more button")]
          .map((each) => each.getAttribute("aria-label") || each.textContent)"""
    )
    assert len(names) == 3 * 5
    assert len(set(names)) == len(names)
