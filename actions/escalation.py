"""The guided path: the one question or step that comes next, and everything that moves along it.

The path is data (``data/path``); ``send_guide.domain.guided_path`` finds what comes next. Here it is said.
"""

from __future__ import annotations

from collections.abc import Mapping

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.deadlines import hear_date, say_deadlines
from actions.hearing import heard, heard_before, only_tells, tapped
from actions.letters import ask_for_letter, say_letter
from actions.path_replies import (
    CHANGE,
    DONE,
    OTHER_WAYS,
    SKIP,
    ask,
    ask_to_resume,
    begin_or_resume,
    by_when,
    free_help,
    keep,
    progress_of,
    resume,
    say_next,
    say_step,
    say_where,
    summary,
    what_was_told,
)
from actions.replies import BACK_TO_STEPS, MY_STEPS, Events, path_button, say
from actions.sessions import about_what
from send_guide.content import get_content
from send_guide.content.path_schema import Question
from send_guide.domain.guided_path import LEFT_OUT, Progress, chosen, done_by, next_move

BEGIN = (
    "I am sorry that you are not getting the help you ask for. I will take you through it one step at a "
    "time. You can pause, go back or ask something else whenever you like."
)


FOLLOWS_FROM = {"decision": ("decided", "certified"), "decided": ("certified",)}
"""What was told about one letter of the council says nothing about another."""


class ActionNextStep(Action):
    """Take in what was said or tapped, and say the one question or step that comes next."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_next_step"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Move along the path."""
        intent = tracker.latest_message.get("intent", {}).get("name")
        if tracker.get_slot("remembered_path"):
            return come_back(dispatcher, tracker, intent)
        progress = progress_of(tracker)
        if intent == "path":
            return tap(dispatcher, tracker, progress)
        if intent == "school_not_helping":
            return begin(dispatcher, tracker)
        if not tracker.get_slot("on_path"):  # "yes", "done", "back" to something else
            return about_what(dispatcher, tracker)
        if progress.asked and (events := answer_question(dispatcher, tracker, progress)):
            return events
        if _about_choices(tracker):
            return say_where(dispatcher, progress)
        moves = {"step_done": finish, "skip_step": skip, "step_back": go_back, "not_yet": not_yet}
        return moves[intent](dispatcher, progress)


def come_back(dispatcher: CollectingDispatcher, tracker: Tracker, intent: str) -> Events:
    """Go on with the steps of the session before, where the person says that they are theirs."""
    if "start" in tapped(tracker):  # a button of this session: nobody has said whose the steps are
        return ask_to_resume(dispatcher, tracker)
    if intent == "path" and "resume" not in tapped(tracker):
        return tap(dispatcher, tracker, Progress.of(tracker.get_slot("remembered_path")))
    if tapped(tracker).get("resume") == "no" or (
        intent == "not_yet" and progress_of(tracker).asked == "resume"
    ):
        return forget(dispatcher)
    if intent in ("path", "step_done"):
        return resume(dispatcher, tracker)
    return ask_to_resume(dispatcher, tracker)


def forget(dispatcher: CollectingDispatcher) -> Events:
    """Forget everything: the steps belong to somebody else, or are not wanted."""
    say(dispatcher, "smalltalk", response="utter_start_again")
    return [AllSlotsReset()]


def begin(
    dispatcher: CollectingDispatcher, tracker: Tracker, known: Mapping[str, str] | None = None
) -> Events:
    """Begin the path with what was told so far, or go on with more of it.

    Args:
        dispatcher: collects the messages of the turn.
        tracker: the conversation.
        known: what else is known: options by question. What was told comes before it.
    """
    if tracker.get_slot("remembered_path"):
        return ask_to_resume(dispatcher, tracker)
    progress = progress_of(tracker)
    first = not tracker.get_slot("on_path")
    facts, done = heard_before(tracker) if first else heard(tracker, progress)
    news = progress.add({**(known or {}), **facts}, done)
    if first:
        return say_next(dispatcher, progress, lead=BEGIN)
    if news:
        return say_next(dispatcher, progress, lead="I am sorry to hear that. Thank you, it helps to know.")
    return say_where(dispatcher, progress, lead="I am sorry to hear that.")


def tap(dispatcher: CollectingDispatcher, tracker: Tracker, progress: Progress) -> Events:
    """Do what a button of the path asks for."""
    content = get_content()
    key, value = next(iter(tapped(tracker).items()), ("", ""))
    if key == "start" and value in content.entries:
        entry = content.entries[value]
        facts, done = ({}, {}) if tracker.get_slot("on_path") else heard_before(tracker)
        progress.add({**facts, **entry.facts}, {**dict.fromkeys(entry.done, "yes"), **done})
        return say_next(dispatcher, progress, lead="I will take you through it one step at a time.")
    if key == "other":
        return other_ways(dispatcher, progress)
    if key == "change":
        return change(dispatcher, progress, value)
    if key == "step" and value in content.steps:
        say_step(dispatcher, progress, content.steps[value])
        return keep(progress)
    if key == "letter":
        return say_letter(dispatcher, progress, value) or ask_for_letter(dispatcher, progress)
    if key in content.questions and value in content.questions[key].options:
        return take_answer(dispatcher, progress, key, value)
    return say_next(dispatcher, progress)


def take_answer(dispatcher: CollectingDispatcher, progress: Progress, key: str, value: str) -> Events:
    """Take the answer to a question: an option, or a date."""
    content = get_content()
    done = done_by(content, [(key, value)])
    if value not in content.questions[key].options:
        done |= dict.fromkeys(content.questions[key].done, value[:7])
    progress.add({key: value}, done)
    template = progress.letter if key == progress.asked else ""
    progress.asked = progress.letter = ""
    if template:
        return say_letter(dispatcher, progress, template) or ask_for_letter(dispatcher, progress)
    say_deadlines(dispatcher, progress, key)
    return say_next(dispatcher, progress)


def answer_question(dispatcher: CollectingDispatcher, tracker: Tracker, progress: Progress) -> Events:
    """Take a typed answer to the open question; an empty list where the message is none."""
    question = get_content().questions[progress.asked or "finished"]
    text = str(tracker.latest_message.get("text") or "")
    if not progress.asked and only_tells(tracker):  # "done, they said no"
        text = text.split(",")[0]
    value = chosen(question, text, by_number=bool(progress.asked))
    if question.key == "finished" and value and _about_choices(tracker):
        return say_where(dispatcher, progress)
    if question.key in ("resume", "finished"):
        return answer_yes_or_no(dispatcher, tracker, progress, question.key, value)
    if value is None and question.date:
        return hear_date(dispatcher, tracker, progress, question, take_answer, keep)
    facts, done = heard(tracker, progress, answering=question.key)
    value = value or facts.pop(question.key, None)
    if value is None and not (question.key == "reached" and done):
        return []
    progress.add(facts if value else {}, done)
    if value is None:
        return say_next(dispatcher, progress)
    return take_answer(dispatcher, progress, question.key, value)


def _about_choices(tracker: Tracker) -> bool:
    """Return whether a bare yes or no answers "did you mean one of these?", and not "have you done it?"."""
    text = str(tracker.latest_message.get("text") or "")
    finished = get_content().questions["finished"]
    return bool(tracker.get_slot("unsure")) and chosen(finished, text, by_number=False) is not None


def answer_yes_or_no(
    dispatcher: CollectingDispatcher, tracker: Tracker, progress: Progress, key: str, value: str | None
) -> Events:
    """Take a yes or no to "are these your steps?" and to "have you done it?"."""
    if value is None:
        return []
    if key == "resume":
        return resume(dispatcher, tracker) if value == "yes" else forget(dispatcher)
    return finish(dispatcher, progress) if value == "yes" else not_yet(dispatcher, progress)


def finish(dispatcher: CollectingDispatcher, progress: Progress) -> Events:
    """Mark the step that was told last as done."""
    return _leave_step(dispatcher, progress, "yes", "Good. That step is done.")


def skip(dispatcher: CollectingDispatcher, progress: Progress) -> Events:
    """Leave out the step that was told last, or the open question where it can be left out."""
    if progress.asked:
        options = get_content().questions[progress.asked].options
        if value := next(
            (name for name in ("unknown", "unsure", "none", "nothing") if name in options), None
        ):
            return take_answer(dispatcher, progress, progress.asked, value)
        return say_next(dispatcher, progress)
    return _leave_step(dispatcher, progress, LEFT_OUT, "I have left that one out. You can go back to it.")


def _leave_step(dispatcher: CollectingDispatcher, progress: Progress, how: str, lead: str) -> Events:
    move = next_move(get_content(), progress)
    step = get_content().steps.get(progress.at)
    if isinstance(move, Question) or step is None or step.end:
        return say_next(dispatcher, progress)
    progress.add({}, {step.id: how})
    if how != LEFT_OUT and step.asks_again:
        progress.facts.pop(step.asks_again, None)
    return say_next(dispatcher, progress, lead=lead)


def go_back(dispatcher: CollectingDispatcher, progress: Progress) -> Events:
    """Take back the last answer or step."""
    lead = (
        "I have gone back one." if progress.back() else "This is the beginning. There is nothing before it."
    )
    return say_next(dispatcher, progress, lead=lead)


def not_yet(dispatcher: CollectingDispatcher, progress: Progress) -> Events:
    """Say that there is time, and how to come back."""
    step = get_content().steps.get(progress.at)
    if step is None:
        return say_next(dispatcher, progress)
    text = (
        f"That is fine. Your step stays: {step.title}. Come back when you like and ask “What next?”.\n"
        f"{by_when(progress, step)}{free_help()}"
    )
    say(dispatcher, "escalation", text, step=step.id, buttons=[DONE, SKIP, MY_STEPS])
    return keep(progress)


def other_ways(dispatcher: CollectingDispatcher, progress: Progress) -> Events:
    """Offer what needs no earlier step."""
    question = get_content().questions["topic"]
    now = progress.facts.get("topic")
    buttons = [
        path_button(option.title, "topic", value)
        for value, option in question.options.items()
        if value != now
    ]
    text = (
        "None of these needs an earlier step. Your steps so far are kept.\n"
        "If a child is in danger now, ring 999.\n"
        f"{free_help()}"
    )
    say(dispatcher, "escalation", text, buttons=[*buttons, BACK_TO_STEPS])
    return keep(progress)


def change(dispatcher: CollectingDispatcher, progress: Progress, key: str) -> Events:
    """Ask a question again, or offer the answers that can be changed."""
    questions = get_content().questions
    if key in questions:
        for other in (key, *FOLLOWS_FROM.get(key, ())):
            value = progress.facts.pop(other, "")
            option = questions[other].options.get(value)
            for step in option.done if option else questions[other].done:
                progress.done.pop(step, None)
        ask(dispatcher, progress, questions[key])
        return keep(progress)
    told = [
        path_button(line[0].upper() + line[1:61], "change", key)
        for key, line in what_was_told(progress).items()
    ]
    if not told:
        return say_next(dispatcher, progress)
    say(dispatcher, "escalation", f"Which one shall I change?\n{free_help()}", buttons=[*told, BACK_TO_STEPS])
    return keep(progress)


class ActionMySteps(Action):
    """Sum up what is done, where somebody is, what is next and by when."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_my_steps"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say the summary; offer to begin where there is none."""
        if tracker.get_slot("remembered_path") or not tracker.get_slot("on_path"):
            return begin_or_resume(dispatcher, tracker)
        progress = progress_of(tracker)
        move = next_move(get_content(), progress)
        say(
            dispatcher,
            "escalation",
            summary(progress),
            step=None if isinstance(move, Question) else move.id,
            buttons=[BACK_TO_STEPS, CHANGE, OTHER_WAYS],
        )
        return []
