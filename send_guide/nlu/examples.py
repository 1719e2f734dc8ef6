"""What is learnt from: a message, the intent it has, and what else would be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from send_guide.content.loader import ASK
from send_guide.content.schema import is_urgent

Tier = Literal["none", "possible", "clear"]
"""How likely it is that somebody is in danger: the answer as always; it and a quiet question; help first."""
ALSO = "also"
POSSIBLE = "possible"
"""Keys of an example's metadata in Rasa's training data."""


@dataclass(frozen=True)
class Example:
    """One message that is learnt from.

    Attributes:
        text: the message, as :func:`send_guide.domain.text.normalise` writes it.
        label: its intent; ``ask/`` and the id of the answer that comes first.
        also: the intents that would be right as well.
        possible: whether danger is only possible, where the intent is an urgent one.
    """

    text: str
    label: str
    also: tuple[str, ...] = ()
    possible: bool = False

    @property
    def tier(self) -> Tier:
        """How likely it is that somebody is in danger."""
        if not is_urgent(self.label.removeprefix(ASK)):
            return "none"
        return "possible" if self.possible else "clear"
