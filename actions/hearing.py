"""What a message tells about where somebody stands: facts that understanding picked up, buttons, months."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker

from send_guide.content import get_content
from send_guide.domain import deadlines as limits
from send_guide.domain.deadlines import read_month
from send_guide.domain.guided_path import ACTUALLY, Progress, done_by

Found = tuple[dict[str, str], dict[str, str]]
"""Options by question, and when each step was done, by step."""


_ASKS = re.compile(
    r"\?|\b(?:wh(?:o|om|ere|en|y|ich|at)|how)\b|(?:^|[.,;!]\s*)(?:do|does|did|can|could|is|are|should|will)\b|"
    r"\b(?:can|could|do|should|must) (?:i|we)\b|\b(?:do|does|did|can|should|must) they\b",
    re.I,
)
_NOW_WHAT = re.compile(r"\b(?:now what|what now|what next|what(?: do| can)? i do(?: now| next)?)\b\W*$", re.I)
_I_DID = re.compile(
    r"(?<!should )\b(?:i|we)(?: ?'?ve| have)? (?:already |just |also )?"
    r"(?:wrote|written|e-?mailed|complained|spoke|spoken|talked|chatted|met|rang|told|asked|sent|put|got)\b",
    re.I,
)


def only_tells(tracker: Tracker) -> bool:
    """Return whether the latest message tells of a trouble and asks nothing but what to do about it."""
    text = str(tracker.latest_message.get("text") or "")
    return not _asks(text)


def told_topic(tracker: Tracker) -> bool:
    """Return whether the latest message only tells, and tells what the path begins with: a topic, or how
    far somebody got.
    """
    told = {entity["entity"] for entity in tracker.latest_message.get("entities") or []}
    return only_tells(tracker) and bool(told & {"topic", "reached"})


def _asks(text: str) -> bool:
    """Return whether a message asks anything but what to do now."""
    return bool(_ASKS.search(_NOW_WHAT.sub("", text)))


def tapped(tracker: Tracker) -> dict[str, str]:
    """Return what a button of the path sent: one key and its value."""
    entities = tracker.latest_message.get("entities") or []
    return {entity["entity"]: str(entity["value"]) for entity in entities}


def heard_before(tracker: Tracker) -> Found:
    """Return what was told from the beginning of the conversation on, the newest last."""
    facts: dict[str, str] = {}
    done: dict[str, str] = {}
    for event in tracker.events:
        if event.get("event") in ("session_started", "reset_slots"):
            facts, done = {}, {}
        if event.get("event") == "user":
            more, steps = _told(event.get("parse_data") or {}, event.get("text") or "")
            facts |= more
            done |= steps
    return facts, done


def heard(tracker: Tracker, progress: Progress, answering: str = "") -> Found:
    """Return what the latest message tells that is new.

    What was told before stands, unless the person takes it back or is asked for it.

    Args:
        tracker: the conversation.
        progress: where the person stands.
        answering: the question that is open, if one is.
    """
    text = str(tracker.latest_message.get("text") or "")
    facts, done = _told(tracker.latest_message, text)
    takes_back = ACTUALLY.search(text) is not None
    facts = {
        key: value
        for key, value in facts.items()
        if takes_back or key == answering or progress.facts.get(key, "unknown") in ("unknown", "unsure")
    }
    return facts, done


def _told(message: dict[str, Any], text: str) -> Found:
    """Return the options and steps that the entities of a message name."""
    questions = get_content().questions
    facts: dict[str, str] = {}
    reached: list[tuple[str, str]] = []
    if text.startswith("/"):
        return {}, {}
    for entity in message.get("entities") or []:
        key, value = entity["entity"], str(entity["value"])
        if key in questions and value in questions[key].options:
            if key == "reached":
                reached.append((key, value))
            else:
                facts[key] = value
    if reached and _asks(text) and not _I_DID.search(text):  # "do I write to the head?" names a step to come
        reached = []
    when = read_month(text, limits.today()) if reached else None
    if len(reached) > 1:  # one month is said, and it is not clear of which step
        when = None
    done = done_by(get_content(), reached)
    if when and reached:
        newest = get_content().questions["reached"].options[reached[0][1]].done
        done |= dict.fromkeys((step for step in newest if step != "talk" or newest == ("talk",)), when)
    return facts, done
