"""The errors of the guide, in one tree. A known error ends a command with one line."""

from __future__ import annotations

from pathlib import Path


class SendGuideError(Exception):
    """Something a user can act on; its text says what and how."""


class CannotStartError(SendGuideError):
    """A setting does not fit, or something the service needs does not answer."""


class NoModelError(SendGuideError):
    """There is no trained model where one was looked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no trained model at {path}: run `make train` first")


class StaleWriteError(Exception):
    """Somebody else has written to the conversation since it was read."""


class DuplicateMessageError(Exception):
    """The message has been answered already, by this process or another."""
