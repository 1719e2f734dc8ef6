"""What live regions say in a conversation, in order: the question, the answer, how many choices and which."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWER, DANGER, QUESTION, Open, Person

RECORD = """() => {
  const root = document.querySelector("send-guide").shadowRoot;
  window.told = [];
  const words = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const hidden = node.hidden || node.getAttribute("aria-hidden") === "true" || node.getAttribute("aria-live") === "off";
    if (hidden || getComputedStyle(node).display === "none") return "";
    return [...node.childNodes].map(words).filter((each) => each.trim()).join(" ").replace(/\\s+/g, " ").trim();
  };
  for (const region of root.querySelectorAll("[role=log], [role=status]")) {
    new MutationObserver((changes) => {
      if (region.getAttribute("aria-live") === "off") return;
      for (const change of changes) for (const node of change.addedNodes) {
        const said = change.target.closest("[aria-live=off]") ? "" : words(node);
        if (said) window.told.push([region.getAttribute("role"), said]);
      }
    }).observe(region, { childList: true, subtree: true });
  }
}"""


def told(page: Page) -> list[tuple[str, str]]:
    return [(role, said) for role, said in page.evaluate("told")]


def test_a_whole_conversation(person: Person) -> None:
    page = person.page
    page.evaluate(RECORD)
    person.asks("the school will not help my son").taps("No plan, or not yet").asks(QUESTION).asks(DANGER)
    said = told(page)
    assert {role for role, _ in said} == {"log"}  # answers that come at once are not announced beforehand
    mine = [words for _, words in said if words.startswith("You said")]
    assert mine == [
        "You said the school will not help my son",
        "You said No plan, or not yet",
        f"You said {QUESTION}",
        f"You said {DANGER}",
    ]
    guides = [words for _, words in said if words.startswith("Guide said")]
    assert len(mine) + len(guides) == len(said)  # and nothing else: no tools, nothing that went away
    assert (
        "3 choices Yes, there is an EHC plan No plan, or not yet I am not sure Go back Free help" in guides[0]
    )
    answer = next(words for words in guides if ANSWER in words)
    assert re.search(r" \d choices Write: A first e-mail to the SENCO .*Back to my steps$", answer)
    assert "Ring 999" in guides[-2] + guides[-1]


def test_the_log_is_a_list_of_articles_under_headings(person: Person) -> None:
    person.asks(QUESTION)
    messages = person.log.get_by_role("list").first.locator(":scope > li")
    expect(messages).to_have_count(3)
    for at, heading in enumerate(("Guide said", "You said", "Guide said")):
        article = messages.nth(at).get_by_role("article")
        expect(article.get_by_role("heading", level=3)).to_have_text(heading)


def test_choices_are_a_list_with_their_number(person: Person) -> None:
    person.asks("the school will not help my son")
    choices = person.last.locator(".choices")
    expect(choices.get_by_text("3 choices")).to_have_count(1)
    expect(choices.get_by_role("list").get_by_role("listitem")).to_have_count(3)


def test_that_the_guide_is_writing_is_said_only_where_it_takes_long(open_page: Open) -> None:
    page = open_page("/")
    person = Person(page).opens()
    page.clock.install()
    page.route("**/chat/messages", lambda route: None)
    person.box.fill(QUESTION)
    person.box.press("Enter")
    expect(person.said).to_have_count(1)
    page.clock.run_for(390)
    expect(person.status).to_have_text("")
    page.clock.run_for(20)
    expect(person.status).to_have_text("The guide is writing")
