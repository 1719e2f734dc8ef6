"""The time limit that "how long have I got" means, and a date that is told off the path."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from send_guide.content import Answer, get_content
from send_guide.dialogue import answers, triage
from send_guide.dialogue.buttons import SOMETHING_ELSE, date_button
from send_guide.dialogue.deadlines import deadline_reply
from send_guide.dialogue.turn import Turn, asks
from send_guide.domain import deadlines as limits
from send_guide.domain.dates import ask_back, read, spoken
from send_guide.domain.deadlines import DEADLINES, Facts
from send_guide.domain.reply import AnswerReply, Choice, QuestionReply, lines_of

OPEN = "date."
"""What an open question for a date begins with; the kind of time limit follows."""
MOST_ASKED = ("appeal", "discrimination", "exclusion-review", "ombudsman", "six-weeks", "twenty-weeks")
UNNAMED = "what is not said"
"""The name of a date that was told alone, until somebody picks the time limit that it is for."""
BARE = 3
"""Words up to which a message with a date is nothing but the date."""
BRIEF = 8
"""Words up to which a message with a date needs no word of a letter to be about one."""
OF_A_PLAN = ("appeal.", "ehc.")
"""Sections whose answers are about decisions that can be appealed to the Tribunal."""
UNCLEAR = 5
"""Words up to which a message with a date that is not sure is nothing but that date."""
NAMED = 0.5
"""How likely an answer has to be, 0 to 1, whose time limit a message names itself."""
LONG = 25
"""Words from which a message with a date tells a story, and is answered as one."""
AHEAD = frozenset(("phase-transfer",))
"""Time limits that count from a day to come."""
FROM_A_LETTER = frozenset(("appeal", "mediation", "exclusion-review"))
"""Time limits that count from the date that stands on a letter, never from the day it came."""
BESIDE = {"appeal": ("mediation",)}
"""Time limits that run from the same day, and are said as well."""
_NAMES_A_TIME = re.compile(r"\b(?:day|week|month|year)s?\b")


def how_long(turn: Turn) -> None:
    """Work out the time limit that the conversation is about, or ask for the date that it runs from."""
    said = answers.last_answers(turn)
    if kind := kind_of(turn):
        say_or_ask(turn, kind)
    elif said and (line := _line_with_a_time(said[0])):
        turn.say(AnswerReply(answer=said[0], form="part", words=line))
    else:
        _ask_which(turn)


def _ask_which(turn: Turn) -> None:
    """Ask which time limit is meant."""
    kinds = tuple(date_button(f"The last day {DEADLINES[kind].about}"[:60], kind) for kind in MOST_ASKED)
    turn.say_words("which-time-limit", "choices", choices=kinds)


def tapped(turn: Turn) -> None:
    """Work out the time limit whose button was tapped."""
    kind = turn.heard.first("kind") or ""
    if kind in DEADLINES:
        say_or_ask(turn, kind)
    else:
        how_long(turn)


def say_or_ask(turn: Turn, kind: str) -> None:
    """Say a time limit where its date is known, else ask for the date."""
    dates = turn.situation.dates
    known = dates.get(DEADLINES[kind].counts_from) or dates.pop(UNNAMED, "")
    if known:
        say(turn, kind, date.fromisoformat(known))
    else:
        ask(turn, kind)


def take(turn: Turn) -> bool:
    """Take a date that was asked for, or that a message about a letter tells; return whether it was one."""
    situation, told = turn.situation, read(turn.heard.text, limits.today())
    asked = situation.open.removeprefix(OPEN) if situation.open.startswith(OPEN) else ""
    unclear = told.day is None and told.must_ask and (asked or len(turn.heard.text.split()) <= UNCLEAR)
    if told.day is None and not unclear:
        return False
    if told.came and not asked and _has(turn.heard.text, ("letter",)):
        triage.ask_what_it_decides(turn)
        return True
    kind = asked or (_of_last_answer(turn) if unclear else _told_kind(turn))
    if not kind and told.day and len(turn.heard.text.split()) <= BARE:
        situation.dates[UNNAMED] = told.day.isoformat()
        _ask_which(turn)
        return True
    if not kind:
        return False
    if told.day is None:
        ask(turn, kind, ask_back(told))
    elif told.came and kind in FROM_A_LETTER:
        ask(turn, kind, get_content().words["no-date-on-the-letter" if asked else "letter-came"].text)
    elif told.day > limits.today() and kind not in AHEAD:
        ask(turn, kind, f"{spoken(told.day)} is still to come. Please look at the paper again.")
    else:
        say(turn, kind, told.day)
    return True


def _told_kind(turn: Turn) -> str:
    """Return the time limit that a short message with a date is about; empty where it asks something else."""
    heard, known = turn.heard, get_content().triage
    words = len(heard.text.split())
    if words > LONG:
        return ""
    if heard.intent != "how_long" and not _has(heard.text, known.by_when):
        something_else = asks(heard.text) and heard.intent not in ("nlu_fallback", "telling")
        if something_else or (words > BRIEF and not _has(heard.text, known.of_a_letter)):
            return ""
    return kind_of(turn) or ""


def _has(text: str, beginnings: Iterable[str]) -> bool:
    """Return whether a word, or words, of a text begin with one of these."""
    return any(re.search(rf"\b{re.escape(one)}", text, re.I) for one in beginnings)


def say(turn: Turn, kind: str, day: date) -> None:
    """Say a time limit, counted from a day, with those that run from the same day; remember the day."""
    situation, known = turn.situation, turn.situation.known()
    situation.dates[DEADLINES[kind].counts_from] = day.isoformat()
    situation.open = ""
    facts = Facts(setting=known.get("setting", ""), decision=known.get("decision", ""))
    for one in (kind, *BESIDE.get(kind, ())):
        deadline = DEADLINES[one].work_out(day, facts)
        turn.say(deadline_reply(deadline, (get_content().triage.time_limits[one],)))
    situation.said, situation.forms = [get_content().triage.time_limits[kind]], []


def ask(turn: Turn, kind: str, why: str = "") -> None:
    """Say the rule in a line, and ask for the date that it runs from.

    Args:
        turn: the message.
        kind: of the time limit.
        why: what is wrong with a date that was told; the rule is not said again then.
    """
    rule, situation = DEADLINES[kind], turn.situation
    if not why:
        found = get_content().answers[get_content().triage.time_limits[kind]].for_person(situation.known())
        line = _line_with_a_time(found) or lines_of(found)[0]
        turn.say(AnswerReply(answer=found, form="part", words=line))
        situation.said, situation.forms = [found.id], []
    words = why or f"Tell me {rule.counts_from}, and I work out the last day."
    choices: tuple[Choice, ...] = (SOMETHING_ELSE,)
    turn.say(QuestionReply(key=f"{OPEN}{kind}", ask=words, says="question", choices=choices))
    situation.open = f"{OPEN}{kind}"


def _line_with_a_time(answer: Answer) -> str:
    """Return the first line of an answer that names days, weeks, months or years; empty where none does."""
    return next((line for line in lines_of(answer) if _NAMES_A_TIME.search(line)), "")


def kind_of(turn: Turn) -> str | None:
    """Return the time limit that the conversation is about, or None where it is about none."""
    if already := _named(turn) or _of_last_answer(turn):
        return already
    if turn.situation.known().get("decision") == "draft":
        return "draft-plan"
    if turn.situation.known().get("decision"):
        return "appeal"
    for answer_id, _ in turn.heard.answers or turn.heard.likeliest[:1]:
        answer = get_content().answers.get(answer_id)
        if answer and (kind := limit_of(answer)):
            return kind
    likeliest = next((key for key, _ in turn.heard.likeliest), "")
    about_plan = likeliest.startswith(OF_A_PLAN) and _has(turn.heard.text, get_content().triage.of_a_letter)
    return "appeal" if about_plan else None


def _of_last_answer(turn: Turn) -> str:
    """Return the time limit that the last answer is about; empty where it is about none."""
    return next(filter(None, map(limit_of, answers.last_answers(turn))), None) or ""


def _named(turn: Turn) -> str:
    """Return the time limit of what a message names itself, whatever was talked of before; empty: of none.

    "how long have i got" names nothing; "excluded today, how long have we got" does.
    """
    answer_id, sure = next(iter(turn.heard.likeliest), ("", 0.0))
    answer = get_content().answers.get(answer_id)
    generic = get_content().triage.time_limits.get("appeal")
    names_nothing = turn.heard.intent == "how_long" or answer_id == generic
    if answer is None or sure < NAMED or names_nothing:
        return ""
    return limit_of(answer) or ""


def limit_of(answer: Answer) -> str | None:
    """Return the time limit that an answer is about: of what it says to do, or the one it explains."""
    tools = (item.deadline for item in answer.do_next if item.deadline)
    explained = (kind for kind, key in get_content().triage.time_limits.items() if key == answer.id)
    return next(tools, None) or next(explained, None)
