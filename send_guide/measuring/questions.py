"""Asks a file of questions and counts what was answered, offered and held back (``docs/architecture.md``)."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from send_guide.domain.reply import Reply
from send_guide.errors import SendGuideError
from send_guide.measuring.intervals import with_interval
from send_guide.service import Guide, Message

Line = dict[str, Any]

COVERED = "covered"
UNCOVERED_KINDS = ("uncovered", "off-topic")
_FIRST = (
    "urgent",
    "answer",
    "signpost",
    "escalation",
    "question",
    "choices",
    "letter",
    "deadline",
    "smalltalk",
    "fallback",
)
"""Where a turn has several replies, its kind is the first of these that one of them has."""


class BadQuestionsError(SendGuideError):
    """A line of the questions file is not what the contract says."""


def read_questions(path: Path) -> list[Line]:
    """Read one JSON object a line.

    Raises:
        BadQuestionsError: with the number of the first line that cannot be used.
    """
    lines = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except json.JSONDecodeError as error:
            raise BadQuestionsError(f"{path}:{number}: not JSON: {error.msg}") from error
        if not isinstance(line, dict) or not (isinstance(line.get("q"), str) or line.get("turns")):
            raise BadQuestionsError(f'{path}:{number}: an object with a text "q", or with "turns", is needed')
        lines.append(line)
    return lines


async def ask_all(guide: Guide, questions: Iterable[Line]) -> AsyncIterator[Line]:
    """Ask each question in a fresh conversation; yield its line with what came of it."""
    for line in questions:
        start = time.perf_counter()
        turn = await guide.handle(Message(line["q"], uuid.uuid4().hex))
        milliseconds = (time.perf_counter() - start) * 1000
        yield {**line, **outcome(turn.replies), "ms": round(milliseconds, 2)}


def outcome(replies: Sequence[Reply]) -> Line:
    """Return reply_kind, answered, offered and confidence of one turn."""
    kinds = [reply.kind for reply in replies]
    answered = [answer_id for reply in replies for answer_id in reply.answer_ids]
    offered = [answer_id for reply in replies for answer_id in reply.offered]
    confidences = [reply.confidence for reply in replies if reply.confidence is not None]
    return {
        "reply_kind": next((kind for kind in _FIRST if kind in kinds), "fallback"),
        "answered": list(dict.fromkeys(answered)),
        "offered": list(dict.fromkeys(offered)),
        "confidence": round(max(confidences), 4) if confidences else None,
    }


@dataclass(frozen=True)
class Verdict:
    """What one question's outcome counts as."""

    right: bool
    offered: bool
    confident_wrong: bool
    urgent: bool

    @property
    def held_back(self) -> bool:
        """Neither right nor offered nor confidently wrong."""
        return not (self.right or self.offered or self.confident_wrong)


def judge(line: Line) -> Verdict:
    """Judge one line that :func:`ask_all` has filled in."""
    acceptable = set(line.get("answers") or [])
    answered = line["answered"] if line["reply_kind"] not in ("choices", "fallback", "smalltalk") else []
    right = bool(acceptable & set(answered)) or bool(
        line.get("escalation") and line["reply_kind"] == "escalation"
    )
    offered = bool(acceptable & set(line["offered"]))
    if line.get("kind") in UNCOVERED_KINDS:
        wrong = any(not answer_id.startswith("signpost.") for answer_id in answered) and not right
    else:
        wrong = bool(answered) and not right
    return Verdict(right, right or offered, wrong, line["reply_kind"] == "urgent")


def summary(lines: list[Line]) -> str:
    """Return the table of figures, a row a kind, each share with its 95 % interval."""
    kinds = list(dict.fromkeys(str(line.get("kind", COVERED)) for line in lines))
    names = ("right", "right or offered", "confident wrong", "held back", "urgent replies")
    rows = [f"{'kind':<11}{'n':>6}" + "".join(f"{name:>18}" for name in names)]
    for kind in kinds:
        verdicts = [judge(line) for line in lines if str(line.get("kind", COVERED)) == kind]
        counts = [
            sum(verdict.right for verdict in verdicts),
            sum(verdict.offered for verdict in verdicts),
            sum(verdict.confident_wrong for verdict in verdicts),
            sum(verdict.held_back for verdict in verdicts),
            sum(verdict.urgent for verdict in verdicts),
        ]
        shares = "".join(f"{with_interval(count, len(verdicts)):>18}" for count in counts)
        rows.append(f"{kind:<11}{len(verdicts):>6}{shares}")
    urgent = [judge(line).urgent for line in lines if line.get("kind") == "urgent"]
    others = [judge(line).urgent for line in lines if line.get("kind") != "urgent"]
    if urgent:
        rows.append(
            f"urgent recall: {sum(urgent)} of {len(urgent)}, {with_interval(sum(urgent), len(urgent))}"
        )
    if others:
        alarms = f"{sum(others)} of {len(others)}, {with_interval(sum(others), len(others))}"
        rows.append(f"urgent false alarms on the other kinds: {alarms}")
    times = sorted(line["ms"] for line in lines)
    if times:
        rows.append(
            f"milliseconds a message: median {times[len(times) // 2]:.1f}, "
            f"p95 {times[int(len(times) * 0.95)]:.1f}"
        )
    rows.append("(in brackets: the 95 % interval, Wilson)")
    return "\n".join(rows)
