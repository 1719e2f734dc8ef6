"""The sets of questions we measure with, and what understanding alone makes of each question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from send_guide.evaluation import Line, Verdict, judge, read_questions
from send_guide.understanding.selector import OUTSIDE, AnswerSelector, Seen, decide

SETS = ["covered", "uncovered", "off-topic", "urgent", "distress", "smalltalk", "long"]


@dataclass
class Asked:
    """A question of a set, and what was seen in it."""

    line: Line
    seen: Seen

    def judged(self, settings: Mapping[str, float]) -> tuple[Line, Verdict]:
        """Return its line filled in as :func:`send_guide.evaluation.ask_all` does, and the verdict.

        Args:
            settings: the thresholds, as :class:`~send_guide.understanding.selector.AnswerSelector` has them.
        """
        understood = decide(self.seen, settings)
        ids = [answer_id for answer_id, _ in understood.answers]
        kind = "smalltalk"
        if ids:
            section = ids[0].split(".")[0]
            kind = section if section in ("urgent", "signpost") else "answer"
        elif understood.intent == "nlu_fallback":
            kind = "choices" if understood.choices else "fallback"
        elif understood.intent in ("off_topic", "not_covered"):
            kind = "fallback"
        no_choices = kind == "fallback" or (kind == "smalltalk" and understood.intent not in OUTSIDE)
        offered = [] if no_choices else understood.choices
        line = {**self.line, "answered": ids, "offered": offered, "reply_kind": kind}
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


def look_at_all(selector: AnswerSelector, folder: Path) -> dict[str, list[Asked]]:
    """Return what is seen in every question of a folder, by set."""
    found: dict[str, list[Asked]] = {}
    for name, line in questions_of(folder):
        found.setdefault(name, []).append(Asked(line, selector.look(line["q"])))
    return found
