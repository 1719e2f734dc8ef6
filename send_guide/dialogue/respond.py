"""What is done with a message: the one place that says which handler answers which intent."""

from __future__ import annotations

from collections.abc import Callable

from send_guide.dialogue import (
    answers,
    contacts,
    digressions,
    duties,
    escalation,
    fact_extraction,
    letters,
    path_replies,
    sessions,
    smalltalk,
)
from send_guide.dialogue.turn import Turn

Handler = Callable[[Turn], None]
HANDLERS: dict[str, Handler] = {
    "action_answer": answers.answer,
    "action_chosen": answers.chosen,
    "action_offer_choices": answers.offer_choices,
    "action_who_can_help": answers.who_can_help,
    "action_simpler": answers.simpler,
    "action_source": answers.source,
    "action_strength": answers.strength,
    "action_explain_terms": answers.explain_terms,
    "action_role_duties": duties.role_duties,
    "action_what_else": duties.what_else,
    "action_who_checks": duties.who_checks,
    "action_contact_them": contacts.contact_them,
    "action_speak_to_person": contacts.speak_to_person,
    "action_smalltalk": smalltalk.smalltalk,
    "action_start_again": smalltalk.start_again,
    "action_off_topic": smalltalk.off_topic,
    "action_where_were_we": sessions.where_were_we,
    "action_next_step": escalation.next_step,
    "action_my_steps": path_replies.my_steps,
    "action_write_letter": letters.write_letter,
}
"""What answers, by the name of the action that the rules of ``data/rules`` choose."""
ON_THE_PATH = frozenset(
    ("ask", "telling", "upset", "off_topic", "not_covered", "none_of_these", "what_else", "nlu_fallback")
)
"""Intents that on the guided path may answer the open question or tell something that matters to it."""


def respond(turn: Turn, action: str) -> None:
    """Answer a message.

    Args:
        turn: the message; what is said and what is known afterwards are put into it.
        action: what the rules have chosen.
    """
    fact_extraction.remember(turn)
    if turn.situation.on_path and turn.heard.intent in ON_THE_PATH:
        digressions.take_along(turn)
    else:
        HANDLERS[action](turn)
