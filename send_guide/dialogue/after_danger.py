"""After danger: people are asked, with care, whether they are safe, and nothing goes on by itself.

Who says that nobody is in danger is believed; who says that they are not safe is told what to do; a question
of something else is answered. What is said stands in ``data/words.yml``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from send_guide.content import get_content
from send_guide.content.loader import whole_message
from send_guide.content.schema import is_urgent
from send_guide.dialogue import answers, contacts
from send_guide.dialogue.buttons import BACK_TO_STEPS, SAFE_NOW, SPEAK_TO_PERSON, TOO_MUCH, choose_any
from send_guide.dialogue.turn import Turn, Understanding, asks
from send_guide.domain.reply import AnswerReply
from send_guide.domain.safety import in_danger
from send_guide.domain.text import speaks_of

IS_IT_SAFE = "safe"
"""The open question whether everybody is safe, after danger."""
ASKED_IF_SAFE = "in-danger."
"""What the open question whether anybody is in danger begins with; the id of the urgent answer follows."""
AT_RISK = "urgent.child-at-risk"
ASKED_FOR = frozenset(
    ("where_were_we", "my_steps", "start_again", "who_is_open_now", "delete_my_words", "is_it_private")
)
"""What somebody may ask for right after danger: it is done."""
SURE = 0.6
"""How sure a message after danger has to be of something else, 0 to 1, that it is answered at once."""
OF_SAFETY = ("safe_now", "not_safe")
"""Short turns that say whether people are safe."""
COMPLAINTS = ("escalation.", "complaint.")
"""Sections that say whom to complain to."""
A_FEW_WORDS = 9
"""Words of a message up to which it says that people are safe, and nothing else that is answered."""
OFFERED = 2
"""Answers that are offered beside care."""


def meet(turn: Turn) -> bool:
    """Meet a message after danger, or after the question whether anybody is in danger.

    Returns:
        Whether that is all there is to say; else the message is answered like any other.
    """
    return _nobody_in_danger(turn) or _safe_or_not(turn) or _after_danger(turn)


def _said_of_safety(heard: Understanding) -> str:
    """Return the short turn that a message is, word for word, else what it was read as.

    Beside a word of doubt, nobody has said that people are safe.
    """
    known = get_content()
    read = known.short_turns.get(whole_message(heard.text)) or heard.intent
    doubted = read == "safe_now" and speaks_of(heard.text, known.triage.doubt_of_it)
    return "dont_know" if doubted else read


def _nobody_in_danger(turn: Turn) -> bool:
    """Take a word that nobody is in danger; return whether that is all there is to say.

    Whoever was asked, or told what to do, is believed, until new danger is clearly told. What else the
    message says is answered, or offered.
    """
    situation, heard, known = turn.situation, turn.heard, get_content().triage
    was_asked = asks_if_safe(situation.open) or situation.danger
    says_so = speaks_of(heard.text, known.all_are_safe) and not speaks_of(heard.text, known.doubt_of_it)
    if not (was_asked and says_so) or asks(heard.text) or in_danger(heard.text):
        return False
    situation.others = [*heard.choices, *situation.others]
    short = len(heard.text.split()) <= A_FEW_WORDS
    if heard.is_urgent or short or heard.intent != "ask":
        safe_now(turn)
        return True
    situation.danger, situation.all_safe, situation.open = False, True, ""
    situation.asked.pop(IS_IT_SAFE, None)
    return False


def _safe_or_not(turn: Turn) -> bool:
    """Take the answer to whether everybody is safe, or anybody in danger; return whether it was one.

    Only a clear word that people are safe ends it: "no" and "I do not know" bring what to do in danger.
    """
    situation, intent = turn.situation, _said_of_safety(turn.heard)
    asked, situation.open = situation.open, "" if asks_if_safe(situation.open) else situation.open
    if not asks_if_safe(asked) or turn.heard.is_urgent:
        return False
    safe = {"safe_now", "affirm"} if asked == IS_IT_SAFE else {"safe_now", "deny", "nothing"}
    if intent in safe:
        safe_now(turn)
    elif intent in ("affirm", "deny", "nothing", "dont_know", "not_safe"):
        still_in_danger(turn, asked)
    else:
        return False
    situation.danger = intent not in safe
    return True


def _after_danger(turn: Turn) -> bool:
    """Meet a message after one that told of danger with care; return whether that was done.

    New danger, and a question, are answered; what was told as danger before is not answered again. Care ends
    with a word that people are safe, or with a question of something else.
    """
    situation, heard = turn.situation, turn.heard
    if not situation.danger:
        situation.danger = heard.is_urgent
        return False
    if heard.is_urgent or in_danger(heard.text) or heard.intent in ASKED_FOR:
        return False
    if care := _care_for(turn):
        care(turn)
        return True
    # it is answered; whether all are safe is asked beside what was not clearly asked
    situation.danger = False
    if not asks(heard.text) or situation.asked.get(IS_IT_SAFE):
        turn.heard = replace(heard, possible_danger=heard.possible_danger or situation.urgent)
    situation.asked.pop(IS_IT_SAFE, None)
    return False


def _care_for(turn: Turn) -> Callable[[Turn], None] | None:
    """Return what meets a message after danger with care; None where it is about something else."""
    heard, taken = turn.heard, turn.situation.asked.get(IS_IT_SAFE, 0)
    short, asked = _said_of_safety(heard), asks(heard.text)
    if short in OF_SAFETY:
        return safe_now if short == "safe_now" else not_safe
    if _to_talk_to(heard):
        return contacts.who_is_open_now
    sure = max((likely for _, likely in heard.answers), default=0.0) >= SURE
    by_itself = max((likely for _, likely in heard.likeliest), default=0.0) >= SURE
    about_something = heard.intent == "ask" and sure and not _of_complaints(heard)
    goes_on = asked or about_something or heard.intent == "school_not_helping"
    if (about_something and (asked or by_itself)) or (taken and goes_on) or taken > 1:
        return None
    return whom_to_tell if asked else ask_with_care


def _of_complaints(heard: Understanding) -> bool:
    """Return whether the likeliest answer says whom to complain to: danger comes before that."""
    return next((key for key, _ in heard.answers), "").startswith(COMPLAINTS)


def _to_talk_to(heard: Understanding) -> bool:
    """Return whether somebody asks for people to talk to."""
    key = next((key for key, _ in heard.answers), "")
    return key in get_content().council.speak_to or heard.intent == "speak_to_person"


def safe_now(turn: Turn) -> None:
    """Take in that everybody is safe."""
    back = (BACK_TO_STEPS,) if turn.situation.on_path else ()
    turn.say_words("safe-now", "smalltalk", choices=(*back, *choose_any(turn.situation.others[:OFFERED])))
    turn.situation.open, turn.situation.danger, turn.situation.all_safe = "", False, True
    turn.situation.asked.pop(IS_IT_SAFE, None)


def asks_if_safe(open_question: str) -> bool:
    """Return whether an open question is whether people are safe."""
    return open_question == IS_IT_SAFE or open_question.startswith(ASKED_IF_SAFE)


def still_in_danger(turn: Turn, asked: str) -> None:
    """Say what to do in danger: people are not safe, or it is not known.

    Args:
        turn: the message.
        asked: the question that it answers.
    """
    said = [asked.removeprefix(ASKED_IF_SAFE), turn.situation.urgent]
    urgent = next((key for key in said if is_urgent(key)), AT_RISK)
    answers.say_answer(turn, get_content().answers[urgent])
    answers.was_said(turn, urgent)


def not_safe(turn: Turn) -> None:
    """Say what to do: somebody says that they, or others, are not safe."""
    still_in_danger(turn, turn.situation.urgent)


def ask_with_care(turn: Turn) -> None:
    """Ask, with care, whether people are safe; nothing goes on by itself.

    Where that was asked already, who listens is said with it.
    """
    words = "after-danger-again" if turn.situation.asked.get(IS_IT_SAFE) else "after-danger"
    turn.situation.asked[IS_IT_SAFE] = turn.situation.asked.get(IS_IT_SAFE, 0) + 1
    back = (BACK_TO_STEPS,) if turn.situation.on_path else ()
    turn.say_words(words, "smalltalk", choices=(SAFE_NOW, *TOO_MUCH, SPEAK_TO_PERSON, *back))
    turn.situation.open = IS_IT_SAFE


def whom_to_tell(turn: Turn) -> None:
    """Say in short who helps in danger, to a message after it that may mean that; ask if all are safe.

    What else may have been asked is offered.
    """
    found = get_content().answers[turn.situation.urgent or AT_RISK]
    asked = dict.fromkeys([*(key for key, _ in turn.heard.answers), *turn.heard.choices])
    offered = tuple(key for key in asked if not is_urgent(key))[:OFFERED]
    choices = (SAFE_NOW, *TOO_MUCH, SPEAK_TO_PERSON, *choose_any(offered))
    turn.say(AnswerReply(answer=found, form="part", words=found.short, offered=offered, choices=choices))
    turn.situation.open = IS_IT_SAFE
    turn.situation.asked[IS_IT_SAFE] = turn.situation.asked.get(IS_IT_SAFE, 0) + 1


def ask_if_safe(turn: Turn) -> None:
    """Ask, quietly and beside the answer, whether anybody is in danger."""
    turn.say_words("is-anybody-in-danger", "question", choices=TOO_MUCH)
    turn.situation.open = f"{ASKED_IF_SAFE}{turn.heard.possible_danger}"
