"""The rules of ``docs/content.md`` that a schema cannot say: strength, length, reading age, letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from send_guide.content.files import Problem
from send_guide.content.gsm7 import not_gsm_7
from send_guide.content.loader import Content
from send_guide.content.path_checks import check_path
from send_guide.content.rules import (
    ALLOWED,
    MAX_EASY_READ_GRADE,
    MAX_SHORT_CHARACTERS,
    MAX_TEXT_GRADE,
    allowed_strengths,
    reading_grade,
    strength_words,
    typed_numbers,
)
from send_guide.content.schema import Answer
from send_guide.content.text_words import OPT_OUT

MAX_TEXT_WORDS, MAX_LEAD_WORDS, MAX_POINT_WORDS = 90, 25, 20
MAX_SINCE_WORDS = 60
MIN_EXAMPLES = 12
SHORT_SENTENCE_WORDS = 5

# Answers whose words cannot be made shorter without making them wrong, each with the reason.
HARD_TO_READ: dict[str, str] = {}

OF_THE_PERSON = frozenset(
    (
        "appeal",
        "mediation",
        "discrimination",
        "draft-plan",
        "ombudsman",
        "exclusion-review",
        "transport-appeal",
    )
)
"""Time limits that run for the family, not for the council."""
NO_LIMIT_RUNS = {"appeal.hearing": "the appeal has been made"}
"""Answers about appeals for which no time limit runs any more, each with the reason."""
_TIME = re.compile(
    r"\b(?:\d+|one|two|six|twelve|fifteen) (?:calendar |school |working |more )?(?:day|week|month|year)s?\b|"
    r"\b15 February\b|\b31 March\b",
    re.I,
)
_LATER = re.compile(r"\{(?:days|most|title|link)\}")
"""What is filled in when a text message is sent."""
_STOPS = re.compile(rf"\b(?:{'|'.join(OPT_OUT).upper()}|OPT OUT)\b")


def check(content: Content) -> list[Problem]:
    """Return every breach of the content rules, with file and line."""
    said = [answer for answer in content.answers.values() if not answer.withdrawn]
    problems = [problem for answer in said for problem in check_answer(answer, content)]
    pages = _check_topic_pages(content)
    return [*problems, *_check_texts(content), *pages, *check_examples(content), *check_path(content)]


def _duties(answer: Answer, content: Content) -> Iterator[tuple[str, str]]:
    listed = answer.section in {role.section for role in content.roles.values()}
    if listed and answer.duty is None:
        yield "title", "a duty of a role needs `duty`, its words in the list of the role's duties"
    if answer.duty is not None and (not listed or strength_words(answer.duty)):
        yield "duty", "only for the duties of a role, and without must, should or required"


def check_answer(answer: Answer, content: Content) -> Iterator[Problem]:
    """Yield what is wrong with the wordings of one answer."""
    for said in (answer, *map(answer.as_in, answer.variants)):
        for field_name, message in [
            *_lengths(said),
            *_time_limit(said),
            *_bans(said),
            *_strengths(said),
            *_readability(said),
            *_typed(said, content),
        ]:
            path, line = content.place(answer.id, field_name)
            yield Problem(path, line, f"{answer.id}: {field_name}: {message}")
    for field_name, message in _duties(answer, content):
        path, line = content.place(answer.id, field_name)
        yield Problem(path, line, f"{answer.id}: {field_name}: {message}")


def _check_texts(content: Content) -> Iterator[Problem]:
    """Check the fixed words of text messages: their length and letters, and no word that stops messages."""
    for name, words in content.texts.items():
        path, line = content.place(f"texts/{name}")
        if len(words) > MAX_SHORT_CHARACTERS:
            yield Problem(path, line, f"{name}: {len(words)} characters, at most {MAX_SHORT_CHARACTERS}")
        if strange := not_gsm_7(_LATER.sub("", words)):
            yield Problem(path, line, f"{name}: letters that text messages cannot hold: {strange!r}")
        if stops := _STOPS.search(words):
            yield Problem(path, line, f"{name}: {stops.group()} stops messages and is never offered")


def _check_topic_pages(content: Content) -> Iterator[Problem]:
    """Check the pages that people find by themselves: they lead to answers and say nothing of duty."""
    for key, topic in content.topic_pages.items():
        path, line = content.place(f"situations/{key}", "says")
        if found := strength_words(topic.says):
            message = f"says {sorted(found)}: what somebody has to do stands in the answers"
            yield Problem(path, line, f"situations/{key}: says: {message}")
        if (grade := reading_grade(topic.says)) > MAX_TEXT_GRADE:
            message = f"reads at US grade {grade:.1f}, at most {MAX_TEXT_GRADE:.0f}"
            yield Problem(path, line, f"situations/{key}: says: {message}")
        for number in typed_numbers(topic.says, content):
            yield Problem(path, line, f"situations/{key}: says: {number!r}: leave it out, answers have it")
        for again in sorted({one for one in topic.answers if topic.answers.count(one) > 1}):
            yield Problem(path, line, f"situations/{key}: {again!r} stands twice")


def _lengths(answer: Answer) -> Iterator[tuple[str, str]]:
    for field_name, most in (("text", MAX_TEXT_WORDS), ("since", MAX_SINCE_WORDS)):
        words = len((getattr(answer, field_name) or "").split())
        if words > most:
            yield field_name, f"{words} words, at most {most}"
    yield from _shape(answer)
    if len(answer.short) > MAX_SHORT_CHARACTERS:
        yield "short", f"{len(answer.short)} characters, at most {MAX_SHORT_CHARACTERS}"
    if strange := not_gsm_7(answer.short):
        yield "short", f"letters that text messages cannot hold: {strange!r}"


def _shape(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield what makes an answer hard to take in: a long lead or point, a yes or no that may not fit."""
    if answer.lead is None:
        return
    if (words := len(answer.lead.split())) > MAX_LEAD_WORDS:
        yield "lead", f"{words} words, at most {MAX_LEAD_WORDS}"
    if re.match(r"(?:yes|no)\b", answer.lead, re.I):
        yield "lead", "begins with yes or no, which fits only one way of asking"
    for point in answer.points:
        if (words := len(point.split())) > MAX_POINT_WORDS:
            yield "points", f"{words} words, at most {MAX_POINT_WORDS}: {point!r}"


def _strengths(answer: Answer) -> Iterator[tuple[str, str]]:
    own, allowed = ALLOWED[answer.strength], allowed_strengths(answer.strength, answer.also)
    for field_name in ("title", "text", "short", "easy_read"):
        found = strength_words(getattr(answer, field_name))
        for family in sorted(found - allowed):
            yield (
                field_name,
                f"says {family!r}, but the strength is {answer.strength!r} (see `also` in docs/content.md)",
            )
        if own and field_name != "title" and not found & own:
            yield field_name, f"never says {answer.strength!r}"


def _time_limit(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield wordings of an answer about a running time limit that do not name it; that can cost a case."""
    runs = answer.section == "appeal" or any(item.deadline in OF_THE_PERSON for item in answer.do_next)
    if not runs or answer.id in NO_LIMIT_RUNS:
        return
    for field_name in ("text", "short", "easy_read"):
        if not _TIME.search(getattr(answer, field_name)):
            yield field_name, "a time limit runs, and this wording does not say it"


def _bans(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield "may not", which reads as a ban to some and as a perhaps to others."""
    for field_name in ("since", "text", "short", "easy_read"):
        if re.search(r"\bmay not\b", getattr(answer, field_name) or "", re.I):
            yield field_name, "says 'may not': write 'must not', 'is not allowed to' or 'might not'"


def _readability(answer: Answer) -> Iterator[tuple[str, str]]:
    if answer.id in HARD_TO_READ:
        return
    limits = (
        ("text", MAX_TEXT_GRADE),
        ("since", MAX_TEXT_GRADE),
        ("short", MAX_TEXT_GRADE),
        ("easy_read", MAX_EASY_READ_GRADE),
    )
    for field_name, most in limits:
        text = getattr(answer, field_name)
        if text and (grade := reading_grade(text)) > most:
            yield field_name, f"reads at US grade {grade:.1f}, at most {most:.0f}"


def _typed(answer: Answer, content: Content) -> Iterator[tuple[str, str]]:
    for field_name in ("title", "since", "text", "short", "easy_read"):
        for number in typed_numbers(getattr(answer, field_name) or "", content):
            # nothing is filled in into a title
            instead = "leave it out" if field_name == "title" else "write {contact.phone} or {contact.web}"
            yield field_name, f"{number!r} is not in contacts.yml; {instead}"


def sentence_keys(text: str) -> list[frozenset[str]]:
    """Return the words of ``text``, then those words with each one left out in turn.

    Two sentences of five words and more that share a key are the same with one word changed, added
    or left out. Shorter ones share words by necessity and have one key only.
    """
    words = frozenset(re.findall(r"[a-z0-9£]+", text.lower().replace("'", "").replace("’", "")))
    if len(words) < SHORT_SENTENCE_WORDS:
        return [words]
    return [words, *(words - {word} for word in sorted(words))]


def check_examples(content: Content) -> Iterator[Problem]:
    """Yield what is wrong with the ways of asking: too few of them, or two that are nearly the same."""
    sentences: dict[frozenset[str], str] = {}
    for answer_id, examples in content.examples.items():
        if examples and len(examples) < MIN_EXAMPLES:
            first = examples[0]
            yield Problem(
                first.path, first.line, f"{answer_id}: {len(examples)} examples, at least {MIN_EXAMPLES}"
            )
        own: dict[frozenset[str], str] = {}
        for example in examples:
            words, *others = sentence_keys(example.text)
            if words in sentences:
                message = f"{answer_id}: {example.text!r} stands already, as {sentences[words]}"
                yield Problem(example.path, example.line, message)
            elif twin := next((own[key] for key in (words, *others) if key in own), None):
                message = f"{answer_id}: {example.text!r} is one word away from {twin!r}"
                yield Problem(example.path, example.line, message)
            sentences[words] = f"{example.text!r} of {answer_id}"
            own.update(dict.fromkeys((words, *others), example.text))
