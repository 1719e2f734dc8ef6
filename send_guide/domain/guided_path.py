"""Where somebody stands on the guided path, and what comes next. Pure functions; nothing of Rasa in here.

The path itself is data: questions, steps and routes (``data/path``). What is known narrows the routes.
While every route that is still possible goes on the same way, nothing is asked; where they part, the
first question is asked whose answer decides.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from send_guide.content import Content
from send_guide.content.path_schema import Question, Route, Step
from send_guide.domain.deadlines import DEADLINES, Deadline, Facts

LEFT_OUT = "left-out"
"""What stands for a step that was skipped, where a done one has its month or "yes"."""
ACTUALLY = re.compile(
    r"\b(?:actually|sorry|wrong|mistake|i mean|i meant|changed my mind|not an?|"
    r"it'?s an? (?:academy|free school|private school|nursery|college))\b",
    re.I,
)
"""Words of somebody who takes something back."""
REPORTS = frozenset(("did_already", "did_not_work"))
"""Intents of messages that report of a step."""


@dataclass
class Progress:
    """Where somebody stands: choices, dates and steps, never their words.

    Attributes:
        facts: option or date (ISO 8601) by the key of its question.
        done: "yes", a month ("2026-03") or :data:`LEFT_OUT` by step.
        trail: what each turn added, the newest last: keys of facts, and steps as "done.<step>".
        asked: the question that is open; empty where none is.
        at: the step that was told last; empty where none was.
        letter: the letter that waits for an answer; empty where none does.
    """

    facts: dict[str, str] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)
    trail: list[list[str]] = field(default_factory=list)
    asked: str = ""
    at: str = ""
    letter: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Progress:
        """Return the progress that a slot keeps; a new one for None. Keys of a newer release are left out."""
        known = {name: value for name, value in (kept or {}).items() if name in cls.__dataclass_fields__}
        return cls(**copy.deepcopy(known))

    def kept(self) -> dict[str, Any]:
        """Return what a slot keeps."""
        return asdict(self)

    def add(self, facts: Mapping[str, str], done: Mapping[str, str]) -> bool:
        """Take in facts and done steps as one turn of the trail; return whether anything is new."""
        new = [key for key, value in facts.items() if self.facts.get(key) != value]
        steps = [step for step, when in done.items() if self.done.get(step, LEFT_OUT) in (LEFT_OUT, "yes")]
        steps = [step for step in steps if self.done.get(step) != done[step]]
        self.facts.update({key: facts[key] for key in new})
        self.done.update({step: done[step] for step in steps})
        if new or steps:
            self.trail.append([*new, *(f"done.{step}" for step in steps)])
        return bool(new or steps)

    def back(self) -> bool:
        """Take back what the last turn added; return whether there was anything."""
        if not self.trail:
            return False
        for key in self.trail.pop():
            if key.startswith("done."):
                self.done.pop(key.removeprefix("done."), None)
            else:
                self.facts.pop(key, None)
        self.asked = self.at = self.letter = ""
        return True


def possible_routes(content: Content, facts: Mapping[str, str]) -> list[Route]:
    """Return the routes that what is known leaves open."""
    return [
        route
        for route in content.routes.values()
        if all(key not in facts or facts[key] in wanted for key, wanted in route.when.items())
    ]


def next_move(content: Content, progress: Progress) -> Question | Step:
    """Return what comes next: the one question that decides, or the step to take."""
    routes = possible_routes(content, progress.facts)
    items = list(dict.fromkeys(_next_item(content, route, progress) for route in routes))
    if len(items) == 1:
        item = items[0]
        return content.questions[item[1:]] if item.startswith("?") else content.steps[item]
    return next(
        question
        for key, question in content.questions.items()
        if key not in progress.facts and any(key in route.when for route in routes)
    )


def _next_item(content: Content, route: Route, progress: Progress) -> str:
    """Return the first item of a way that is still to come; its last step where none is."""
    reached = max((at for at, item in enumerate(route.way) if item in progress.done), default=-1)
    for at, item in enumerate(route.way):
        if item.startswith("?"):
            if not _answered(content, item[1:], at < reached, progress):
                return item
        elif at > reached:
            return item
    return route.way[-1]


def _answered(content: Content, key: str, passed: bool, progress: Progress) -> bool:
    """Return whether a question needs no asking. How far somebody has got is known from any done step."""
    done_by_answer = any(option.done for option in content.questions[key].options.values())
    return key in progress.facts or (passed and done_by_answer)


def steps_to_come(content: Content, progress: Progress) -> list[Step]:
    """Return the steps from the next one on, where the route is known; else the next one alone."""
    move = next_move(content, progress)
    if isinstance(move, Question):
        return []
    routes = possible_routes(content, progress.facts)
    if len(routes) != 1:
        return [move]
    steps = routes[0].steps
    return [content.steps[key] for key in steps[steps.index(move.id) :]]


def done_steps(content: Content, progress: Progress) -> dict[str, str]:
    """Return what is done, step by step in the order of the path; of several routes, of the first."""
    route = possible_routes(content, progress.facts)[0]
    return {step: progress.done[step] for step in route.steps if step in progress.done}


def follows(content: Content, progress: Progress, step: Step) -> str:
    """Return what comes after a step in one line: the next step's title where the route is known."""
    routes = possible_routes(content, progress.facts)
    if len(routes) != 1 or step.id not in routes[0].steps[:-1]:
        return step.next
    after = content.steps[routes[0].steps[routes[0].steps.index(step.id) + 1]]
    return f"{after.title}."


def needed_by_letter(content: Content, template: str, facts: Mapping[str, str]) -> Question | None:
    """Return the first question that a letter needs an answer to, or None where it has all."""
    for key in content.letters[template].asks:
        question = content.questions[key]
        fits = all(facts.get(other) in wanted for other, wanted in question.when.items())
        if key not in facts and fits:
            return question
    return None


def chosen(question: Question, text: str, *, by_number: bool = True) -> str | None:
    """Return the option that somebody means who types an answer, by number, title or its words.

    Args:
        question: what was asked.
        text: what was typed.
        by_number: whether the options stand numbered before the person.
    """
    plain = _plain(text)
    if by_number and plain.isdecimal() and 1 <= int(plain) <= len(question.options):
        return list(question.options)[int(plain) - 1]
    first, _, rest = plain.partition(" ")
    for value, option in question.options.items():
        ways = {_plain(words) for words in (value, option.title, *option.typed)}
        if plain in ways or (first in ways and rest in ways):  # "no", and "no he doesn't have one"
            return value
    return None


def _plain(text: str) -> str:
    """Return ``text`` in small letters, without punctuation, with single spaces."""
    return " ".join(re.sub(r"[^\w\s]", " ", re.sub("['’]", "", text.lower())).split())


def done_by(content: Content, answers: Iterable[tuple[str, str]], when: str = "yes") -> dict[str, str]:
    """Return the steps that are done where these (question, option) are the answers."""
    return {
        step: when
        for key, value in answers
        if (option := content.questions[key].options.get(value))
        for step in option.done
    }


def deadlines(content: Content, progress: Progress, kinds: Iterable[str]) -> list[Deadline]:
    """Return the time limits of these kinds whose dates are known."""
    known = progress.facts
    facts = Facts(
        setting=known.get("setting", ""),
        decision=known.get("decision", ""),
        certificate=date_of(known, "certified"),
    )
    rules = (DEADLINES[kind] for kind in kinds)
    return [rule.work_out(start, facts) for rule in rules if (start := date_of(known, rule.question))]


def date_of(facts: Mapping[str, str], key: str) -> date | None:
    """Return the date that answers a question, or None where it is not known."""
    try:
        return date.fromisoformat(facts.get(key, ""))
    except ValueError:
        return None


def place_of(content: Content, progress: Progress, step: Step) -> tuple[int | None, int | None]:
    """Return which step of the way a step is, counted from 1, and how many there are; none where the way is
    not known yet.
    """
    routes = possible_routes(content, progress.facts)
    if len(routes) != 1 or step.id not in routes[0].steps:
        return None, None
    return routes[0].steps.index(step.id) + 1, len(routes[0].steps)
