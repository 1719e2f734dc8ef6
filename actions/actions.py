"""What Rasa calls: an action a line, each of which hands the turn to ``send_guide.dialogue``."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from send_guide.rasa_adapter.turns import respond, start_session

Events = list[dict[str, Any]]


class Answers:
    """What every action does: the handler of the intent answers the turn."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Answer the turn; return the events that remember what is known now."""
        return respond(dispatcher, tracker)


class ActionSessionStart(Action):
    """Begin a session with nothing of the one before but what it was about."""

    def name(self) -> str:
        """Return the name that Rasa calls when a conversation has been silent for long."""
        return "action_session_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Carry over the topic and the steps, as something to ask about."""
        return start_session(tracker)


def _named(action: str) -> type[Action]:
    """Return the class of an action: Rasa finds actions by their classes."""
    title = "".join(part.capitalize() for part in action.split("_"))
    return type(title, (Answers, Action), {"name": lambda self: action, "__doc__": f"See `{action}` there."})


NAMES = (
    "action_answer",
    "action_follow_up",
    "action_path",
    "action_short_turn",
    "action_smalltalk",
    "action_not_sure",
)
ACTIONS = [_named(name) for name in NAMES]
"""One class for each family of answers, by the names that ``data/rules`` uses."""
