"""Greeting, thanks, goodbye and the like: words of ``domain.yml``, found by the intent's name."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.escalation import begin
from actions.hearing import told_topic
from actions.replies import Button, Events, last_answers, remembered, say
from actions.sessions import about_what
from send_guide.content import get_content

TOO_MUCH: list[Button] = [
    {"title": "Somebody is not safe", "payload": '/choose{"answer": "urgent.child-at-risk"}'},
    {"title": "I feel I can't go on", "payload": '/choose{"answer": "urgent.self-harm-or-suicide"}'},
]
"""What people who are upset can tap: words may hide more than they say."""


class ActionSmalltalk(Action):
    """Say the response that is named after the intent."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_smalltalk"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say ``utter_<intent>``; greet people who come back with what they asked about."""
        intent = tracker.latest_message.get("intent", {}).get("name")
        known = remembered(tracker) or tracker.get_slot("remembered_path")
        if intent == "greet" and known and not last_answers(tracker) and not tracker.get_slot("on_path"):
            return about_what(dispatcher, tracker, lead="Welcome back.")
        if intent in ("telling", "upset") and told_topic(tracker) and not tracker.get_slot("on_path"):
            if intent == "upset":
                say(dispatcher, "smalltalk", response="utter_upset_on_path", buttons=TOO_MUCH)
            return begin(dispatcher, tracker)
        say(
            dispatcher,
            "smalltalk",
            response=f"utter_{intent}",
            buttons=TOO_MUCH if intent in ("upset", "telling") else (),
        )
        return []


class ActionStartAgain(Action):
    """Forget what was talked about and greet."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_start_again"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Empty every slot and say that it starts afresh."""
        say(dispatcher, "smalltalk", response="utter_start_again")
        return [AllSlotsReset()]


class ActionOffTopic(Action):
    """Say that the question is not about SEND in school, or not in English, and what can be asked."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_off_topic"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say what the guide is for; in another language, what to do, in that language."""
        language = (tracker.latest_message.get("understanding") or {}).get("language")
        if text := get_content().languages.get(language or ""):
            say(dispatcher, "fallback", text)
        say(dispatcher, "fallback", response="utter_english_only" if language else "utter_off_topic")
        return []
