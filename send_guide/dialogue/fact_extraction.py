"""What a message tells about where somebody stands: facts that understanding picked up, and months."""

from __future__ import annotations

import re

from send_guide.content import get_content
from send_guide.dialogue.turn import Turn, Understanding, asks, only_tells
from send_guide.domain import deadlines as limits
from send_guide.domain.dates import read_month
from send_guide.domain.guided_path import ACTUALLY, Progress, done_by
from send_guide.domain.situation import OTHER

Found = tuple[dict[str, str], dict[str, str]]
"""Options by question, and when each step was done, by step."""

SPOKEN_TO = "spoken_to"
CHILD = "child"
_I_DID = re.compile(
    r"(?<!should )\b(?:i|we)(?: ?'?ve| have)? (?:already |just |also )?"
    r"(?:wrote|written|e-?mailed|complained|spoke|spoken|talked|chatted|met|rang|told|asked|sent|put|got)\b",
    re.I,
)


def told_topic(turn: Turn) -> bool:
    """Return whether the message only tells, and tells what the path begins with: a topic, or how far
    somebody got.
    """
    told = {entity.name for entity in turn.heard.entities}
    return only_tells(turn) and bool(told & {"topic", "reached"})


def remember(turn: Turn) -> None:
    """Keep what the message tells, for whatever comes later in the conversation, and of which child."""
    turn.other_child = not turn.heard.is_tap and _turns_to_another_child(turn)
    facts, done = told(turn.heard)
    turn.situation.tell(facts)
    turn.situation.done |= done
    if turn.heard.is_tap:
        return
    for entity in turn.heard.entities:
        if entity.name in ("phase", "plan"):
            turn.situation.tell({entity.name: entity.value})
        if entity.name == SPOKEN_TO and entity.role not in turn.situation.spoken_to:
            turn.situation.spoken_to.append(entity.role)


def _turns_to_another_child(turn: Turn) -> bool:
    """Turn to the child that the message names, where it names one; return whether it is another one.

    A brother or sister who is only mentioned is not talked about.
    """
    entities = turn.heard.entities
    named = {entity.value for entity in entities if entity.name == CHILD}
    tells = any(entity.name not in (CHILD, "who") for entity in entities)
    if len(named) != 1 or (OTHER in named and not (tells or asks(turn.heard.text))):
        return False
    return turn.situation.turn_to(named.pop())


def told_before(turn: Turn) -> Found:
    """Return what was told from the beginning of the conversation on, that helps on the path."""
    questions = get_content().questions
    facts = {key: fact.value for key, fact in turn.situation.facts.items() if key in questions}
    return {key: value for key, value in facts.items() if value in questions[key].options}, dict(
        turn.situation.done
    )


def told_now(turn: Turn, progress: Progress, answering: str = "") -> Found:
    """Return what the message tells that is new.

    What was told before stands, unless the person takes it back or is asked for it.

    Args:
        turn: the message.
        progress: where the person stands.
        answering: the question that is open, if one is.
    """
    facts, done = told(turn.heard)
    takes_back = ACTUALLY.search(turn.heard.text) is not None
    facts = {
        key: value
        for key, value in facts.items()
        if takes_back or key == answering or progress.facts.get(key, "unknown") in ("unknown", "unsure")
    }
    return facts, done


def told(heard: Understanding) -> Found:
    """Return the options and steps that a message names."""
    questions = get_content().questions
    if heard.is_tap:
        return {}, {}
    facts: dict[str, str] = {}
    reached: list[tuple[str, str]] = []
    for entity in heard.entities:
        if entity.name in questions and entity.value in questions[entity.name].options:
            if entity.name == "reached":
                reached.append((entity.name, entity.value))
            else:
                facts[entity.name] = entity.value
    if reached and asks(heard.text) and not _I_DID.search(heard.text):
        reached = []  # "do I write to the head?" names a step to come
    when = read_month(heard.text, limits.today()) if reached else None
    if len(reached) > 1:  # one month is said, and it is not clear of which step
        when = None
    done = done_by(get_content(), reached)
    if when and reached:
        newest = questions["reached"].options[reached[0][1]].done
        done |= dict.fromkeys((step for step in newest if step != "talk" or newest == ("talk",)), when)
    return facts, done
