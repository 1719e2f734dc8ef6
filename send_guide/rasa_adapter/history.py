"""A kept conversation as it was said: what the person typed, and the typed replies to it."""

from __future__ import annotations

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from send_guide.domain.reply import Reply
from send_guide.rasa_adapter.turns import reply_of

TurnKept = tuple[str | None, list[Reply]]
"""What was typed or tapped, none before the first message, and what was said to it."""


def turns_of(tracker: DialogueStateTracker | None) -> list[TurnKept]:
    """Return the turns of a conversation, in order."""
    turns: list[TurnKept] = [(None, [])]
    for event in tracker.events if tracker else []:
        if isinstance(event, UserUttered) and event.text:
            turns.append((event.text, []))
        elif isinstance(event, BotUttered):
            turns[-1][1].append(reply_of(event.message()))
    return turns
