"""What can be tapped under a reply: titles that people see, payloads that the guide makes something of."""

from __future__ import annotations

import json
from collections.abc import Iterable

from send_guide.content import Answer, get_content
from send_guide.domain.reply import Choice

SIMPLER = Choice("Say it more simply", "/simpler")
CONTACT = Choice("Who do I contact?", "/contact_them")
MORE = Choice("Show me more", "/what_else")
NONE_OF_THESE = Choice("None of these", "/none_of_these")
START_AFRESH = Choice("No, something else", "/start_again")
SPEAK_TO_PERSON = Choice("Speak to a person", "/speak_to_person")
MY_STEPS = Choice("My steps", "/my_steps")
BACK_TO_STEPS = Choice("Back to my steps", "/where_were_we")
SOMETHING_ELSE = Choice("Something else", "/topics")
STEP_BY_STEP = Choice("Take me through it step by step", "/school_not_helping")
SAFE_NOW = Choice("Yes, everybody is safe", "/safe_now")
DONE = Choice("I have done this", "/step_done")
BACK = Choice("Go back", "/step_back")
SKIP = Choice("Skip this step", "/skip_step")


def choose(answer_id: str, title: str = "") -> Choice:
    """Return the button that asks for an answer, with its title for a name."""
    payload = "/choose" + json.dumps({"answer": answer_id})
    return Choice(title or get_content().answers[answer_id].title, payload)


def choose_any(answer_ids: Iterable[str]) -> tuple[Choice, ...]:
    """Return a button for each answer."""
    return tuple(choose(answer_id) for answer_id in answer_ids)


def path_button(title: str, key: str, value: str) -> Choice:
    """Return a button of the guided path: one key, one value."""
    return Choice(title, "/path" + json.dumps({key: value}))


def begin_path(answer: Answer) -> tuple[Choice, ...]:
    """Return the button that begins the guided path from an answer, where the answer belongs to it."""
    if answer.id not in get_content().entries:
        return ()
    return (path_button("Take me through it step by step", "start", answer.id),)


def write_letter(letter_id: str) -> Choice:
    """Return the button that drafts a letter."""
    return path_button(f"Write: {get_content().letters[letter_id].title}"[:60], "letter", letter_id)


def date_button(title: str, kind: str) -> Choice:
    """Return the button that works out a time limit.

    Args:
        title: what it says.
        kind: a key of :data:`send_guide.domain.deadlines.DEADLINES`.
    """
    return Choice(title, "/date" + json.dumps({"kind": kind}))


OTHER_WAYS = path_button("Other ways", "other", "ways")
CHANGE = path_button("Change what I told you", "change", "answers")


def tools_of(answer: Answer) -> tuple[Choice, ...]:
    """Return what helps to do what an answer says: its letter, and the path where it belongs to it."""
    letters = (write_letter(item.letter) for item in answer.do_next if item.letter)
    dates = (date_button("Work out the last day", item.deadline) for item in answer.do_next if item.deadline)
    return (*letters, *dates, *begin_path(answer))


GO_ON = path_button("Yes, go on with my steps", "resume", "yes")
TOO_MUCH = (
    Choice("Somebody is not safe", "/choose" + json.dumps({"answer": "urgent.child-at-risk"})),
    Choice("I feel I can't go on", "/choose" + json.dumps({"answer": "urgent.self-harm-or-suicide"})),
)
"""What people who are upset can tap: words may hide more than they say."""
