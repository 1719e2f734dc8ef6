"""Look up answers: the one that was asked for, its simpler wording, its source, its strength."""

from __future__ import annotations

import re

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.escalation import begin
from actions.hearing import told_topic
from actions.path_replies import step_of
from actions.replies import (
    BACK_TO_STEPS,
    CONTACT,
    NONE_OF_THESE,
    SPEAK_TO_PERSON,
    Events,
    choice,
    kind_of,
    last_answers,
    say,
    say_answer,
)
from actions.sessions import about_what
from send_guide.content import get_content
from send_guide.content.wording import simpler, strength_sentence, what_it_says


def said(*answer_ids: str) -> Events:
    """Return the events that remember what was said."""
    return [SlotSet("last_answers", list(answer_ids)), SlotSet("unsure", False)]


class ActionAnswer(Action):
    """Say what was asked for: one answer, or one for each question of the message."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say the answers that understanding chose; offer the next best beside a single one."""
        understanding = tracker.latest_message.get("understanding") or {}
        found = [item for item in understanding.get("answers", []) if item["id"] in get_content().answers]
        if not found:
            return ActionOfferChoices().run(dispatcher, tracker, domain)
        entry = get_content().entries.get(found[0]["id"])
        if entry and entry.begins and len(found) == 1 and told_topic(tracker):
            return begin(dispatcher, tracker, entry.facts)
        choices = understanding.get("choices", []) if len(found) == 1 else []
        danger = found[0]["id"].startswith("urgent.")
        for item in found:
            answer = get_content().answers[item["id"]]
            say_answer(dispatcher, answer, confidence=item["confidence"], offered=[] if danger else choices)
        if danger and choices:
            say(
                dispatcher,
                "choices",
                response="utter_when_ready",
                offered=choices,
                buttons=[choice(answer_id) for answer_id in choices],
            )
        return said(*(item["id"] for item in found))


class ActionChosen(Action):
    """Say the answer that was picked from the choices."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_chosen"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say the answer named by the entity ``answer``; an unknown one is not understood."""
        answer = get_content().answers.get(next(tracker.get_latest_entity_values("answer"), ""))
        if answer is None:
            return ActionWhoCanHelp().run(dispatcher, tracker, domain)
        say_answer(dispatcher, answer)
        return said(answer.id)


class ActionOfferChoices(Action):
    """First stage of not being sure: up to three answers by title."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_offer_choices"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Offer the likeliest answers, or say who can help where none is likely."""
        if told_topic(tracker):
            return [*begin(dispatcher, tracker), FollowupAction("action_listen")]
        understanding = tracker.latest_message.get("understanding") or {}
        offered = [
            answer_id for answer_id in understanding.get("choices", []) if answer_id in get_content().answers
        ]
        if not offered:
            # the rule that calls this expects `unsure`: else Rasa would go on predicting, and say more
            return [*ActionWhoCanHelp().run(dispatcher, tracker, domain), SlotSet("unsure", True)]
        say(
            dispatcher,
            "choices",
            response="utter_did_you_mean",
            offered=offered,
            confidence=understanding.get("confidence"),
            buttons=[*(choice(answer_id) for answer_id in offered), NONE_OF_THESE],
        )
        return [SlotSet("unsure", True)]


class ActionWhoCanHelp(Action):
    """Second stage: say that it is not understood or not covered, and who can help."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_who_can_help"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Point to people."""
        say(dispatcher, "fallback", response="utter_who_can_help", buttons=[SPEAK_TO_PERSON])
        return [SlotSet("unsure", False)]


class ActionSimpler(Action):
    """Say the last answers in the easy-read wording."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_simpler"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say the simpler wording of each answer, or of the step, that was last said."""
        if step := step_of(tracker):
            say(dispatcher, "escalation", step.easy_read, step=step.id, buttons=[BACK_TO_STEPS])
            return []
        answers = last_answers(tracker)
        for answer in answers:
            text = simpler(answer, get_content().roles)
            say(dispatcher, kind_of(answer), text, answer_ids=[answer.id], buttons=[CONTACT])
        return [] if answers else about_what(dispatcher, tracker)


class ActionSource(Action):
    """Say where the last answers come from."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_source"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say source, evidence and the date it was checked."""
        if step := step_of(tracker):
            say(dispatcher, "escalation", what_it_says(step), step=step.id, buttons=[BACK_TO_STEPS])
            return []
        answers = last_answers(tracker)
        for answer in answers:
            lines = [f"{answer.title}: {answer.source}."]
            if answer.evidence:
                lines.append(f"Checked on {answer.evidence.checked:%d %B %Y}.")
                lines += answer.evidence.links[:2]
            say(dispatcher, kind_of(answer), "\n".join(lines), answer_ids=[answer.id])
        return [] if answers else about_what(dispatcher, tracker)


class ActionStrength(Action):
    """Say whether the last answers are a must, a should or information."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_strength"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say the strength with its source."""
        if step := step_of(tracker):
            say(dispatcher, "escalation", what_it_says(step), step=step.id, buttons=[BACK_TO_STEPS])
            return []
        answers = last_answers(tracker)
        for answer in answers:
            text = strength_sentence(answer, get_content().roles)
            if not answer.withdrawn:
                text += f"\nSource: {answer.source}"
            say(dispatcher, kind_of(answer), text, answer_ids=[answer.id])
        return [] if answers else about_what(dispatcher, tracker)


class ActionExplainTerms(Action):
    """Explain the special words of the last answers."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_explain_terms"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Offer the meaning of each glossary word that the last answers use."""
        answers = last_answers(tracker)
        if not answers:
            return about_what(dispatcher, tracker)
        words = " ".join(f"{answer.title} {answer.text} {answer.since or ''}" for answer in answers).lower()
        own = {answer.id for answer in answers}
        terms = [
            answer.id
            for answer in get_content().answers.values()
            if answer.section == "glossary" and answer.id not in own and _uses(words, answer.id)
        ][:3]
        if not terms:
            return ActionSimpler().run(dispatcher, tracker, domain)
        say(
            dispatcher,
            "choices",
            response="utter_which_word",
            offered=terms,
            buttons=[choice(answer_id) for answer_id in terms],
        )
        return []


def _uses(words: str, glossary_id: str) -> bool:
    """Return whether ``words`` hold the term of a glossary id (``glossary.ehc-plan``: "ehc plan")."""
    term = glossary_id.removeprefix("glossary.").replace("-", " ")
    return re.search(rf"\b{re.escape(term)}s?\b", words) is not None
