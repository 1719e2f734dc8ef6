"""Whether somebody may be in danger by what a message says or taps, and what is said first then.

It needs no model, no store and no network, and it cannot fail: the words of danger were compiled when the
content was loaded (``data/urgent-words.yml``). It runs before limits and storage, on every channel.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from send_guide.content import get_content
from send_guide.content.loader import URGENT
from send_guide.domain.reply import Reply, UrgentReply
from send_guide.domain.text import normalise


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
    urgent = (answer for answer in get_content().answers.values() if answer.section == URGENT)
    return {answer.id: "/choose" + json.dumps({"answer": answer.id}) for answer in urgent}


def by_words(text: str) -> str | None:
    """Return the urgent answer whose words ``text`` holds, or None."""
    plain = re.sub(r"[^\w ]+", " ", re.sub(r"['`]", "", normalise(text)))
    plain = re.sub(r"\s+", " ", plain).strip()
    for answer_id, pattern in get_content().urgent_words.items():
        if pattern.search(plain):
            return answer_id
    return None


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
