"""What every answer, in every wording, must hold to."""

import re
from pathlib import Path

import pytest
import yaml

from send_guide.content import Answer, Content, get_content
from send_guide.content.checks import check
from send_guide.content.rules import strength_words
from send_guide.content.wording import contact_card, in_full, simpler, strength_sentence

FIXED = yaml.safe_load((Path(__file__).parents[1] / "answer-ids.yml").read_text())
"""Ids that others name, with how strong the printed offer words each, where it is in it."""
NEVER_CURRENT = ["sendistqueries", "gsi.gov.uk", "01325", "289350", "Stockwell"]
"""The tribunal's printed e-mail and telephone, and the council's old address."""


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


def test_every_id_that_others_rely_on_is_there(content: Content) -> None:
    assert sorted(set(FIXED) - set(content.answers)) == []


def test_the_content_keeps_every_rule(content: Content) -> None:
    assert [str(problem) for problem in check(content)] == []


def test_what_the_offer_says_is_made_neither_stronger_nor_weaker(content: Content) -> None:
    said = {answer_id: content.answers[answer_id].strength for answer_id, says in FIXED.items() if says}
    assert said == {answer_id: says for answer_id, says in FIXED.items() if says}


def test_what_has_changed_since_the_offer_was_printed_is_said_with_the_day_it_was_checked(
    content: Content,
) -> None:
    changed = [answer for answer in content.answers.values() if answer.since]
    assert len(changed) >= 20
    for answer in changed:
        full = in_full(answer, content.roles)
        assert answer.evidence, answer.id
        assert f"Right now: {answer.since} (Checked {answer.evidence.checked:%d %B %Y}.)" in full, answer.id


def test_every_wording_is_complete_and_shows_nothing_known_to_be_wrong(content: Content) -> None:
    for answer in content.answers.values():
        for name, text in renderings(answer).items():
            assert not re.search(r"\{[a-z0-9-]+\.[a-z0-9-]+\}", text), (
                f"{answer.id}: {name} has a placeholder"
            )
            assert [wrong for wrong in NEVER_CURRENT if wrong in text] == [], f"{answer.id}: {name}"
        assert str(answer.source) in in_full(answer, content.roles), answer.id


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


def test_evidence_is_in_the_language_of_the_answers() -> None:
    welsh = [
        f"{path.name}: {line.strip()}"
        for path in sorted((Path(__file__).parents[2] / "data").rglob("*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"https?://[^/]+/cy/", line)
    ]
    assert not welsh
