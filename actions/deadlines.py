"""Time limits on the path: a date is asked for, taken as it is typed, and the last day is shown."""

from __future__ import annotations

import re
from collections.abc import Callable

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.hearing import only_tells
from actions.replies import Button, Events, path_button, say
from send_guide.content import get_content
from send_guide.content.path_schema import Question
from send_guide.domain import deadlines as limits
from send_guide.domain.deadlines import CHECK, Deadline, read_date, spoken
from send_guide.domain.guided_path import Progress, date_of, deadlines

SOON_DAYS = 14
KINDS = {"decided": ("mediation", "appeal"), "certified": ("appeal",), "happened": ("discrimination",)}
"""The time limits that a date decides, by the key of its question."""

Take = Callable[[CollectingDispatcher, Progress, str, str], Events]


def hear_date(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    progress: Progress,
    question: Question,
    take: Take,
    keep: Callable[[Progress], Events],
) -> Events:
    """Take the date that a message names; ask again where it cannot be; nothing where it names none."""
    text = str(tracker.latest_message.get("text") or "")
    day = read_date(text, limits.today())
    # "I rang them yesterday, what now?" tells no date of a letter
    if not re.search(r"\d", text) and (
        not only_tells(tracker) or (question.key != "happened" and len(text.split()) > 6)
    ):
        return []
    decided = date_of(progress.facts, "decided")
    if day is None:
        return []
    if day > limits.today():
        why = f"{spoken(day)} is still to come. Please look at the paper again: which date is printed on it?"
    elif question.key == "certified" and decided and day < decided:
        why = (
            f"A certificate of {spoken(day)} would be older than the council's letter of {spoken(decided)}. "
            "Please look at both papers again. Which date is on the certificate?"
        )
    else:
        return take(dispatcher, progress, question.key, day.isoformat())
    ask_again(dispatcher, question, why)
    return keep(progress)


def ask_again(dispatcher: CollectingDispatcher, question: Question, why: str) -> None:
    """Ask for a date again, kindly, with the same options."""
    iass = get_content().contacts["iass"]
    buttons: list[Button] = [
        path_button(option.title, question.key, value) for value, option in question.options.items()
    ]
    buttons.append({"title": "Go back", "payload": "/step_back"})
    text = f"{why}\nFree help at any step: {iass.name}, {iass.details['web'].shown}."
    say(dispatcher, "escalation", text, short=why, buttons=buttons)


def say_deadlines(dispatcher: CollectingDispatcher, progress: Progress, key: str) -> None:
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
        _say(dispatcher, deadline, progress)


def _say(dispatcher: CollectingDispatcher, deadline: Deadline, progress: Progress) -> None:
    days = (deadline.last_day - limits.today()).days
    lines = [f"{deadline.title}: {spoken(deadline.last_day)}.", *deadline.working]
    if days < 0:
        lines.append(f"That day has passed. {_what_is_left(deadline)}")
    elif days <= SOON_DAYS:
        left = {0: "That is today", 1: "That is tomorrow"}.get(days, f"That is in {days} days")
        lines.append(f"{left}. Do the next step today if you can.")
    else:
        lines.append(f"That is in {days} days.")
    if "appeal" in deadline.title and "certified" not in progress.facts and days >= 0:
        lines.append("With a mediation certificate it is 1 month after the date on it, where that is later.")
    lines.append(CHECK)
    shown = {
        "title": deadline.title,
        "last_day": deadline.last_day.isoformat(),
        "working": list(deadline.working),
    }
    ipsea, iass = (get_content().contacts[name].details["web"].shown for name in ("ipsea", "iass"))
    passed = "It has passed. A late one may be let in, but do not count on it. " if days < 0 else ""
    short = f"{deadline.title}: {spoken(deadline.last_day)}. {passed}Check with {iass} or {ipsea}."
    say(dispatcher, "deadline", "\n".join(lines), deadline=shown, short=short)


def _what_is_left(deadline: Deadline) -> str:
    """Return what can still be done after a last day."""
    contacts = get_content().contacts
    who = f"Talk to IPSEA ({contacts['ipsea'].details['web'].shown}) or IASS today."
    if "mediation" in deadline.title:
        return f"Ring the adviser all the same, and ask what you can do. {who}"
    return f"The Tribunal may let in a late one, but do not count on it. {who}"
