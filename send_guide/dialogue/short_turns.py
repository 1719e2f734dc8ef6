"""Short turns: "ok", "what?", "that is wrong", "too long", "how long have i got", and about the guide itself.

What each means stands in ``data/nlu/short-turns.yml``; here is what is said to it, by what was said before.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from send_guide.content import get_content
from send_guide.content.schema import is_urgent
from send_guide.dialogue import (
    after_danger,
    answers,
    contacts,
    escalation,
    path_replies,
    sessions,
    time_limits,
)
from send_guide.dialogue.buttons import (
    BACK_TO_STEPS,
    SOMETHING_ELSE,
    SPEAK_TO_PERSON,
    STEP_BY_STEP,
    TOO_MUCH,
    choose_any,
    path_button,
    tools_of,
)
from send_guide.dialogue.turn import Turn
from send_guide.domain.reply import AnswerReply, Choice, StepReply, WordsReply
from send_guide.domain.situation import CHILDREN, Situation
from send_guide.domain.text import words_of

NEXT = 2
"""Answers that are offered as what often comes next."""
OTHERS = 3
"""Answers that are offered instead of a wrong one."""


def short_turn(turn: Turn) -> None:
    """Say what a short turn calls for."""
    HANDLERS[turn.heard.intent](turn)


def start_here() -> tuple[Choice, ...]:
    """Return what people most often come with, as choices."""
    return tuple(Choice(item.title, item.says) for item in get_content().start_here)


def topics(turn: Turn) -> None:
    """Offer what people most often come with."""
    turn.say_words("ask-me-first", "choices", choices=start_here())


def help_me(turn: Turn) -> None:
    """Say what can be done about the last answer; else ask what happened, with topics.

    Somebody who is not safe finds the button.
    """
    found = [one for one in answers.last_answers(turn) if one.do_next]
    if found and "next" not in turn.situation.forms:
        words = "\n".join(item.say for item in found[0].do_next)
        offered = next_answers(turn)
        choices = (*tools_of(found[0]), *choose_any(offered))
        turn.say(AnswerReply(answer=found[0], form="part", words=words, offered=offered, choices=choices))
        turn.situation.forms.append("next")
        return
    turn.say_words("help-me", "choices", choices=(*start_here(), TOO_MUCH[0]))


def where_were_we(turn: Turn) -> None:
    """Say what can be done about what is talked about; in a new session, offer to go on with the last."""
    said = turn.situation.said
    if said and not turn.situation.on_path and not any(map(is_urgent, said)):
        help_me(turn)
    else:
        sessions.about_what(turn)


def next_answers(turn: Turn) -> tuple[str, ...]:
    """Return ids of answers that often come next after the last one."""
    said = turn.situation.said
    related = (key for one in answers.last_answers(turn) for key in one.related)
    known = get_content().answers
    return tuple(dict.fromkeys(key for key in related if key not in said and key in known))[:NEXT]


def acknowledge(turn: Turn, words: str = "acknowledged") -> None:
    """Take an "ok": the step or the question stays, or what often comes next is offered.

    Only a question that was asked just now is asked again, in other words.

    Args:
        turn: the message.
        words: words of ``data/words.yml`` with which what comes next is offered.
    """
    progress, found = turn.situation.progress, answers.last_answers(turn)
    if progress is not None and path_replies.was_just_asked(turn, progress):
        path_replies.say_where(turn, progress)
    elif progress is not None and not found:
        turn.say_words("step-stays", "smalltalk", choices=(BACK_TO_STEPS,))
    elif found:
        offered, back = next_answers(turn), () if progress is None else (BACK_TO_STEPS,)
        choices = (*choose_any(offered), *tools_of(found[0]), *back, SOMETHING_ELSE)
        turn.say_words(words, "smalltalk", offered=offered, choices=choices)
    else:
        turn.say_words("anything-else", "smalltalk", choices=start_here())


def dismayed(turn: Turn) -> None:
    """Take an "oh no": as an "ok", with a kind word."""
    acknowledge(turn, "a-lot-at-once")


def affirm(turn: Turn) -> None:
    """Take a "yes" to what was offered where it was not clear what is meant; else as an "ok"."""
    first = turn.situation.last_choices[:1]
    if turn.situation.unsure and first:
        turn.tap(Choice(*first[0]))
    else:
        acknowledge(turn)


def deny(turn: Turn) -> None:
    """Take a "no": none of what was offered; else as an "ok"."""
    if turn.situation.unsure:
        turn.say_words("none-of-those", "choices", choices=start_here())
        turn.situation.unsure = False
    else:
        acknowledge(turn)


def confused(turn: Turn) -> None:
    """Say the last answer, step or question in simpler words; the second time, who can explain it."""
    progress, situation = turn.situation.progress, turn.situation
    if step := path_replies.step_of(turn):
        turn.say(StepReply(step=step, form="simpler", choices=(BACK_TO_STEPS,)))
    elif progress is not None and progress.asked:
        path_replies.say_where(turn, progress)
    elif situation.said and "simpler" not in situation.forms:
        answers.simpler(turn)
    elif situation.said:
        explain = Choice("Explain the words", "/explain_terms")
        turn.say_words("not-clear", "smalltalk", choices=(explain, SPEAK_TO_PERSON, SOMETHING_ELSE))
    else:
        help_me(turn)


def say_again(turn: Turn) -> None:
    """Say the last answer or step again, shorter."""
    found = answers.last_answers(turn)
    if step := path_replies.step_of(turn):
        turn.say(StepReply(step=step, form="simpler", choices=(BACK_TO_STEPS,)))
    elif found:
        for one in found:
            turn.say(AnswerReply(answer=one, form="part", words=one.short))
    else:
        help_me(turn)


def too_long(turn: Turn) -> None:
    """Say the last answer in one or two lines."""
    found = answers.last_answers(turn)
    if not found:
        say_again(turn)
        return
    for one in found[:1]:
        lines = [one.lead or one.short, *(item.say for item in one.do_next[:1])]
        turn.say(AnswerReply(answer=one, form="part", words="\n".join(lines), choices=tools_of(one)))


def wrong_answer(turn: Turn) -> None:
    """Drop the answer, and offer what else may have been meant."""
    situation = turn.situation
    situation.rejected = list(dict.fromkeys([*situation.rejected, *situation.said]))
    others = [*situation.others, *next_answers(turn)]
    left = [key for key in dict.fromkeys(others) if key not in situation.rejected][:OTHERS]
    situation.said, situation.unsure = [], True
    if left:
        offered = tuple(left)
        choices = (*choose_any(offered), SOMETHING_ELSE)
        turn.say_words("wrong-answer", "choices", offered=offered, choices=choices)
        situation.others = []
    else:
        turn.say_words("wrong-answer-nothing-else", "choices", choices=start_here())


def frustrated(turn: Turn) -> None:
    """Say sorry, and offer people first."""
    offered = tuple(turn.situation.others[:NEXT]) or next_answers(turn)
    choices = (SPEAK_TO_PERSON, *choose_any(offered), SOMETHING_ELSE)
    turn.say_words("frustrated", "smalltalk", offered=offered, choices=choices)


def dont_know(turn: Turn) -> None:
    """Leave the open question open; without one, offer topics."""
    progress = turn.situation.progress
    if progress is not None and progress.asked:
        escalation.skip(turn, progress)
    else:
        turn.say_words("that-is-fine", "choices", choices=start_here())


def did_already(turn: Turn) -> None:
    """Go on to the step that comes after what has been done."""
    _on_the_path(turn, "did-already")


def did_not_work(turn: Turn) -> None:
    """Go on to the step that comes after what did not help; where nothing was said yet, ask who said no."""
    if turn.situation.on_path or answers.last_answers(turn):
        _on_the_path(turn, "did-not-work")
    else:
        turn.say_words("who-said-no", "choices", choices=start_here())


def _on_the_path(turn: Turn, words: str) -> None:
    progress, found = turn.situation.progress, answers.last_answers(turn)
    if progress is None and found:
        offered = next_answers(turn)
        choices = (*choose_any(offered), *tools_of(found[0]), STEP_BY_STEP, SOMETHING_ELSE)
        turn.say_words("what-comes-next", "choices", offered=offered, choices=choices)
    elif progress is None:
        escalation.begin(turn)
    elif progress.asked:
        escalation.skip(turn, progress)
    else:
        escalation.finish(turn, progress, get_content().words[words].text)


def leave_path(turn: Turn) -> None:
    """Leave the path; its steps are kept for who wants to go back."""
    situation = turn.situation
    if situation.progress is None:
        frustrated(turn)
        return
    choices = (*start_here(), path_button("Back to my steps", "resume", "yes"))
    situation.remembered_progress, situation.progress = situation.progress, None
    turn.say_words("left-the-path", "choices", choices=choices)


def delete_my_words(turn: Turn) -> None:
    """Say how to delete the conversation, and forget what was understood."""
    turn.say_words("delete-my-words", "smalltalk")
    turn.forget()


def what_do_you_know(turn: Turn) -> None:
    """Show what has been understood; each can be taken back."""
    told, others = turn.situation.in_words(), _of_other_children(turn.situation)
    if not told and not others:
        turn.say_words("nobody-knows-yet", "smalltalk")
        return
    lines = [get_content().words["what-i-know"].text, *(f"- {words}" for words in told.values()), *others]
    choices = tuple(
        Choice(f"Not right: {words}"[:60], "/forget_fact" + json.dumps({"fact": key}))
        for key, words in told.items()
    )
    turn.say(WordsReply(words="\n".join(lines), says="smalltalk", choices=choices))


def _of_other_children(situation: Situation) -> list[str]:
    """Return what is known of each child that is not talked about now, a line each."""
    known = {child: Situation.of_json(kept).in_words() for child, kept in situation.children.items()}
    return [f"- Of {CHILDREN[child]}: {'; '.join(told.values())}" for child, told in known.items() if told]


def about_another_child(turn: Turn) -> bool:
    """Say that it is about another child now; where nothing more was told, ask what it is about.

    Returns:
        Whether that is all there is to say.
    """
    said = words_of(turn.heard.text)
    if set(said) - set(get_content().triage.of_a_child):
        turn.say_words("another-child", "smalltalk")
        return False
    again = tuple(one.id for one in answers.last_answers(turn) if not is_urgent(one.id))
    turn.say_words(
        "another-child-what", "choices", offered=again, choices=(*choose_any(again), *start_here())
    )
    return True


def may_they(turn: Turn) -> None:
    """Say what the last answer comes to: whether it is allowed stands there, and in no set sentence."""
    known = get_content().answers
    offered = [known[key] for key in turn.situation.others[:1] if key in known]
    others = [one.for_person(turn.situation.known()) for one in offered]
    last = answers.last_answers(turn)
    # what to do in danger says nothing of what is allowed; what else was told of does
    found = [one for one in last if not is_urgent(one.id)] or others or last
    if not found:
        help_me(turn)
        return
    one = found[0]
    offered_next = tuple(key for key in next_answers(turn) if key != one.id and not is_urgent(key))
    choices = (*choose_any((one.id, *offered_next)), *tools_of(one))
    turn.say(AnswerReply(answer=one, form="in_short", offered=offered_next, choices=choices))


def _say(name: str) -> Callable[[Turn], None]:
    return lambda turn: turn.say_words(name, "smalltalk", choices=(SOMETHING_ELSE,))


HANDLERS: dict[str, Callable[[Turn], None]] = {
    "acknowledge": acknowledge,
    "affirm": affirm,
    "dismayed": dismayed,
    "deny": deny,
    "nothing": deny,
    "confused": confused,
    "say_again": say_again,
    "too_long": too_long,
    "wrong_answer": wrong_answer,
    "frustrated": frustrated,
    "dont_know": dont_know,
    "help_me": help_me,
    "topics": topics,
    "how_long": time_limits.how_long,
    "did_already": did_already,
    "did_not_work": did_not_work,
    "leave_path": leave_path,
    "is_it_private": _say("is-it-private"),
    "delete_my_words": delete_my_words,
    "who_made_you": _say("who-made-you"),
    "how_do_you_know": _say("how-do-you-know"),
    "who_is_open_now": contacts.who_is_open_now,
    "what_do_you_know": what_do_you_know,
    "safe_now": after_danger.safe_now,
    "not_safe": after_danger.not_safe,
    "may_they": may_they,
    "where_were_we": where_were_we,
}
"""What is said to a short turn, by its intent."""

__all__ = ["HANDLERS", "short_turn", "start_here"]
