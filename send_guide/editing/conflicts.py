"""Ways of asking that stand, the same or nearly, under another answer: the model cannot learn both."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from send_guide.content.checks import sentence_keys
from send_guide.content.loader import Content
from send_guide.content.schema import is_urgent
from send_guide.editing.drafts import Draft

Understand = Callable[[str], Awaitable[Mapping[str, Any]]]
"""Returns how a text is read, as :meth:`send_guide.service.Guide.understand` does."""
SURE_AT = 0.9
"""Probability from which the guide is sure that a way of asking belongs to the answer that it says."""


@dataclass(frozen=True)
class Conflict:
    """A way of asking that belongs to another answer as well.

    Attributes:
        text: the way of asking, as typed.
        answer: the id of the other answer.
        example: what stands there; empty where the guide itself takes ``text`` for that answer.
    """

    text: str
    answer: str
    example: str = ""


def conflicts(content: Content, draft: Draft) -> list[Conflict]:
    """Return the ways of asking of a draft that stand under another answer, the same or one word away."""
    # the keys of the draft only: those of all examples would take hundreds of megabytes
    wanted = {key for text in draft.add for key in sentence_keys(text)}
    there: dict[frozenset[str], tuple[str, str]] = {}
    for answer_id, examples in content.examples.items():
        if answer_id != draft.answer:
            for example in examples:
                shared = wanted.intersection(sentence_keys(example.text))
                there |= dict.fromkeys(shared, (answer_id, example.text))
    found = []
    for text in draft.add:
        if other := next((there[key] for key in sentence_keys(text) if key and key in there), None):
            found.append(Conflict(text, *other))
    return found


async def taken_for_others(draft: Draft, understand: Understand) -> list[Conflict]:
    """Return the ways of asking that the guide now takes for another answer, and surely so.

    Args:
        draft: the change.
        understand: reads a text with the model in service.
    """
    found = []
    for text in draft.add:
        await asyncio.sleep(0)  # a text is read in one go: people's messages come in between
        read = (await understand(text)).get("understanding") or {}
        best = next(iter(read.get("answers") or ()), None)
        if best is None or best["id"] == draft.answer:
            continue
        if is_urgent(best["id"]) or (best["confidence"] >= SURE_AT and not read.get("in_short")):
            found.append(Conflict(text, best["id"]))
    return found
