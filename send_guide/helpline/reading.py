"""What an adviser is shown for a question or a pasted letter: what to say, how sure it is, what to ask."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from send_guide.content import Answer, get_content
from send_guide.content.schema import Contact, Prompt, is_urgent
from send_guide.helpline.search import search

Read = Callable[[str], Awaitable[dict[str, Any]]]
PIECE_CHARACTERS, PIECE_SENTENCES = 400, 4
"""A pasted letter is read in pieces of this length at most: the encoder reads 128 word pieces at a time, and
understanding looks for few questions in one message."""
MOST_CHARACTERS = 8_000
MOST_ANSWERS, NEXT_BEST, MOST_PROMPTS, MOST_CONTACTS = 3, 2, 3, 3
WORTH_OFFERING = 0.05
"""Probability below which, where nothing is sure, words that an answer holds say more."""


@dataclass(frozen=True)
class Found:
    """An answer and how likely it is that it was asked for: 0 to 1, or None where it was picked."""

    answer: Answer
    confidence: float | None


@dataclass(frozen=True)
class Findings:
    """Everything that is shown for what was typed.

    Attributes:
        urgent: what to say first where what is typed tells of danger.
        answers: what to say, best first; none where it is not sure enough.
        others: what else may have been meant, best first.
        prompts: what to ask the caller, the ones that decide between the answers first; none in danger.
        contacts: whom to refer to, best first.
        cut: whether what was typed was too long to be read to its end.
    """

    urgent: tuple[Answer, ...]
    answers: tuple[Found, ...]
    others: tuple[Found, ...]
    prompts: tuple[Prompt, ...]
    contacts: tuple[Contact, ...]
    cut: bool = False


async def findings(text: str, read: Read) -> Findings:
    """Return what there is to say to ``text``.

    Args:
        text: what was typed or pasted; it is read in memory and kept nowhere.
        read: reads a message as every channel does (``Conversations.parse_message``).
    """
    cut = len(text) > MOST_CHARACTERS
    answers: dict[str, float] = {}
    likely: dict[str, float] = {}
    for piece in pieces(text[:MOST_CHARACTERS]):
        understanding = (await read(piece)).get("understanding") or {}
        _keep_best(answers, understanding.get("answers", []))
        _keep_best(likely, understanding.get("likeliest", []))
    urgent = [answer_id for answer_id in answers if is_urgent(answer_id)]
    said = [answer_id for answer_id in _best_first(answers) if answer_id not in urgent][:MOST_ANSWERS]
    others: list[tuple[str, float | None]] = [
        (answer_id, likely[answer_id])
        for answer_id in _best_first(likely)
        if answer_id not in (*said, *urgent) and (said or likely[answer_id] >= WORTH_OFFERING)
    ]
    if not said:
        offered = {*urgent, *(answer_id for answer_id, _ in others)}
        others += [(found.id, None) for found in search(text) if found.id not in offered]
    return _arranged(urgent, [(key, answers[key]) for key in said], others, cut)


def picked(answer_id: str) -> Findings | None:
    """Return what is shown for an answer that was picked, or None where there is no such answer."""
    answer = get_content().answers.get(answer_id)
    if answer is None:
        return None
    return _arranged([], [(answer_id, None)], [(other, None) for other in answer.related], False)


def pieces(text: str) -> list[str]:
    """Return ``text`` in pieces that end where a paragraph or a sentence does; a short one is one piece."""
    found: list[list[str]] = []
    for sentence in _sentences(text):
        full = not found or len(found[-1]) == PIECE_SENTENCES
        if full or sum(map(len, found[-1])) + len(sentence) > PIECE_CHARACTERS:
            found.append([])
        found[-1].append(sentence)
    return ["\n".join(piece) for piece in found]


def _sentences(text: str) -> list[str]:
    unwrapped = re.sub(
        r"(?<=[^\s.!?:])[ \t]*\n(?=[a-z])", " ", text
    )  # mail programs break lines in a sentence
    return [sentence.strip() for sentence in re.split(r"(?<=[.!?])\s+|\n+", unwrapped) if sentence.strip()]


def _arranged(
    urgent: Sequence[str],
    said: Sequence[tuple[str, float | None]],
    others: Sequence[tuple[str, float | None]],
    cut: bool,
) -> Findings:
    content = get_content()
    answers = [Found(content.answers[key], value) for key, value in said if key in content.answers]
    beside = [Found(content.answers[key], value) for key, value in others if key in content.answers]
    likeliest = [found.answer.id for found in (*answers[:1], *beside[:NEXT_BEST])]
    first = [content.answers[answer_id] for answer_id in urgent if answer_id in content.answers]
    return Findings(
        tuple(first),
        tuple(answers),
        tuple(beside[: NEXT_BEST if answers else MOST_ANSWERS]),
        ()
        if first
        else tuple(_prompts(likeliest, answers)),  # in danger nothing is asked before help is named
        tuple(_contacts([*first, *(found.answer for found in answers)])),
        cut,
    )


def _prompts(likeliest: list[str], answers: list[Found]) -> list[Prompt]:
    """Return the questions that are about the best answer or decide between the likeliest."""
    best = {found.answer.id for found in answers} or set(likeliest)

    def decides(prompt: Prompt) -> int:
        return len(prompt.answer_ids.intersection(likeliest))

    fitting = [prompt for prompt in get_content().prompts if prompt.answer_ids & best or decides(prompt) > 1]
    return sorted(fitting, key=decides, reverse=True)[:MOST_PROMPTS]


def _contacts(answers: Sequence[Answer]) -> list[Contact]:
    """Return whom the answers refer to; independent advice where they name nobody."""
    contacts = get_content().contacts
    keys = list(dict.fromkeys(key for answer in answers for key in answer.contacts)) or [
        get_content().council.advice
    ]
    return [contacts[key] for key in keys[:MOST_CONTACTS] if key in contacts]


def _keep_best(found: dict[str, float], items: Iterable[dict[str, Any]]) -> None:
    for item in items:
        found[item["id"]] = max(item["confidence"], found.get(item["id"], 0.0))


def _best_first(found: dict[str, float]) -> list[str]:
    return sorted(found, key=lambda answer_id: -found[answer_id])
