"""What every answer, in every wording, must hold to."""

import re
from pathlib import Path

import pytest
import yaml

from send_guide.content import Answer, Content, get_content
from send_guide.content.checks import check
from send_guide.content.rules import strength_words
from send_guide.content.wording import contact_card, in_full, simpler, since_note, strength_sentence

CATALOGUE = yaml.safe_load((Path(__file__).parents[1] / "catalogue.yml").read_text())
TERMS = [
    "sen", "send", "senco", "ehc-plan", "iass", "local-offer", "notional-budget", "sen-support",
    "quality-first-teaching", "graduated-approach", "code-of-practice", "personal-budget", "statement",
    "statutory-assessment", "mediation", "tribunal", "designated-teacher", "child-looked-after", "cpd",
    "governing-body",
]  # fmt: skip
ENTRIES = {
    answer_id: entry
    for section in CATALOGUE.values()
    for answer_id, entry in section.items()
    if isinstance(entry, dict) and answer_id != "glossary.<term>"
} | {f"glossary.{term}": {"says": "information"} for term in TERMS}

NEVER_CURRENT = ["sendistqueries", "gsi.gov.uk", "01325", "289350", "Stockwell"]
"""The tribunal's printed e-mail and telephone, and the council's old address (facts.md, section A)."""

ANSWERS = list(get_content().answers.values())
each_answer = pytest.mark.parametrize("answer", ANSWERS, ids=[answer.id for answer in ANSWERS])


def renderings(answer: Answer) -> dict[str, str]:
    roles = get_content().roles
    return {
        "in full": in_full(answer, roles),
        "simpler": simpler(answer, roles),
        "short": answer.short,
        "title": answer.title,
        "strength": strength_sentence(answer, roles),
        "contacts": "\n".join(contact_card(get_content().contacts[key]) for key in answer.contacts),
    }


def test_every_entry_of_the_catalogue_has_an_answer_and_there_are_no_others(content: Content) -> None:
    assert set(content.answers) == set(ENTRIES)


def test_the_content_keeps_every_rule(content: Content) -> None:
    assert [str(problem) for problem in check(content)] == []


@each_answer
def test_what_the_offer_says_is_made_neither_stronger_nor_weaker(answer: Answer) -> None:
    says = ENTRIES[answer.id].get("says")
    if says:
        assert answer.strength == says


@each_answer
def test_what_has_changed_since_the_offer_was_printed_is_said_first(answer: Answer) -> None:
    if answer.id in CATALOGUE["since"]:
        assert since_note(answer), "the catalogue says that this has changed"
        full = in_full(answer, get_content().roles)
        assert full.startswith("Right now: ")
        assert answer.evidence is not None
        assert f"{answer.evidence.checked:%d %B %Y}" in full


@each_answer
def test_what_is_known_to_be_wrong_is_never_shown(answer: Answer) -> None:
    for name, text in renderings(answer).items():
        for wrong in NEVER_CURRENT:
            assert wrong not in text, f"{name} shows {wrong}"


@each_answer
def test_every_wording_is_complete(answer: Answer) -> None:
    for name, text in renderings(answer).items():
        assert not re.search(r"\{[a-z0-9-]+\.[a-z0-9-]+\}", text), f"{name} holds a placeholder"
    assert str(answer.source) in in_full(answer, get_content().roles)


@each_answer
def test_an_information_answer_gives_nobody_a_duty(answer: Answer) -> None:
    if answer.strength == "information" and not answer.also:
        for text in (answer.text, answer.short, answer.easy_read):
            assert strength_words(text) == set()


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Schools must do it.", {"must"}),
        ("Schools have to do it, and should do it soon.", {"must", "should"}),
        ("You do not have to pay. You need not ask.", set()),
        ("The council is required to plan.", {"required"}),
        ("A child with special needs.", set()),
    ],
)
def test_strength_words_are_recognised(text: str, families: set[str]) -> None:
    assert strength_words(text) == families


def test_every_contact_is_shown_with_its_doubt(content: Content) -> None:
    card = contact_card(content.contacts["iass"])
    assert "bromleyiass.org.uk" in card
    assert re.search(r"020 8461 7630 \(not confirmed", card)
