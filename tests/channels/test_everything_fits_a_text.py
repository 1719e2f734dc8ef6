"""What is said by text: within the limits of each medium, with nothing lost and nothing broken.

Whether each answer, step and question fits is a rule of `send-guide check` (``test_texts_are_checked.py``); here
are one of each shape, and made-up ones.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from send_guide.channels.texts.commands import command
from send_guide.channels.texts.meta import (
    INTERACTIVE_BODY,
    MOST_BUTTONS,
    MOST_ROWS,
    ROW_DESCRIPTION,
    ROW_TITLE,
    TEXT_BODY,
    bodies,
)
from send_guide.channels.texts.rendering import NEXT_DUTIES, SMS, WHATSAPP, Medium, Texts, pages, render
from send_guide.channels.texts.segments import segments
from send_guide.content import Answer, get_content
from send_guide.content.gsm7 import is_gsm_7, not_gsm_7, to_gsm_7
from send_guide.content.schema import in_words, is_urgent
from send_guide.content.text_words import OPT_OUT, Command
from send_guide.content.wording import in_full, source_line, step_in_full
from send_guide.dialogue import answers, contacts, sessions, smalltalk
from send_guide.dialogue.answers import say_answer
from send_guide.dialogue.duties import say_portion
from send_guide.dialogue.escalation import change, not_yet, other_ways
from send_guide.dialogue.letters import say_letter
from send_guide.dialogue.path_replies import ask, my_steps, say_step, say_where
from send_guide.dialogue.turn import Turn, Understanding
from send_guide.domain.guided_path import LEFT_OUT, Progress
from send_guide.domain.reply import AnswerReply, Reply, WordsReply
from send_guide.domain.situation import Situation

CONTENT = get_content()


def is_unconfirmed(answer: Answer) -> bool:
    """Return whether an answer names a contact that nobody has confirmed."""
    contacts_of = (CONTENT.contacts[key] for key in answer.contacts)
    return any(not detail.confirmed for contact in contacts_of for detail in contact.details.values())


ANSWERS = list(CONTENT.answers.values())
SHAPES = sorted(
    {
        max(ANSWERS, key=lambda answer: len(answer.text)).id,
        max(ANSWERS, key=lambda answer: len(answer.short)).id,
        min(ANSWERS, key=lambda answer: len(answer.text)).id,
        max(ANSWERS, key=lambda answer: len(answer.do_next)).id,
        next(answer.id for answer in ANSWERS if answer.since),
        next(answer.id for answer in ANSWERS if answer.variants),
        next(answer.id for answer in ANSWERS if answer.id in CONTENT.entries),
        next(answer.id for answer in ANSWERS if is_urgent(answer.id)),
        next(answer.id for answer in ANSWERS if is_unconfirmed(answer)),
    }
)
"""An answer of every shape: the longest, the shortest, one with what has changed, one that leads into the path..."""
STEPS = sorted(
    {
        max(CONTENT.steps, key=lambda key: len(CONTENT.steps[key].text)),
        next(key for key, step in CONTENT.steps.items() if step.end),
        next(key for key, step in CONTENT.steps.items() if step.letter),
        next(key for key, step in CONTENT.steps.items() if step.deadline),
    }
)
QUESTIONS = sorted(
    {
        max(CONTENT.questions, key=lambda key: len(CONTENT.questions[key].options)),
        next(key for key, question in CONTENT.questions.items() if question.date),
    }
)
LINK = "https://guide.example/t/aaaabbbbccccdddd"
BOTH = [pytest.param(SMS, id="sms"), pytest.param(WHATSAPP, id="whatsapp")]
NUMBERS = re.compile(r"(?<![\w.])(?:0\d[\d ]{6,}\d|\d{3} \d{3}|999|111|85258)(?![\w])")
ADDRESSES = re.compile(
    r"(?:https://)?\b(?:[\w-]+\.)+(?:org\.uk|gov\.uk|co\.uk|uk|org)\b(?:/[\w/-]+)?|[\w.]+@[\w.]+\w"
)
DETAILS = [detail for contact in CONTENT.contacts.values() for detail in contact.details.values()]


def said(say: Callable[[Turn], object], situation: Situation | None = None) -> list[Reply]:
    """Return what a handler says."""
    turn = Turn(Understanding(), situation or Situation())
    say(turn)
    return turn.replies


def answer_replies(answer_id: str) -> list[Reply]:
    return said(lambda turn: say_answer(turn, CONTENT.answers[answer_id]))


def follow_up(handler: Callable[[Turn], object], answer_id: str) -> list[Reply]:
    return said(handler, Situation(said=[answer_id]))


def shown(replies: Sequence[Reply], medium: Medium) -> Texts:
    return render(replies, CONTENT, medium, lambda _: LINK)


def everything(texts: Texts) -> list[str]:
    """Return all messages: at once, and on MORE."""
    return [*texts.numbered(), *(page for page in texts.more if page != NEXT_DUTIES)]


def words(text: str) -> list[str]:
    return re.findall(r"[\w£@./-]+", text)


def in_order(wanted: Iterable[str], found: Iterable[str]) -> bool:
    """Return whether ``found`` holds all of ``wanted`` in its order."""
    rest: Iterator[str] = iter(found)
    return all(word in rest for word in wanted)


def without_frame(page: str) -> str:
    """Return a part of a full answer without its number and its hint."""
    return re.sub(r"^\(\d+/\d+\) ", "", page).removesuffix(f"\n{CONTENT.texts['rest']}")


def assert_holds(texts: Texts, medium: Medium) -> None:
    """Assert the limits of a medium, and what is true in every one."""
    for message in everything(texts):
        assert len(message) <= 1600  # Twilio's
        assert not [word for word in OPT_OUT if re.search(rf"\b{word.upper()}\b", message)]
        assert not re.search(
            rf"\b(?:you can|reply|write|type|say) \W?(?:{'|'.join(OPT_OUT)})\b", message, re.I
        )
        if not medium.bold:
            assert not_gsm_7(message) == ""
    assert not [choice.title for choice in texts.choices if command(choice.title) is Command.STOP]
    for page in texts.more:
        assert segments(page) <= 2 or medium.bold
    for body in bodies(texts):
        if body["type"] == "text":
            assert 0 < len(body["text"]["body"]) <= TEXT_BODY
        else:
            assert_interactive(body["interactive"])


def assert_interactive(message: dict[str, Any]) -> None:
    assert 0 < len(message["body"]["text"]) <= INTERACTIVE_BODY
    if message["type"] == "button":
        buttons = [button["reply"] for button in message["action"]["buttons"]]
        assert 1 <= len(buttons) <= MOST_BUTTONS
        assert all(0 < len(button["title"]) <= 20 and len(button["id"]) <= 256 for button in buttons)
        assert len({button["title"] for button in buttons}) == len(buttons)
        return
    rows = [row for section in message["action"]["sections"] for row in section["rows"]]
    assert 1 <= len(rows) <= MOST_ROWS
    assert len(message["action"]["button"]) <= 20
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert 0 < len(row["title"]) <= ROW_TITLE
        assert len(row["id"]) <= 200
        assert len(row.get("description", "")) <= ROW_DESCRIPTION


@pytest.mark.parametrize("medium", BOTH)
@pytest.mark.parametrize("answer_id", SHAPES)
def test_an_answer_fits_and_nothing_of_it_is_lost(answer_id: str, medium: Medium) -> None:
    answer = CONTENT.answers[answer_id]
    texts = shown(answer_replies(answer_id), medium)
    assert_holds(texts, medium)
    (body,) = texts.bodies
    if not medium.bold:
        assert segments(body) <= 2
        way_in = any(choice.payload.startswith("/path") for choice in texts.choices)
        assert segments(texts.numbered()[0]) <= (3 if way_in else 2)
    assert (answer_id in CONTENT.entries) == any(
        choice.payload.startswith('/path{"start"') for choice in texts.choices
    )
    if texts.urgent:
        assert answer.short in body or in_order(words(answer.text), words(body))
        return
    whole = in_full(answer, CONTENT.roles) if medium.bold else to_gsm_7(in_full(answer, CONTENT.roles))
    if texts.more:  # the short wording, all of it, and the full answer in parts
        assert in_order(words(answer.short), words(body.replace("https://", "")))
        assert "Reply MORE" in body
        full = "\n".join(without_frame(page) for page in texts.more)
    else:
        full = body
    assert in_order(words(whole), words(full.replace("https://", "")))


@pytest.mark.parametrize("answer_id", SHAPES)
def test_whatsapp_names_the_source_and_what_the_answer_is_about(answer_id: str) -> None:
    texts = shown(answer_replies(answer_id), WHATSAPP)
    answer = CONTENT.answers[answer_id]
    if not texts.urgent:
        assert f"*{answer.title}*" in texts.bodies[0]
        assert source_line(answer, CONTENT.roles).split("\n")[0] in texts.bodies[0]


@pytest.mark.parametrize("medium", BOTH)
@pytest.mark.parametrize("answer_id", SHAPES)
def test_the_direct_answer_comes_first_and_what_has_changed_after_it(answer_id: str, medium: Medium) -> None:
    answer, texts = CONTENT.answers[answer_id], shown(answer_replies(answer_id), medium)
    if answer.since and texts.more:
        assert answer.lead
        lead = answer.lead if medium.bold else to_gsm_7(answer.lead)
        assert in_order(words(lead), words(texts.more[0].replace("https://", "")))
        assert "Right now:" in "\n".join(texts.more)


@pytest.mark.parametrize("medium", BOTH)
@pytest.mark.parametrize("answer_id", SHAPES)
def test_follow_ups_fit_and_are_not_taken_for_the_answer(answer_id: str, medium: Medium) -> None:
    for handler in (answers.simpler, answers.source, answers.strength, contacts.contact_them):
        replies = follow_up(handler, answer_id)
        texts = shown(replies, medium)
        assert_holds(texts, medium)
        full = "\n".join(without_frame(page) for page in (*texts.numbered(), *texts.more)).replace(
            "https://", ""
        )
        for reply in replies:
            if CONTENT.answers[answer_id].text not in reply.text and len(replies) == 1:
                whole = reply.text if medium.bold else to_gsm_7(reply.text)
                assert in_order(words(whole.replace("https://", "")), words(full))


@pytest.mark.parametrize("medium", BOTH)
@pytest.mark.parametrize("answer_id", SHAPES)
def test_every_number_and_address_is_one_that_may_be_shown(answer_id: str, medium: Medium) -> None:
    """In each message by itself: one that is not confirmed never comes without the words that say so."""
    known = [detail.shown for detail in DETAILS]
    replies = answer_replies(answer_id) + follow_up(contacts.contact_them, answer_id)
    for message in everything(shown(replies, medium)):
        plain = message.replace("https://", "")
        for found in [*NUMBERS.findall(plain), *ADDRESSES.findall(plain)]:
            assert any(found.strip(". ") in value for value in known), found
        for detail in DETAILS:
            alone = re.search(rf"(?<![\w./@-]){re.escape(detail.shown)}(?![\w/@-])", plain)
            twice = any(other.confirmed and detail.shown in other.shown for other in DETAILS)
            if alone and not detail.confirmed and not twice:
                assert "confirm" in plain, detail.shown


def test_a_web_address_can_be_tapped_in_whatsapp() -> None:
    texts = shown(answer_replies("contacts.tribunal"), WHATSAPP)
    assert "https://www.gov.uk/appeal-ehc-plan-decision" in texts.bodies[0]
    assert "https://https" not in texts.bodies[0]
    assert "send@justice.gov.uk" in texts.bodies[0]


@pytest.mark.parametrize("medium", BOTH)
@pytest.mark.parametrize("role", [max(CONTENT.roles, key=lambda role: len(CONTENT.duties_of(role)))])
def test_lists_of_duties_fit_and_each_line_can_be_picked_by_its_number(role: str, medium: Medium) -> None:
    duties = CONTENT.duties_of(role)
    for start in range(0, len(duties), 4):
        texts = shown(said(partial(say_portion, role_key=role, start=start)), medium)
        assert_holds(texts, medium)
        full = "\n".join(everything(texts))
        for number, duty in enumerate(duties[start : start + 4], 1):
            assert re.search(
                rf"^(?:\(\d/\d\) )?{number} .*{re.escape(to_gsm_7(duty.duty or ''))}", full, re.M
            )
            assert f'"{duty.id}"' in texts.choices[number - 1].payload
        if start + 4 < len(duties):
            assert texts.more[-1] == NEXT_DUTIES
            assert "Reply MORE" in everything(texts)[-1]


def on_the_path(say: Callable[[Turn, Progress], object]) -> list[Reply]:
    """Return what the path says to somebody who has told something already, so that "go back" is offered."""
    return said(lambda turn: say(turn, Progress(trail=[["topic"]])))


@pytest.mark.parametrize("medium", BOTH)
@pytest.mark.parametrize("step_id", STEPS)
def test_a_step_fits_with_its_choices_and_nothing_of_it_is_lost(step_id: str, medium: Medium) -> None:
    step = CONTENT.steps[step_id]
    texts = shown(on_the_path(lambda turn, progress: say_step(turn, progress, step)), medium)
    assert_holds(texts, medium)
    (body,) = texts.bodies
    if not medium.bold:
        assert segments(body) <= 2  # what is said
        assert segments(texts.numbered()[0]) <= 3  # and a third, at most, for what can be picked
    assert in_order(words(step.short), words(body.replace("https://", "")))
    assert "Reply MORE" in body
    page, *parts = texts.more
    assert page == f"step:{step_id}"
    full = " ".join(map(without_frame, parts)).replace("https://", "")
    whole = step_in_full(step) if medium.bold else to_gsm_7(step_in_full(step))
    assert in_order(words(whole), words(full))
    assert all(f" {choice.title}" in f" {texts.numbered()[0]}" for choice in texts.choices)


@pytest.mark.parametrize("medium", BOTH)
@pytest.mark.parametrize("key", QUESTIONS)
def test_a_question_fits_with_all_its_options(key: str, medium: Medium) -> None:
    question = CONTENT.questions[key]
    texts = shown(
        on_the_path(lambda turn, progress: ask(turn, progress, question, "So that I know.")), medium
    )
    assert_holds(texts, medium)
    (body,) = texts.numbered()
    assert segments(body) <= 3 or medium.bold
    for number, option in enumerate(question.options.values(), 1):
        assert f"\n{number} {to_gsm_7(option.title)}" in body


@pytest.mark.parametrize("medium", BOTH)
@pytest.mark.parametrize("step_id", STEPS)
def test_what_else_is_said_at_a_step_fits(step_id: str, medium: Medium) -> None:
    facts = {"topic": "support", "setting": "academy", "reached": "head"}
    progress = Progress(facts, {"talk": "2026-03", "policy": LEFT_OUT}, [["topic"], ["setting"]], at=step_id)
    back, asked = (
        Situation(remembered_progress=progress),
        Situation(said=["schools.meet-needs", "funding.above-threshold"]),
    )
    for say, situation in (
        (lambda turn: not_yet(turn, progress), None),
        (lambda turn: other_ways(turn, progress), None),
        (lambda turn: change(turn, progress, "answers"), None),
        (lambda turn: say_where(turn, progress, "Good to have you back."), None),
        (my_steps, Situation(progress=progress)),
        (lambda turn: sessions.about_what(turn, "Welcome back."), back),
        (lambda turn: sessions.about_what(turn, "Welcome back."), asked),
    ):
        texts = shown(said(say, situation), medium)
        assert_holds(texts, medium)
        assert texts.listed
        assert all(segments(body) <= 2 or medium.bold for body in texts.bodies)


@pytest.mark.parametrize("medium", BOTH)
@pytest.mark.parametrize("template", sorted(CONTENT.letters)[:2])
def test_a_letter_comes_by_link_and_its_words_do_not(template: str, medium: Medium) -> None:
    title = CONTENT.letters[template].title
    facts = {"setting": "academy", "who": "parent", "delay": "plan"}
    asked: list[dict[str, Any]] = []

    def link(shows: dict[str, Any]) -> str:
        asked.append(shows)
        return LINK

    replies = said(lambda turn: say_letter(turn, Progress(dict(facts)), template))
    texts = render(replies, CONTENT, medium, link)
    assert_holds(texts, medium)
    (body,) = texts.bodies
    assert segments(body) <= 2
    assert LINK in body
    assert title in body
    assert "Dear " not in body
    assert [one["letter"]["template"] for one in asked] == [template]
    assert [one["letter"]["title"] for one in asked] == [title]


def test_another_language_is_said_at_once_and_apart_from_english() -> None:
    english = WordsReply(words="I only understand English.", says="fallback")
    for code in ("fr", "zh"):
        text = CONTENT.languages[code]
        texts = shown([WordsReply(words=text, says="fallback"), english], SMS)
        assert not texts.more
        assert "999" in texts.bodies[0]
        # or the English would be paid at the dearer rate too
        assert len(texts.bodies) == (1 if is_gsm_7(to_gsm_7(text)) else 2)


@pytest.mark.parametrize("urgent_id", ["urgent.child-at-risk", "urgent.self-harm-or-suicide"])
def test_what_to_do_in_danger_comes_before_all_else(urgent_id: str) -> None:
    for medium in (SMS, WHATSAPP):
        texts = shown(answer_replies("schools.meet-needs") + answer_replies(urgent_id), medium)
        assert texts.urgent
        assert "999" in texts.bodies[0][:60]


@pytest.mark.parametrize("medium", BOTH)
def test_who_is_upset_can_always_say_that_it_is_more_than_that(medium: Medium) -> None:
    heard = Understanding(intent="upset", choices=("schools.meet-needs", "funding.above-threshold"))
    turn = Turn(heard, Situation())
    smalltalk.upset(turn)
    titles = [choice.title for choice in shown(turn.replies, medium).choices]
    assert titles[:2] == ["Somebody is not safe", "I feel I can't go on"]


SENTENCES = st.lists(
    st.text("abcdefgABCDEFG’£“”–é0123456789", min_size=1, max_size=12), min_size=1, max_size=20
).map(lambda words: f"{' '.join(words)}.")


@given(SENTENCES, st.lists(SENTENCES, max_size=5), st.lists(SENTENCES, min_size=1, max_size=3))
def test_nothing_of_a_made_up_answer_is_lost(lead: str, points: list[str], short: list[str]) -> None:
    one = CONTENT.answers[SHAPES[0]].model_copy(
        update={
            "lead": lead,
            "points": tuple(points),
            "text": in_words(lead, tuple(points), ()),
            "short": " ".join(short)[:290],
            "do_next": (),
        }
    )
    for medium in (SMS, WHATSAPP):
        texts = shown([AnswerReply(answer=one)], medium)
        assert_holds(texts, medium)
        full = "\n".join(map(without_frame, texts.more)) or texts.bodies[0]
        plain = in_full(one, CONTENT.roles)
        assert in_order(words(plain if medium.bold else to_gsm_7(plain)), words(full))


@given(st.text(min_size=1, max_size=2000), st.integers(min_value=120, max_value=400))
def test_no_part_is_too_long_and_no_word_is_lost(text: str, most: int) -> None:
    parts = pages(text, most, "Reply MORE for the rest.")
    longest = max((len(word) for word in text.split()), default=0)
    if longest < most - 40:
        assert all(len(part) <= most for part in parts)
    assert "".join("".join(map(without_frame, parts)).split()) == "".join(text.split()) or len(parts) == 1


@given(st.text(alphabet="ab£€{", max_size=700))
def test_segments_are_counted_as_the_standard_says(text: str) -> None:
    septets = sum(2 if letter in "€{" else 1 for letter in text)
    found = segments(text)
    assert found == 1 if septets <= 160 else found >= -(-septets // 153)
    assert found <= 1 + septets // 152  # at most one septet of a segment stays empty


def test_one_letter_outside_the_alphabet_halves_what_a_segment_holds() -> None:
    assert segments("a" * 160) == 1
    assert segments("a" * 161) == 2
    assert segments("a" * 69 + "’") == 1
    assert segments("a" * 70 + "’") == 2
    assert to_gsm_7("“It’s £6,000 – or €5…” Łódź") == '"It\'s £6,000 - or €5..." Lodz'
