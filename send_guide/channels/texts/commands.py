"""What a text message means for the medium itself; the words stand in ``data/text-words.yml``."""

from __future__ import annotations

import re

from send_guide.content import get_content
from send_guide.content.patterns import without_accents
from send_guide.content.text_words import Command
from send_guide.domain.picks import plain
from send_guide.domain.text import normalise, own_words

LONGEST = 80
"""Characters of a command: what is longer tells something."""
_SIGNED = re.compile(r"\W+(?:sent from my|sent from outlook|get outlook)\b.*", re.IGNORECASE | re.DOTALL)
"""What a telephone puts under a message, where the network has made one line of it."""


def command(text: str) -> Command | None:
    """Return what a message asks of the medium, or None.

    Only a whole message counts: "stop" in "make it stop" or "stop he is hurting me" is a cry, not an opt-out.
    """
    own = _SIGNED.sub("", own_words(text))
    words = without_accents(plain(own)) or "".join(own.split()).replace("\ufe0f", "")
    return get_content().text_words.command(words) if len(words) <= LONGEST else None


def machine(text: str) -> str | None:
    """Return what a message is that no person has written - a "liked", an out-of-office reply - or None."""
    return get_content().text_words.machine(without_accents(normalise(text)))
