"""Conversations that a release before 0.2 has kept: its slots are read as the one slot of today."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from rasa.shared.core.events import AllSlotsReset, Event, SessionStarted, SlotSet

from send_guide.domain.situation import OLD_SLOTS, SLOT, Situation


def in_one_slot(events: Iterable[Event], known: Container[str]) -> list[Event]:
    """Return the events, as many as there were, with the situation set where an old slot was.

    Args:
        events: of one conversation, in order.
        known: names of the slots that the domain has.
    """
    found: list[Event] = []
    old: dict[str, Any] = {}
    for event in events:
        if isinstance(event, AllSlotsReset | SessionStarted):
            old = {}
        if isinstance(event, SlotSet) and event.key in OLD_SLOTS and event.key not in known:
            old[event.key] = event.value
            found.append(SlotSet(SLOT, Situation.of_slots(old).to_json(), timestamp=event.timestamp))
        else:
            found.append(event)
    return found
