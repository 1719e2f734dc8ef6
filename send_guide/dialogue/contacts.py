"""Who to reach: for the last answer, or a person to talk to."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from send_guide.content import get_content
from send_guide.content.wording import contact_card
from send_guide.dialogue.answers import last_answers, say_answer, was_said
from send_guide.dialogue.buttons import BACK_TO_STEPS, TOO_MUCH
from send_guide.dialogue.path_replies import step_of
from send_guide.dialogue.turn import Turn
from send_guide.domain.reply import AnswerReply, WordsReply


def contact_them(turn: Turn) -> None:
    """Say how to reach who carries the duty of the last answer, then the contacts of the answer."""
    content = get_content()
    if step := step_of(turn):
        cards = "\n".join(contact_card(content.contacts[key]) for key in step.contacts[:2])
        turn.say(WordsReply(words=cards, says="escalation", step=step.id, choices=(BACK_TO_STEPS,)))
        return
    answers = last_answers(turn)
    if not answers:
        speak_to_person(turn)
        return
    answer = answers[0]
    role = content.roles[answer.about[0]] if answer.about else None
    if role and role.reach != answer.id:
        reach = content.answers[role.reach].for_person(turn.situation.known())
        turn.say(AnswerReply(answer=reach, form="reach", words=f"To reach {role.name}: {reach.text}"))
    keys = answer.contacts[:2] or (content.council.advice,)
    cards = "\n".join(contact_card(content.contacts[key]) for key in keys)
    turn.say(AnswerReply(answer=answer, form="contacts", words=cards))


def speak_to_person(turn: Turn) -> None:
    """Say how to reach independent advice, and offer the charities (``data/council.yml``).

    After danger: who answers at this hour.
    """
    if turn.situation.urgent and not turn.situation.all_safe:
        who_is_open_now(turn)
        return
    advice, *offered = get_content().council.speak_to
    intro = "I am an automated guide. These are people you can talk to."
    say_answer(turn, get_content().answers[advice], offered=offered, intro=intro)
    was_said(turn, advice)


def who_is_open_now(turn: Turn) -> None:
    """Say who answers at this hour, and who by day."""
    content, now = get_content(), datetime.datetime.now(ZoneInfo("Europe/London"))
    is_open = [one for one in content.contacts.values() if one.hours and one.hours.is_open(now)]
    cards = [contact_card(one) for one in is_open]
    advice = contact_card(content.contacts[content.council.advice])
    lines = [content.words["open-now"].text, *cards, f"In office hours, for advice:\n{advice}"]
    turn.say(WordsReply(words="\n".join(lines), says="smalltalk", choices=(TOO_MUCH[1],)))
