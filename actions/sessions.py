"""A session is a topic, not an hour: what comes along from the one before, and how it is offered."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.path_replies import ask_to_resume, progress_of, say_where
from actions.replies import (
    START_AFRESH,
    Events,
    begin_path,
    choice,
    last_answers,
    remembered,
    say,
)
from send_guide.content import get_content


class ActionSessionStart(Action):
    """Begin a session with nothing of the one before but what it was about."""

    def name(self) -> str:
        """Return the name that Rasa calls when a conversation has been silent for long."""
        return "action_session_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Carry over the ids of the last answers and the steps of the path, as something to ask about.

        Nothing of it is used before the person has said that it is theirs.
        """
        about = [answer.id for answer in last_answers(tracker) or remembered(tracker)]
        carried = [SlotSet("remembered", about)] if about else []
        if steps := tracker.get_slot("remembered_path") or tracker.get_slot("path"):
            carried.append(SlotSet("remembered_path", steps))
        return [SessionStarted(), *carried, ActionExecuted("action_listen")]


class ActionWhereWereWe(Action):
    """Say what the conversation was about, and ask whether to go on."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_where_were_we"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Offer the last answers again, or say that there is nothing to go on with."""
        return about_what(dispatcher, tracker)


def about_what(dispatcher: CollectingDispatcher, tracker: Tracker, lead: str = "") -> Events:
    """Say where somebody stands on the path, else offer what was talked about last, else ask for a question.

    Args:
        dispatcher: collects the messages of the turn.
        tracker: the conversation.
        lead: a sentence that goes before.
    """
    if tracker.get_slot("remembered_path"):
        return ask_to_resume(dispatcher, tracker)
    if tracker.get_slot("on_path"):
        return say_where(dispatcher, progress_of(tracker), lead)
    found = last_answers(tracker) or remembered(tracker)
    about = [answer.id for answer in found]
    if not about:
        say(dispatcher, "fallback", response="utter_about_what")
        return []
    titles = " and ".join(f"“{get_content().answers[answer_id].title}”" for answer_id in about)
    text = f"{lead} Last time we talked about {titles}. Do you want to go on with that?".strip()
    steps = [button for answer in found[:1] for button in begin_path(answer)]
    buttons = [*(choice(answer_id) for answer_id in about), *steps, START_AFRESH]
    say(dispatcher, "choices", text, offered=about, buttons=buttons)
    return []
