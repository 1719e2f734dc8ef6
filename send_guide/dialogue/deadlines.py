"""Time limits on the path: a date is asked for, taken as it is typed, and the last day is shown."""

from __future__ import annotations

import re

from send_guide.content import get_content
from send_guide.content.path_schema import Question
from send_guide.dialogue.buttons import BACK, path_button
from send_guide.dialogue.path_replies import free_help
from send_guide.dialogue.turn import Turn, only_tells
from send_guide.domain import deadlines as limits
from send_guide.domain.deadlines import CHECK, Deadline, read_date, spoken
from send_guide.domain.guided_path import Progress, date_of, deadlines
from send_guide.domain.reply import DeadlineReply, QuestionReply

SOON_DAYS = 14
KINDS = {"decided": ("mediation", "appeal"), "certified": ("appeal",), "happened": ("discrimination",)}
"""The time limits that a date decides, by the key of its question."""
CERTIFICATE = "With a mediation certificate it is 1 month after the date on it, where that is later."


def date_in(turn: Turn, progress: Progress, question: Question) -> tuple[str, str]:
    """Return the date that a message names (ISO 8601), and why it cannot be taken; empty where none."""
    text = turn.heard.text
    # "I rang them yesterday, what now?" tells no date of a letter
    if not re.search(r"\d", text) and (
        not only_tells(turn) or (question.key != "happened" and len(text.split()) > 6)
    ):
        return "", ""
    day = read_date(text, limits.today())
    if day is None:
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
        certificate = "appeal" in deadline.title and "certified" not in progress.facts
        turn.say(deadline_reply(deadline, certificate=certificate))


def deadline_reply(deadline: Deadline, *, certificate: bool = False) -> DeadlineReply:
    """Return what is said of a time limit.

    Args:
        deadline: the time limit.
        certificate: whether a mediation certificate may still move it.
    """
    days = (deadline.last_day - limits.today()).days
    if days < 0:
        advice = [f"That day has passed. {_what_is_left(deadline)}"]
    elif days <= SOON_DAYS:
        left = {0: "That is today", 1: "That is tomorrow"}.get(days, f"That is in {days} days")
        advice = [f"{left}. Do the next step today if you can."]
    else:
        advice = [f"That is in {days} days."]
    if certificate and days >= 0:
        advice.append(CERTIFICATE)
    ipsea, iass = (get_content().contacts[name].details["web"].shown for name in ("ipsea", "iass"))
    passed = "It has passed. A late one may be let in, but do not count on it. " if days < 0 else ""
    return DeadlineReply(
        title=deadline.title,
        last_day=deadline.last_day.isoformat(),
        spoken=spoken(deadline.last_day),
        working=deadline.working,
        advice=(*advice, CHECK),
        brief=f"{deadline.title}: {spoken(deadline.last_day)}. {passed}Check with {iass} or {ipsea}.",
    )


def _what_is_left(deadline: Deadline) -> str:
    """Return what can still be done after a last day."""
    contacts = get_content().contacts
    who = f"Talk to IPSEA ({contacts['ipsea'].details['web'].shown}) or IASS today."
    if "mediation" in deadline.title:
        return f"Ring the adviser all the same, and ask what you can do. {who}"
    return f"The Tribunal may let in a late one, but do not count on it. {who}"
