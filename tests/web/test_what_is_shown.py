"""How a reply becomes what a page shows: links, structure, what comes back after a reload."""

import json
from dataclasses import replace
from typing import Any

import pytest

from send_guide.channels.web.links import lines
from send_guide.channels.web.replies import shown
from send_guide.channels.web.transcript import as_text
from send_guide.content import Content
from send_guide.dialogue.buttons import (
    BACK,
    CONTACT,
    DONE,
    SIMPLER,
    choose,
    date_button,
    path_button,
    write_letter,
)
from send_guide.dialogue.path_replies import free_help
from send_guide.domain import letters
from send_guide.domain.reply import (
    AnswerReply,
    Choice,
    DeadlineReply,
    LetterReply,
    QuestionReply,
    StepReply,
    WordsReply,
)
from send_guide.rasa_adapter.turns import reply_of
from tests.web.conftest import Caller


def links(text: str, *contacts: str) -> list[tuple[str, str]]:
    return [
        (piece["text"], piece["href"])
        for line in lines(text, contacts)
        for piece in line["pieces"]
        if "href" in piece
    ]


def plain(shown_lines: list[dict[str, Any]]) -> str:
    return "\n".join("".join(piece["text"] for piece in line["pieces"]) for line in shown_lines)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 020 8461 7630.", [("020 8461 7630", "tel:02084617630")]),
        ("Write to iass@bromley.gov.uk, or ring.", [("iass@bromley.gov.uk", "mailto:iass@bromley.gov.uk")]),
        ("See bromleyiass.org.uk.", [("bromleyiass.org.uk", "https://bromleyiass.org.uk")]),
        ("See https://www.gov.uk/a/b.", [("https://www.gov.uk/a/b", "https://www.gov.uk/a/b")]),
        ("In danger ring 999.", [("999", "tel:999")]),
        ("Section 111 of the Act, paragraph 999.", []),
        ("The code is 1020 8461 76304.", []),
        ("javascript:alert(1) data:text/html,x", []),
        ("Ring 01234 567890.", []),
    ],
)
def test_only_what_we_publish_is_a_link(text: str, found: list[tuple[str, str]]) -> None:
    assert links(text) == found


def test_short_numbers_are_links_where_the_answer_names_who_has_them() -> None:
    assert links("NHS 111, or text SHOUT to 85258", "nhs-111", "shout") == [
        ("111", "tel:111"),
        ("85258", "sms:85258"),
    ]


def test_every_answer_is_shown_whole_and_apart(content: Content) -> None:
    for answer in content.answers.values():
        reply = shown(AnswerReply(answer=answer, intro="Before it."))
        assert plain(reply["lines"]) == "Before it."
        (one,) = reply["answers"]
        assert plain(one["text"]).split() == answer.text.replace("- ", "").split() or "- " in answer.text
        assert bool(one["since"]) == bool(answer.since and answer.evidence)
        assert one["source"] == str(answer.source)
        assert (one["strength"] != "") == (answer.strength != "information" and bool(answer.about))


def test_what_is_not_an_answer_in_full_is_shown_as_it_was_said(content: Content) -> None:
    answer = content.answers["head.parent-meetings"]
    reply = shown(AnswerReply(answer=answer, form="part", words="Another wording."))
    assert plain(reply["lines"]) == "Another wording."
    assert reply["answers"] == []
    assert reply["answer_ids"] == ["head.parent-meetings"]


def test_whom_to_contact_is_offered_where_it_is_not_shown_already(content: Content) -> None:
    answer = content.answers["head.parent-meetings"]
    assert answer.contacts
    part = AnswerReply(answer=answer, form="part", words="A line.", choices=(SIMPLER, CONTACT))
    assert [one["title"] for one in shown(part)["choices"]] == [SIMPLER.title, CONTACT.title]
    whole = AnswerReply(answer=answer, choices=(SIMPLER, CONTACT))
    assert [one["title"] for one in shown(whole)["choices"]] == [SIMPLER.title]


@pytest.mark.parametrize(
    ("choice", "acts"),
    [
        (choose("head.parent-meetings"), "alone"),
        (write_letter("ehc-request"), "alone"),
        (date_button("Work out the last day", "appeal"), "alone"),
        (SIMPLER, "simpler"),
        (DONE, "now"),
        (path_button("Yes, there is an EHC plan", "plan", "yes"), "now"),
    ],
)
def test_a_choice_says_on_what_it_acts(choice: Choice, acts: str) -> None:
    (one,) = shown(WordsReply(words="And now?", says="question", choices=(choice,)))["choices"]
    assert one["acts"] == acts


def test_what_an_answer_rests_on_is_one_link_a_site(content: Content) -> None:
    answer = content.answers["absence.council-must-educate"]
    (one,) = shown(AnswerReply(answer=answer))["answers"]
    assert [site["text"] for site in one["links"]] == [
        "ipsea.org.uk",
        "localgovernmentlawyer.co.uk",
        "legislation.gov.uk",
    ]
    assert answer.evidence
    assert {site["href"] for site in one["links"]} <= set(answer.evidence.links)


def test_a_step_says_where_on_the_way_it_is(content: Content) -> None:
    step = content.steps["request"]
    reply = shown(StepReply(step=step, number=2, of=6, intro="You asked for it."))
    assert reply["step"] == {"title": step.title, "number": 2, "of": 6}
    assert step.title in [plain([line]) for line in reply["lines"]]
    assert shown(StepReply(step=step, form="says"))["step"] is None


def test_what_else_to_know_of_a_last_day_stands_apart_from_its_working() -> None:
    reply = DeadlineReply(
        title="Last day",
        last_day="2099-02-03",
        spoken="3 February 2099",
        working=("2 months after it.",),
        advice=("Do not wait.",),
    )
    one = shown(reply)["deadline"]
    assert plain(one["advice"]) == "Do not wait."
    assert one["working"] == ["2 months after it."]


def test_the_conversation_as_text_says_a_deadline_once() -> None:
    reply = DeadlineReply(
        title="Last day", last_day="2099-02-03", spoken="3 February 2099", working=("2 months after it.",)
    )
    assert as_text([shown(reply)]).endswith("Guide: Last day: 3 February 2099.\n2 months after it.\n")


def test_where_free_help_is_stands_apart_and_is_lost_nowhere() -> None:
    question = QuestionReply(key="plan", ask="Is there a plan?", help=free_help(), choices=(DONE, BACK))
    reply = shown(question)
    assert (plain(reply["lines"]), plain(reply["help"])) == ("Is there a plan?", free_help())
    assert [choice["back"] for choice in reply["choices"]] == [False, True]
    assert f"Is there a plan?\n{free_help()}" in as_text([reply])
    alone = shown(replace(question, choices=()))  # no choices that it would stand before
    assert (plain(alone["lines"]), alone["help"]) == (question.text, [])


def test_what_an_older_release_has_kept_is_shown_in_its_words(content: Content) -> None:
    custom = {"kind": "answer", "answer_ids": ["head.parent-meetings"]}
    reply = shown(reply_of({"text": "As it was said then.", "custom": custom}))
    assert plain(reply["lines"]) == "As it was said then."
    assert (reply["kind"], reply["answer_ids"]) == ("answer", ["head.parent-meetings"])
    assert shown(reply_of({"text": "Hello."}))["kind"] == "smalltalk"


def test_a_letter_is_made_again_where_it_is_read_again() -> None:
    letter = shown(LetterReply(template="ehc-request", title="x", words="Here."))["letter"]
    text = letters.render("ehc-request", {}).text
    assert (letter["title"], letter["text"]) == (letters.templates()["ehc-request"], text)
    blanks = [blank["stands"] for blank in letter["blanks"]]
    assert "".join(blanks[part] if isinstance(part, int) else part for part in letter["parts"]) == text
    assert shown(LetterReply(template="none", title="x", words="Here."))["letter"] is None


def test_the_conversation_as_text_names_every_source(parent: Caller) -> None:
    parent.asks("how often should school meet with me")
    text = as_text(parent.reads()[1]["messages"])
    assert text.startswith("SEND Guide: an automated guide, not legal advice\n\nYou: how often should school")
    assert "The head teacher should. Source: " in text


def test_after_a_reload_everything_is_as_it_was_said(parent: Caller) -> None:
    said = [
        *parent.asks("how often should school meet with me")[1]["replies"],
        *parent.asks("my son says he wants to die")[1]["replies"],
        *parent.asks("what do governors have to do")[1]["replies"],
    ]
    read = [message for message in parent.reads()[1]["messages"] if message["from"] == "guide"]
    assert read == said


def test_personal_data_is_not_given_back(parent: Caller) -> None:
    parent.asks("i am Zebedee Quillfeather, ring me on 07700 900123, how often should school meet with me")
    kept = json.dumps(parent.reads()[1])
    assert "Quillfeather" not in kept
    assert "900123" not in kept
