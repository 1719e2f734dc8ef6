"""What is wrong with a draft is said before it is saved, in words that name the field."""

import asyncio
import threading
from pathlib import Path

import pytest

from send_guide.content import Content
from send_guide.editing.drafts import draft_of, words_of
from send_guide.editing.preview import preview
from send_guide.editing.validation import WAYS, DraftReview, validate_draft, validate_off_loop

DATA = Path(__file__).parents[2] / "data"
ANSWER = "schools.appoint-senco"
MEASURED = {"q": "does every school have senco", "answers": [ANSWER], "kind": "covered"}


def looked(content: Content, fields: dict[str, str], add: list[str] | None = None) -> DraftReview:
    return validate_draft(DATA, draft_of(content, ANSWER, fields, add or []), [MEASURED])


@pytest.mark.parametrize(
    ("field", "words", "says"),
    [
        ("title", "x" * 61, "Title: has more than 60 characters"),
        ("title", "", "Title: is missing"),
        ("lead", "The school must have one. " * 6, "Answer: 30 words, at most 25"),
        ("lead", "Yes, it must.", "Answer: begins with yes or no"),
        ("lead", "They must ring 020 7946 0000.", "Answer: '020 7946 0000' is not in contacts.yml"),
        ("lead", "They must. See {nobody.phone}.", "Answer: no {nobody.phone} in contacts.yml"),
        ("points", "It must be there. " * 6, "What else counts: 24 words, at most 20"),
        ("short", "There is a SENCO.", "Text message: never says 'must'"),
        ("since", "They must have one. " * 20, "Right now: 80 words, at most 60"),
        ("short", "It must " + "have one " * 40, "Text message: 367 characters, at most 306"),
        ("short", "It must have a “SENCO”.", "Text message: letters that text messages cannot hold"),
        (
            "easy_read",
            "Organisational coordinators must systematically administrate appropriate provision.",
            "Easy read: reads at the age of",
        ),
        ("review", "soon", "Read again by: is no date; write it as 2027-05-31"),
        ("checked", "", "Facts checked on: is missing"),
        ("strength", "may", "Strength: should be 'must', 'should', 'is-required-to' or 'information'"),
    ],
)
def test_what_is_wrong_with_a_field_names_the_field(
    content: Content, field: str, words: str, says: str
) -> None:
    found = looked(content, {field: words})
    assert [finding.place for finding in found.findings if str(finding).startswith(says)] == [field], (
        found.findings
    )


@pytest.mark.parametrize(
    ("way", "says"),
    [
        ("Does every school have SENCO?", "the same as a question that we measure with"),
        ("does every school have a senco", "one word away"),
        ("who picks the senco", "stands already"),
        ("ring mr John Smith on 020 8461 7373 about the senco", "leave out names and numbers"),
        ("what is the [senco](role)", "holds a bracket"),
    ],
)
def test_a_way_of_asking_that_would_not_do_is_refused(content: Content, way: str, says: str) -> None:
    found = looked(content, {}, [way]).findings
    assert any(finding.place == WAYS and says in finding.message for finding in found), found


def test_a_good_change_has_nothing_to_mend_and_is_measured(content: Content) -> None:
    words = words_of(content, ANSWER)
    typed = {
        "lead": words["lead"].replace("who works there", "who teaches there"),
        "points": "Special schools do not have to have one.",
    }
    found = looked(content, typed, ["nobody is doing the special needs job at our primary"])
    assert found.findings == ()
    assert found.answer is not None
    lead, point, _ = found.answer.text.splitlines()
    assert "who teaches there" in lead
    assert point == "- Special schools do not have to have one."
    measures = {measure.field: measure for measure in found.measures}
    assert measures["short"].length == f"{len(words['short'])} of 306 characters"
    assert measures["lead"].length == "17 of 25 words"
    assert 9 <= (measures["text"].age or 0) <= 13


def test_the_preview_has_every_rendering(content: Content) -> None:
    found = looked(
        content, {"short": "Schools must have a SENCO {iass.web}. Post-16 settings should name someone."}
    )
    assert found.answer
    shown = preview(found.answer, found.content)
    web = content.contacts["iass"].details["web"].shown
    assert shown.sms[0].text.startswith(f"Schools must have a SENCO {web}.")
    assert [one.segments for one in shown.sms] == [1]
    assert len(shown.sms_more) > 1
    assert any(f"https://{web}" in text for text in shown.whatsapp)
    assert shown.plain.startswith(found.answer.lead or "no lead")
    assert shown.easy_read.startswith(found.answer.easy_read.strip())
    assert shown.web["source"] == "Bromley Area Wide Offer, Schools must, point 9"


def test_the_measuring_dialogues_are_not_copied_either(content: Content) -> None:
    opening = "hello who do i ring about a special needs teacher"
    dialogue = {
        "turns": [
            {"say": opening, "answers": [ANSWER]},
            {"say": "and when", "answers": [ANSWER], "needs_context": True},
        ]
    }
    found = validate_draft(DATA, draft_of(content, ANSWER, {}, [opening, "and when"]), [dialogue])
    assert [opening in finding.message for finding in found.findings if finding.place == WAYS] == [True]


def test_however_many_look_one_content_is_read_at_a_time(content: Content) -> None:
    draft = draft_of(content, ANSWER, {"title": ""}, [])

    async def several() -> list[DraftReview]:
        return await asyncio.gather(*(validate_off_loop(DATA, draft) for _ in range(3)))

    reviews = asyncio.run(several())
    assert ["Title: is missing" in map(str, one.findings) for one in reviews] == [True] * 3
    assert sum(thread.name.startswith("drafts") for thread in threading.enumerate()) == 1
