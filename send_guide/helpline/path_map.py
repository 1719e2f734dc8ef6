"""The guided path as a map: every way with its steps in order, and where on it a caller is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from send_guide.content import get_content
from send_guide.content.path_schema import Route, Step


@dataclass(frozen=True)
class Way:
    """One way through the path.

    Attributes:
        title: for whom it is.
        steps: in order.
        fits: whether it fits what is known of the caller.
    """

    title: str
    steps: tuple[Step, ...]
    fits: bool


def ways(facts: Mapping[str, str]) -> list[Way]:
    """Return every way, those that fit what is known first.

    Args:
        facts: options of ``data/path/questions.yml`` by key, for instance ``{"topic": "support"}``.
    """
    steps = get_content().steps
    found = [
        Way(_title(route), tuple(steps[key] for key in route.steps), _fits(route, facts))
        for route in get_content().routes.values()
    ]
    return sorted(found, key=lambda way: not way.fits)


def known_of(answer_id: str) -> tuple[dict[str, str], str | None]:
    """Return what is known of somebody who asks for an answer, and the step at which they stand."""
    content = get_content()
    entry = content.entries.get(answer_id)
    if entry is None:
        return {}, None
    way = ways(entry.facts)[0]
    keys = [step.id for step in way.steps]
    after = max((keys.index(step) + 1 for step in entry.done if step in keys), default=0)
    return dict(entry.facts), keys[after] if after < len(keys) else None


def before(step_id: str, facts: Mapping[str, str]) -> list[Step]:
    """Return the steps that lie before a step on the first way that holds it."""
    for way in ways(facts):
        keys = [step.id for step in way.steps]
        if step_id in keys:
            return list(way.steps[: keys.index(step_id)])
    return []


def _fits(route: Route, facts: Mapping[str, str]) -> bool:
    known = {key: values for key, values in route.when.items() if facts.get(key)}
    return bool(known) and all(facts[key] in values for key, values in known.items())


def _title(route: Route) -> str:
    """Return for whom a route is, in the words of the questions that decide it."""
    questions = get_content().questions
    parts = [
        " or ".join(questions[key].options[value].title for value in values)
        for key, values in route.when.items()
    ]
    return ": ".join(parts)
