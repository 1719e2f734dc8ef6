"""Greeting, thanks, goodbye and the like: words of ``data/words.yml``, found by the intent's name."""

from __future__ import annotations

from send_guide.content import get_content
from send_guide.dialogue import escalation
from send_guide.dialogue.answers import last_answers, remembered
from send_guide.dialogue.buttons import SPEAK_TO_PERSON, TOO_MUCH, choose_any
from send_guide.dialogue.fact_extraction import told_topic
from send_guide.dialogue.sessions import about_what
from send_guide.dialogue.short_turns import start_here
from send_guide.dialogue.turn import Turn
from send_guide.domain.reply import WordsReply

LIKELY = 0.2
"""How likely an answer is, 0 to 1, that is offered beside a kind word: what does not fit is no comfort."""


def smalltalk(turn: Turn) -> None:
    """Say the words of the intent; greet people who come back with what they asked about."""
    intent, situation = turn.heard.intent, turn.situation
    known = remembered(turn) or situation.remembered_progress
    if intent == "greet" and known and not last_answers(turn) and not situation.on_path:
        about_what(turn, intro="Welcome back.")
        return
    choices = start_here() if intent in ("greet", "what_can_you_do") and not last_answers(turn) else ()
    turn.say_words(intent.replace("_", "-"), "smalltalk", choices=choices)


def upset(turn: Turn) -> None:
    """Say one kind sentence, then something useful: an answer that fits, the path, or people."""
    if told_topic(turn) and not turn.situation.on_path:
        turn.say_words("upset-on-path", "smalltalk", choices=TOO_MUCH)
        escalation.begin(turn)
        return
    likely = [found for found, sure in turn.heard.likeliest if sure >= LIKELY]
    offered = tuple(found for found in turn.heard.choices if found in likely)[:2]
    turn.say_words(
        "upset", "smalltalk", offered=offered, choices=(*choose_any(offered), SPEAK_TO_PERSON, *TOO_MUCH)
    )


def forget_fact(turn: Turn) -> None:
    """Forget one thing that was understood, and say so."""
    turn.situation.take_back(turn.heard.first("fact") or "")
    turn.say_words("forgotten", "smalltalk")


def start_again(turn: Turn) -> None:
    """Forget what was talked about, and say that it starts afresh."""
    turn.say_words("start-again", "smalltalk")
    turn.forget()


def off_topic(turn: Turn) -> None:
    """Say that it is not about SEND in school, or not in English, and what can be asked."""
    language = turn.heard.language
    if words := get_content().languages.get(language or ""):
        turn.say(WordsReply(words=words, says="fallback"))
    turn.say_words("english-only" if language else "off-topic", "fallback")
