"""The one way an action says something: text, buttons, and the metadata that channels rely on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from send_guide.content import Answer, get_content
from send_guide.content.wording import in_full

Button = dict[str, str]
Events = list[dict[str, Any]]

SIMPLER: Button = {"title": "Say it more simply", "payload": "/simpler"}
CONTACT: Button = {"title": "Who do I contact?", "payload": "/contact_them"}
MORE: Button = {"title": "Show me more", "payload": "/what_else"}
NONE_OF_THESE: Button = {"title": "None of these", "payload": "/none_of_these"}
START_AFRESH: Button = {"title": "No, something else", "payload": "/start_again"}
SPEAK_TO_PERSON: Button = {"title": "Speak to a person", "payload": "/speak_to_person"}
MY_STEPS: Button = {"title": "My steps", "payload": "/my_steps"}
BACK_TO_STEPS: Button = {"title": "Back to my steps", "payload": "/where_were_we"}


def say(
    dispatcher: CollectingDispatcher,
    kind: str,
    text: str | None = None,
    *,
    answer_ids: Sequence[str] = (),
    offered: Sequence[str] = (),
    confidence: float | None = None,
    buttons: Sequence[Button] = (),
    response: str | None = None,
    **optional: Any,
) -> None:
    """Say one message.

    Args:
        dispatcher: collects the messages of the turn.
        kind: ``answer``, ``choices``, ``signpost``, ``urgent``, ``escalation``, ``letter``,
            ``deadline``, ``smalltalk`` or ``fallback``.
        text: the words, or None where ``response`` names a response of the domain.
        answer_ids: catalogue ids that are said, best first.
        offered: catalogue ids that are offered as choices, best first.
        confidence: how sure understanding was, 0 to 1, or None.
        buttons: what can be tapped.
        response: a response of ``domain.yml``.
        optional: further keys of the metadata (docs/architecture.md): ``short`` and ``easy_read``, other
            wordings of the text; ``step``, ``letter``, ``deadline``. What is None is left out.
    """
    metadata: dict[str, Any] = {
        "kind": kind,
        "answer_ids": list(answer_ids),
        "offered": list(offered),
        "confidence": confidence,
        **{name: value for name, value in optional.items() if value is not None},
    }
    dispatcher.utter_message(
        text=text, response=response, buttons=list(buttons), json_message=metadata, **metadata
    )


def choice(answer_id: str) -> Button:
    """Return the button that asks for an answer, with its title for a name."""
    payload = "/choose" + json.dumps({"answer": answer_id})
    return {"title": get_content().answers[answer_id].title, "payload": payload}


def path_button(title: str, key: str, value: str) -> Button:
    """Return a button of the guided path: one key, one value."""
    return {"title": title, "payload": "/path" + json.dumps({key: value})}


def begin_path(answer: Answer) -> list[Button]:
    """Return the button that begins the guided path from an answer, where the answer belongs to it."""
    entries = get_content().entries
    return (
        [path_button("Take me through it step by step", "start", answer.id)] if answer.id in entries else []
    )


def kind_of(answer: Answer) -> str:
    """Return the kind of reply an answer makes."""
    return answer.section if answer.section in ("signpost", "urgent") else "answer"


def say_answer(
    dispatcher: CollectingDispatcher,
    answer: Answer,
    *,
    confidence: float | None = None,
    offered: Sequence[str] = (),
    lead: str = "",
) -> None:
    """Say one answer in full, with the follow-ups a person is likely to want.

    Args:
        dispatcher: collects the messages of the turn.
        answer: what to say.
        confidence: how sure understanding was, 0 to 1, or None.
        offered: other answers the person may have meant, offered as buttons.
        lead: a sentence that goes before the answer.
    """
    kind = kind_of(answer)
    buttons = [] if kind == "urgent" else [SIMPLER, CONTACT]
    buttons += [*begin_path(answer), *(choice(other) for other in offered)]
    text = in_full(answer, get_content().roles)
    say(
        dispatcher,
        kind,
        f"{lead}\n{text}" if lead else text,
        answer_ids=[answer.id],
        offered=offered,
        confidence=confidence,
        buttons=buttons,
    )


def last_answers(tracker: Tracker) -> list[Answer]:
    """Return the answers that were last said, best first."""
    return _answers(tracker, "last_answers")


def remembered(tracker: Tracker) -> list[Answer]:
    """Return the answers that were last said in the session before this one."""
    return _answers(tracker, "remembered")


def _answers(tracker: Tracker, slot: str) -> list[Answer]:
    answers = get_content().answers
    return [answers[answer_id] for answer_id in tracker.get_slot(slot) or [] if answer_id in answers]
