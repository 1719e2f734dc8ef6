"""The time limit that "how long have I got" means."""

from __future__ import annotations

from send_guide.dialogue.turn import Turn


def how_long(turn: Turn) -> None:
    """Say that time limits differ."""
    turn.say_words("which-time-limit", "choices")


def tapped(turn: Turn) -> None:
    """Say that time limits differ."""
    how_long(turn)


def take(turn: Turn) -> bool:
    """Take no date."""
    return False
