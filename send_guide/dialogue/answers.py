"""Look up answers: the one that was asked for, its simpler wording, its source, its strength."""

from __future__ import annotations

import re
from collections.abc import Sequence

from send_guide.content import Answer, get_content
from send_guide.content.wording import strength_sentence
from send_guide.dialogue import escalation, sessions, triage
from send_guide.dialogue.buttons import (
    BACK_TO_STEPS,
    CONTACT,
    SIMPLER,
    SOMETHING_ELSE,
    SPEAK_TO_PERSON,
    choose_any,
    tools_of,
)
from send_guide.dialogue.fact_extraction import told_topic
from send_guide.dialogue.path_replies import step_of
from send_guide.dialogue.triage import MOST_CHOICES
from send_guide.dialogue.turn import Turn
from send_guide.domain.reply import AnswerReply, Choice, StepReply, UrgentReply, kind_of, lines_of


def answer(turn: Turn) -> None:
    """Say the answers that understanding chose; offer the next best beside a single one."""
    known = get_content().answers
    if _said_instead(turn):
        return
    likeliest = {triage.as_known(turn, answer_id): sure for answer_id, sure in reversed(turn.heard.answers)}
    found = [(answer_id, sure) for answer_id, sure in reversed(likeliest.items()) if answer_id in known]
    if not found:
        offer_choices(turn)
        return
    if turn.heard.part is not None:
        _part(turn, known[found[0][0]].for_person(turn.situation.known()), turn.heard.part, found[1:])
        return
    entry = get_content().entries.get(found[0][0])
    one = len(found) == 1 or turn.heard.in_short
    if entry and entry.begins and one and told_topic(turn):
        escalation.begin(turn, entry.facts)
        return
    if turn.heard.in_short:
        _in_short(turn, found, "either")
        was_said(turn, *(answer_id for answer_id, _ in found))
        turn.situation.forms, turn.situation.unsure = ["in_short"], True
        return
    choices = turn.heard.choices if len(found) == 1 else ()
    danger = kind_of(known[found[0][0]]) == "urgent"
    for answer_id, sure in found:
        say_answer(turn, known[answer_id], confidence=sure, offered=() if danger else choices)
    if danger and choices:
        turn.say_words("when-ready", "choices", offered=choices, choices=choose_any(choices))
    elif left := turn.heard.choices[: MOST_CHOICES if len(found) > 1 else 0]:
        turn.say_words("asked-more", "choices", offered=left, choices=choose_any(left))
    was_said(turn, *(answer_id for answer_id, _ in found))


def _said_instead(turn: Turn) -> bool:
    """Say the answer that fits a fact told in short, where one does; return whether it was said."""
    instead = triage.told_instead(turn)
    if instead:
        say_answer(turn, get_content().answers[instead])
        was_said(turn, instead)
    return bool(instead)


def _in_short(turn: Turn, found: Sequence[tuple[str, float]], intro: str) -> None:
    """Say answers of which it may be any, each in short with a button for all of it; offer the next best.

    Args:
        turn: the message.
        found: (id, probability) of each.
        intro: words of ``data/words.yml`` that go before the first.
    """
    content, known, offered = get_content(), turn.situation.known(), turn.heard.choices
    for at, (answer_id, sure) in enumerate(found):
        last = at == len(found) - 1
        turn.say(
            AnswerReply(
                answer=content.answers[answer_id].for_person(known),
                form="in_short",
                intro=content.words[intro].text if at == 0 else "",
                confidence=sure,
                offered=offered if last else (),
                choices=choose_any((answer_id, *offered) if last else (answer_id,)),
            )
        )


def _part(turn: Turn, said: Answer, part: int, beside: Sequence[tuple[str, float]]) -> None:
    """Say the line of the last answer that a follow-up asks for, and what it may have gone on to.

    Where that line was said already, the answer is said more simply; then others are offered.

    Args:
        turn: the message.
        said: the last answer, as it is for this person.
        part: the line.
        beside: (id, probability) of an answer that is as likely meant: it is said in short; else what may
            be meant is offered.
    """
    lines, situation = lines_of(said), turn.situation
    offered = () if beside else turn.heard.choices
    choices = () if beside else (*tools_of(said), *choose_any(offered))
    if part < len(lines) and f"part.{part}" not in situation.forms:
        goes_on = part == 1 + len(said.points)  # what to do next is one matter, of several lines
        words = "\n".join(lines[part:]) if goes_on else lines[part]
        turn.say(AnswerReply(answer=said, form="part", words=words, offered=offered, choices=choices))
        situation.forms.append(f"part.{part}")
    elif not beside and "simpler" not in situation.forms:
        turn.say(AnswerReply(answer=said, form="simpler", offered=offered, choices=choices))
        situation.forms.append("simpler")
    elif not beside:
        turn.say_words(
            "said-already", "choices", offered=offered, choices=(*choices, SIMPLER, SOMETHING_ELSE)
        )
    _in_short(turn, beside, "or-this")
    situation.unsure = False
    situation.others = [*(answer_id for answer_id, _ in beside), *turn.heard.choices]


def chosen(turn: Turn) -> None:
    """Say the answer that was picked from the choices; an unknown one is not understood."""
    found = get_content().answers.get(turn.heard.first("answer") or "")
    if found is None:
        who_can_help(turn)
        return
    say_answer(turn, found)
    was_said(turn, found.id)


def offer_choices(turn: Turn) -> None:
    """Offer the likeliest answers, or the question that decides; where none is likely, topics and people."""
    if told_topic(turn):
        escalation.begin(turn)
        return
    if _said_instead(turn):
        return
    rejected = turn.situation.rejected
    offered = tuple(key for key in turn.heard.choices if key in get_content().answers and key not in rejected)
    if offered and not (turn.situation.unsure and list(offered) == turn.situation.others):
        triage.offer(turn, offered)
        return
    again = turn.situation.unsure
    who_can_help(turn)
    turn.situation.unsure = not again


def none_of_these(turn: Turn) -> None:
    """Drop what was offered, and show topics and people."""
    turn.situation.rejected = list(dict.fromkeys([*turn.situation.rejected, *turn.situation.others]))
    turn.situation.others, turn.situation.unsure = [], False
    choices = (*(Choice(item.title, item.says) for item in get_content().start_here),)
    turn.say_words("none-of-those", "choices", choices=choices)


def decided(turn: Turn) -> None:
    """Take the answer to the question that decides, and say what follows from it."""
    tapped = turn.heard.tapped
    facts = {key: value for key, value in tapped.items() if key != "answer"}
    turn.situation.tell(facts, "tapped")
    turn.situation.open = ""
    chosen(turn)


def who_can_help(turn: Turn) -> None:
    """Say that it is not understood or not covered, and point to people and topics."""
    turn.say_words("who-can-help", "fallback", choices=(SPEAK_TO_PERSON, SOMETHING_ELSE))
    turn.situation.unsure = False


def simpler(turn: Turn) -> None:
    """Say the simpler wording of each answer, or of the step, that was last said."""
    if step := step_of(turn):
        turn.say(StepReply(step=step, form="simpler", choices=(BACK_TO_STEPS,)))
        return
    for one in last_answers(turn):
        turn.say(AnswerReply(answer=one, form="simpler", choices=(CONTACT,)))
    turn.situation.forms.append("simpler")
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
    kind, fitting = UrgentReply if urgent else AnswerReply, said.for_person(turn.situation.known())
    turn.say(
        kind(
            answer=fitting,
            intro=intro,
            confidence=confidence,
            offered=tuple(offered),
            choices=(*tools_of(fitting), *follow_ups, *choose_any(offered)),
        )
    )


def was_said(turn: Turn, *answer_ids: str) -> None:
    """Remember what was said."""
    situation = turn.situation
    situation.said, situation.forms, situation.unsure, situation.open = list(answer_ids), ["full"], False, ""
    situation.others = [key for key, _ in turn.heard.likeliest if key not in answer_ids]


def last_answers(turn: Turn) -> list[Answer]:
    """Return the answers that were last said, as they are for this person, best first."""
    return _known(turn, turn.situation.said)


def remembered(turn: Turn) -> list[Answer]:
    """Return the answers that were last said in the session before this one."""
    return _known(turn, turn.situation.remembered)


def _known(turn: Turn, answer_ids: list[str]) -> list[Answer]:
    answers, known = get_content().answers, turn.situation.known()
    return [answers[one].for_person(known) for one in answer_ids if one in answers]
