"""The sets of questions we measure with, and what understanding alone makes of each question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from send_guide.measuring.questions import Line, Verdict, judge, read_questions
from send_guide.nlu.analysis import OUTSIDE, Analyser, Analysis
from send_guide.nlu.decide import Thresholds, decide

SETS = ["covered", "uncovered", "off-topic", "urgent", "distress", "smalltalk", "long", "stories"]
PATH = "school_not_helping"
"""The intent with which the guided path begins."""


@dataclass
class Asked:
    """A question of a set, and what was seen in it."""

    line: Line
    analysis: Analysis

    def judged(self, thresholds: Thresholds) -> tuple[Line, Verdict]:
        """Return its line filled in as :func:`send_guide.measuring.questions.ask_all` does, and the verdict.

        Args:
            thresholds: what decides.
        """
        decision = decide(self.analysis, thresholds)
        ids = [answer_id for answer_id, _ in decision.answers]
        kind = "smalltalk"
        if ids:
            section = ids[0].split(".")[0]
            kind = section if section in ("urgent", "signpost") else "answer"
        elif decision.intent == "nlu_fallback":
            kind = "choices" if decision.choices else "fallback"
        elif decision.intent == PATH:
            kind = "escalation"
        elif decision.intent in ("off_topic", "not_covered"):
            kind = "fallback"
        no_choices = kind == "fallback" or (kind == "smalltalk" and decision.intent not in OUTSIDE)
        offered = [] if no_choices else decision.choices
        line = {
            **self.line,
            "answered": ids,
            "offered": offered,
            "reply_kind": kind,
            "danger": decision.danger_tier,
        }
        return line, judge(line)


def files(folder: Path) -> dict[str, Path]:
    """Return the file of each set that a folder holds."""
    named = {name: folder / f"{name}.jsonl" for name in SETS}
    if not named["covered"].exists():
        named["covered"] = folder / "development.jsonl"
    return {name: path for name, path in named.items() if path.exists()}


def questions_of(folder: Path) -> Iterator[tuple[str, Line]]:
    """Yield (set, line) of every question of a folder, its own folders left out.

    Raises:
        BadQuestionsError: a line cannot be used.
    """
    for name, path in files(folder).items():
        for line in read_questions(path):
            yield name, line


def look_at_all(analyser: Analyser, folder: Path) -> dict[str, list[Asked]]:
    """Return what is seen in every question of a folder, by set."""
    found: dict[str, list[Asked]] = {}
    for name, line in questions_of(folder):
        found.setdefault(name, []).append(Asked(line, analyser.analyse(line["q"])))
    return found
