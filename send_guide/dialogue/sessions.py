"""A session is a topic, not an hour: how what comes along from the one before is offered."""

from __future__ import annotations

from send_guide.content import get_content
from send_guide.dialogue import answers
from send_guide.dialogue.buttons import START_AFRESH, begin_path, choose_any
from send_guide.dialogue.path_replies import ask_to_resume, say_where
from send_guide.dialogue.turn import Turn
from send_guide.domain.reply import WordsReply


def about_what(turn: Turn, intro: str = "") -> None:
    """Say where somebody stands on the path, else offer what was talked about last, else ask for a question.

    Args:
        turn: the message.
        intro: a sentence that goes before.
    """
    situation = turn.situation
    if situation.remembered_progress:
        ask_to_resume(turn)
        return
    if situation.progress:
        say_where(turn, situation.progress, intro)
        return
    found = answers.last_answers(turn) or answers.remembered(turn)
    about = tuple(answer.id for answer in found)
    if not about:
        turn.say_words("about-what", "fallback")
        return
    titles = " and ".join(f"“{get_content().answers[answer_id].title}”" for answer_id in about)
    words = f"{intro} Last time we talked about {titles}. Do you want to go on with that?".strip()
    steps = begin_path(found[0])
    turn.say(
        WordsReply(
            words=words,
            says="choices",
            about=about,
            offered=about,
            choices=(*choose_any(about), *steps, START_AFRESH),
        )
    )
