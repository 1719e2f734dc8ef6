"""The report as pictures: SVG for a light and a dark page. The tables beside them say the same.

Two kinds of bars, drawn by hand: a library for plots is 100 MB and is needed for nothing else here.
"""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from send_guide.editing.conversation_log import Outcome
from send_guide.editing.report import Report

SHOWN: dict[Outcome, str] = {
    "answered": "answered",
    "choices": "only choices",
    "no answer": "no answer",
    "off topic": "off topic",
    "danger": "danger",
}
"""Outcomes that are drawn, in the words of the legend. Greetings and follow-ups are left out."""
MOST_BARS = 12
WIDTH, BAR, LINE = 760, 26, 15
"""Of a picture, of a lying bar with its gap, of a line of words: pixels."""
FEWEST_PLACES = 4
"""Standing bars that a picture has room for, even where there are fewer: one bar is no wall."""
MOST_TICKS = 6


@dataclass(frozen=True)
class Colours:
    """Colours of words, of lines and of outcomes; each outcome has a hatching of its own too."""

    ink: str
    line: str
    outcomes: tuple[str, ...]


# blue, amber, red, grey, violet: told apart by people who see red and green alike
LIGHT = Colours("#1c2127", "#6b7680", ("#2f6f9f", "#e0a030", "#c1443c", "#9aa5ae", "#6a4c93"))
DARK = Colours("#eceff2", "#8b97a2", ("#6fb1e0", "#f0bd5e", "#ef8078", "#77838d", "#b79adf"))
HATCHES = ("", "M0 8L8 0", "M0 8L8 0M0 0L8 8", "M2 4h2M6 4h2", "M0 0L8 8")
"""What is drawn over a square of 8 by 8 of each outcome's colour, as SVG writes paths."""


def weeks(report: Report, colours: Colours) -> bytes:
    """Return bars of what became of the messages of each week."""
    mondays = report.mondays()
    return _stacked(
        [f"{day:%d %b}" for day in mondays],
        lambda outcome: [report.count(outcome, week=day) for day in mondays],
        "Week from",
        colours,
    )


def channels(report: Report, colours: Colours) -> bytes:
    """Return bars of what became of the messages of each channel."""
    names = sorted({channel for _, channel in report.weeks})
    return _stacked(
        names,
        lambda outcome: [report.count(outcome, channel=name) for name in names],
        "Channel",
        colours,
    )


def said(report: Report, colours: Colours) -> bytes:
    """Return bars of the answers that were said most often."""
    top = [one for one in report.said if one.times][:MOST_BARS]
    return _lying([one.title for one in top], [[one.times for one in top]], ["said"], colours)


def path(report: Report, colours: Colours) -> bytes:
    """Return bars of how many conversations came to each step of the path, and how many ended there."""
    rows = [[one.reached for one in report.steps], [one.ended for one in report.steps]]
    return _lying([one.title for one in report.steps], rows, ["came to it", "ended there"], colours)


PLOTS: dict[str, Callable[[Report, Colours], bytes]] = {
    "weeks": weeks,
    "channels": channels,
    "said": said,
    "path": path,
}
"""The pictures by name."""


def _stacked(
    names: Sequence[str], count: Callable[[Outcome], list[int]], label: str, colours: Colours
) -> bytes:
    left, top, right, height = 56, 14, 620, 200
    counted = [count(outcome) for outcome in SHOWN]
    step, most = _axis([sum(bar) for bar in zip(*counted, strict=True)])
    place = (right - left) / max(len(names), FEWEST_PLACES)
    drawn = []
    for tick in range(0, most + 1, step):
        y = top + height * (1 - tick / most)
        drawn += [_line(left - 4, y, left, y), _text(left - 8, y + 4, str(tick), "end")]
    below = [0] * len(names)
    for number, values in enumerate(counted):
        for at, value in enumerate(values):
            below[at] += value
            y = top + height * (1 - below[at] / most)
            drawn.append(_bar(left + place * (at + 0.2), y, place * 0.6, height * value / most, number))
    for at, name in enumerate(names):
        drawn.append(_text(left + place * (at + 0.5), top + height + 18, name, "middle"))
    upright = f"translate(14 {top + height / 2}) rotate(-90)"
    drawn += [
        _line(left, top, left, top + height),
        _line(left, top + height, right, top + height),
        _text((left + right) / 2, top + height + 40, label, "middle"),
        f'<g transform="{upright}">{_text(0, 0, "Messages", "middle")}</g>',
    ]
    drawn += _legend(right + 20, top, list(enumerate(SHOWN.values()))[::-1])
    return _svg(top + height + 50, drawn, colours)


def _lying(
    names: Sequence[str], rows: Sequence[Sequence[int]], labels: Sequence[str], colours: Colours
) -> bytes:
    left, top, right = 270, 10, 580
    place = BAR * len(rows) + 10
    bottom = top + place * max(1, len(names))
    step, most = _axis([value for values in rows for value in values])
    drawn = []
    for tick in range(0, most + 1, step):
        x = left + (right - left) * tick / most
        drawn += [_line(x, bottom, x, bottom + 4), _text(x, bottom + 18, str(tick), "middle")]
    for at, name in enumerate(names):
        lines = textwrap.wrap(name, 38)
        middle = top + place * (at + 0.5) - LINE * (len(lines) - 1) / 2 + 4
        drawn += [_text(left - 10, middle + LINE * number, line, "end") for number, line in enumerate(lines)]
        for number, values in enumerate(rows):
            y = top + place * at + 5 + BAR * number
            length = (right - left) * values[at] / most
            drawn.append(_bar(left, y + 2, length, BAR - 4, number * 2))
            drawn.append(_text(left + length + 6, y + BAR / 2 + 4, str(values[at]), "start"))
    drawn += [_line(left, top, left, bottom), _line(left, bottom, right, bottom)]
    if len(rows) > 1:
        drawn += _legend(right + 30, top, [(number * 2, words) for number, words in enumerate(labels)])
    return _svg(bottom + 26, drawn, colours)


def _axis(values: Sequence[int]) -> tuple[int, int]:
    """Return how far the marks of an axis are apart (1, 2 or 5, times a power of ten), and the last mark."""
    most = max(values, default=0)
    steps = (step * 10**power for power in itertools.count() for step in (1, 2, 5))
    step = next(step for step in steps if most / step <= MOST_TICKS)
    return step, step * max(1, math.ceil(most / step))


def _bar(x: float, y: float, width: float, height: float, number: int) -> str:
    shape = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {shape} fill="url(#of{number})" class="bar"/>' if width and height else ""


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path class="line" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _legend(x: float, top: float, entries: Sequence[tuple[int, str]]) -> Iterator[str]:
    for row, (number, words) in enumerate(entries):
        yield _bar(x, top + 20 * row, 20, 13, number)
        yield _text(x + 27, top + 20 * row + 11, words, "start")


def _svg(height: float, drawn: Sequence[str], colours: Colours) -> bytes:
    patterns = "".join(
        f'<pattern id="of{number}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{colour}"/><path class="hatch" d="{hatch}"/></pattern>'
        for number, (colour, hatch) in enumerate(zip(colours.outcomes, HATCHES, strict=True))
    )
    style = (
        f"text{{font:12px sans-serif;fill:{colours.ink}}}.line{{stroke:{colours.line}}}"
        f".bar{{stroke:{colours.ink};stroke-width:.5}}.hatch{{stroke:{colours.ink}}}"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH} {height:.0f}"><style>{style}</style><defs>{patterns}</defs>'
        f"{''.join(drawn)}</svg>\n"
    ).encode()
