"""What a role has to do, in readable portions, and who checks it."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import said
from actions.replies import MORE, Events, choice, last_answers, say, say_answer
from actions.sessions import about_what
from send_guide.content import get_content
from send_guide.content.wording import STRENGTH_WORDS

PORTION = 4
"""Duties said at a time: what fits a phone's screen."""


class ActionRoleDuties(Action):
    """List what a role has to do, from the beginning."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_role_duties"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say the first portion of the duties of the role in the message."""
        role = next(tracker.get_latest_entity_values("role"), None)
        if role not in get_content().roles:
            say(
                dispatcher,
                "choices",
                response="utter_which_role",
                buttons=[
                    {"title": found.name, "payload": f'/role_duties{{"role": "{found.key}"}}'}
                    for found in get_content().roles.values()
                ],
            )
            return []
        return say_portion(dispatcher, str(role), 0)


class ActionWhatElse(Action):
    """Go on with the duties, or start with those of the role the last answer was about."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_what_else"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say the next portion."""
        role, shown = tracker.get_slot("role_shown"), tracker.get_slot("duties_shown")
        if role in get_content().roles and shown:
            return say_portion(dispatcher, role, int(shown))
        for answer in last_answers(tracker):
            if answer.about:
                return say_portion(dispatcher, answer.about[0], 0)
        return about_what(dispatcher, tracker)


class ActionWhoChecks(Action):
    """Say who checks that the duties of the last answer are carried out."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_who_checks"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say the answer that tells who checks, and offer the next one."""
        content = get_content()
        answers = last_answers(tracker)
        if not answers:
            return about_what(dispatcher, tracker)
        role = content.roles[answers[0].about[0]] if answers[0].about else content.roles["school"]
        first, *others = role.checked_by
        say_answer(dispatcher, content.answers[first], offered=others, lead=f"Who checks {role.name}:")
        return said(first)


def say_portion(dispatcher: CollectingDispatcher, role_key: str, start: int) -> Events:
    """Say up to :data:`PORTION` duties of a role from position ``start``, each with its strength."""
    role = get_content().roles[role_key]
    duties = get_content().duties_of(role_key)
    portion = duties[start : start + PORTION]
    if not portion:
        say(dispatcher, "smalltalk", f"That is everything the offer says about {role.name}.")
        return [SlotSet("duties_shown", None)]
    end = start + len(portion)
    lines = [f"What the offer asks of {role.name} ({start + 1} to {end} of {len(duties)}):"]
    lines += [f"- {STRENGTH_WORDS[duty.strength].capitalize()} {duty.duty}." for duty in portion]
    lines.append(f"Source: {portion[0].source.document}, {portion[0].source.offer}")
    buttons = [choice(duty.id) for duty in portion] + ([MORE] if end < len(duties) else [])
    ids = [duty.id for duty in portion]
    say(dispatcher, "answer", "\n".join(lines), answer_ids=ids, buttons=buttons)
    return [
        *said(*ids),
        SlotSet("role_shown", role_key),
        SlotSet("duties_shown", end if end < len(duties) else None),
    ]
