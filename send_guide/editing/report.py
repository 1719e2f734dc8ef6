"""What the editors read of a period: what got no answer, what was said, what people thought of it.

Nobody can be told by it: words are those that were redacted before they were stored; they stand
without conversation, hour or channel; none of a conversation in which somebody may have been in
danger; and long ones are cut, because a long story says who tells it.
"""

from __future__ import annotations

import asyncio
import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from send_guide.content.loader import Content
from send_guide.content.schema import is_urgent
from send_guide.domain import safety
from send_guide.editing.clustering import Encode, groups
from send_guide.editing.conversation_log import Outcome, Turn, turns_between
from send_guide.storage.database import Database
from send_guide.storage.feedback import Feedback, given_since

DAY = 86_400.0
MOST_CHARACTERS = 160
"""Of a question that is shown."""
MOST_TEXTS = 1_000
"""Different questions that are put together by likeness, the newest; the others are only counted."""
OVER_AFTER = DAY
"""Silence after which a conversation is over, seconds."""
USEFUL = "useful"


@dataclass(frozen=True)
class Group:
    """Questions that are alike and got no answer or a poor one.

    Attributes:
        questions: (words, how often), the one most like the others first.
        count: how often any of them was asked.
        outcomes: what became of them, how often each.
        likely: ids of the answers that were offered or picked, or reported as wrong, most often first.
        rejected: (id, how often) of the answers that were said, and were not what was meant.
    """

    questions: tuple[tuple[str, int], ...]
    count: int
    outcomes: dict[str, int]
    likely: tuple[str, ...]
    rejected: tuple[tuple[str, int], ...] = ()

    @property
    def texts(self) -> list[str]:
        """The words of its questions."""
        return [text for text, _ in self.questions]

    def holds(self, words: str) -> bool:
        """Return whether its questions hold every one of some words, or parts of words."""
        held = " ".join(self.texts).lower()
        return all(word in held for word in words.lower().split())


@dataclass(frozen=True)
class Said:
    """An answer: how often it was said, and what people and helpline staff thought of it."""

    answer: str
    title: str
    times: int
    opinions: dict[str, int]


@dataclass(frozen=True)
class StepEnd:
    """A step of the path: how many conversations came to it, and how many ended there before the path did."""

    step: str
    title: str
    reached: int
    ended: int


@dataclass(frozen=True)
class Remark:
    """What somebody wrote about answers: kind of feedback, titles, their words."""

    kind: str
    titles: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Report:
    """A period, counted.

    Attributes:
        since: its first day.
        until: its last day.
        channels: the channels that were used.
        weeks: for each week (its Monday) and channel, how many messages had each outcome.
        groups: what got no answer or a poor one.
        left_out: poor questions whose words are not shown, because of danger or because of their number.
        said: what was said, most often first.
        remarks: what was written about answers.
        urgent: how often each answer for danger was said, by title.
        steps: the path.
    """

    since: datetime.date
    until: datetime.date
    channels: tuple[str, ...]
    weeks: dict[tuple[datetime.date, str], Counter[Outcome]] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    left_out: int = 0
    said: tuple[Said, ...] = ()
    remarks: tuple[Remark, ...] = ()
    urgent: dict[str, int] = field(default_factory=dict)
    steps: tuple[StepEnd, ...] = ()

    def mondays(self) -> list[datetime.date]:
        """Return the first day of every week of the period."""
        first = monday(self.since)
        return [
            first + datetime.timedelta(weeks=week)
            for week in range((monday(self.until) - first).days // 7 + 1)
        ]

    def count(self, *outcomes: Outcome, week: datetime.date | None = None, channel: str | None = None) -> int:
        """Return how many messages had one of ``outcomes``, of a week or channel where one is named."""
        return sum(
            counted[outcome]
            for (at, by), counted in self.weeks.items()
            for outcome in outcomes
            if week in (None, at) and channel in (None, by)
        )


def monday(day: datetime.date) -> datetime.date:
    """Return the first day of a day's week."""
    return day - datetime.timedelta(days=day.weekday())


async def report(
    database: Database,
    content: Content,
    encode: Encode,
    now: datetime.datetime,
    *,
    weeks: int = 4,
    channel: str | None = None,
) -> Report:
    """Count what was asked in the last weeks, this one included.

    Args:
        database: where conversations and feedback are.
        content: for titles.
        encode: the sentence encoder, to put like questions together.
        now: the moment the report is for.
        weeks: how many weeks.
        channel: only this channel; None: all.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    first = monday(now.date()) - datetime.timedelta(weeks=weeks - 1)
    since = datetime.datetime.combine(first, datetime.time(), tzinfo=now.tzinfo).timestamp()
    turns = await turns_between(database, since, now.timestamp())
    opinions = await given_since(database, since)
    channels = tuple(sorted({turn.channel for turn in turns}))
    if channel:
        turns = [turn for turn in turns if turn.channel == channel]
        opinions = [opinion for opinion in opinions if opinion.channel == channel]
    together, left_out = await asyncio.to_thread(_poor, turns, opinions, encode)
    return Report(
        since=first,
        until=now.date(),
        channels=channels,
        weeks=_by_week(turns, now.tzinfo),
        groups=together,
        left_out=left_out,
        said=_said(turns, opinions, content),
        remarks=_remarks(opinions, content),
        urgent=_urgent(turns, content),
        steps=_steps(turns, content, now.timestamp()),
    )


def _by_week(
    turns: Iterable[Turn], zone: datetime.tzinfo | None
) -> dict[tuple[datetime.date, str], Counter[Outcome]]:
    weeks: dict[tuple[datetime.date, str], Counter[Outcome]] = {}
    for turn in turns:
        day = datetime.datetime.fromtimestamp(turn.at, zone).date()
        weeks.setdefault((monday(day), turn.channel), Counter())[turn.outcome] += 1
    return weeks


def _poor(
    turns: Sequence[Turn], opinions: Sequence[Feedback], encode: Encode
) -> tuple[tuple[Group, ...], int]:
    """Return the groups, and how many poor questions are in none."""
    texts: dict[str, list[Poor]] = {}
    left_out = 0
    for poor in (*_poor_turns(turns), *_poor_opinions(opinions)):
        if poor.text is None or (poor.text not in texts and len(texts) == MOST_TEXTS):
            left_out += 1
        else:
            texts.setdefault(poor.text, []).append(poor)
    shown = list(texts)
    found = []
    for places in groups(shown, encode):
        asked = [(shown[place], len(texts[shown[place]])) for place in places]
        each = [one for place in places for one in texts[shown[place]]]
        offered = Counter(answer_id for one in each for answer_id in one.likely)
        rejected = Counter(answer_id for one in each for answer_id in one.rejected)
        outcomes = dict(Counter(one.outcome for one in each))
        top = tuple(answer_id for answer_id, _ in offered.most_common(3))
        found.append(Group(tuple(asked), len(each), outcomes, top, tuple(rejected.most_common(3))))
    return tuple(sorted(found, key=lambda group: -group.count)), left_out


@dataclass(frozen=True)
class Poor:
    """A question that got no answer or a poor one.

    Attributes:
        text: its words; None where they are nobody's to read.
        outcome: what became of it, in words.
        likely: ids of answers that may be right.
        rejected: ids of answers that were said and were not what was meant.
    """

    text: str | None
    outcome: str
    likely: Sequence[str]
    rejected: Sequence[str] = ()


def _poor_turns(turns: Sequence[Turn]) -> Iterable[Poor]:
    """Yield words, outcome and likely answers of the turns that got no answer or a poor one, newest first."""
    for turn in reversed(turns):
        if turn.is_poor:
            outcome = _OUTCOMES[turn.outcome]
            if turn.picked or turn.rejected:
                outcome = "a choice was picked" if turn.picked else "none of these"
            text = _cut(turn.text) if turn.text and not safety.in_danger(turn.text) else None
            likely = (
                [turn.picked] if turn.picked else [key for key in turn.offered if key not in turn.answers]
            )
            yield Poor(text, outcome, likely, turn.answers if turn.rejected else ())


_OUTCOMES: dict[Outcome, str] = {
    "choices": "only choices",
    "no answer": "no answer",
    "off topic": "taken for off topic",
    "answered": "none of these",
}


def _poor_opinions(opinions: Iterable[Feedback]) -> Iterable[Poor]:
    for opinion in opinions:
        if opinion.kind != USEFUL and opinion.question:
            outcome = OPINIONS[opinion.kind]
            text = None if _tells_of_danger(opinion) else _cut(opinion.question)
            yield Poor(text, outcome, opinion.answer_ids)


OPINIONS = {
    "useful": "thumbs up",
    "not-useful": "thumbs down",
    "wrong": "reported: wrong",
    "missing": "reported: missing",
    "unclear": "reported: unclear",
}
"""Kinds of feedback in the words of the report."""


def _tells_of_danger(opinion: Feedback) -> bool:
    said = any(is_urgent(answer_id) for answer_id in opinion.answer_ids)
    return said or any(safety.in_danger(words) for words in (opinion.question, opinion.reason) if words)


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MOST_CHARACTERS else plain[: MOST_CHARACTERS - 1].rstrip() + "…"


def _said(turns: Iterable[Turn], opinions: Iterable[Feedback], content: Content) -> tuple[Said, ...]:
    times = Counter(
        answer_id for turn in turns for answer_id in dict.fromkeys(turn.answers) if not is_urgent(answer_id)
    )
    thought: dict[str, Counter[str]] = {}
    for opinion in opinions:
        for answer_id in opinion.answer_ids:
            thought.setdefault(answer_id, Counter())[OPINIONS[opinion.kind]] += 1
    ids = [answer_id for answer_id, _ in times.most_common()]
    ids += [answer_id for answer_id in thought if answer_id not in times]
    return tuple(
        Said(answer_id, title_of(answer_id, content), times[answer_id], dict(thought.get(answer_id, {})))
        for answer_id in ids
    )


def _remarks(opinions: Iterable[Feedback], content: Content) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            OPINIONS[opinion.kind],
            tuple(title_of(answer_id, content) for answer_id in opinion.answer_ids),
            _cut(opinion.reason),
        )
        for opinion in opinions
        if opinion.reason and not _tells_of_danger(opinion)
    )


def _urgent(turns: Iterable[Turn], content: Content) -> dict[str, int]:
    counted = Counter(
        answer_id for turn in turns for answer_id in dict.fromkeys(turn.answers) if is_urgent(answer_id)
    )
    return {title_of(answer_id, content): times for answer_id, times in counted.most_common()}


def _steps(turns: Iterable[Turn], content: Content, now: float) -> tuple[StepEnd, ...]:
    """Count the steps; a conversation that may yet go on has not ended at its last step."""
    reached: dict[str, set[int]] = {}
    last: dict[int, str] = {}
    seen: dict[int, float] = {}
    for turn in turns:
        seen[turn.conversation] = turn.at
        if turn.step:
            reached.setdefault(turn.step, set()).add(turn.conversation)
            last[turn.conversation] = turn.step
    over = [number for number in last if now - seen[number] > OVER_AFTER]
    ended = Counter(last[number] for number in over)
    order = {step: place for place, step in enumerate(content.steps)}
    return tuple(
        StepEnd(step, step_title(step, content), len(numbers), 0 if _is_end(step, content) else ended[step])
        for step, numbers in sorted(reached.items(), key=lambda one: order.get(one[0], len(order)))
    )


def title_of(answer_id: str, content: Content) -> str:
    """Return the title of an answer; of one that is gone, its id."""
    answer = content.answers.get(answer_id)
    return answer.title if answer else f"{answer_id} (no longer there)"


def step_title(step: str, content: Content) -> str:
    """Return the title of a step of the path; of one that is gone, its id."""
    found = content.steps.get(step)
    return found.title if found else f"{step} (no longer there)"


def _is_end(step: str, content: Content) -> bool:
    found = content.steps.get(step)
    return bool(found and found.end)
