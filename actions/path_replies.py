"""What is said on the guided path: a question, a step, where somebody stands, my steps.

Every one of these replies says where free help is and what comes next.
"""

from __future__ import annotations

from datetime import date

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.replies import MY_STEPS, START_AFRESH, Button, Events, path_button, say
from send_guide.content import get_content
from send_guide.content.path_schema import Question, Step
from send_guide.content.wording import step_in_full
from send_guide.domain import deadlines as limits
from send_guide.domain.deadlines import spoken
from send_guide.domain.guided_path import (
    LEFT_OUT,
    Progress,
    date_of,
    deadlines,
    done_steps,
    follows,
    next_move,
    steps_to_come,
)

DONE: Button = {"title": "I have done this", "payload": "/step_done"}
BACK: Button = {"title": "Go back", "payload": "/step_back"}
SKIP: Button = {"title": "Skip this step", "payload": "/skip_step"}
OTHER_WAYS = path_button("Other ways", "other", "ways")
CHANGE = path_button("Change what I told you", "change", "answers")
GO_ON = path_button("Yes, go on with my steps", "resume", "yes")


def progress_of(tracker: Tracker) -> Progress:
    """Return where somebody stands; a new progress where they are not on the path."""
    return Progress.of(tracker.get_slot("path"))


def keep(progress: Progress) -> Events:
    """Return the events that remember where somebody stands."""
    return [
        SlotSet("path", progress.kept()),
        SlotSet("on_path", True),
        SlotSet("remembered_path", None),
        SlotSet("last_answers", None),
        SlotSet("duties_shown", None),
        SlotSet("unsure", False),
    ]


def say_next(dispatcher: CollectingDispatcher, progress: Progress, lead: str = "") -> Events:
    """Say what comes next, and remember it."""
    progress.letter = ""  # a letter that waited for an answer is not waited for any more
    move = next_move(get_content(), progress)
    if isinstance(move, Question):
        ask(dispatcher, progress, move, lead)
    else:
        progress.asked = ""
        say_step(dispatcher, progress, move, lead)
    return keep(progress)


def ask(dispatcher: CollectingDispatcher, progress: Progress, question: Question, lead: str = "") -> None:
    """Ask one question; its options are buttons, and free text does as well."""
    progress.asked = question.key
    buttons = [path_button(option.title, question.key, value) for value, option in question.options.items()]
    if progress.trail:
        buttons.append(BACK)
    text = f"{question.ask}\n{free_help()}"
    say(dispatcher, "escalation", f"{lead}\n{text}" if lead else text, short=question.ask, buttons=buttons)


def say_step(dispatcher: CollectingDispatcher, progress: Progress, step: Step, lead: str = "") -> None:
    """Say one step in full."""
    progress.at = step.id
    after = follows(get_content(), progress, step)
    text = f"{step_in_full(step)}\n{by_when(progress, step)}Next: {after}\n{free_help()}"
    buttons = [] if step.end else [DONE]
    if step.letter:
        buttons.append(path_button("Write the letter for me", "letter", step.letter))
    buttons += [OTHER_WAYS, MY_STEPS] + ([BACK] if progress.trail else []) + ([] if step.end else [SKIP])
    if step.end:
        buttons.append(START_AFRESH)
    say(
        dispatcher,
        "escalation",
        f"{lead}\n{text}" if lead else text,
        step=step.id,
        short=step.short,
        easy_read=step.easy_read,
        buttons=buttons,
    )


def by_when(progress: Progress, step: Step) -> str:
    """Return the last day for a step and how far away it is, as a line; empty where none is known."""
    if not step.deadline:
        return ""
    return "".join(
        f"{deadline.title}: {spoken(deadline.last_day)}. {how_far(deadline.last_day)}\n"
        for deadline in deadlines(get_content(), progress, [step.deadline])
    )


def how_far(last_day: date) -> str:
    """Return how many days are left until a day."""
    days = (last_day - limits.today()).days
    if days < 0:
        return "That day has passed."
    return {0: "That is today.", 1: "That is tomorrow."}.get(days, f"That is in {days} days.")


def free_help() -> str:
    """Return where free help is, at any step."""
    iass = get_content().contacts["iass"]
    return f"Free help at any step: {iass.name}, {iass.details['web'].shown}."


def what_was_told(progress: Progress) -> dict[str, str]:
    """Return what somebody told, in words, by the key of the question."""
    told = {}
    for key, question in get_content().questions.items():
        value = progress.facts.get(key, "")
        if value in question.options:
            told[key] = question.options[value].told
        elif day := date_of(progress.facts, key):
            told[key] = f"{question.told} {spoken(day)}"
    return told


def ask_to_resume(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Say what is remembered of the session before, and ask whether it is theirs and to go on."""
    progress = Progress.of(tracker.get_slot("remembered_path"))
    step = get_content().steps.get(progress.at)
    where = f"Your step was “{step.title}”." if step else "I had asked you a question."
    text = (
        f"Welcome back. Last time we went through some steps. {where} "
        f"{get_content().questions['resume'].ask}\n{free_help()}"
    )
    say(dispatcher, "choices", text, buttons=[GO_ON, START_AFRESH])
    return [SlotSet("path", Progress(asked="resume").kept()), SlotSet("on_path", True)]


def resume(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Go on with the steps of the session before."""
    progress = Progress.of(tracker.get_slot("remembered_path"))
    return say_where(dispatcher, progress, lead="Good to have you back.")


def say_where(dispatcher: CollectingDispatcher, progress: Progress, lead: str = "") -> Events:
    """Say the open question again, or the step somebody is at and what follows it."""
    content = get_content()
    move = next_move(content, progress)
    if isinstance(move, Question) or move.end or move.id != progress.at or progress.asked:
        return say_next(dispatcher, progress, lead)
    after, have_you = follows(content, progress, move), content.questions["finished"].ask
    text = (
        f"You are at: {move.title}. {move.do}\n{by_when(progress, move)}"
        f"When you have done it, this comes next: {after}\n{have_you}\n{free_help()}"
    )
    short = f"You are at: {move.title}. Next: {after} {have_you}"
    buttons = [DONE, path_button("Tell me the step again", "step", move.id), OTHER_WAYS, MY_STEPS, BACK, SKIP]
    say(
        dispatcher,
        "escalation",
        f"{lead}\n{text}" if lead else text,
        step=move.id,
        short=short,
        easy_read=move.easy_read,
        buttons=buttons,
    )
    return keep(progress)


def begin_or_resume(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Say that there are no steps yet, or ask whether those of the session before are theirs."""
    if tracker.get_slot("remembered_path"):
        return ask_to_resume(dispatcher, tracker)
    begin = path_button("Begin step by step", "other", "ways")
    say(dispatcher, "escalation", f"You have no steps yet. Shall we begin?\n{free_help()}", buttons=[begin])
    return []


def step_of(tracker: Tracker) -> Step | None:
    """Return the step that was told last, where nothing else has been said since."""
    if not tracker.get_slot("on_path") or tracker.get_slot("last_answers"):
        return None
    return get_content().steps.get(progress_of(tracker).at)


def summary(progress: Progress) -> str:
    """Return my steps: what was told, done, now, next and by when, a line each."""
    content = get_content()
    lines = [f"My steps, {spoken(limits.today())}"]
    told = what_was_told(progress)
    told.pop("reached", None)  # the steps that are done say it better
    lines += [f"You told me: {words}." for words in told.values()]
    done = done_steps(content, progress)
    lines += [f"Done: {content.steps[key].title}{_when(how)}" for key, how in done.items() if how != LEFT_OUT]
    lines += [f"Left out: {content.steps[key].title}" for key, how in done.items() if how == LEFT_OUT]
    move = next_move(content, progress)
    if isinstance(move, Question):
        lines.append(f"Now: one question. {move.ask}")
        lines.append("Next: your answer decides the next step.")
    else:
        now, *later = steps_to_come(content, progress)
        lines.append(f"Now: {now.title}. {now.do}")
        lines += [f"Next: {step.title}" for step in later] or [f"Next: {now.next}"]
    # a time limit runs on, whatever the steps are about just now
    kinds = ["appeal", "discrimination"]
    if progress.facts.get("decision") != "school" and "mediation" not in progress.done:
        kinds.insert(0, "mediation")
    lines += [
        f"By when: {found.title}: {spoken(found.last_day)}. {how_far(found.last_day)}"
        for found in deadlines(content, progress, kinds)
    ]
    lines.append(free_help())
    return "\n".join(lines)


def _when(how: str) -> str:
    year, _, month = how.partition("-")
    if not month:
        return ""
    return f" (in {limits.today().replace(day=1, month=int(month)):%B} {year})"
