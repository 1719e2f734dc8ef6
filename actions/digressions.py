"""Whatever is said on the path that is not about the path: heard for what it tells, answered, and back."""

from __future__ import annotations

from collections.abc import Callable

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import ActionAnswer, ActionOfferChoices, ActionWhoCanHelp
from actions.deadlines import ask_again
from actions.duties import ActionWhatElse
from actions.escalation import answer_question
from actions.hearing import heard, only_tells
from actions.path_replies import ask, ask_to_resume, keep, progress_of, say_next, say_where
from actions.replies import BACK_TO_STEPS, SPEAK_TO_PERSON, Events, say
from actions.smalltalk import TOO_MUCH, ActionOffTopic, ActionSmalltalk
from send_guide.content import get_content
from send_guide.content.path_schema import Question
from send_guide.domain.guided_path import Progress

ABOUT_THE_PATH = ("escalation.", "complaint.")
"""Answers that say, of one step, what the path says of all."""
SHORT_WORDS = 5
NO_DAY = "I could not read a day in that. Please type it like this: 3 March. The year is not needed."


class ActionTakeAlong(Action):
    """Take along what a message tells about the path; answer the rest as always, with a way back."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_take_along"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Hear the message as an answer, as news, as a question, in this order; danger comes before all."""
        events = self._hear(dispatcher, tracker, domain)
        # whatever has changed, the turn ends here; the rule's own conditions may hold no longer
        return [*events, FollowupAction("action_listen")]

    def _hear(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        intent = tracker.latest_message.get("intent", {}).get("name")
        progress = progress_of(tracker)
        understanding = tracker.latest_message.get("understanding") or {}
        answers = [item["id"] for item in understanding.get("answers", [])]
        if any(answer.startswith("urgent.") for answer in answers):
            return digress(dispatcher, tracker, domain, intent)
        if events := answer_question(dispatcher, tracker, progress):
            return events
        if progress.asked == "resume":
            return _still_to_resume(dispatcher, tracker, domain, intent)
        news = progress.add(*heard(tracker, progress))
        asks = intent == "ask" or _may_ask(tracker, intent)
        about_path = not asks or only_tells(tracker) or "".join(answers[:1]).startswith(ABOUT_THE_PATH)
        if news and about_path and intent not in ("off_topic", "none_of_these"):
            return say_next(dispatcher, progress, lead="Thank you, that helps.")
        return [
            *_kept(progress, news),
            *(
                _ask_again(dispatcher, tracker, progress, intent)
                or digress(dispatcher, tracker, domain, intent)
            ),
        ]


def _still_to_resume(
    dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, intent: str
) -> Events:
    """Answer a question; ask again whose steps they are where the message is none."""
    if intent in ("telling", "nlu_fallback", "what_else"):
        return ask_to_resume(dispatcher, tracker)
    return digress(dispatcher, tracker, domain, intent)


def _kept(progress: Progress, news: bool) -> Events:
    return [SlotSet("path", progress.kept())] if news else []


def _ask_again(dispatcher: CollectingDispatcher, tracker: Tracker, progress: Progress, intent: str) -> Events:
    """Say the open question or the step again where a message neither asks nor answers anything."""
    question = get_content().questions.get(progress.asked)
    if intent == "upset":
        say(dispatcher, "smalltalk", response="utter_upset_on_path", buttons=[*TOO_MUCH, SPEAK_TO_PERSON])
        return say_where(dispatcher, progress)
    if question is None:
        return say_where(dispatcher, progress, "Thank you for telling me.") if intent == "telling" else []
    if _may_ask(tracker, intent) or tracker.get_slot("unsure"):
        return []
    if intent not in ("telling", "nlu_fallback") and not _no_day(question, tracker):
        return []
    if question.date and intent != "telling":
        ask_again(dispatcher, question, NO_DAY)
    else:
        lead = "Thank you for telling me." if intent == "telling" else "I did not follow that."
        ask(dispatcher, progress, question, lead)
    return [*keep(progress), SlotSet("unsure", True)]


def _may_ask(tracker: Tracker, intent: str) -> bool:
    """Return whether a message that was not understood is a question to which an answer is likely."""
    understanding = tracker.latest_message.get("understanding") or {}
    return intent == "nlu_fallback" and bool(understanding.get("choices")) and not only_tells(tracker)


def _no_day(question: Question, tracker: Tracker) -> bool:
    """Return whether a message looks like a date that names no day ("last month"): short, no question."""
    text = str(tracker.latest_message.get("text") or "")
    return question.date and only_tells(tracker) and len(text.split()) <= SHORT_WORDS


def digress(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, intent: str) -> Events:
    """Answer as off the path, and add the way back to the last reply."""
    ordinary: dict[str, Callable[[], Events]] = {
        "ask": lambda: ActionAnswer().run(dispatcher, tracker, domain),
        "telling": lambda: ActionSmalltalk().run(dispatcher, tracker, domain),
        "upset": lambda: ActionSmalltalk().run(dispatcher, tracker, domain),
        "off_topic": lambda: ActionOffTopic().run(dispatcher, tracker, domain),
        "not_covered": lambda: ActionWhoCanHelp().run(dispatcher, tracker, domain),
        "none_of_these": lambda: ActionWhoCanHelp().run(dispatcher, tracker, domain),
        "what_else": lambda: _go_on(dispatcher, tracker, domain),
        "nlu_fallback": lambda: _not_sure(dispatcher, tracker, domain),
    }
    events = ordinary[intent]()
    buttons = dispatcher.messages[-1]["buttons"]
    if BACK_TO_STEPS not in buttons:
        buttons.append(BACK_TO_STEPS)
    return events


def _not_sure(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
    """Offer choices; the second time running, people."""
    action = ActionWhoCanHelp() if tracker.get_slot("unsure") else ActionOfferChoices()
    return action.run(dispatcher, tracker, domain)


def _go_on(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
    """Go on with a list of duties that is open, else with the path."""
    if tracker.get_slot("duties_shown") or tracker.get_slot("last_answers"):
        return ActionWhatElse().run(dispatcher, tracker, domain)
    return say_where(dispatcher, progress_of(tracker))
