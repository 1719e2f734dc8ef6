"""Mends what Rasa 3.6.21 has no extension point for. ``tests/unit/test_rasa_patches.py`` shows each defect.

Every fix names the function and the reason. On any other version it refuses to start: a fix for one
version may break another.
"""

from __future__ import annotations

import functools
import logging
from typing import Any

import jsonschema
import rasa
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from send_guide.content import get_content
from send_guide.content.schema import is_urgent
from send_guide.domain.situation import SLOT
from send_guide.errors import SendGuideError
from send_guide.nlu.follow_ups import MOST_BEFORE
from send_guide.rasa_adapter.actions_endpoint import InProcessActions
from send_guide.rasa_adapter.components import BEFORE, ON_STEPS, SAID

VERSION = "3.6.21"
FAILED = "I am sorry, something went wrong here and I could not do that. Please ask again in a moment."
logger = logging.getLogger(__name__)


class WrongRasaError(SendGuideError):
    """The installed Rasa is not the one these fixes are for."""


def apply() -> None:
    """Put every fix in place; a second call changes nothing.

    Raises:
        WrongRasaError: another Rasa than 3.6.21 is installed.
    """
    if rasa.__version__ != VERSION:
        raise WrongRasaError(f"Rasa {rasa.__version__} is installed; these fixes are for {VERSION}")
    Agent._create_tracker_store = staticmethod(_store_as_it_is)
    Event.resolve_by_type = staticmethod(_event_class)
    RemoteAction._validate_action_result = _validate_action_result
    MessageProcessor._run_action = _run_action
    MessageProcessor.parse_message = _parse_after_what_was_said


def failed() -> str:
    """Return what a person hears where an action failed: true, and with somewhere to turn."""
    return f"{FAILED} {get_content().council.turn_to}"


def _store_as_it_is(store: TrackerStore | None, domain: Domain) -> TrackerStore:
    """Replace ``Agent._create_tracker_store``, which wraps every store in one that turns an error
    into an empty conversation and loses what is written meanwhile (pitfalls, finding 20).
    """
    if store is None:
        return InMemoryTrackerStore(domain)
    store.domain = domain
    return store


@functools.cache
def _event_classes() -> dict[str, type[Event]]:
    classes: dict[str, type[Event]] = {}
    for found in all_subclasses(Event):
        classes.setdefault(found.type_name, found)
    return classes


def _event_class(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Replace ``Event.resolve_by_type``, which walks every subclass for every event (finding 41)."""
    found = _event_classes().get(type_name, default)
    if found is None and type_name != "topic":
        raise ValueError(f"Unknown event name '{type_name}'.")
    return found


@functools.cache
def _result_validator() -> Any:
    return jsonschema.Draft202012Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Replace ``RemoteAction._validate_action_result``, which checks the schema itself, a constant,
    for every action: 40 ms each (finding 40). What rasa_sdk has made in this process needs no check.
    """
    if isinstance(self.action_endpoint, InProcessActions):
        return True
    _result_validator().validate(result)
    return True


_rasas_parse_message = MessageProcessor.parse_message


async def _parse_after_what_was_said(
    self: MessageProcessor,
    message: UserMessage,
    tracker: DialogueStateTracker | None = None,
    only_output_properties: bool = True,
) -> dict[str, Any]:
    """Replace ``MessageProcessor.parse_message``, which reads every message as if it were the first: here
    the answers that were said before, and what was typed before, go along with it.
    """
    situation = (tracker.get_slot(SLOT) if tracker is not None else None) or {}
    said = situation.get("said") or []
    if any(is_urgent(answer_id) for answer_id in said):
        said = []  # nobody is told a line of what to do in danger
    on_steps = situation.get("progress") is not None
    kept = {**(message.metadata or {}), SAID: said, ON_STEPS: on_steps}
    message.metadata = {**kept, BEFORE: _typed_before(tracker)}
    try:
        read: dict[str, Any] = await _rasas_parse_message(self, message, tracker, only_output_properties)
    finally:
        message.metadata = kept  # what was typed is kept once, with the message it was
    return read


def _typed_before(tracker: DialogueStateTracker | None) -> list[str]:
    """Return what was typed last in this session, the oldest first."""
    typed: list[str] = []
    for event in reversed(tracker.events if tracker is not None else ()):
        if isinstance(event, SessionStarted) or len(typed) == MOST_BEFORE:
            break
        if isinstance(event, UserUttered) and event.text and not event.text.startswith("/"):
            typed.insert(0, event.text)
    return typed


class _Guarded(Action):  # type: ignore[misc]
    """An action whose failure is noticed; Rasa itself carries on as if it had been done."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.failed = False

    def name(self) -> str:
        return str(self._action.name())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._action, name)

    async def run(self, *arguments: Any, **named: Any) -> list[Event]:
        try:
            return list(await self._action.run(*arguments, **named))
        except ActionExecutionRejection:
            raise
        except Exception as error:  # noqa: BLE001 - whatever an action does, the person is told
            # the error's text may hold what the person wrote: its kind has to do
            logger.error("action.failed", extra={"action": self.name(), "error": type(error).__name__})
            if self.name() == "action_session_start":
                return [SessionStarted(), ActionExecuted("action_listen")]
            self.failed = True
            return []


_rasas_run_action = MessageProcessor._run_action


async def _run_action(
    self: MessageProcessor,
    action: Action,
    tracker: DialogueStateTracker,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    prediction: PolicyPrediction,
) -> bool:
    """Replace ``MessageProcessor._run_action``, which drops what a failed action should have done and
    goes on: silence, or a form that says it is done with nothing in it (finding 27).

    Here the person is told, slots and form are as they were before the message, and the turn ends.
    """
    guarded = _Guarded(action)
    more = bool(await _rasas_run_action(self, guarded, tracker, output_channel, nlg, prediction))
    if not guarded.failed:
        return more
    custom: dict[str, Any] = {"kind": "fallback", "answer_ids": [], "offered": [], "confidence": None}
    told = BotUttered(failed(), data={"custom": custom}, metadata=custom)
    tracker.update_with_events(
        [*_as_before(tracker, self.domain), told, ActionExecuted("action_listen")], self.domain
    )
    await output_channel.send_response(tracker.sender_id, told.message())
    return False


def _as_before(tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
    """Return events that bring slots and form to where they were before the last message."""
    events = list(tracker.events)
    last = max((at for at, event in enumerate(events) if isinstance(event, UserUttered)), default=0)
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:last], domain.slots)
    changed: list[Event] = [
        SlotSet(name, slot.value)
        for name, slot in before.slots.items()
        if slot.value != tracker.slots[name].value
    ]
    if before.active_loop_name != tracker.active_loop_name:
        changed.append(ActiveLoop(before.active_loop_name))
    return changed
