"""Pages that everybody can find, keep and pass on: topics, answers, letters, each at an address of its own.

They belong to no conversation: nothing is stored, nothing of the person stands in an address. An answer is
shown as it is said to a parent; where it differs for others, the page leads to that wording.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.channels.web.letter_form import letter_form
from send_guide.channels.web.links import lines
from send_guide.channels.web.replies import answer_shown
from send_guide.content import Answer, Content, get_content
from send_guide.content.schema import TopicPage, is_urgent
from send_guide.content.wording import in_situation, since_note
from send_guide.domain.dates import spoken
from send_guide.domain.deadlines import today
from send_guide.domain.letters import UnknownLetterError, render
from send_guide.settings import Settings
from send_guide.templating import page

EXAMPLES = (
    "School keeps sending my son home early",
    "Can I ask for an EHC plan myself?",
    "The council said no to assessing. What now?",
    "She is too anxious to go to school",
    "Write a letter asking for an EHC assessment",
)
"""Questions to tap on the demonstration page: what people come with most often, each with an answer."""


class Term(NamedTuple):
    """A word of the A to Z, with the answers that stand under it."""

    word: str
    answers: tuple[Answer, ...]


def add_public_pages(routes: Blueprint, settings: Settings) -> None:
    """Add the pages under ``/guide/topics``, ``/guide/answers`` and ``/guide/letters`` to ``routes``."""
    headers = {"X-Robots-Tag": "all"} if settings.web_index else {}
    methods = ["GET", "HEAD"]

    @routes.route("/guide/topics", methods)
    async def topics(_: Request) -> HTTPResponse:
        content = get_content()
        return page(
            "topics.html",
            headers=headers,
            council=content.council,
            topics=content.topic_pages.values(),
            letters=by_letter(content),
        )

    @routes.route("/guide/topics/<key>", methods)
    async def topic(_: Request, key: str) -> HTTPResponse:
        found = get_content().topic_pages.get(key)
        return _topic(found, headers) if found else not_found()

    @routes.route("/guide/answers/<key>", methods)
    async def answer(request: Request, key: str) -> HTTPResponse:
        found = get_content().answers.get(key)
        return _answer(found, dict(request.query_args), headers) if found else not_found()

    @routes.route("/guide/letters/<key>", methods)
    async def letter(_: Request, key: str) -> HTTPResponse:
        try:
            drafted = render(key, {})
        except UnknownLetterError:
            return not_found()
        form = letter_form(drafted.text)
        return page("letter.html", headers=headers, letter=drafted, form=form, values={}, token="", error="")


def _topic(topic: TopicPage, headers: dict[str, str]) -> HTTPResponse:
    content = get_content()
    said = [content.answers[one].for_person(topic.known) for one in topic.answers]
    return page(
        "topic.html",
        headers=headers,
        council=content.council,
        today=spoken(today()),
        topic=topic,
        answers=[(answer, address(answer)) for answer in said if not answer.withdrawn],
        drafts=[content.letters[one] for one in topic.letters],
    )


def _answer(found: Answer, known: dict[str, str], headers: dict[str, str]) -> HTTPResponse:
    content, answer = get_content(), found.for_person(known)
    return page(
        "answer.html",
        headers={} if answer.withdrawn else headers,
        council=content.council,
        today=spoken(today()),
        answer=answer,
        shown=answer_shown(answer),
        linked={name: lines(text, answer.contacts) for name, text in _wordings(answer).items()},
        to_do=[(item, lines(item.say, answer.contacts)) for item in answer.do_next],
        letters=content.letters,
        urgent=is_urgent(answer.id),
        others=list(_other_wordings(found, answer)),
        related=[content.answers[one] for one in answer.related],
        checked=spoken(answer.evidence.checked) if answer.evidence else "",
        review=spoken(answer.review),
    )


def demonstration(keep_days: int) -> HTTPResponse:
    """Return a page like a council's, with the chat on it.

    Args:
        keep_days: days after its last message that a conversation is kept.
    """
    return page(
        "demonstration.html",
        id=secrets.token_urlsafe(16),
        examples=EXAMPLES,
        topics=get_content().topic_pages.values(),
        keep_days=keep_days,
    )


def not_found() -> HTTPResponse:
    """Return a page for an address that is none, or is none any more."""
    return page("not-found.html", status=404)


def by_letter(content: Content) -> list[tuple[str, list[Term]]]:
    """Return the A to Z: letters in order, each with its words; what is withdrawn is left out.

    An answer that no word leads to stands under its title.
    """
    words = {word: [content.answers[key] for key in keys] for word, keys in content.a_to_z.items()}
    named = {answer.id for answers in words.values() for answer in answers}
    words |= {answer.title: [answer] for key, answer in content.answers.items() if key not in named}
    terms = [
        Term(word, shown)
        for word in sorted(words, key=str.casefold)
        if (shown := tuple(answer for answer in words[word] if not answer.withdrawn))
    ]
    return [(letter, list(found)) for letter, found in groupby(terms, lambda term: term.word[0].upper())]


def address(answer: Answer) -> str:
    """Return the address of an answer as it is said in the situation that it is for."""
    path = f"/guide/answers/{answer.id}"
    if answer.variant is None:
        return path
    when = answer.variants[answer.variant].when
    asked = {name: values[0] for name in type(when).model_fields if (values := getattr(when, name))}
    return f"{path}?{urlencode(asked)}"


def _wordings(answer: Answer) -> dict[str, str]:
    """Return the texts of an answer, by what they are; one without a lead is a text and nothing more."""
    points = "\n".join(f"- {point}" for point in answer.points)
    return {
        "lead": answer.lead or "",
        "points": points if answer.lead else answer.text,
        "since": since_note(answer),
        "easy_read": answer.easy_read,
    }


def _other_wordings(found: Answer, said: Answer) -> Iterator[tuple[str, str]]:
    """Yield for whom an answer is said in another way, and where that stands."""
    if said.variant is not None:
        yield "For everybody else", address(found)
    for variant in found.variants:
        other = found.as_in(variant)
        if other.variant != said.variant:
            yield in_situation(variant.when), address(other)
