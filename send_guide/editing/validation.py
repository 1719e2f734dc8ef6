"""What is wrong with a draft, in words that name the field: what ``send-guide check`` says, and more."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from send_guide.channels.texts.checks import check_texts
from send_guide.content.checks import (
    MAX_LEAD_WORDS,
    MAX_SINCE_WORDS,
    MAX_TEXT_WORDS,
    check_answer,
    check_examples,
)
from send_guide.content.files import ContentError, Problem, SourceFile
from send_guide.content.latest import latest_content
from send_guide.content.loader import Content, read_content
from send_guide.content.rules import (
    MAX_EASY_READ_GRADE,
    MAX_SHORT_CHARACTERS,
    MAX_TEXT_GRADE,
    reading_grade,
)
from send_guide.content.schema import MAX_TITLE_CHARACTERS, Answer
from send_guide.editing.drafts import FIELDS, Draft, UnknownAnswerError, words_of
from send_guide.editing.leakage import copies
from send_guide.editing.yaml_patch import edited_folder
from send_guide.measuring.questions import Line
from send_guide.privacy.redaction import redact

WAYS = "ways"
"""The place of what is wrong with ways of asking; other places are names of fields."""
ELSEWHERE = ""
"""The place of what is wrong with something else in ``data/``."""
_DRAFTS = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drafts")
"""A content takes some 90 MB while it is read, and a draft is looked through after every few words: one at a
time, so that editors do not take a service's memory."""
_LEAST_AGE, _FIRST_GRADE = 5, 5
"""A child in US grade 1 is 6; in kindergarten, 5."""


@dataclass(frozen=True)
class Finding:
    """Something to mend before a draft can be saved.

    Attributes:
        place: a field of :data:`~send_guide.editing.drafts.FIELDS`, :data:`WAYS` or :data:`ELSEWHERE`.
        message: what is wrong, without the field's name.
    """

    place: str
    message: str

    def __str__(self) -> str:
        """Return the finding with the field's name, as editors see it."""
        name = "Ways of asking" if self.place == WAYS else FIELDS.get(self.place)
        return f"{name}: {self.message}" if name else self.message


@dataclass(frozen=True)
class Measure:
    """How long a wording is and how hard to read.

    Attributes:
        field: its field.
        length: its length in words: "61 of 90 words".
        age: the reading age in years; None where there is nothing to read.
        most_age: the reading age it may have at most.
    """

    field: str
    length: str
    age: int | None
    most_age: int | None


@dataclass(frozen=True)
class DraftReview:
    """A draft that has been looked through.

    Attributes:
        answer: the answer as people would hear it; None where a field is not right.
        content: everything as it would be.
        findings: what is to be mended first; none: it can be saved.
        measures: length and reading age of every wording.
    """

    answer: Answer | None
    content: Content
    findings: tuple[Finding, ...]
    measures: tuple[Measure, ...]


def validate_draft(data: Path, draft: Draft, questions: Sequence[Line] = ()) -> DraftReview:
    """Check a draft as if it stood in ``data``; nothing is written there.

    Args:
        data: the folder of the content.
        draft: the change.
        questions: those we measure with, which a way of asking must not copy.

    Raises:
        UnknownAnswerError: there is no such answer.
        NotEditedError: the file cannot be changed line by line.
    """
    before = latest_content(data)
    if draft.answer not in before.answers:
        raise UnknownAnswerError(draft.answer)
    place = before.place(draft.answer)[0].relative_to(data)
    with edited_folder(data, draft) as folder:
        content, problems = read_content(folder, as_written=True)  # one that is switched off is mended here
        answer = content.answers.get(draft.answer)
        if answer is not None:
            readable = not problems
            problems += check_answer(answer, content)
            problems += check_texts(content, answer.id) if readable else []
        if draft.asks_otherwise:
            problems += check_examples(content)
        at = _lines(folder / place, draft.answer)
        found = [_finding(problem, draft.answer, at, folder) for problem in problems]
    if "text" not in words_of(before, draft.answer):  # the whole is made of what can be changed
        found = [replace(finding, place="lead") if finding.place == "text" else finding for finding in found]
    found += _ways(draft, questions)
    if answer is None:  # what names it is not wrong, only lost for the moment
        found = [finding for finding in found if finding.place != ELSEWHERE] or found
    measures = tuple(_measures(content, draft)) if answer else ()
    return DraftReview(answer, content, tuple(dict.fromkeys(found)), measures)


async def validate_off_loop(data: Path, draft: Draft, questions: Sequence[Line] = ()) -> DraftReview:
    """Check a draft as :func:`validate_draft` does, off the event loop, one draft at a time."""
    context = contextvars.copy_context()
    looked = functools.partial(context.run, validate_draft, data, draft, questions)
    return await asyncio.get_running_loop().run_in_executor(_DRAFTS, looked)


def _finding(problem: Problem, answer_id: str, at: Mapping[int, str], folder: Path) -> Finding:
    """Return a problem of a file as editors read it.

    Args:
        problem: what is wrong.
        answer_id: the answer of the draft.
        at: the field that begins on each line of the answer.
        folder: the folder of the content.
    """
    own = rf"(?:answer )?'?{re.escape(answer_id)}\b(?![.-])'?:? ?"
    if not re.match(own, problem.message):
        place = problem.path.relative_to(folder)
        return Finding(ELSEWHERE, f"{place}, line {problem.line}: {problem.message}")
    message = re.sub(own, "", problem.message, count=1)
    if problem.path.parent.name == "nlu":
        return Finding(WAYS, message)
    named = re.match(r"(?:evidence\.)?([a-z_]+)(?:\.[a-z0-9]+)*: ", message)
    if named and named[1] in FIELDS:
        return Finding(named[1], _plain(message[named.end() :]))
    return Finding(at.get(problem.line, ELSEWHERE), _plain(message))


def _plain(message: str) -> str:
    """Return what pydantic says in words for editors."""
    for pattern, plain in _PLAIN:
        message = re.sub(pattern, plain, message)
    return message


def _lines(path: Path, answer_id: str) -> dict[int, str]:
    """Return the field that begins on each line of an answer in a file."""
    try:
        file = SourceFile.read(path)
    except ContentError:
        return {}
    node = next((value for key, value, _ in file.entries(file.under("answers")) if key == answer_id), None)
    return {line: key for key, _, line in file.entries(node) if key in FIELDS}


def _ways(draft: Draft, questions: Sequence[Line]) -> Iterator[Finding]:
    """Yield what is wrong with ways of asking that only the pages can know."""
    for text in draft.add:
        if re.search(r"[\[\]{}()|]", text):
            yield Finding(WAYS, f"{text!r} holds a bracket; write it as somebody would type it")
        elif redact(text) != text:
            yield Finding(WAYS, f"{text!r} seems to say who somebody is; leave out names and numbers")
    for copy in copies(((draft.answer, text) for text in draft.add), questions):
        yield Finding(
            WAYS,
            f"{copy.example!r} is the same as a question that we measure with, or one word away from it. "
            "The figures would flatter; say it in another way",
        )


def _measures(content: Content, draft: Draft) -> Iterator[Measure]:
    answer = content.answers[draft.answer]
    yield Measure("title", f"{len(answer.title)} of {MAX_TITLE_CHARACTERS} characters", None, None)
    for name, most_words, most_grade in (
        ("since", MAX_SINCE_WORDS, MAX_TEXT_GRADE),
        ("lead", MAX_LEAD_WORDS, MAX_TEXT_GRADE),
        ("text", MAX_TEXT_WORDS, MAX_TEXT_GRADE),
        ("short", None, MAX_TEXT_GRADE),
        ("easy_read", None, MAX_EASY_READ_GRADE),
    ):
        text = getattr(answer, name)
        if not text:
            continue
        length = f"{len(text.split())} {f'of {most_words} ' if most_words else ''}words"
        if name == "short":
            length = f"{len(text)} of {MAX_SHORT_CHARACTERS} characters"
        yield Measure(name, length, _age(reading_grade(text)), _age(most_grade))


def _ages(grade: str, most: str) -> str:
    return f"the age of {_age(float(grade))}, at most {_age(float(most))}"


def _age(grade: float) -> int:
    """Return the age at which a child reads at a US grade."""
    return max(_LEAST_AGE, round(grade) + _FIRST_GRADE)


_PLAIN = (
    (r"^Field required$", "is missing"),
    (r"^String should have at least 1 character$", "is missing"),
    (r"^String should have at most (\d+) characters$", r"has more than \1 characters"),
    (r"^Input should be a valid date.*", "is no date; write it as 2027-05-31"),
    (r"^Input should be (.*)$", r"should be \1"),
    (r"US grade (\d+)(?:\.\d)?, at most (\d+)", lambda found: _ages(*found.groups())),
    (r" \(see `also` in docs/content.md\)", ""),
)
