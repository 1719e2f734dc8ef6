"""The time limit that "how long have I got" means, and a date that is told off the path."""

from __future__ import annotations

import re
from datetime import date

from send_guide.content import Answer, get_content
from send_guide.dialogue import answers, triage
from send_guide.dialogue.buttons import SOMETHING_ELSE, date_button
from send_guide.dialogue.deadlines import deadline_reply
from send_guide.dialogue.turn import Turn, asks
from send_guide.domain import deadlines as limits
from send_guide.domain.date_grammar import Reading
from send_guide.domain.dates import ask_back, read, read_certificate, spoken, without_dates
from send_guide.domain.deadlines import DEADLINES, Facts
from send_guide.domain.guided_path import ACTUALLY
from send_guide.domain.reply import AnswerReply, Choice, QuestionReply, lines_of
from send_guide.domain.text import speaks_of, words_of

OPEN = "date."
"""What an open question for a date begins with; the kind of time limit follows."""
MOST_ASKED = (
    "appeal",
    "discrimination",
    "exclusion-review",
    "transport-appeal",
    "ombudsman",
    "six-weeks",
    "twenty-weeks",
)
UNNAMED = "what is not said"
"""The name of a date that was told alone, until somebody picks the time limit that it is for."""
BARE = 3
"""Words up to which a message with a date is nothing but the date."""
OF_A_LETTER = 6
"""Words up to which a message with a date and a word of a letter says nothing more."""
CERTIFICATE = "the date on the mediation certificate"
"""The name of that date; the month of an appeal counts from it."""
OF_A_PLAN = ("appeal.", "ehc.")
"""Sections whose answers are about decisions that can be appealed to the Tribunal."""
NAMED = 0.5
"""How likely an answer has to be, 0 to 1, whose time limit a message names itself."""
LONG = 25
"""Words from which a message with a date tells a story, and is answered as one."""
AHEAD = frozenset(("phase-transfer",))
"""Time limits that count from a day to come."""
FROM_A_LETTER = frozenset(("appeal", "mediation", "exclusion-review"))
"""Time limits that count from the date that stands on a letter, never from the day it came."""
UNTIL_ANSWERED = frozenset(("six-weeks", "sixteen-weeks", "twenty-weeks", "review-decision"))
"""Time limits of the council's that are over when it has said no."""
UNTIL_DECIDED = frozenset(("draft-plan", "review-decision", "amended-plan", "twenty-weeks"))
"""Time limits that are over when the council has decided."""
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
    """Take a date that was asked for, or that a message about a letter tells; return whether it was one.

    A day on which something else was, or will be, is no date of a letter: it is answered as news.
    """
    situation, told = turn.situation, read(turn.heard.text, limits.today())
    asked = situation.open.removeprefix(OPEN) if situation.open.startswith(OPEN) else ""
    unclear = told.day is None and told.must_ask and (asked or _nothing_else(turn))
    if turn.heard.is_urgent or (told.day is None and not told.must_ask) or (not asked and _to_come(turn)):
        return False
    if _certificate(turn):
        return True
    if told.day is None and not unclear:
        return False
    if told.came and not asked and speaks_of(turn.heard.text, ("letter",)):
        triage.ask_what_it_decides(turn)
        return True
    kind = _kind_of_date(turn, asked, unclear=bool(unclear))
    if not kind and told.day and _date_alone(turn):
        situation.dates[UNNAMED] = told.day.isoformat()
        _ask_which(turn)
        return True
    if not kind:
        return False
    if why := _why_to_ask(turn, told, kind, asked):
        ask(turn, kind, why)
    elif told.day:
        say(turn, kind, told.day)
    return True


def _why_to_ask(turn: Turn, told: Reading, kind: str, asked: str) -> str:
    """Return why a date that was told cannot be counted from; empty where it can.

    Args:
        turn: the message.
        told: what it says of a date.
        kind: the time limit that it is for.
        asked: the time limit whose date was asked for, if one was.
    """
    words = get_content().words
    if told.day is None:
        return ask_back(told)
    if kind == "exclusion-review" and not asked and _named_in_words(turn.heard.text) != kind:
        return words["the-governors-letter"].text
    if told.came and kind in FROM_A_LETTER:
        return words["no-date-on-the-letter" if asked else "letter-came"].text
    if told.day > limits.today() and kind not in AHEAD:
        return f"{spoken(told.day)} is still to come. Please look at the paper again."
    return ""


def _kind_of_date(turn: Turn, asked: str, *, unclear: bool) -> str:
    """Return the time limit that a date is for; empty where it is for none.

    Args:
        turn: the message.
        asked: the time limit whose date was asked for, if one was.
        unclear: whether the day itself is not clear, and is to be asked for.
    """
    if asked:
        return _by_what_was_decided(asked, turn.situation.known().get("decision"))
    if corrected := _of_a_correction(turn):
        return corrected
    return _of_last_answer(turn) if unclear else _told_kind(turn)


def say_known(turn: Turn) -> bool:
    """Say the last day to somebody who asks for it and has told the date; return whether it was said."""
    generic = get_content().triage.time_limits.get("appeal")
    asked = turn.heard.intent == "ask" and generic in [key for key, _ in turn.heard.answers]
    dates = turn.situation.dates
    if not (asked and dates and speaks_of(turn.heard.text, get_content().triage.by_when)):
        return False
    kind = kind_of(turn) or "appeal"
    if not (dates.get(DEADLINES[kind].counts_from) or dates.get(UNNAMED)):
        return False
    say_or_ask(turn, kind)
    return True


def keep_date_of_pasted_letter(turn: Turn) -> None:
    """Keep the date of a letter that was pasted whole, for when the last day is asked for."""
    text = turn.heard.text
    if len(text.split()) <= LONG or not speaks_of(text, get_content().triage.of_a_pasted_letter):
        return
    told = read(text, limits.today())
    if told.day and not told.came and told.day <= limits.today():
        turn.situation.dates[UNNAMED] = told.day.isoformat()


def _to_come(turn: Turn) -> bool:
    """Return whether a message speaks of a day to come, and of no letter: "its on friday"."""
    known = get_content().triage
    of_a_letter = speaks_of(turn.heard.text, known.of_a_letter) or _named_in_words(turn.heard.text)
    return speaks_of(turn.heard.text, known.to_come) and not of_a_letter


def _date_alone(turn: Turn) -> bool:
    """Return whether a message is a date, and nothing says what of: which time limit it is for is asked."""
    words = len(turn.heard.text.split())
    of_a_letter = words <= OF_A_LETTER and speaks_of(turn.heard.text, get_content().triage.of_a_letter)
    return words <= BARE or (not turn.situation.said and (of_a_letter or _nothing_else(turn)))


def _told_kind(turn: Turn) -> str:
    """Return the time limit that a short message with a date is about; empty where it asks something else."""
    heard, known = turn.heard, get_content().triage
    if len(heard.text.split()) > LONG:
        return ""
    if heard.intent != "how_long" and not speaks_of(heard.text, known.by_when):
        something_else = asks(heard.text) and heard.intent not in ("nlu_fallback", "telling")
        of_a_letter = speaks_of(heard.text, known.of_a_letter) or _named_in_words(heard.text)
        if something_else or not (of_a_letter or _nothing_else(turn)):
            return ""
    return kind_of(turn) or ""


def _nothing_else(turn: Turn) -> bool:
    """Return whether a message says a date and nothing more: "it was the 12th of november"."""
    left = without_dates(turn.heard.text, limits.today())
    return not set(words_of(left)) - set(get_content().triage.beside_a_date)


def _certificate(turn: Turn) -> bool:
    """Take the date on a mediation certificate, from which the month of an appeal counts.

    Returns:
        Whether the message told one.
    """
    if not speaks_of(turn.heard.text, ("certificat",)):
        return False
    certificate, letter = read_certificate(turn.heard.text, limits.today())
    if certificate.day is None or certificate.day > limits.today():
        return False
    dates, of_letter = turn.situation.dates, DEADLINES["appeal"].counts_from
    dates[CERTIFICATE] = certificate.day.isoformat()
    known = letter.day.isoformat() if letter.day else dates.get(of_letter, "")
    if not known:
        ask(turn, "appeal", get_content().words["certificate-alone"].text)
    elif date.fromisoformat(known) > certificate.day:
        ask(turn, "appeal", get_content().words["certificate-too-old"].text)
    else:
        say(turn, "appeal", date.fromisoformat(known))
    return True


def say(turn: Turn, kind: str, day: date) -> None:
    """Say a time limit, counted from a day, with those that run from the same day; remember the day."""
    situation, known = turn.situation, turn.situation.known()
    situation.dates[DEADLINES[kind].counts_from] = day.isoformat()
    situation.open = ""
    certificate = situation.dates.get(CERTIFICATE, "") if kind == "appeal" else ""
    of_it = date.fromisoformat(certificate) if certificate >= day.isoformat() else None
    facts = Facts(setting=known.get("setting", ""), decision=known.get("decision", ""), certificate=of_it)
    for one in (kind, *(() if of_it else BESIDE.get(kind, ()))):
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
    text, of_last = turn.heard.text, _of_last_answer(turn)
    if of_last in UNTIL_ANSWERED and speaks_of(text, get_content().triage.of_a_refusal):
        return "appeal"
    if named := _named_in_words(text) or _runs_beside(of_last):
        return named
    decided = turn.situation.known().get("decision")
    if already := _named(turn) or _of_last_answer(turn):
        return _by_what_was_decided(already, decided)
    if any(map(_line_with_a_time, answers.last_answers(turn))):
        return None  # a time limit of its own, which is in its words and not counted from a date here
    if decided:
        return "draft-plan" if decided == "draft" else "appeal"
    generic = get_content().triage.time_limits.get("appeal")
    for answer_id, _ in turn.heard.answers or turn.heard.likeliest[:1]:
        answer = get_content().answers.get(answer_id)
        about_something = answer_id != generic or (
            turn.heard.intent == "how_long" and not turn.situation.said
        )
        if answer and about_something and (kind := limit_of(answer)):
            return kind
    likeliest = next((key for key, _ in turn.heard.likeliest), "")
    of_a_letter = speaks_of(turn.heard.text, get_content().triage.of_a_letter)
    about_plan = likeliest.startswith(OF_A_PLAN) and likeliest != generic and of_a_letter
    return "appeal" if about_plan else None


def _runs_beside(kind: str) -> str:
    """Return the time limit beside which another one, from the same day, is said; empty: there is none."""
    return next((first for first, others in BESIDE.items() if kind in others), "")


def _named_in_words(text: str) -> str:
    """Return the time limit that a message names with its words; empty where it names none."""
    of_each = get_content().triage.names_a_limit
    return next((kind for kind, words in of_each.items() if speaks_of(text, words)), "")


def _by_what_was_decided(kind: str, decided: str | None) -> str:
    """Return the time limit that runs after a decision: who has a final plan has no draft to answer."""
    if kind in UNTIL_DECIDED and decided in ("contents", "school", "change"):
        return "appeal"
    return "draft-plan" if kind == "appeal" and decided == "draft" else kind


def _of_a_correction(turn: Turn) -> str:
    """Return the time limit whose date a message corrects, whatever was talked of since; empty where none.

    "Sorry, we had a meeting on 12 November" corrects no date of a letter.
    """
    text = turn.heard.text
    told = [name for name in turn.situation.dates if name not in (UNNAMED, CERTIFICATE)]
    of_a_letter = _nothing_else(turn) or speaks_of(text, get_content().triage.of_a_letter)
    if len(told) != 1 or not of_a_letter or not (ACTUALLY.search(text) or speaks_of(text, ("i said",))):
        return ""
    return next((kind for kind, rule in DEADLINES.items() if rule.counts_from == told[0]), "")


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
