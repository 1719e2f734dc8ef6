"""What an adviser is shown for a question or a pasted letter: what to say, how sure it is, what to ask."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from send_guide.content import Answer, get_content
from send_guide.content.schema import Contact, Prompt, is_urgent
from send_guide.dialogue.fact_extraction import remember
from send_guide.dialogue.time_limits import AHEAD, UNNAMED, kind_of
from send_guide.dialogue.turn import Turn, Understanding
from send_guide.domain.dates import read, spoken
from send_guide.domain.deadlines import DEADLINES, Deadline, Facts, today
from send_guide.domain.situation import Situation
from send_guide.domain.text import own_words
from send_guide.helpline.call import Call

Hear = Callable[[str, Situation, Sequence[str]], Awaitable[Understanding]]
"""Reads a message in its conversation, as :meth:`send_guide.service.Guide.hear` does."""
Sureness = Literal["sure", "check", "not-covered"]
PIECE_CHARACTERS, PIECE_SENTENCES = 400, 4
"""A pasted letter is read in pieces of this length at most: the encoder reads 128 word pieces at a time, and
understanding looks for few questions in one message."""
MOST_CHARACTERS = 8_000
MOST_ANSWERS, NEXT_BEST, MOST_PROMPTS, MOST_CONTACTS = 3, 3, 1, 3
SURE_AT = 0.9
"""Probability from which an answer is "Sure": 19 of 20 of those are right (docs/helpline-performance.md)."""
WORTH_OFFERING = 0.05
"""Probability below which an answer is noise, and not shown."""
OUTSIDE = frozenset(("off_topic", "not_covered"))
"""What a message is taken for that the guide has nothing on."""
ELSEWHERE = "signpost"
"""The section of what is near to the guide and answered by others."""


@dataclass(frozen=True)
class Found:
    """An answer, as it is said to this caller.

    Attributes:
        answer: in the variant that fits.
        confidence: how likely it is that it was asked for: 0 to 1, or None where it was picked.
        alone: whether it is clear which answer is meant; else this is one of two.
        part: the line of it that is asked for; 0 is the lead; None where all of it is.
    """

    answer: Answer
    confidence: float | None
    alone: bool = True
    part: int | None = None

    @property
    def sure(self) -> Sureness | None:
        """How sure it is that this is what was asked for; None where it was picked."""
        if self.answer.section == ELSEWHERE:
            return "not-covered"
        if self.confidence is None:
            return None
        return "sure" if self.alone and self.confidence >= SURE_AT else "check"


@dataclass(frozen=True)
class TimeLimit:
    """What was told of a date.

    Attributes:
        day: the day; None where it is not clear which.
        kind: the time limit that counts from it; empty where none was named.
        deadline: the last day, where it can be worked out.
        ask: what to ask the caller about the date; empty where it is clear.
    """

    day: date | None = None
    kind: str = ""
    deadline: Deadline | None = None
    ask: str = ""


@dataclass(frozen=True)
class Findings:
    """Everything that is shown for what was typed.

    Attributes:
        urgent: what to say first where what is typed tells of danger.
        answers: what to say, best first; none where it is not sure enough.
        others: what else may have been meant, best first.
        prompts: what to ask the caller, the ones that decide between the answers first; none in danger.
        contacts: whom to refer to, best first.
        call: the call with what was typed in it.
        possible_danger: the urgent answer that may be needed, where that is not clear.
        time_limit: what was told of a date; None where nothing was.
        cut: whether what was typed was too long to be read to its end.
    """

    urgent: tuple[Answer, ...]
    answers: tuple[Found, ...]
    others: tuple[Found, ...]
    prompts: tuple[Prompt, ...]
    contacts: tuple[Contact, ...]
    call: Call
    possible_danger: Answer | None = None
    time_limit: TimeLimit | None = None
    cut: bool = False

    @property
    def sure(self) -> Sureness | None:
        """How sure the best answer is; "check" where only some are offered."""
        if self.answers:
            return self.answers[0].sure
        return "check" if self.others else "not-covered"

    @property
    def subject(self) -> str:
        """What the call is about, in the title of the first answer; empty where none is shown."""
        return next((answer.title for answer in (*self.urgent, *(one.answer for one in self.answers))), "")


@dataclass
class _Heard:
    """What all pieces of a text were read as."""

    answers: dict[str, Found] = field(default_factory=dict)
    likely: dict[str, float] = field(default_factory=dict)
    best: Understanding = field(default_factory=Understanding)
    possible_danger: str | None = None

    def add(self, heard: Understanding) -> None:
        """Take up one piece."""
        known = get_content().answers
        for answer_id, sure in heard.answers:
            old = self.answers.get(answer_id)
            if answer_id in known and (old is None or sure > (old.confidence or 0)):
                alone = not heard.in_short
                self.answers[answer_id] = Found(known[answer_id], sure, alone, heard.part)
        if heard.intent not in OUTSIDE:
            for answer_id, sure in heard.likeliest:
                if answer_id in known and sure >= WORTH_OFFERING:
                    self.likely[answer_id] = max(sure, self.likely.get(answer_id, 0.0))
        self.possible_danger = self.possible_danger or heard.possible_danger
        if not self.best.text or _best(heard) > _best(self.best):
            self.best = heard


def _best(heard: Understanding) -> float:
    return max((sure for _, sure in heard.answers), default=0.0)


async def findings(text: str, hear: Hear, call: Call) -> Findings:
    """Return what there is to say to ``text``.

    Args:
        text: what was typed or pasted; it is read in memory and kept nowhere.
        hear: reads a message in its conversation.
        call: what is known so far; what ``text`` tells is put into its situation.
    """
    words, situation = own_words(text)[:MOST_CHARACTERS], call.situation
    parts, heard = pieces(words), _Heard()
    for piece in parts:
        read_as = await (_in_call(piece, hear, call) if len(parts) == 1 else hear(piece, Situation(), ()))
        heard.add(read_as)
        remember(Turn(read_as, situation))
    call.correct()
    urgent = [answer_id for answer_id in heard.answers if is_urgent(answer_id)]
    said = [found for key, found in heard.answers.items() if key not in urgent]
    said = sorted(said, key=lambda found: -(found.confidence or 0))[:MOST_ANSWERS]
    shown = [*urgent, *(found.answer.id for found in said)]
    others = {key: sure for key, sure in heard.likely.items() if key not in shown}
    situation.said = shown or situation.said
    situation.others = sorted(others, key=lambda key: -others[key])
    return _arranged(
        urgent,
        said,
        [Found(get_content().answers[key], others[key]) for key in situation.others],
        call.after(words),
        possible_danger=heard.possible_danger,
        time_limit=time_limit(words, heard.best, situation),
        cut=len(text) > MOST_CHARACTERS,
    )


async def _in_call(text: str, hear: Hear, call: Call) -> Understanding:
    """Return how a message is read after what was said in the call; one that is clear by itself stays so.

    A letter stands by itself: its pieces are not read like this.
    """
    after = await hear(text, call.situation, call.before)
    if _is_sure(after) or not (call.situation.said or call.before):
        return after
    alone = await hear(text, Situation(), ())
    return alone if _is_sure(alone) else after


def _is_sure(heard: Understanding) -> bool:
    return not heard.in_short and _best(heard) >= SURE_AT


def picked(answer_id: str, call: Call) -> Findings | None:
    """Return what is shown for an answer that was picked, or None where there is no such answer."""
    known = get_content().answers
    if answer_id not in known:
        return None
    call.correct()
    urgent = [answer_id] if is_urgent(answer_id) else []
    said = [] if urgent else [Found(known[answer_id], None)]
    call.situation.said, call.situation.others = [answer_id], list(known[answer_id].related)
    others = [Found(known[other], None) for other in known[answer_id].related if other in known]
    return _arranged(urgent, said, others, call.after(""))


def time_limit(text: str, heard: Understanding, situation: Situation) -> TimeLimit | None:
    """Return what a message tells of a date, with the time limit that counts from it; remember the day.

    Args:
        text: what was typed.
        heard: how it was read.
        situation: of the call, with what is said to the message.
    """
    told, kind = read(text, today()), kind_of(Turn(heard, situation)) or ""
    counts_from = DEADLINES[kind].counts_from if kind else UNNAMED
    if told.day is None and told.must_ask:
        days = " or ".join(f"{day:%A} {spoken(day)}" for day in told.candidates)
        return TimeLimit(kind=kind, ask=f"Which day exactly{': ' + days if days else ', with the year'}?")
    if told.day is not None and told.day > today() and kind not in AHEAD:
        return TimeLimit(kind=kind, ask=f"{spoken(told.day)} is still to come. What date is on the paper?")
    if told.day is not None:
        situation.dates[counts_from] = told.day.isoformat()
    known = situation.dates.get(counts_from) or situation.dates.get(UNNAMED)
    return _counted(kind, date.fromisoformat(known), situation) if known else None


def _counted(kind: str, day: date, situation: Situation) -> TimeLimit:
    known = situation.known()
    facts = Facts(setting=known.get("setting", ""), decision=known.get("decision", ""))
    try:
        return TimeLimit(day, kind, DEADLINES[kind].work_out(day, facts) if kind else None)
    except (ValueError, OverflowError) as error:
        return TimeLimit(day, kind, ask=f"That cannot be right: {error}. What date is on the paper?")


def pieces(text: str) -> list[str]:
    """Return ``text`` in pieces that end where a paragraph or a sentence does; a short one is one piece."""
    found: list[list[str]] = []
    for sentence in _sentences(text):
        full = not found or len(found[-1]) == PIECE_SENTENCES
        if full or sum(map(len, found[-1])) + len(sentence) > PIECE_CHARACTERS:
            found.append([])
        found[-1].append(sentence)
    return ["\n".join(piece) for piece in found]


def _sentences(text: str) -> list[str]:
    unwrapped = re.sub(
        r"(?<=[^\s.!?:])[ \t]*\n(?=[a-z])", " ", text
    )  # mail programs break lines in a sentence
    return [sentence.strip() for sentence in re.split(r"(?<=[.!?])\s+|\n+", unwrapped) if sentence.strip()]


def _arranged(
    urgent: Iterable[str],
    said: Sequence[Found],
    others: Sequence[Found],
    call: Call,
    *,
    possible_danger: str | None = None,
    time_limit: TimeLimit | None = None,
    cut: bool = False,
) -> Findings:
    content, known = get_content(), call.situation.known()
    first = tuple(content.answers[key].for_person(known) for key in urgent if key in content.answers)
    answers = tuple(Found(one.answer.for_person(known), one.confidence, one.alone, one.part) for one in said)
    likeliest = [one.answer.id for one in (*answers[:1], *others[:NEXT_BEST])]
    return Findings(
        first,
        answers,
        tuple(others[:NEXT_BEST]),
        ()
        if first
        else tuple(_prompts(likeliest, answers)),  # in danger nothing is asked before help is named
        tuple(_contacts([*first, *(one.answer for one in answers)])),
        call,
        None if first else content.answers.get(possible_danger or ""),
        time_limit,
        cut,
    )


def _prompts(likeliest: list[str], answers: Sequence[Found]) -> list[Prompt]:
    """Return the questions that are about the best answer or decide between the likeliest."""
    best = {found.answer.id for found in answers} or set(likeliest)

    def decides(prompt: Prompt) -> int:
        return len(prompt.answer_ids.intersection(likeliest))

    fitting = [prompt for prompt in get_content().prompts if prompt.answer_ids & best or decides(prompt) > 1]
    return sorted(fitting, key=decides, reverse=True)[:MOST_PROMPTS]


def _contacts(answers: Sequence[Answer]) -> list[Contact]:
    """Return whom the answers refer to; independent advice where they name nobody."""
    contacts = get_content().contacts
    keys = list(dict.fromkeys(key for answer in answers for key in answer.contacts)) or [
        get_content().council.advice
    ]
    return [contacts[key] for key in keys[:MOST_CONTACTS] if key in contacts]
