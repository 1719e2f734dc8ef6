"""Mends what Rasa 3.6.21 has no extension point for. ``tests/unit/test_rasa_fixes.py`` shows each defect.

Every fix names the function and the reason. On any other version it refuses to start: a fix for one
version may break another.
"""

from __future__ import annotations

import functools
import logging
from typing import Any

import jsonschema
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

from send_guide.errors import SendGuideError

VERSION = "3.6.21"
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
    for every action: 40 ms each (finding 40).
    """
    _result_validator().validate(result)
    return True
