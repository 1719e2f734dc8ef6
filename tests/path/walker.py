"""Walks the guided path through its actions alone, without understanding: thousands of turns in seconds."""

import json
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import ActionAnswer, ActionChosen, ActionSimpler
from actions.contacts import ActionContactThem, ActionSpeakToPerson
from actions.digressions import ActionTakeAlong
from actions.escalation import ActionMySteps, ActionNextStep
from actions.letters import ActionWriteLetter
from actions.sessions import ActionWhereWereWe
from actions.smalltalk import ActionStartAgain

ACTIONS = {
    "path": ActionNextStep,
    "school_not_helping": ActionNextStep,
    "step_done": ActionNextStep,
    "not_yet": ActionNextStep,
    "step_back": ActionNextStep,
    "skip_step": ActionNextStep,
    "my_steps": ActionMySteps,
    "write_letter": ActionWriteLetter,
    "where_were_we": ActionWhereWereWe,
    "start_again": ActionStartAgain,
    "simpler": ActionSimpler,
    "choose": ActionChosen,
    "contact_them": ActionContactThem,
    "speak_to_person": ActionSpeakToPerson,
}
"""What the rules of data/rules say, for the intents of the path."""


class Walker:
    """A person on the path; ``replies`` is what came back last."""

    def __init__(self, slots: Mapping[str, Any] | None = None) -> None:
        self.slots: dict[str, Any] = {"on_path": False, "unsure": False, **(slots or {})}
        self.replies: list[dict[str, Any]] = []

    def copy(self) -> "Walker":
        return Walker(json.loads(json.dumps(self.slots)))

    def turn(
        self, intent: str, text: str = "", entities: Mapping[str, str] | None = None, answer: str = ""
    ) -> "Walker":
        message = {
            "intent": {"name": intent},
            "text": text,
            "entities": [{"entity": key, "value": value} for key, value in (entities or {}).items()],
            "understanding": {
                "answers": [{"id": answer, "confidence": 0.9}] if answer else [],
                "choices": [],
            },
        }
        events = [{"event": "user", "text": text, "parse_data": message}]
        tracker = Tracker("walker", dict(self.slots), message, events, False, None, {}, "action_listen")
        ordinary = ActionTakeAlong if self.slots["on_path"] else ActionAnswer
        dispatcher = CollectingDispatcher()
        action: Action = ACTIONS.get(intent, ordinary)()
        changes = action.run(dispatcher, tracker, {})
        for change in changes:
            if change["event"] == "reset_slots":
                self.slots = {"on_path": False, "unsure": False}
            elif change["event"] == "slot":
                self.slots[change["name"]] = change["value"]
        json.dumps(self.slots)  # what is kept can be written down
        self.replies = dispatcher.messages
        return self

    def tap(self, payload: str) -> "Walker":
        intent, _, entities = payload.removeprefix("/").partition("{")
        return self.turn(intent, payload, json.loads("{" + entities) if entities else {})

    @property
    def progress(self) -> dict[str, Any]:
        return self.slots.get("path") or {}

    @property
    def buttons(self) -> dict[str, str]:
        return {button["title"]: button["payload"] for reply in self.replies for button in reply["buttons"]}

    @property
    def hears(self) -> str:
        return "\n".join(str(reply["text"]) for reply in self.replies)

    @property
    def kinds(self) -> list[str]:
        return [reply["custom"]["kind"] for reply in self.replies]

    @property
    def state(self) -> str:
        """Where the person stands, without the way they came."""
        here = {key: value for key, value in self.progress.items() if key != "trail"}
        return json.dumps([here, self.slots["on_path"], self.slots.get("remembered_path")], sort_keys=True)
