"""A kept conversation as it was said: what the person typed, and the typed replies to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from send_guide.domain.reply import Reply
from send_guide.rasa_adapter.turns import reply_of

TurnKept = tuple[str | None, list[Reply]]
"""What was typed or tapped, none before the first message, and what was said to it."""


def turns_of(messages: Iterable[Mapping[str, Any]]) -> list[TurnKept]:
    """Return the turns of a conversation, in order.

    Args:
        messages: events of Rasa's, those of people and those of the guide.
    """
    turns: list[TurnKept] = [(None, [])]
    for message in messages:
        if message["event"] == "bot":
            turns[-1][1].append(reply_of({**(message.get("data") or {}), "text": message.get("text")}))
        elif message.get("text"):
            turns.append((message["text"], []))
    return turns
