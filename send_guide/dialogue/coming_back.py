"""What is said to somebody who has come back with a code."""

from __future__ import annotations

from send_guide.content import get_content
from send_guide.content.path_schema import Step
from send_guide.dialogue.respond import respond
from send_guide.dialogue.turn import Turn, Understanding
from send_guide.domain.guided_path import Progress, next_move, place_of
from send_guide.domain.reply import WordsReply
from send_guide.domain.situation import Situation


def welcome_back(situation: Situation) -> Turn:
    """Say what is known, and where they stand on the guided path or how to begin it.

    Args:
        situation: what they have brought along; it is gone on with.
    """
    turn = Turn(Understanding.of_tap("/what_do_you_know"), situation)
    turn.say(WordsReply(words=f"Welcome back.{_which_step(situation.progress)}", says="smalltalk"))
    if situation.in_words():
        respond(turn)
    turn.heard = Understanding.of_tap("/where_were_we" if situation.progress else "/my_steps")
    respond(turn)
    return turn


def _which_step(progress: Progress | None) -> str:
    """Return which step of how many it is, in a sentence; nothing where that is not known yet."""
    content = get_content()
    move = next_move(content, progress) if progress else None
    number, of = place_of(content, progress, move) if progress and isinstance(move, Step) else (None, None)
    return f" You are at step {number} of {of}." if number else ""
