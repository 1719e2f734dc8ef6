"""A session is a topic, not an hour: what comes along from the one before, and how it is offered."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.replies import START_AFRESH, Events, choice, last_answers, remembered, say
from send_guide.content import get_content


class ActionSessionStart(Action):
    """Begin a session with nothing of the one before but what it was about."""

    def name(self) -> str:
        """Return the name that Rasa calls when a conversation has been silent for long."""
        return "action_session_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Carry over the ids of the last answers, as something to ask about; no other slot."""
        about = [answer.id for answer in last_answers(tracker) or remembered(tracker)]
        carried = [SlotSet("remembered", about)] if about else []
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
    """Offer what was talked about last; ask for a question where that is nothing.

    Args:
        dispatcher: collects the messages of the turn.
        tracker: the conversation.
        lead: a sentence that goes before.
    """
    about = [answer.id for answer in last_answers(tracker) or remembered(tracker)]
    if not about:
        say(dispatcher, "fallback", response="utter_about_what")
        return []
    titles = " and ".join(f"“{get_content().answers[answer_id].title}”" for answer_id in about)
    text = f"{lead} Last time we talked about {titles}. Do you want to go on with that?".strip()
    buttons = [*(choice(answer_id) for answer_id in about), START_AFRESH]
    say(dispatcher, "choices", text, offered=about, buttons=buttons)
    return []
