"""Look up answers: the one that was asked for, its simpler wording, its source, its strength."""

from __future__ import annotations

import re
from collections.abc import Sequence

from send_guide.content import Answer, get_content
from send_guide.content.wording import strength_sentence
from send_guide.dialogue import escalation, sessions
from send_guide.dialogue.buttons import (
    BACK_TO_STEPS,
    CONTACT,
    NONE_OF_THESE,
    SIMPLER,
    SPEAK_TO_PERSON,
    begin_path,
    choose_any,
)
from send_guide.dialogue.fact_extraction import told_topic
from send_guide.dialogue.path_replies import step_of
from send_guide.dialogue.turn import Turn
from send_guide.domain.reply import AnswerReply, StepReply, UrgentReply, WordsReply, kind_of


def answer(turn: Turn) -> None:
    """Say the answers that understanding chose; offer the next best beside a single one."""
    known = get_content().answers
    found = [(answer_id, sure) for answer_id, sure in turn.heard.answers if answer_id in known]
    if not found:
        offer_choices(turn)
        return
    entry = get_content().entries.get(found[0][0])
    if entry and entry.begins and len(found) == 1 and told_topic(turn):
        escalation.begin(turn, entry.facts)
        return
    choices = turn.heard.choices if len(found) == 1 else ()
    danger = kind_of(known[found[0][0]]) == "urgent"
    for answer_id, sure in found:
        say_answer(turn, known[answer_id], confidence=sure, offered=() if danger else choices)
    if danger and choices:
        turn.say_words("when-ready", "choices", offered=choices, choices=choose_any(choices))
    was_said(turn, *(answer_id for answer_id, _ in found))


def chosen(turn: Turn) -> None:
    """Say the answer that was picked from the choices; an unknown one is not understood."""
    found = get_content().answers.get(turn.heard.first("answer") or "")
    if found is None:
        who_can_help(turn)
        return
    say_answer(turn, found)
    was_said(turn, found.id)


def offer_choices(turn: Turn) -> None:
    """Offer the likeliest answers; the second time running, or where none is likely, say who can help."""
    if told_topic(turn):
        escalation.begin(turn)
        return
    offered = tuple(answer_id for answer_id in turn.heard.choices if answer_id in get_content().answers)
    if turn.situation.unsure or not offered:
        again = turn.situation.unsure
        who_can_help(turn)
        turn.situation.unsure = not again
        return
    words = get_content().words["did-you-mean"]
    turn.say(
        WordsReply(
            words=words.text,
            brief=words.short,
            says="choices",
            offered=offered,
            confidence=turn.heard.confidence,
            choices=(*choose_any(offered), NONE_OF_THESE),
        )
    )
    turn.situation.unsure = True
    turn.situation.last_offered = list(offered)


def who_can_help(turn: Turn) -> None:
    """Say that it is not understood or not covered, and point to people."""
    turn.say_words("who-can-help", "fallback", choices=(SPEAK_TO_PERSON,))
    turn.situation.unsure = False


def simpler(turn: Turn) -> None:
    """Say the simpler wording of each answer, or of the step, that was last said."""
    if step := step_of(turn):
        turn.say(StepReply(step=step, form="simpler", choices=(BACK_TO_STEPS,)))
        return
    for one in last_answers(turn):
        turn.say(AnswerReply(answer=one, form="simpler", choices=(CONTACT,)))
    if not last_answers(turn):
        sessions.about_what(turn)


def source(turn: Turn) -> None:
    """Say source, evidence and the date it was checked."""
    if step := step_of(turn):
        turn.say(StepReply(step=step, form="says", choices=(BACK_TO_STEPS,)))
        return
    for one in last_answers(turn):
        lines = [f"{one.title}: {one.source}."]
        if one.evidence:
            lines.append(f"Checked on {one.evidence.checked:%d %B %Y}.")
            lines += one.evidence.links[:2]
        turn.say(AnswerReply(answer=one, form="source", words="\n".join(lines)))
    if not last_answers(turn):
        sessions.about_what(turn)


def strength(turn: Turn) -> None:
    """Say whether the last answers are a must, a should or information, with the source."""
    if step := step_of(turn):
        turn.say(StepReply(step=step, form="says", choices=(BACK_TO_STEPS,)))
        return
    for one in last_answers(turn):
        words = strength_sentence(one, get_content().roles)
        if not one.withdrawn:
            words += f"\nSource: {one.source}"
        turn.say(AnswerReply(answer=one, form="strength", words=words))
    if not last_answers(turn):
        sessions.about_what(turn)


def explain_terms(turn: Turn) -> None:
    """Offer the meaning of each glossary word that the last answers use."""
    answers = last_answers(turn)
    if not answers:
        sessions.about_what(turn)
        return
    words = " ".join(f"{one.title} {one.text} {one.since or ''}" for one in answers).lower()
    own = {one.id for one in answers}
    terms = tuple(
        one.id
        for one in get_content().answers.values()
        if one.section == "glossary" and one.id not in own and _uses(words, one.id)
    )[:3]
    if not terms:
        simpler(turn)
        return
    turn.say_words("which-word", "choices", offered=terms, choices=choose_any(terms))


def _uses(words: str, glossary_id: str) -> bool:
    """Return whether ``words`` hold the term of a glossary id (``glossary.ehc-plan``: "ehc plan")."""
    term = glossary_id.removeprefix("glossary.").replace("-", " ")
    return re.search(rf"\b{re.escape(term)}s?\b", words) is not None


def say_answer(
    turn: Turn, said: Answer, *, confidence: float | None = None, offered: Sequence[str] = (), intro: str = ""
) -> None:
    """Say one answer in full, as it is for this person, with the follow-ups they are likely to want.

    Args:
        turn: the message.
        said: what to say.
        confidence: how sure understanding was, 0 to 1, or None.
        offered: other answers the person may have meant, offered as buttons.
        intro: a sentence that goes before the answer.
    """
    urgent = kind_of(said) == "urgent"
    follow_ups = () if urgent else (SIMPLER, CONTACT)
    kind = UrgentReply if urgent else AnswerReply
    turn.say(
        kind(
            answer=said.for_person(turn.situation.known()),
            intro=intro,
            confidence=confidence,
            offered=tuple(offered),
            choices=(*follow_ups, *begin_path(said), *choose_any(offered)),
        )
    )


def was_said(turn: Turn, *answer_ids: str) -> None:
    """Remember what was said."""
    turn.situation.said = list(answer_ids)
    turn.situation.unsure = False


def last_answers(turn: Turn) -> list[Answer]:
    """Return the answers that were last said, as they are for this person, best first."""
    return _known(turn, turn.situation.said)


def remembered(turn: Turn) -> list[Answer]:
    """Return the answers that were last said in the session before this one."""
    return _known(turn, turn.situation.remembered)


def _known(turn: Turn, answer_ids: list[str]) -> list[Answer]:
    answers, known = get_content().answers, turn.situation.known()
    return [answers[one].for_person(known) for one in answer_ids if one in answers]
