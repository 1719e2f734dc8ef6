"""Decides what a message is taken for: an answer, several, choices, or another intent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from operator import itemgetter

from pydantic import BaseModel, ConfigDict, Field

from send_guide.content.schema import is_urgent
from send_guide.domain.guided_path import REPORTS
from send_guide.nlu.analysis import ASK, CHOICES, INSIDE, Analysis, Reading
from send_guide.nlu.examples import Tier
from send_guide.nlu.follow_ups import FollowUp

FALLBACK = "nlu_fallback"
RESTRAINT = "school-life.restraint"
"""The answer on what staff did to a child; with it, whether anybody is in danger now is always asked."""
TOLD = ("telling", "upset")
"""Kinds of message in which somebody tells, and which may still need an answer."""
MOST_ANSWERS = 3
"""Answers that are said to one message at most; one for each question in it."""
LIKELIEST = 4
"""Answers that the helpline is shown with their probability: the best and what may have been meant."""


class Thresholds(BaseModel):
    """From which probability on something is done; ``config.yml`` sets them. An unknown name is refused.

    Attributes:
        urgent_at: somebody is in danger from here on, by the whole message; said before anything.
        part_at: the same by one part of it. A long message has many, and one of them may mislead.
        possible_at: somebody may be in danger from here on, by the whole message: asked quietly, beside
            the answer.
        part_possible_at: the same by one part of it.
        suspicious_at: a part that tells of danger from here on, in its context, is read again by itself.
        inside_at: below this it is not for the guide, and what it is instead decides.
        answer_at: the likeliest answer is said from here on, where there is no runner-up.
        pair_at: the two likeliest are said in short from here on, by the sum of both,
        runner_up_at: if the second has at least this probability,
        one_at: and the first has less than this: else it is said alone.
        piece_at: the answer to one of several questions is said from here on.
        upset_at: it is said from here on where the message is more upset, or more telling, than asking.
        doubt_at: where the message seems not to be for the guide, the likeliest answers are offered all the
            same from here on, instead of a no.
        told_at: where it is more upset, or more telling, than asking, they are offered from here on.
        offer_at: an answer is worth offering from here on.
        beside_at: a runner-up is offered beside the answer from here on.
        talk_at: a message is about the conversation ("write the letter for me") from here on,
        talk_inside_at: if it is for the guide with at least this probability.
        unsure_at: after an answer, the likeliest are only offered below this.
        follow_at: after an answer, the likeliest is said alone from here on, else with the second,
        second_at: if that has at least this probability.
        lead_again_at: the same as ``follow_at`` where it is only the first line of the last answer again.
        usual_at: what looks like small talk, or like a word about the path, is what people ask after many
            answers from this nearness on, 0 to 1.
        line_at: a line of the last answer is said alone from this nearness on, a cosine; below, what else
            may be meant is said beside it in short,
        no_line_at: and below this no line is said, but both in short.
        other_at: what else may be meant is what the message is about by itself, from this probability on.
        own_at: what a message of some words is about by itself, with at least this probability, is said,
            and no line of the last answer: "and the taxi did not come all week".
        after_all_at: what is off topic, not covered or upset by itself is taken for a follow-up from here on,
        off_topic_stays_at: unless it is off topic with at least this probability,
        upset_stays_at: or upset with at least this.
        talk_stays_at: what is taken for small talk, or for a word about the path, stays so from here on;
            below, a follow-up that is likely enough to be said alone goes before it.
        not_at_all_at: below this probability of being for the guide it is not, however likely an answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    urgent_at: float = Field(default=0.5, ge=0, le=1)
    part_at: float = Field(default=0.5, ge=0, le=1)
    possible_at: float = Field(default=0.2, ge=0, le=1)
    part_possible_at: float = Field(default=0.25, ge=0, le=1)
    suspicious_at: float = Field(default=0.1, ge=0, le=1)
    inside_at: float = Field(default=0.4, ge=0, le=1)
    answer_at: float = Field(default=0.5, ge=0, le=1)
    pair_at: float = Field(default=0.5, ge=0, le=1)
    runner_up_at: float = Field(default=0.05, ge=0, le=1)
    one_at: float = Field(default=0.8, ge=0, le=1)
    piece_at: float = Field(default=0.6, ge=0, le=1)
    upset_at: float = Field(default=0.5, ge=0, le=1)
    doubt_at: float = Field(default=0.5, ge=0, le=1)
    told_at: float = Field(default=0.1, ge=0, le=1)
    offer_at: float = Field(default=0.03, ge=0, le=1)
    beside_at: float = Field(default=0.05, ge=0, le=1)
    talk_at: float = Field(default=0.9, ge=0, le=1)
    talk_inside_at: float = Field(default=0.2, ge=0, le=1)
    follow_at: float = Field(default=0.6, ge=0, le=1)
    unsure_at: float = Field(default=0.3, ge=0, le=1)
    second_at: float = Field(default=0.2, ge=0, le=1)
    lead_again_at: float = Field(default=0.8, ge=0, le=1)
    usual_at: float = Field(default=0.8, ge=0, le=1)
    line_at: float = Field(default=0.4, ge=0, le=1)
    no_line_at: float = Field(default=0.3, ge=0, le=1)
    other_at: float = Field(default=0.3, ge=0, le=1)
    own_at: float = Field(default=0.9, ge=0, le=1)
    after_all_at: float = Field(default=0.05, ge=0, le=1)
    off_topic_stays_at: float = Field(default=0.99, ge=0, le=1)
    upset_stays_at: float = Field(default=0.65, ge=0, le=1)
    talk_stays_at: float = Field(default=0.8, ge=0, le=1)
    not_at_all_at: float = Field(default=0.01, ge=0, le=1)


@dataclass(frozen=True)
class Decision:
    """What a message is taken for.

    Attributes:
        intent: of the domain, ``ask`` or ``nlu_fallback``.
        confidence: how sure, 0 to 1.
        answers: what to say: ids with their probability.
        choices: ids to offer, the likeliest first.
        danger_tier: clear: help in danger is the first answer; possible: ask quietly, beside the answer.
        urgent: the urgent answer that is needed, or may be; None where the tier is none.
        part: the line of the answer said before that is asked for, where it is that.
        in_short: whether the answers are said in short: which of them it is, is not sure.
    """

    intent: str
    confidence: float
    answers: list[tuple[str, float]]
    choices: list[str]
    danger_tier: Tier = "none"
    urgent: str | None = None
    part: int | None = None
    in_short: bool = False

    @property
    def ask_if_safe(self) -> bool:
        """Whether to ask, beside what is said, if anybody is in danger now."""
        return self.danger_tier == "possible"


def decide(analysis: Analysis, settings: Thresholds) -> Decision:
    """Return what a message is taken for.

    Args:
        analysis: what was seen in it.
        settings: the thresholds, what decides.
    """
    tier, (urgent, sure) = _danger(analysis, settings)
    # the encoder reads English: of what it does not know it finds danger anywhere. The words of danger of
    # other languages are in data/urgent-words.yml
    if analysis.language and not analysis.by_words:
        return Decision("off_topic", 1.0, [], [])
    decision = _without_danger(analysis, settings)
    if tier == "none":
        return decision
    if tier == "clear":
        # danger first; what else was asked can be had afterwards
        later = [answer_id for answer_id, _ in decision.answers]
        return Decision("ask", sure, [(urgent, sure)], later, tier, urgent)
    return replace(decision, danger_tier=tier, urgent=urgent)


def _without_danger(analysis: Analysis, settings: Thresholds) -> Decision:
    """Return what a message is taken for, whether or not it tells of danger."""
    whole = analysis.whole
    pair = _pair(analysis, settings)
    answers = pair or _answers(analysis, settings)
    said = [answer_id for answer_id, _ in answers]
    least = settings.beside_at if answers else settings.offer_at
    several = len(said) > 1 and not pair
    likely = _left_over(analysis, settings) if several else whole.likely_answers(least)
    choices = [answer_id for answer_id in likely if answer_id not in said]
    if answers:
        return Decision("ask", answers[0][1], answers, choices, in_short=bool(pair))
    if _is_talk(whole, settings):
        return Decision(whole.best, whole.confidence, [], choices)
    if whole.kinds.get(INSIDE, 1.0) < settings.inside_at and not _in_doubt(whole, settings):
        return Decision(whole.outside, whole.kinds.get(whole.outside, 0.0), [], choices)
    if not whole.best.startswith(ASK) and whole.confidence >= settings.answer_at:
        return Decision(whole.best, whole.confidence, [], choices)
    return Decision(FALLBACK, whole.confidence, [], choices)


def _danger(analysis: Analysis, settings: Thresholds) -> tuple[Tier, tuple[str, float]]:
    """Return how likely danger is, and the urgent answer with its probability."""
    if analysis.by_words:
        return "clear", (analysis.by_words, 1.0)
    likeliest = max(analysis.danger, analysis.part, key=itemgetter(1))
    at_school = analysis.whole.best == ASK + RESTRAINT and analysis.whole.confidence >= settings.answer_at
    if analysis.danger[1] >= settings.urgent_at or analysis.part[1] >= settings.part_at:
        # what staff did to a child, in plain words, has an answer of its own, and it says whom to tell
        return ("possible" if at_school and analysis.possibly else "clear"), likeliest
    if (
        analysis.possibly
        or at_school
        or analysis.danger[1] >= settings.possible_at
        or analysis.part[1] >= settings.part_possible_at
    ):
        return "possible", (analysis.possibly or likeliest[0], likeliest[1])
    return "none", ("", 0.0)


def _answers(analysis: Analysis, settings: Thresholds) -> list[tuple[str, float]]:
    """Return (id, probability) of what to say: one for each question that is understood."""
    found: dict[str, float] = {}
    for part in analysis.questions:
        if _is_answer(part, settings) and part.confidence >= settings.piece_at:
            found.setdefault(part.best.removeprefix(ASK), part.confidence)
    if _is_answer(analysis.whole, settings) and len(found) < 2:
        found = {analysis.whole.best.removeprefix(ASK): analysis.whole.confidence}
    return list(found.items())[:MOST_ANSWERS]


def _left_over(analysis: Analysis, settings: Thresholds) -> list[str]:
    """Return the answers to several questions, also those that are not sure enough to be said."""
    left = (
        part.best.removeprefix(ASK)
        for part in analysis.questions
        if part.best.startswith(ASK) and part.confidence >= settings.pair_at
    )
    return list(dict.fromkeys(left))


def _pair(analysis: Analysis, settings: Thresholds) -> list[tuple[str, float]]:
    """Return (id, probability) of the two likeliest answers, where it is one of them but not sure which.

    Who tells what happened often needs both, and two in short are read sooner than one in full that does
    not fit.
    """
    whole = analysis.whole
    about_school = whole.kinds.get(INSIDE, 1.0) + whole.kinds.get("telling", 0.0) >= settings.inside_at
    two = [(label.removeprefix(ASK), sure) for label, sure in whole.ranking[:2] if label.startswith(ASK)]
    if len(two) < 2 or not about_school or len(analysis.questions) > 1:
        return []
    likely = two[0][1] < settings.one_at and two[1][1] >= settings.runner_up_at
    return two if likely and two[0][1] + two[1][1] >= settings.pair_at else []


def _is_talk(reading: Reading, settings: Thresholds) -> bool:
    """Return whether a message is surely about the conversation ("write the letter for me"), though its
    words could be about something else.
    """
    return (
        not reading.best.startswith(ASK)
        and reading.confidence >= settings.talk_at
        and reading.kinds.get(INSIDE, 1.0) >= settings.talk_inside_at
        and reading.outside in ("not_covered", "off_topic")
    )


def _in_doubt(reading: Reading, settings: Thresholds) -> bool:
    """Return whether an answer is so likely that it is better to ask than to say that it is not covered,
    or to be only kind.
    """
    least = settings.told_at if reading.outside in TOLD else settings.doubt_at
    return (
        reading.kinds.get(INSIDE, 1.0) >= settings.not_at_all_at
        and reading.best.startswith(ASK)
        and reading.confidence >= least
    )


def _is_answer(reading: Reading, settings: Thresholds) -> bool:
    """Return whether ``reading`` is sure enough to be said."""
    if not reading.best.startswith(ASK):
        return False
    if reading.kinds.get(INSIDE, 1.0) >= settings.inside_at:
        return reading.confidence >= settings.answer_at
    # upset words around a clear question do not make it less of a question, where there is one
    asked = reading.outside in TOLD and reading.kinds.get(INSIDE, 1.0) >= settings.not_at_all_at
    return asked and reading.confidence >= settings.upset_at


def _gives_way(decision: Decision, follow_up: FollowUp, last: str | None, settings: Thresholds) -> bool:
    """Return whether what looks like small talk is more likely about the last answer: "are they right".

    What reports of a step always gives way: "they said no" after an answer is about what that answer says. So
    does what people ask after many answers.
    """
    likely = last is not None and follow_up.ranking[0][1] >= settings.follow_at
    if likely and follow_up.usual >= settings.usual_at:
        return True
    return likely and (decision.intent in REPORTS or decision.confidence < settings.talk_stays_at)


def _of_its_own(decision: Decision, follow_up: FollowUp, last: str | None, settings: Thresholds) -> bool:
    """Return whether a message that would get a line of the last answer surely tells of something else."""
    one = decision.answers[0] if decision.intent == "ask" and len(decision.answers) == 1 else None
    sure = one is not None and one[0] != last and one[1] >= settings.own_at
    return sure and follow_up.ranking[0][0] == last and follow_up.words >= OWN_WORDS


A_WORD_OR_TWO = 2
"""Words up to which a message is about what was said last: "why", "and then"."""
OWN_WORDS = 6
"""Words from which on a message can tell of something new by itself."""
FOLLOWS = frozenset(("ask", FALLBACK, "telling", "upset", "not_covered", "off_topic", "what_else"))
"""Intents that a message after an answer may be taken for when it is read without that answer."""
ELSEWHERE = frozenset(("off_topic", "not_covered", "upset"))
"""Those of them that stay what they are where no answer is likely."""
BESIDE = 3
"""Answers that are offered beside the line of the last answer: what it may have gone on to."""


def after(decision: Decision, follow_up: FollowUp, last: str | None, settings: Thresholds) -> Decision:
    """Return what a message is taken for after what was typed and said before it.

    The likeliest answer is said: of the last one only the line that is asked for. Where it is not likely
    enough, the second is said beside it; others are offered, since short messages are often both.

    Args:
        decision: what it is taken for by itself.
        follow_up: how it reads after what was before it.
        last: the id of the answer that was said last; None where none was.
        settings: what decides.
    """
    urgent = any(is_urgent(answer_id) for answer_id, _ in decision.answers)
    if urgent or not follow_up.ranking:
        return decision
    if decision.intent not in FOLLOWS and not _gives_way(decision, follow_up, last, settings):
        return decision
    stays_at = {"off_topic": settings.off_topic_stays_at, "upset": settings.upset_stays_at}
    stays = decision.confidence >= stays_at.get(decision.intent, inf)
    if stays or (decision.intent in ELSEWHERE and follow_up.ranking[0][1] < settings.after_all_at):
        return decision
    several = len(decision.answers) > 1 and not decision.in_short
    if several and last not in [answer_id for answer_id, _ in decision.answers]:
        return decision
    if _of_its_own(decision, follow_up, last, settings):
        return replace(
            decision, choices=[key for key, _ in follow_up.ranking if key != decision.answers[0][0]][:BESIDE]
        )
    if follow_up.ranking[0][1] < settings.unsure_at:
        choices = [key for key, _ in follow_up.ranking[:CHOICES]]
        return replace(decision, intent=FALLBACK, answers=[], choices=choices, in_short=False)
    said = _said_after(decision, follow_up, last, settings)
    line = said[0][0] == last and (len(said) == 1 or follow_up.near >= settings.no_line_at)
    said = said if line else sorted(said, key=lambda one: one[0] == last)
    ids = [key for key, _ in said]
    return replace(
        decision,
        intent="ask",
        confidence=said[0][1],
        answers=said,
        choices=[key for key, _ in follow_up.ranking if key not in ids][:BESIDE],
        part=follow_up.line if line else None,
        in_short=len(said) > 1,
    )


def _said_after(
    decision: Decision, follow_up: FollowUp, last: str | None, settings: Thresholds
) -> list[tuple[str, float]]:
    """Return (id, probability) of what is said after an answer: one, or two where it may be either."""
    first, *others = follow_up.ranking
    if first[0] == last and follow_up.near < settings.line_at and follow_up.words > A_WORD_OR_TWO:
        own = [one for one in decision.answers[:1] if one[1] >= settings.other_at and one[0] != last]
        return [first, *(own or others)[:1]]
    likely = [one for one in follow_up.ranking[:2] if one[1] >= settings.second_at]
    lead_again = first[0] == last and follow_up.line == 0
    alone_at = settings.lead_again_at if lead_again else settings.follow_at
    if first[1] >= alone_at or len(likely) < 2:
        return [first]
    return sorted(likely, key=lambda one: one[0] != last)
