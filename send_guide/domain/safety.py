"""Whether somebody may be in danger by what a message says or taps, and what is said first then.

It needs no model, no store and no network, and it cannot fail: the words of danger were compiled when the
content was loaded (``data/urgent-words.yml``). Whatever a limit, the model or the store answers, on every
channel, what to do in danger comes before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from send_guide.content import get_content
from send_guide.content.patterns import UrgentWords, without_accents
from send_guide.content.schema import is_urgent
from send_guide.domain.reply import Reply, UrgentReply
from send_guide.domain.text import normalise

_SENTENCE_ENDS = re.compile(r"[.!?;…。！？।]+(?=\s|$)|\n\s*\n|[。！？]")


def in_danger(said: str) -> str | None:
    """Return the id of the urgent answer that a message calls for, or None.

    Args:
        said: what was typed, or the payload of what was tapped.
    """
    return by_tap(said) or by_words(said)


def by_tap(payload: str) -> str | None:
    """Return the urgent answer whose button was tapped, or None."""
    return next((answer_id for answer_id, tap in taps().items() if tap == payload.strip()), None)


def taps() -> dict[str, str]:
    """Return the payload of the button of every urgent answer, by its id."""
    urgent = (answer for answer in get_content().answers.values() if is_urgent(answer.id))
    return {answer.id: "/choose" + json.dumps({"answer": answer.id}) for answer in urgent}


def by_words(text: str) -> str | None:
    """Return the urgent answer whose words a sentence of ``text`` holds, or None."""
    return _named(text, get_content().urgent_words)


def possible_by_words(text: str) -> str | None:
    """Return the urgent answer that may be needed by the words of a sentence of ``text``, or None.

    An adult at school who held or locked in a child is a matter with an answer of its own; whether anybody
    is in danger now is asked beside it.
    """
    return _named(text, get_content().possible_words)


def _named(text: str, words: UrgentWords) -> str | None:
    """Return the answer that ``words`` name in a sentence; no pattern reaches from one into the next."""
    sentences = [_plain(sentence) for sentence in _SENTENCE_ENDS.split(normalise(text, lines=True))]
    for answer_id, pattern in words.items():
        if any(pattern.search(sentence) for sentence in sentences):
            return answer_id
    return None


def _plain(sentence: str) -> str:
    """Return a sentence without apostrophes, accents and marks, which those who hurry leave out."""
    bare = without_accents(re.sub(r"['`]", "", sentence))
    return re.sub(r"[\W_]+", " ", bare).strip()


def urgent_reply(answer_id: str) -> UrgentReply:
    """Return what to do in danger.

    Args:
        answer_id: of an urgent answer.
    """
    return UrgentReply(answer=get_content().answers[answer_id])


def danger_first(said: str, replies: Iterable[Reply]) -> list[Reply]:
    """Return the replies with what to do in danger before all else, whatever else works.

    Args:
        said: what was typed or tapped.
        replies: what is said to it.
    """
    replies, urgent = list(replies), in_danger(said)
    if urgent is None or any(reply.kind == "urgent" for reply in replies):
        return replies
    return [urgent_reply(urgent), *replies]
