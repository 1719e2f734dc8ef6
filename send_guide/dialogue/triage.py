"""What is done with a story where no answer is sure: one question that decides, or choices that fit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from send_guide.content import get_content
from send_guide.content.schema import Deciding
from send_guide.dialogue.buttons import NONE_OF_THESE, SOMETHING_ELSE, choose_any
from send_guide.dialogue.turn import Turn, asks
from send_guide.domain.reply import Choice, QuestionReply, WordsReply

MOST_CHOICES = 4
SOUNDS = 0.25
"""How likely an answer is, 0 to 1, of which it is said that a message sounds like it: a wrong guess hurts."""
DECISION = "decision"
"""The fact that says what the council decided."""
FACT_WORDS = 12
"""Words up to which a message may be nothing but a fact."""


def offer(turn: Turn, offered: tuple[str, ...]) -> None:
    """Ask the one question that decides between answers, or offer them.

    Args:
        turn: the message.
        offered: ids of the likeliest answers, best first; at least one.
    """
    if not _decide(turn, offered):
        _choices(turn, offered[:MOST_CHOICES])
    turn.situation.unsure = True
    turn.situation.others = list(offered)


def _choices(turn: Turn, offered: tuple[str, ...]) -> None:
    words = get_content().words["did-you-mean" if len(offered) > 1 else "is-it-this"]
    turn.say(
        WordsReply(
            words=words.text,
            brief=words.short,
            intro=sounds_like(turn, offered[0]),
            says="choices",
            offered=offered,
            confidence=turn.heard.confidence,
            choices=(*choose_any(offered), NONE_OF_THESE if len(offered) > 1 else SOMETHING_ELSE),
        )
    )


def sounds_like(turn: Turn, answer_id: str) -> str:
    """Return what was understood, as a sentence; empty where it is not likely, or none is written."""
    likely = dict(turn.heard.likeliest).get(answer_id, 0.0) >= SOUNDS
    phrase = get_content().triage.sounds_like.get(answer_id) if likely else None
    return f"It sounds as if {phrase}." if phrase else ""


def told_instead(turn: Turn) -> str:
    """Return the answer that fits a fact that a short message tells, where the last one fits another.

    "its an academy", "no plan", after what is said to those of a council's school, or who have one. Empty
    where the message tells no such fact, asks something, or tells of danger.
    """
    heard, situation = turn.heard, turn.situation
    if heard.is_urgent or len(heard.text.split()) > FACT_WORDS or asks(heard.text):
        return ""
    before = [*situation.said, *situation.others[:MOST_CHOICES]]
    likely = [*(key for key, _ in heard.answers), *heard.choices, *situation.others]
    for question in get_content().triage.deciding:
        value = heard.first(question.fact)
        if value not in question.options:
            continue
        fitting = question.options[value].answers
        others = {key for side in question.options.values() for key in side.answers} - set(fitting)
        if others.intersection(before) and not set(fitting).intersection(situation.said):
            alone = fitting[0] if len(fitting) == 1 else ""
            return next((key for key in likely if key in fitting), alone)
    return ""


def as_known(turn: Turn, answer_id: str) -> str:
    """Return the answer that is said instead to somebody of whom it is known that another side is theirs.

    A complaint about an academy goes another way than one about a council's school. What a message says
    itself goes before what was known.

    Args:
        turn: the message.
        answer_id: the answer that is the likeliest.
    """
    known = turn.situation.known()
    for question in get_content().triage.deciding:
        theirs = question.options.get(known.get(question.fact, ""))
        elsewhere = any(answer_id in side.answers for side in question.options.values() if side is not theirs)
        if theirs and elsewhere and len(theirs.answers) == 1 and not turn.heard.first(question.fact):
            return theirs.answers[0]
    return answer_id


def _decide(turn: Turn, offered: tuple[str, ...]) -> bool:
    """Ask the question whose sides the likeliest answers stand on; return whether one was asked."""
    known = turn.situation.known()
    for question in get_content().triage.deciding:
        sides = {
            value: [key for key in offered if key in option.answers]
            for value, option in question.options.items()
        }
        if question.fact in known or sum(bool(keys) for keys in sides.values()) < 2:
            continue
        if not any(offered[0] in keys for keys in sides.values()):
            continue
        _ask(turn, question, sides, sounds_like(turn, offered[0]))
        return True
    return False


def ask_what_it_decides(turn: Turn) -> None:
    """Ask what a letter that has come decides: a time limit runs from the date on it, not from that day."""
    question = next(one for one in get_content().triage.deciding if one.fact == DECISION)
    sides = {value: list(option.answers) for value, option in question.options.items()}
    _ask(turn, question, sides, get_content().words["letter-came"].text)


def _ask(turn: Turn, question: Deciding, sides: Mapping[str, Sequence[str]], intro: str) -> None:
    """Ask a question that decides.

    Args:
        turn: the message.
        question: which.
        sides: the answers that may fit, by the value of the fact; the first is said where it is tapped.
        intro: what is said before it.
    """
    choices = tuple(
        Choice(
            question.options[value].title, "/decide" + json.dumps({question.fact: value, "answer": keys[0]})
        )
        for value, keys in sides.items()
        if keys
    )
    turn.say(
        QuestionReply(
            key=question.fact,
            ask=question.ask,
            intro=intro,
            says="question",
            offered=tuple(key for keys in sides.values() for key in keys[:1]),
            choices=(*choices, SOMETHING_ELSE),
            confidence=turn.heard.confidence,
        )
    )
    turn.situation.open = f"fact.{question.fact}"
