"""The guided path: the one question or step that comes next, and everything that moves along it.

The path is data (``data/path``); ``send_guide.domain.guided_path`` finds what comes next. Here it is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from send_guide.content import get_content
from send_guide.content.loader import whole_message
from send_guide.content.path_schema import Question
from send_guide.dialogue import sessions
from send_guide.dialogue.buttons import BACK_TO_STEPS, DONE, MY_STEPS, SKIP, path_button
from send_guide.dialogue.deadlines import ask_again, date_in, say_deadlines
from send_guide.dialogue.fact_extraction import told_before, told_now
from send_guide.dialogue.letters import ask_for_letter, say_letter
from send_guide.dialogue.path_replies import (
    ask,
    ask_to_resume,
    by_when,
    free_help,
    keep,
    progress_of,
    resume,
    say_next,
    say_step,
    say_where,
    what_was_told,
)
from send_guide.dialogue.turn import Turn, only_tells
from send_guide.domain.guided_path import LEFT_OUT, Progress, chosen, done_by, next_move
from send_guide.domain.reply import WordsReply

BEGIN = (
    "I am sorry that you are not getting the help you ask for. I will take you through it one step at a "
    "time. You can pause, go back or ask something else whenever you like."
)
FOLLOWS_FROM = {"decision": ("decided", "certified"), "decided": ("certified",)}
"""What was told about one letter of the council says nothing about another."""
DO_NOT_KNOW = ("unknown", "unsure", "none", "nothing")
"""Options that leave a question open, the first that it has."""


def next_step(turn: Turn) -> None:
    """Take in what was said or tapped, and say the one question or step that comes next."""
    intent, situation = turn.heard.intent, turn.situation
    if situation.remembered_progress:
        come_back(turn)
        return
    progress = progress_of(turn)
    if intent == "path":
        tap(turn, progress)
    elif intent == "school_not_helping":
        begin(turn)
    elif not situation.on_path:  # "yes", "done", "back" to something else
        sessions.about_what(turn)
    elif progress.asked and answer_question(turn, progress):
        return
    elif _about_choices(turn):
        say_where(turn, progress)
    else:
        moves: dict[str, Callable[[Turn, Progress], None]] = {
            "step_done": finish,
            "skip_step": skip,
            "step_back": go_back,
            "not_yet": not_yet,
        }
        moves[intent](turn, progress)


def come_back(turn: Turn) -> None:
    """Go on with the steps of the session before, where the person says that they are theirs."""
    intent, tapped = turn.heard.intent, turn.heard.tapped
    if "start" in tapped:  # a button of this session: nobody has said whose the steps are
        ask_to_resume(turn)
    elif intent == "path" and "resume" not in tapped:
        tap(turn, turn.situation.remembered_progress or Progress())
    elif tapped.get("resume") == "no" or (intent == "not_yet" and progress_of(turn).asked == "resume"):
        forget(turn)
    elif intent in ("path", "step_done"):
        resume(turn)
    else:
        ask_to_resume(turn)


def forget(turn: Turn) -> None:
    """Forget everything: the steps belong to somebody else, or are not wanted."""
    turn.say_words("start-again", "smalltalk")
    turn.forget()


def begin(turn: Turn, known: Mapping[str, str] | None = None) -> None:
    """Begin the path with what was told so far, or go on with more of it.

    Args:
        turn: the message.
        known: what else is known: options by question. What was told comes before it.
    """
    if turn.situation.remembered_progress:
        ask_to_resume(turn)
        return
    progress, first = progress_of(turn), not turn.situation.on_path
    facts, done = told_before(turn) if first else told_now(turn, progress)
    news = progress.add({**(known or {}), **facts}, done)
    if first:
        say_next(turn, progress, intro=BEGIN)
    elif news:
        say_next(turn, progress, intro="I am sorry to hear that. Thank you, it helps to know.")
    else:
        say_where(turn, progress, intro="I am sorry to hear that.")


def tap(turn: Turn, progress: Progress) -> None:
    """Do what a button of the path asks for."""
    content = get_content()
    key, value = next(iter(turn.heard.tapped.items()), ("", ""))
    if key == "start" and value in content.entries:
        entry = content.entries[value]
        facts, done = ({}, {}) if turn.situation.on_path else told_before(turn)
        progress.add({**facts, **entry.facts}, {**dict.fromkeys(entry.done, "yes"), **done})
        say_next(turn, progress, intro="I will take you through it one step at a time.")
    elif key == "other":
        other_ways(turn, progress)
    elif key == "change":
        change(turn, progress, value)
    elif key == "step" and value in content.steps:
        say_step(turn, progress, content.steps[value])
        keep(turn, progress)
    elif key == "letter":
        if not say_letter(turn, progress, value):
            ask_for_letter(turn, progress)
    elif key in content.questions and value in content.questions[key].options:
        take_answer(turn, progress, key, value)
    else:
        say_next(turn, progress)


def take_answer(turn: Turn, progress: Progress, key: str, value: str) -> None:
    """Take the answer to a question: an option, or a date."""
    content = get_content()
    done = done_by(content, [(key, value)])
    if value not in content.questions[key].options:
        done |= dict.fromkeys(content.questions[key].done, value[:7])
    progress.add({key: value}, done)
    turn.situation.asked.pop(key, None)
    template = progress.letter if key == progress.asked else ""
    progress.asked = progress.letter = ""
    if template:
        if not say_letter(turn, progress, template):
            ask_for_letter(turn, progress)
        return
    say_deadlines(turn, progress, key)
    say_next(turn, progress)


def answer_question(turn: Turn, progress: Progress) -> bool:
    """Take a typed answer to the open question; return False where the message is none."""
    question = get_content().questions[progress.asked or "finished"]
    text = turn.heard.text
    if not progress.asked and only_tells(turn):  # "done, they said no"
        text = text.split(",")[0]
    value = chosen(question, text, by_number=bool(progress.asked)) or _does_not_know(question, text)
    if question.key == "finished" and value and _about_choices(turn):
        say_where(turn, progress)
        return True
    if question.key in ("resume", "finished"):
        return answer_yes_or_no(turn, progress, question.key, value)
    if value is None and question.date:
        return take_date(turn, progress, question)
    facts, done = told_now(turn, progress, answering=question.key)
    value = value or facts.pop(question.key, None)
    if value is None and not (question.key == "reached" and done):
        return False
    progress.add(facts if value else {}, done)
    if value is None:
        say_next(turn, progress)
    else:
        take_answer(turn, progress, question.key, value)
    return True


def _does_not_know(question: Question, text: str) -> str | None:
    """Return the option that leaves a question open, where a message begins with "I don't know"."""
    words = text.split()
    beginnings = (whole_message(" ".join(words[:number])) for number in range(1, 5))
    if not any(get_content().short_turns.get(beginning) == "dont_know" for beginning in beginnings):
        return None
    return next((name for name in DO_NOT_KNOW if name in question.options), None)


def take_date(turn: Turn, progress: Progress, question: Question) -> bool:
    """Take the date that a message names, or ask again where it cannot be; False where it names none."""
    day, why = date_in(turn, progress, question)
    if not day and not why:
        return False
    if why:
        ask_again(turn, question, why)
        keep(turn, progress)
    else:
        take_answer(turn, progress, question.key, day)
    return True


def _about_choices(turn: Turn) -> bool:
    """Return whether a bare yes or no answers "did you mean one of these?", and not "have you done it?"."""
    finished = get_content().questions["finished"]
    return turn.situation.unsure and chosen(finished, turn.heard.text, by_number=False) is not None


def answer_yes_or_no(turn: Turn, progress: Progress, key: str, value: str | None) -> bool:
    """Take a yes or no to "are these your steps?" and to "have you done it?"."""
    if value is None:
        return False
    if key == "resume":
        (resume if value == "yes" else forget)(turn)
    else:
        (finish if value == "yes" else not_yet)(turn, progress)
    return True


def finish(turn: Turn, progress: Progress, intro: str = "Good. That step is done.") -> None:
    """Mark the step that was told last as done."""
    _leave_step(turn, progress, "yes", intro)


def skip(turn: Turn, progress: Progress) -> None:
    """Leave out the step that was told last, or the open question where it can be left out."""
    if not progress.asked:
        _leave_step(turn, progress, LEFT_OUT, "I have left that one out. You can go back to it.")
        return
    options = get_content().questions[progress.asked].options
    if value := next((name for name in DO_NOT_KNOW if name in options), None):
        take_answer(turn, progress, progress.asked, value)
    else:
        say_next(turn, progress)


def _leave_step(turn: Turn, progress: Progress, how: str, intro: str) -> None:
    move = next_move(get_content(), progress)
    step = get_content().steps.get(progress.at)
    if isinstance(move, Question) or step is None or step.end:
        say_next(turn, progress)
        return
    progress.add({}, {step.id: how})
    if how != LEFT_OUT and step.asks_again:
        progress.facts.pop(step.asks_again, None)
    say_next(turn, progress, intro=intro)


def go_back(turn: Turn, progress: Progress) -> None:
    """Take back the last answer or step."""
    gone = progress.back()
    intro = "I have gone back one." if gone else "This is the beginning. There is nothing before it."
    say_next(turn, progress, intro=intro)


def not_yet(turn: Turn, progress: Progress) -> None:
    """Say that there is time, and how to come back."""
    step = get_content().steps.get(progress.at)
    if step is None:
        say_next(turn, progress)
        return
    lines = [
        f"That is fine. Your step stays: {step.title}. Come back when you like and ask “What next?”.",
        *by_when(progress, step),
        free_help(),
    ]
    turn.say(
        WordsReply(words="\n".join(lines), says="escalation", step=step.id, choices=(DONE, SKIP, MY_STEPS))
    )
    keep(turn, progress)


def other_ways(turn: Turn, progress: Progress) -> None:
    """Offer what needs no earlier step."""
    question, now = get_content().questions["topic"], progress.facts.get("topic")
    choices = tuple(
        path_button(option.title, "topic", value)
        for value, option in question.options.items()
        if value != now
    )
    words = (
        "None of these needs an earlier step. Your steps so far are kept.\n"
        "If a child is in danger now, ring 999.\n"
        f"{free_help()}"
    )
    turn.say(WordsReply(words=words, says="escalation", choices=(*choices, BACK_TO_STEPS)))
    keep(turn, progress)


def change(turn: Turn, progress: Progress, key: str) -> None:
    """Ask a question again, or offer the answers that can be changed."""
    questions = get_content().questions
    if key in questions:
        for other in (key, *FOLLOWS_FROM.get(key, ())):
            value = progress.facts.pop(other, "")
            option = questions[other].options.get(value)
            for step in option.done if option else questions[other].done:
                progress.done.pop(step, None)
        ask(turn, progress, questions[key])
        keep(turn, progress)
        return
    told = tuple(
        path_button(line[0].upper() + line[1:61], "change", name)
        for name, line in what_was_told(progress).items()
    )
    if not told:
        say_next(turn, progress)
        return
    words = f"Which one shall I change?\n{free_help()}"
    turn.say(WordsReply(words=words, says="escalation", choices=(*told, BACK_TO_STEPS)))
    keep(turn, progress)
