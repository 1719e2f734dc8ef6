"""A message as every channel hands it to the guide."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """What somebody sends.

    Attributes:
        text: what was typed, or the payload of a choice that was offered.
        sender: the name of the conversation.
        channel: by which way it came.
        message_id: its name: one that is delivered again has the same. Without one it is told from no other.
    """

    text: str = field(repr=False)
    sender: str
    channel: str = "unknown"
    message_id: str | None = None
