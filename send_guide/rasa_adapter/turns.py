"""Between Rasa and the dialogue: a tracker becomes a turn, a turn's replies become messages and events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from send_guide.dialogue.respond import respond as answer_turn
from send_guide.dialogue.turn import Entity, Turn, Understanding
from send_guide.domain.reply import CONTRACT, Choice, Reply, from_json, to_json
from send_guide.domain.situation import SLOT, Situation
from send_guide.privacy.redaction import says_who

Events = list[dict[str, Any]]


def respond(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Answer the latest message of a conversation.

    Args:
        dispatcher: collects the messages of the turn.
        tracker: the conversation.

    Returns:
        The events that remember what is known now; none where that has not changed.
    """
    before = tracker.get_slot(SLOT)
    turn = Turn(understanding_of(tracker.latest_message), Situation.of_json(before))
    answer_turn(turn)
    _ask_to_leave_out(turn)
    for reply in turn.replies:
        custom = to_json(reply)
        # Rasa puts what it does not know into the event's metadata: tools read the contract there
        dispatcher.utter_message(
            text=reply.text,
            buttons=[button(choice) for choice in reply.choices],
            json_message=custom,
            **{key: value for key, value in custom.items() if key in CONTRACT},
        )
    kept = turn.situation.to_json()
    return [SlotSet(SLOT, kept)] if kept != before else []


def start_session(tracker: Tracker) -> Events:
    """Return the events that begin a new session."""
    carried = Situation.of_json(tracker.get_slot(SLOT)).next_session()
    remember = [SlotSet(SLOT, carried.to_json())] if carried != Situation() else []
    return [SessionStarted(), *remember, ActionExecuted("action_listen")]


def understanding_of(message: Mapping[str, Any]) -> Understanding:
    """Return how a message was read, from what Rasa keeps of it."""
    read = message.get("understanding") or {}
    entities = (
        Entity(entity["entity"], str(entity["value"]), entity.get("role") or "")
        for entity in message.get("entities") or []
    )
    return Understanding(
        text=str(message.get("text") or ""),
        intent=str((message.get("intent") or {}).get("name") or ""),
        entities=tuple(entities),
        answers=tuple((one["id"], one["confidence"]) for one in read.get("answers") or []),
        choices=tuple(dict.fromkeys(read.get("choices") or ())),
        likeliest=tuple((one["id"], one["confidence"]) for one in read.get("likeliest") or []),
        confidence=read.get("confidence"),
        language=read.get("language"),
        possible_danger=read.get("possible_danger"),
        part=read.get("part"),
        in_short=bool(read.get("in_short")),
    )


def reply_of(message: Mapping[str, Any]) -> Reply:
    """Return the typed reply of a message that Rasa has sent or kept.

    Args:
        message: with ``text``, ``custom`` and ``buttons``, as an output channel has it.
    """
    choices = tuple(
        Choice(button["title"], button["payload"])
        for button in message.get("buttons") or []
        if button.get("payload")
    )
    return from_json(message.get("custom") or {}, str(message.get("text") or ""), choices)


def _ask_to_leave_out(turn: Turn) -> None:
    """Ask once in a conversation to leave out personal data, where a message had some."""
    urgent = any(reply.kind == "urgent" for reply in turn.replies)
    if turn.situation.asked_to_leave_out or urgent or turn.heard.is_tap or not says_who(turn.heard.text):
        return
    turn.say_words("leave-out", "smalltalk")
    turn.situation.asked_to_leave_out = True


def button(choice: Choice) -> dict[str, str]:
    """Return a choice as Rasa's messages have it."""
    return {"title": choice.title, "payload": choice.payload}
