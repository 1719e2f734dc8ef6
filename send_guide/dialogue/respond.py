"""What is done with a message: the one place that says which handler answers which intent.

In this order: what it tells is kept; a message after danger is met with care; a pick or a short turn is taken
for what it is; on the guided path it may answer the open question; else its intent decides.
"""

from __future__ import annotations

from collections.abc import Callable

from send_guide.content import get_content
from send_guide.content.loader import whole_message
from send_guide.dialogue import (
    after_danger,
    answers,
    contacts,
    digressions,
    duties,
    escalation,
    fact_extraction,
    letters,
    path_replies,
    short_turns,
    smalltalk,
    time_limits,
)
from send_guide.dialogue.turn import Turn, Understanding, asks
from send_guide.domain.guided_path import REPORTS
from send_guide.domain.picks import picked
from send_guide.domain.reply import Choice, UrgentReply
from send_guide.domain.text import words_of

Handler = Callable[[Turn], None]
HANDLERS: dict[str, Handler] = {
    "ask": answers.answer,
    "choose": answers.chosen,
    "decide": answers.decided,
    "nlu_fallback": answers.offer_choices,
    "none_of_these": answers.none_of_these,
    "not_covered": answers.who_can_help,
    "off_topic": smalltalk.off_topic,
    "telling": answers.offer_choices,
    "upset": smalltalk.upset,
    "simpler": answers.simpler,
    "where_from": answers.source,
    "is_it_a_must": answers.strength,
    "explain_terms": answers.explain_terms,
    "role_duties": duties.role_duties,
    "what_else": duties.what_else,
    "who_checks": duties.who_checks,
    "contact_them": contacts.contact_them,
    "speak_to_person": contacts.speak_to_person,
    "greet": smalltalk.smalltalk,
    "thanks": smalltalk.smalltalk,
    "goodbye": smalltalk.smalltalk,
    "what_can_you_do": smalltalk.smalltalk,
    "are_you_a_robot": smalltalk.smalltalk,
    "start_again": smalltalk.start_again,
    "school_not_helping": escalation.next_step,
    "path": escalation.next_step,
    "step_done": escalation.next_step,
    "not_yet": escalation.next_step,
    "step_back": escalation.next_step,
    "skip_step": escalation.next_step,
    "my_steps": path_replies.my_steps,
    "write_letter": letters.write_letter,
    "date": digressions.tapped_date,
    "forget_fact": smalltalk.forget_fact,
    **dict.fromkeys(short_turns.HANDLERS, short_turns.short_turn),
}
"""What answers, by intent. The rules of ``data/rules`` name an action for each."""
ON_THE_PATH = frozenset(
    ("ask", "telling", "upset", "off_topic", "not_covered", "none_of_these", "what_else", "nlu_fallback")
)
"""Intents that on the guided path may answer the open question or tell something that matters to it."""
MAY_FOLLOW = REPORTS | {"help_me"}
"""Short turns that off the path are about the last answer, where they were read as that."""
MAY_TELL = frozenset(("ask", "telling", "upset", "off_topic", "not_covered", "nlu_fallback"))
"""Intents that a message is taken for which says of whom it is, and nothing more."""
QUESTION_WORDS = frozenset(("how", "when", "where", "which", "who", "why"))
"""Messages that ask about nothing where nothing has been said."""
MOST_WORDS = 9
"""Words of a message that may be a short turn, taken word for word."""


def respond(turn: Turn) -> None:
    """Answer a message; what is said and what is known afterwards are put into the turn."""
    fact_extraction.remember(turn)
    if not turn.heard.is_tap:
        time_limits.keep_date_of_pasted_letter(turn)
    if turn.other_child and not turn.heard.is_urgent and short_turns.about_another_child(turn):
        _remember_choices(turn)
        return
    if not turn.heard.is_tap and after_danger.meet(turn):
        _remember_choices(turn)
        return
    if not turn.heard.is_tap:
        turn.heard = _taken_for(turn)
    _answer(turn)
    if turn.then:
        turn.heard, turn.then = Understanding.of_tap(turn.then), ""
        _answer(turn)
    if turn.heard.possible_danger and not turn.situation.all_safe:
        after_danger.ask_if_safe(turn)
    _remember_choices(turn)


def _answer(turn: Turn) -> None:
    intent = turn.heard.intent
    if turn.heard.is_tap or not turn.situation.on_path:
        if not turn.heard.is_tap and (time_limits.take(turn) or time_limits.say_known(turn)):
            return
        HANDLERS[intent](turn)
    elif intent in ON_THE_PATH or intent in short_turns.HANDLERS:
        digressions.take_along(turn)
    else:
        HANDLERS[intent](turn)


def _taken_for(turn: Turn) -> Understanding:
    """Return how a typed message is taken: a pick of what was offered, a short turn, or as it was read."""
    heard = turn.heard
    if heard.is_urgent:
        return heard
    offered = [Choice(*choice) for choice in turn.situation.last_choices]
    on_question = turn.situation.progress is not None and bool(turn.situation.progress.asked)
    found = None if on_question else picked(heard.text, offered)
    if found:
        taps = [Understanding.of_tap(choice.payload) for choice in found]
        ids = tuple((tap.first("answer") or "", 1.0) for tap in taps)
        if len(taps) > 1 and all(key for key, _ in ids):
            return Understanding(text=heard.text, intent="ask", answers=ids)
        return taps[0]
    if found == []:
        return Understanding(text=heard.text, intent="none_of_these")
    if duties.goes_on(turn):
        return heard.as_intent("what_else")
    if heard.intent == "start_again" and asks(heard.text):  # "do we have to start again": no order
        heard = heard.as_intent("nlu_fallback")
    short = get_content().short_turns.get(whole_message(heard.text))
    if not short and not turn.situation.said and whole_message(heard.text) in QUESTION_WORDS:
        return heard.as_intent("topics")
    if not short and heard.intent in MAY_TELL and _says_only_who(turn):
        return heard.as_intent("help_me")
    follows = heard.intent == "ask" and short in MAY_FOLLOW and not turn.situation.on_path
    if short and not follows and len(heard.text.split()) <= MOST_WORDS:
        return heard.as_intent(short)
    return heard


def _says_only_who(turn: Turn) -> bool:
    """Return whether a first message says who writes, or of whom, and nothing more: "my daughter"."""
    said = words_of(turn.heard.text)
    begins = not (turn.situation.said or turn.situation.on_path)
    return begins and bool(said) and not set(said) - set(get_content().triage.of_who)


def _remember_choices(turn: Turn) -> None:
    """Remember what can be tapped now, so that it can be picked in words as well."""
    choices = [[one.title, one.payload] for reply in turn.replies for one in reply.choices]
    if choices:
        turn.situation.last_choices = choices
    for urgent in (reply.answer.id for reply in turn.replies if isinstance(reply, UrgentReply)):
        turn.situation.danger, turn.situation.urgent, turn.situation.all_safe = True, urgent, False
