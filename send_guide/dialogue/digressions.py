"""Whatever is said on the path that is not about the path: heard for what it tells, answered, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from send_guide.content import get_content
from send_guide.content.path_schema import Question
from send_guide.content.schema import is_urgent
from send_guide.dialogue import answers, duties, short_turns, smalltalk, time_limits
from send_guide.dialogue.buttons import BACK_TO_STEPS, SPEAK_TO_PERSON, TOO_MUCH
from send_guide.dialogue.deadlines import ask_again
from send_guide.dialogue.escalation import answer_question
from send_guide.dialogue.fact_extraction import told_now
from send_guide.dialogue.path_replies import ask, ask_to_resume, keep, progress_of, say_next, say_where
from send_guide.dialogue.turn import Turn, only_tells
from send_guide.domain.guided_path import Progress

ABOUT_THE_PATH = ("escalation.", "complaint.")
"""Answers that say, of one step, what the path says of all."""
SHORT_WORDS = 5
NO_DAY = "I could not read a day in that. Please type it like this: 3 March. The year is not needed."


def take_along(turn: Turn) -> None:
    """Hear a message as an answer, as news, as a question, in this order; danger comes before all."""
    intent, progress = turn.heard.intent, progress_of(turn)
    answer_ids = [answer_id for answer_id, _ in turn.heard.answers]
    if any(is_urgent(answer_id) for answer_id in answer_ids):
        digress(turn)
        return
    if answer_question(turn, progress):
        return
    if intent in short_turns.HANDLERS:
        short_turns.short_turn(turn)
        _add_way_back(turn)
        return
    if progress.asked == "resume":
        _still_to_resume(turn)
        return
    news = progress.add(*told_now(turn, progress))
    is_question = intent == "ask" or _may_ask(turn)
    about_path = not is_question or only_tells(turn) or "".join(answer_ids[:1]).startswith(ABOUT_THE_PATH)
    if news and about_path and intent not in ("off_topic", "none_of_these"):
        say_next(turn, progress, intro="Thank you, that helps.")
        return
    if news:
        turn.situation.progress = progress
    question = get_content().questions.get(progress.asked)
    if not (question and question.date) and time_limits.take(turn):
        _add_way_back(turn)
    elif not _ask_again(turn, progress):
        digress(turn)


def _still_to_resume(turn: Turn) -> None:
    """Answer a question; ask again whose steps they are where the message is none."""
    if turn.heard.intent in ("telling", "nlu_fallback", "what_else"):
        ask_to_resume(turn)
    else:
        digress(turn)


def _ask_again(turn: Turn, progress: Progress) -> bool:
    """Say the open question or the step again where a message neither asks nor answers anything."""
    intent = turn.heard.intent
    question = get_content().questions.get(progress.asked)
    if intent == "upset":
        turn.say_words("upset-on-path", "smalltalk", choices=(*TOO_MUCH, SPEAK_TO_PERSON))
        say_where(turn, progress)
        return True
    if question is None:
        if intent == "telling":
            say_where(turn, progress, "Thank you for telling me.")
        return intent == "telling"
    if _may_ask(turn) or turn.situation.unsure:
        return False
    if intent not in ("telling", "nlu_fallback") and not _no_day(question, turn):
        return False
    if question.date and intent != "telling":
        ask_again(turn, question, NO_DAY)
    else:
        intro = "Thank you for telling me." if intent == "telling" else "I did not follow that."
        ask(turn, progress, question, intro)
    keep(turn, progress)
    turn.situation.unsure = True
    return True


def _may_ask(turn: Turn) -> bool:
    """Return whether a message that was not understood is a question to which an answer is likely."""
    return turn.heard.intent == "nlu_fallback" and bool(turn.heard.choices) and not only_tells(turn)


def _no_day(question: Question, turn: Turn) -> bool:
    """Return whether a message looks like a date that names no day ("last month"): short, no question."""
    return question.date and only_tells(turn) and len(turn.heard.text.split()) <= SHORT_WORDS


def digress(turn: Turn) -> None:
    """Answer as off the path, and add the way back to the last reply."""
    ordinary: dict[str, Callable[[Turn], None]] = {
        "ask": answers.answer,
        "telling": answers.offer_choices,
        "upset": smalltalk.upset,
        "off_topic": smalltalk.off_topic,
        "not_covered": answers.who_can_help,
        "none_of_these": answers.none_of_these,
        "what_else": _go_on,
        "nlu_fallback": answers.offer_choices,
    }
    ordinary[turn.heard.intent](turn)
    _add_way_back(turn)


def tapped_date(turn: Turn) -> None:
    """Work out the time limit that was tapped, and add the way back."""
    time_limits.tapped(turn)
    _add_way_back(turn)


def _add_way_back(turn: Turn) -> None:
    """Add the way back to the last reply, where it is off the path and the path goes on."""
    if not turn.replies or not turn.situation.on_path:
        return
    last = turn.replies[-1]
    if last.kind != "escalation" and BACK_TO_STEPS not in last.choices:
        turn.replies[-1] = replace(last, choices=(*last.choices, BACK_TO_STEPS))


def _go_on(turn: Turn) -> None:
    """Go on with a list of duties that is open, else with the path."""
    if turn.situation.duties_shown or turn.situation.said:
        duties.what_else(turn)
    else:
        say_where(turn, progress_of(turn))
