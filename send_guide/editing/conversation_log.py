"""What people asked in a period, read from the store without who asked it.

Of a conversation only what the report counts is kept in memory, under a number that means nothing
elsewhere. Where somebody was told what to do in danger, no word of that conversation is kept at all.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from send_guide.domain import safety
from send_guide.domain.picks import picked
from send_guide.domain.reply import Choice
from send_guide.storage import conversations
from send_guide.storage.database import Database

Outcome = Literal["answered", "choices", "no answer", "off topic", "danger", "talk"]
"""What became of a message: an answer was said; only choices were offered; neither; it was not for the
guide; what to do in danger was said first; greetings, follow-ups and taps, which ask nothing of their own.
"""
PAGE = 500
"""Rows that are read at a time, so that no reading holds the database up."""
_SAID = frozenset({"answer", "signpost", "escalation", "letter", "deadline"})
_QUESTIONS = frozenset({"ask", "nlu_fallback", "not_covered", "off_topic"})
REJECTS = frozenset(("none_of_these", "wrong_answer"))
"""Intents of a message that says that the answer before it was not what was meant."""
CHOOSE = "/choose"


@dataclass
class Turn:
    """One message of a person and what it led to.

    Attributes:
        conversation: a number that tells conversations of one reading apart.
        at: when, seconds since 1970.
        channel: how the person reached the guide.
        text: their words as they are kept, redacted; None where they are nobody's to read.
        intent: what it was taken for.
        kinds: the kinds of the replies.
        answers: ids that were said.
        offered: ids that were offered as choices.
        step: the last step of the path that was said.
        picked: the answer that was picked from the choices in the next message.
        rejected: whether the next message said that it was not what was meant.
        choices: what could be tapped under the replies.
    """

    conversation: int
    at: float
    channel: str
    text: str | None
    intent: str
    kinds: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    step: str | None = None
    picked: str | None = None
    rejected: bool = False
    choices: list[Choice] = field(default_factory=list, repr=False)

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        if "urgent" in self.kinds:
            return "danger"
        if _SAID.intersection(self.kinds):
            return "answered"
        if self.intent not in _QUESTIONS:
            return "talk"
        if "choices" in self.kinds:
            return "choices"
        return "off topic" if self.intent == "off_topic" else "no answer"

    @property
    def is_poor(self) -> bool:
        """Whether a question got no answer or a poor one."""
        return self.outcome in ("choices", "no answer", "off topic") or (
            self.rejected and self.outcome == "answered"
        )


async def turns_between(database: Database, since: float, until: float) -> list[Turn]:
    """Return the turns of a period in the order of their beginning.

    Conversations are read as a whole: of one that told of danger before the period no word is kept either.

    Args:
        database: where conversations are.
        since: the first moment, seconds since 1970.
        until: the moment after the last.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    reading, after = _Reading(), 0
    while True:
        rows = await conversations.said_after(database, after, PAGE)
        if not rows:
            return [turn for turn in reading.turns() if since <= turn.at < until]
        await asyncio.to_thread(reading.take, rows)
        after = rows[-1].id


class _Reading:
    """Puts events of many conversations, in the order they were stored, together into turns."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._turns: list[Turn] = []
        self._last: dict[int, Turn] = {}
        self._in_danger: set[int] = set()

    def take(self, rows: Sequence[Any]) -> None:
        """Take up rows."""
        for row in rows:
            number = self._numbers.setdefault(row.sender_id, len(self._numbers))
            try:
                data = json.loads(row.data)
            except ValueError:
                continue  # the store sets such a row aside when its conversation goes on
            if data.get("event") == "user":
                self._begin(number, float(row.timestamp), data)
            elif number in self._last:
                self._reply(self._last[number], data)

    def _begin(self, number: int, at: float, data: dict[str, Any]) -> None:
        text = data.get("text") or ""
        intent = ((data.get("parse_data") or {}).get("intent") or {}).get("name") or ""
        before = self._last.get(number)
        tapped = (
            [Choice(text, text)] if text.startswith("/") else picked(text, before.choices if before else [])
        )
        if before is not None:
            before.rejected = intent in REJECTS or tapped == []
            before.picked = next((_picked(one.payload) for one in tapped or ()), None)
        if safety.in_danger(text):
            self._in_danger.add(number)
        turn = Turn(number, at, data.get("input_channel") or "unknown", text, intent)
        if tapped is not None:  # the words of a button, or its number, are nobody's question
            turn.text, turn.intent = None, "tap"
        self._last[number] = turn
        self._turns.append(turn)

    def _reply(self, turn: Turn, data: dict[str, Any]) -> None:
        metadata = data.get("metadata") or {}
        buttons = (data.get("data") or {}).get("buttons") or []
        turn.choices += [Choice(one["title"], one["payload"]) for one in buttons if one.get("payload")]
        turn.kinds.append(str(metadata.get("kind")))
        turn.answers += metadata.get("answer_ids") or []
        turn.offered += metadata.get("offered") or []
        turn.step = metadata.get("step") or turn.step
        if metadata.get("kind") == "urgent":
            self._in_danger.add(turn.conversation)

    def turns(self) -> list[Turn]:
        """Return all turns; words of conversations that told of danger are gone."""
        for turn in self._turns:
            if turn.conversation in self._in_danger:
                turn.text = None
        return self._turns


def _picked(payload: str) -> str | None:
    """Return the answer that a tap on a choice names, or None where it names none."""
    if not payload.startswith(CHOOSE):
        return None
    try:
        return str(json.loads(payload.removeprefix(CHOOSE))["answer"])
    except (ValueError, KeyError, TypeError):
        return None
