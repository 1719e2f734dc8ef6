"""What was offered as a numbered list, and which of it a message picks."""

from __future__ import annotations

from collections.abc import Sequence

from send_guide.channels.texts.rendering import PATH
from send_guide.domain.picks import picked
from send_guide.domain.reply import Choice


def chosen(text: str, offered: Sequence[Choice]) -> list[Choice]:
    """Return the choices that a message picks: by number or in words, as somebody types them; none where it
    says something else.

    Several are taken where each says something by itself; the guided path asks for one.
    """
    found = picked(text, offered) or []
    together = len(found) < 2 or not any(choice.payload.startswith(PATH) for choice in found)
    return found if together else []
