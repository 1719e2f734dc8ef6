"""The report, an answer and a trial in the words of a terminal."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from send_guide.editing.plots import SHOWN
from send_guide.editing.preview import Preview
from send_guide.editing.report import Group, Report
from send_guide.editing.trial import NAMES, Trial
from send_guide.editing.validation import DraftReview

MOST = 15
"""Groups, answers and remarks that are printed."""


def report_in_words(report: Report) -> str:
    """Return a report as text."""
    return "\n".join(_report(report))


def _report(report: Report) -> Iterator[str]:
    yield f"What people asked, {report.since:%d %B %Y} to {report.until:%d %B %Y}"
    yield ""
    yield f"{'week from':<12}{'channel':<16}" + "".join(f"{words:>14}" for words in SHOWN.values())
    for (day, channel), counted in sorted(report.weeks.items()):
        yield f"{day:%d %b %Y} {channel:<16}" + "".join(f"{counted[outcome]:>14}" for outcome in SHOWN)
    yield from _heading("No answer, or a poor one")
    for group in report.groups[:MOST]:
        yield f"{group.count} x {outcomes_in_words(group)}"
        yield from (f"    {times} x {text}" for text, times in group.questions)
        yield from (f"    said, and not meant: {times} x {answer_id}" for answer_id, times in group.rejected)
    if report.left_out:
        yield f"{report.left_out} more, whose words are not shown."
    yield from _heading("Said most often")
    for one in report.said[:MOST]:
        thought = ", ".join(f"{times} {words}" for words, times in one.opinions.items())
        yield f"{one.times:>5} x {one.title}{f' ({thought})' if thought else ''}"
    yield from _heading("What to do in danger (counted only)")
    yield from (f"{times:>5} x {title}" for title, times in report.urgent.items())
    yield from _heading("What people and the helpline wrote")
    for remark in report.remarks[:MOST]:
        yield f"{remark.kind}: {', '.join(remark.titles) or 'no answer'}: {remark.reason}"
    yield from _heading("The path: conversations that came to a step, and that ended there")
    yield from (f"{one.reached:>5} {one.ended:>5}  {one.title}" for one in report.steps)


def outcomes_in_words(group: Group) -> str:
    """Return what became of the questions of a group: "2 no answer, 1 only choices"."""
    return ", ".join(f"{times} {outcome}" for outcome, times in group.outcomes.items())


def day_in_words(moment: float) -> str:
    """Return day and time of a moment (seconds since 1970): "25 November 2026, 10:05"."""
    return f"{datetime.datetime.fromtimestamp(moment).astimezone():%d %B %Y, %H:%M}"


def minutes_in_words(seconds: float) -> str:
    """Return a length of time: "40 seconds", "3 minutes"."""
    number, unit = (round(seconds), "second") if seconds < 100 else (round(seconds / 60), "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _heading(text: str) -> Iterable[str]:
    return "", text, "-" * len(text)


def preview_in_words(preview: Preview) -> str:
    """Return an answer in every rendering as text."""
    parts = [("Web", preview.plain), ("Easy read", preview.easy_read)]
    for name, messages in (("SMS", preview.sms), ("SMS, on MORE", preview.sms_more)):
        parts += [(f"{name} ({segments_in_words(one.segments)})", one.text) for one in messages]
    parts += [("WhatsApp", text) for text in preview.whatsapp]
    return "\n\n".join(f"== {name}\n{text}" for name, text in parts)


def segments_in_words(number: int) -> str:
    """Return "1 segment", "2 segments"."""
    return f"{number} segment{'' if number == 1 else 's'}"


def looked_in_words(looked: DraftReview) -> str:
    """Return measures and findings as text."""
    lines = [
        f"{measure.field:<10} {measure.length}"
        + (f", reading age {measure.age} (at most {measure.most_age})" if measure.age else "")
        for measure in looked.measures
    ]
    return "\n".join([*lines, *(f"! {finding}" for finding in looked.findings)])


def trial_in_words(trial: Trial) -> str:
    """Return what a trial has shown as text."""
    lines = [f"{trial} (trained with {trial.examples} ways of asking, {trial.seconds:.0f} seconds)", ""]
    lines += [f"{one.before:>5} -> {one.after:>4} of {one.asked:>4}  {NAMES[one.set]}" for one in trial.fared]
    if trial.by_chance:
        lines.append(f"{trial.by_chance} other questions fare otherwise by training alone")
    for one in trial.differences:
        lines += [
            "",
            f"{'BETTER' if one.better else 'WORSE'}: {one.question}",
            f"    should hear: {', '.join(one.expected) or 'no answer'}",
            f"    now: {one.before}",
            f"    then: {one.after}",
            *([f"    nearest to: {one.because}"] if one.because else []),
        ]
    return "\n".join(lines)
