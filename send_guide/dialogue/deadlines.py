"""Time limits on the path: a date is asked for, taken as it is typed, and the last day is shown."""

from __future__ import annotations

import re

from send_guide.content import get_content
from send_guide.content.path_schema import Question
from send_guide.dialogue.buttons import BACK, path_button
from send_guide.dialogue.path_replies import free_help
from send_guide.dialogue.turn import Turn, only_tells
from send_guide.domain import deadlines as limits
from send_guide.domain.dates import ask_back, read, spoken
from send_guide.domain.deadlines import CHECK, Deadline
from send_guide.domain.guided_path import Progress, date_of, deadlines
from send_guide.domain.reply import DeadlineReply, QuestionReply

SOON_DAYS = 14
KINDS = {"decided": ("mediation", "appeal"), "certified": ("appeal",), "happened": ("discrimination",)}
"""The time limits that a date decides, by the key of its question."""


def date_in(turn: Turn, progress: Progress, question: Question) -> tuple[str, str]:
    """Return the date that a message names (ISO 8601), and why it cannot be taken or what to ask; empty where
    it names none.
    """
    text = turn.heard.text
    # "I rang them yesterday, what now?" tells no date of a letter
    if not re.search(r"\d", text) and (
        not only_tells(turn) or (question.key != "happened" and len(text.split()) > 6)
    ):
        return "", ""
    reading = read(text, limits.today())
    if reading.must_ask and (only_tells(turn) or reading.candidates):
        return "", ask_back(reading)
    if (day := reading.day) is None:
        return "", ""
    why, decided = "", date_of(progress.facts, "decided")
    if day > limits.today():
        why = f"{spoken(day)} is still to come. Please look at the paper again: which date is printed on it?"
    elif question.key == "certified" and decided and day < decided:
        why = (
            f"A certificate of {spoken(day)} would be older than the council's letter of {spoken(decided)}. "
            "Please look at both papers again. Which date is on the certificate?"
        )
    return day.isoformat(), why


def ask_again(turn: Turn, question: Question, why: str) -> None:
    """Ask for a date again, kindly, with the same options."""
    options = (path_button(option.title, question.key, value) for value, option in question.options.items())
    turn.say(QuestionReply(key=question.key, ask=why, help=free_help(), choices=(*options, BACK)))


def say_deadlines(turn: Turn, progress: Progress, key: str) -> None:
    """Say the time limits that the answer to a question decides, with their working."""
    kinds = [
        kind
        for kind in KINDS.get(key, ())
        # the adviser is not needed for an appeal about the school alone
        if not (kind == "mediation" and progress.facts.get("decision") == "school")
    ]
    if not date_of(progress.facts, key):
        return
    for deadline in deadlines(get_content(), progress, kinds):
        turn.say(deadline_reply(deadline))


def deadline_reply(deadline: Deadline, about: tuple[str, ...] = ()) -> DeadlineReply:
    """Return what is said of a time limit.

    Args:
        deadline: the time limit.
        about: ids of the answers that it is about.
    """
    ipsea, iass = (get_content().contacts[name].details["web"].shown for name in ("ipsea", "iass"))
    days = (deadline.last_day - limits.today()).days
    if days < 0:
        advice = [f"That day has passed. {deadline.late} Talk to IPSEA ({ipsea}) or IASS today."]
    elif days <= SOON_DAYS:
        left = {0: "That is today", 1: "That is tomorrow"}.get(days, f"That is in {days} days")
        advice = [f"{left}. Do the next step today if you can."]
    else:
        advice = [f"That is in {days} days."]
    passed = ["It has passed.", deadline.late] if days < 0 else list(deadline.notes[:1])
    short = [f"{deadline.title}: {spoken(deadline.last_day)}.", deadline.working[0], *passed]
    return DeadlineReply(
        title=deadline.title,
        last_day=deadline.last_day.isoformat(),
        spoken=spoken(deadline.last_day),
        working=deadline.working,
        advice=(*advice, *deadline.notes, CHECK),
        about=about,
        brief=" ".join([*short, f"Check with {iass} or {ipsea}."]),
    )
