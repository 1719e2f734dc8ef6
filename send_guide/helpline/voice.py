"""An answer as an adviser tells it: what the chat says of itself is left out, or said by the helpline."""

from __future__ import annotations

import re
from dataclasses import dataclass

from send_guide.content import Answer, get_content
from send_guide.content.wording import source_line

_OF_ITSELF = re.compile(r"\b(?:I can|I cannot|I can't|I only|tell me|ask me)\b", re.I)
"""What only an automated guide says."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Telling:
    """What to tell a caller.

    Attributes:
        lead: the direct answer, to be read aloud.
        points: what else counts.
        do_next: what the caller can do today.
    """

    lead: str
    points: tuple[str, ...]
    do_next: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything, in the order in which it is told."""
        return (self.lead, *self.points, *self.do_next)


def telling(answer: Answer) -> Telling:
    """Return an answer as an adviser tells it."""
    if answer.withdrawn:
        return Telling("This is being checked, so nothing is said of it now. Refer the caller on.", (), ())
    if not answer.lead:  # an older text in one piece: its first sentence is the answer
        first, *rest = map(_ours, _SENTENCE.split(_about_itself_left_out(answer.text)))
        return Telling(first, tuple(rest), ())
    do_next = (_about_itself_left_out(item.say) for item in answer.do_next)
    return Telling(_ours(answer.lead), tuple(map(_ours, answer.points)), tuple(filter(None, do_next)))


def told(answer: Answer) -> str:
    """Return the line of a note that says what the caller was told: the lead, its title and the source."""
    title, source = answer.title.rstrip(".?!"), source_line(answer, get_content().roles)
    return f"Told: {telling(answer).lead} ({'. '.join(filter(None, [title, source]))})"


def _about_itself_left_out(text: str) -> str:
    kept = [one for one in _SENTENCE.split(" ".join(text.split())) if not _OF_ITSELF.search(one)]
    return " ".join(kept)


def _ours(text: str) -> str:
    return re.sub(r"\bThis guide does not cover\b", "We cannot advise on", text)
