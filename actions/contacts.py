"""Who to reach: for the last answer, or a person to talk to."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import said
from actions.path_replies import step_of
from actions.replies import BACK_TO_STEPS, Events, last_answers, say, say_answer
from send_guide.content import get_content
from send_guide.content.wording import contact_card


class ActionContactThem(Action):
    """Say how to reach those the last answer is about."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_contact_them"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say how to reach who carries the duty, then the contacts of the answer."""
        content = get_content()
        answers = last_answers(tracker)
        if step := step_of(tracker):
            cards = "\n".join(contact_card(content.contacts[key]) for key in step.contacts[:2])
            say(dispatcher, "escalation", cards, step=step.id, buttons=[BACK_TO_STEPS])
            return []
        if not answers:
            return ActionSpeakToPerson().run(dispatcher, tracker, domain)
        answer = answers[0]
        reach = content.roles[answer.about[0]].reach if answer.about else None
        if reach and reach != answer.id:
            text = f"To reach {content.roles[answer.about[0]].name}: {content.answers[reach].text}"
            say(dispatcher, "answer", text, answer_ids=[reach])
        keys = answer.contacts[:2] or (content.council.advice,)
        cards = "\n".join(contact_card(content.contacts[key]) for key in keys)
        say(dispatcher, "answer", cards, answer_ids=[answer.id])
        return []


class ActionSpeakToPerson(Action):
    """Say who there is to talk to."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_speak_to_person"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say how to reach independent advice, and offer the charities (``data/council.yml``)."""
        advice, *offered = get_content().council.speak_to
        say_answer(
            dispatcher,
            get_content().answers[advice],
            offered=offered,
            lead="I am an automated guide. These are people you can talk to.",
        )
        return said(advice)
