"""The report as pictures: SVG for a light and a dark page. The tables beside them say the same."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

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
INCH = 0.42
"""Height of a bar with its gap."""
WIDTH = 8.0


@dataclass(frozen=True)
class Colours:
    """Colours of words, of lines and of outcomes; each outcome has a hatching of its own too."""

    ink: str
    line: str
    outcomes: tuple[str, ...]


# blue, amber, red, grey, violet: told apart by people who see red and green alike
LIGHT = Colours("#1c2127", "#6b7680", ("#2f6f9f", "#e0a030", "#c1443c", "#9aa5ae", "#6a4c93"))
DARK = Colours("#eceff2", "#8b97a2", ("#6fb1e0", "#f0bd5e", "#ef8078", "#77838d", "#b79adf"))
HATCHES = ("", "//", "xx", "..", "\\\\")


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
    figure, axes = _axes(3.6, colours)
    below = [0] * len(names)
    for outcome, words, colour, hatch in zip(SHOWN, SHOWN.values(), colours.outcomes, HATCHES, strict=True):
        counted = count(outcome)
        axes.bar(
            range(len(names)),
            counted,
            0.6,
            below,
            label=words,
            color=colour,
            hatch=hatch,
            edgecolor=colours.ink,
            linewidth=0.5,
        )
        below = [low + more for low, more in zip(below, counted, strict=True)]
    axes.set_xticks(range(len(names)), names)
    axes.set_xlim(-0.6, max(len(names), 4) - 0.4)
    axes.set_xlabel(label, color=colours.ink)
    axes.set_ylabel("Messages", color=colours.ink)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.legend(
        loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, labelcolor=colours.ink, reverse=True
    )
    return _svg(figure)


def _lying(
    names: Sequence[str], rows: Sequence[Sequence[int]], labels: Sequence[str], colours: Colours
) -> bytes:
    figure, axes = _axes(1.2 + INCH * len(rows) * max(1, len(names)), colours)
    height = 0.8 / len(rows)
    for number, (values, label) in enumerate(zip(rows, labels, strict=True)):
        places = [at + (number - (len(rows) - 1) / 2) * height for at in range(len(names))]
        bars = axes.barh(
            places,
            values,
            height,
            label=label,
            color=colours.outcomes[number * 2],
            hatch=HATCHES[number],
            edgecolor=colours.ink,
            linewidth=0.5,
        )
        axes.bar_label(bars, padding=3, color=colours.ink)
    axes.set_yticks(range(len(names)), ["\n".join(textwrap.wrap(name, 38)) for name in names])
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    if len(rows) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, labelcolor=colours.ink)
    return _svg(figure)


def _axes(height: float, colours: Colours) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.add_subplot()
    figure.patch.set_alpha(0)
    axes.patch.set_alpha(0)
    for name, spine in axes.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color(colours.line)
    axes.tick_params(colors=colours.ink, color=colours.line)
    return figure, axes


def _svg(figure: Figure) -> bytes:
    """Return the picture; the letters are drawn, so that it looks the same everywhere."""
    file = io.BytesIO()
    FigureCanvasSVG(figure)
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()
