"""Plays whole conversations and counts what was right in them (``docs/architecture.md``, evaluation).

A turn is right when something acceptable is said: an accepted id, or a reply of an accepted kind that stands
by itself, and nothing that must not be said. The same long words said again are no answer: they count as
offered.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from send_guide.content.schema import URGENT
from send_guide.domain.message import Message
from send_guide.domain.reply import Reply
from send_guide.measuring.intervals import with_interval
from send_guide.service import Guide

Line = dict[str, Any]

STAND_ALONE = frozenset(("escalation", "letter", "deadline", "smalltalk", "question"))
"""Kinds of replies that are right by themselves, with no id, where the turn accepts them."""
LONG = 160
"""Characters from which the same words count as the same answer said again."""
_ID = re.compile(r"[a-z-]+\.[a-z0-9-]*")


@dataclass(frozen=True)
class Played:
    """What came of one turn.

    Attributes:
        right: something acceptable was said, and nothing that must not be.
        offered: right, or an accepted answer was offered.
        forbidden: something was said that must not be.
        dead_end: nothing but "I do not know", where that is not accepted.
        needs_context: whether the turn can only be understood from those before.
    """

    right: bool
    offered: bool
    forbidden: bool
    dead_end: bool
    needs_context: bool


def judge_turn(turn: Line, replies: Sequence[Reply], heard: frozenset[str]) -> Played:
    """Judge one turn.

    Args:
        turn: with ``answers``, ``kinds``, ``must_not`` and ``needs_context``.
        replies: what was said to it.
        heard: the long texts that were said before in this conversation.
    """
    accepted, kinds = set(turn["answers"]), set(turn["kinds"])
    said = {key for reply in replies for key in reply.answer_ids}
    offered = {key for reply in replies for key in reply.offered}
    found: set[str] = {reply.kind for reply in replies}
    forbidden = any(_said(rule, said, found, replies) for rule in turn.get("must_not") or [])
    good = (
        bool(accepted & said) or bool(STAND_ALONE & kinds & found) or (not accepted and bool(kinds & found))
    )
    if kinds == {"urgent"}:
        good = "urgent" in found
    long = {reply.text for reply in replies if len(reply.text) > LONG}
    again = bool(long) and long <= heard
    right = good and not forbidden
    return Played(
        right=right and not again,
        offered=right or (not forbidden and bool(accepted & offered)),
        forbidden=forbidden,
        dead_end=found == {"fallback"} and "fallback" not in kinds,
        needs_context=bool(turn.get("needs_context")),
    )


def _said(rule: str, said: set[str], kinds: set[str], replies: Sequence[Reply]) -> bool:
    """Return whether something that must not be said was said: an id, the beginning of ids, or words."""
    if _ID.fullmatch(rule):
        whole = rule in said or (rule.endswith(".") and any(key.startswith(rule) for key in said))
        return whole or (rule == f"{URGENT}." and "urgent" in kinds)
    text = " ".join(reply.text for reply in replies).lower()
    return re.search(r"(?<!\w)" + re.escape(rule.lower()) + r"(?!\w)", text) is not None


async def play_all(guide: Guide, dialogues: Iterable[Line]) -> AsyncIterator[Line]:
    """Play each dialogue as a fresh conversation; yield its line with what came of each turn."""
    for dialogue in dialogues:
        sender, heard, turns = uuid.uuid4().hex, frozenset[str](), []
        for turn in dialogue["turns"]:
            start = time.perf_counter()
            replies = (await guide.handle(Message(turn["say"], sender))).replies
            milliseconds = round((time.perf_counter() - start) * 1000, 2)
            played = judge_turn(turn, replies, heard)
            heard |= {reply.text for reply in replies if len(reply.text) > LONG}
            turns.append({**turn, **outcome(replies), "played": vars(played), "ms": milliseconds})
        yield {**dialogue, "turns": turns}


def outcome(replies: Sequence[Reply]) -> Line:
    """Return kinds, ids and words of a turn's replies."""
    return {
        "reply_kinds": [reply.kind for reply in replies],
        "answered": [key for reply in replies for key in reply.answer_ids],
        "offered": [key for reply in replies for key in reply.offered],
        "text": "\n".join(reply.text for reply in replies),
    }


def summary(dialogues: Sequence[Line]) -> str:
    """Return the figures of all turns, of those that need context, and of whole dialogues.

    Turns of one dialogue hang together, so that their intervals are narrower than the truth.
    """
    every = [Played(**turn["played"]) for dialogue in dialogues for turn in dialogue["turns"]]
    names = ("right", "offered", "forbidden", "dead_end")
    rows = [f"{'':<26}{'n':>6}" + "".join(f"{name.replace('_', ' '):>18}" for name in names)]
    for title, turns in (
        ("all turns", every),
        ("turns that need context", [turn for turn in every if turn.needs_context]),
    ):
        counts = [sum(getattr(turn, name) for turn in turns) for name in names]
        figures = "".join(f"{with_interval(count, len(turns)):>18}" for count in counts)
        rows.append(f"{title:<26}{len(turns):>6}{figures}")
    whole = sum(map(without_a_lost_turn, dialogues))
    shared = with_interval(whole, len(dialogues))
    rows.append(f"dialogues without a lost turn: {whole} of {len(dialogues)}, {shared}")
    rows.append("(in brackets: the 95 % interval, Wilson)")
    return "\n".join(rows)


def without_a_lost_turn(dialogue: Line) -> bool:
    """Return whether every turn of a dialogue that was played is right or offered."""
    return all(turn["played"]["offered"] for turn in dialogue["turns"])
