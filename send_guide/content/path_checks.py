"""The rules of ``docs/content.md`` for the guided path: steps, letters, and that no way is missing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from send_guide.content.files import Problem
from send_guide.content.gsm7 import not_gsm_7
from send_guide.content.loader import Content
from send_guide.content.path_schema import LetterTemplate, Step
from send_guide.content.rules import (
    ALLOWED,
    MAX_EASY_READ_GRADE,
    MAX_SHORT_CHARACTERS,
    MAX_TEXT_GRADE,
    allowed_strengths,
    reading_grade,
    strength_words,
    typed_numbers,
)

MAX_STEP_WORDS = 120
ADVICE = "iass"
"""The contact that every step names: free help at any step."""

_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\[[^\]]*\]", re.S)
_ADVICE_FIELDS = ("do", "who", "say", "keep", "expect", "next")


def check_path(content: Content) -> Iterator[Problem]:
    """Yield every breach of the rules for steps, letters and routes, with file and line."""
    for key, step in content.steps.items():
        for field_name, message in _check_step(step, content):
            path, line = content.place(f"steps/{key}", field_name)
            yield Problem(path, line, f"steps/{key}: {field_name}: {message}")
    for key, letter in content.letters.items():
        for field_name, message in _check_letter(letter, content):
            path, line = content.place(f"letters/{key}", field_name)
            yield Problem(path, line, f"letters/{key}: {field_name}: {message}")
    yield from _check_routes(content)


def _check_step(step: Step, content: Content) -> Iterator[tuple[str, str]]:
    words = len(step.text.split())
    if words > MAX_STEP_WORDS:
        yield "do", f"{words} words from do to expect, at most {MAX_STEP_WORDS}"
    if len(step.short) > MAX_SHORT_CHARACTERS:
        yield "short", f"{len(step.short)} characters, at most {MAX_SHORT_CHARACTERS}"
    if strange := not_gsm_7(step.short):
        yield "short", f"letters that text messages cannot hold: {strange!r}"
    if content.contacts and content.contacts[ADVICE].details["web"].shown not in step.short:
        yield "short", f"does not say where free help is: {{{ADVICE}.web}}"
    if ADVICE not in step.contacts:
        yield "contacts", f"every step names {ADVICE!r}"
    for field_name, text, most in (
        ("do", step.text, MAX_TEXT_GRADE),
        ("says", step.says.text, MAX_TEXT_GRADE + 2),  # the law's own names are long
        ("short", step.short, MAX_TEXT_GRADE),
        ("easy_read", step.easy_read, MAX_EASY_READ_GRADE),
    ):
        if (grade := reading_grade(text)) > most:
            yield field_name, f"reads at US grade {grade:.1f}, at most {most:.0f}"
    yield from _check_strength(step)
    for field_name in (*_ADVICE_FIELDS, "short", "easy_read"):
        for number in typed_numbers(getattr(step, field_name), content):
            yield field_name, f"{number!r} is not in contacts.yml; write {{contact.phone}} instead"


def _check_strength(step: Step) -> Iterator[tuple[str, str]]:
    own, allowed = ALLOWED[step.says.strength], allowed_strengths(step.says.strength, step.says.also)
    for field_name in _ADVICE_FIELDS:
        if found := strength_words(getattr(step, field_name)):
            yield field_name, f"says {sorted(found)}: what somebody has to do stands in `says`"
    for field_name, text in (("says", step.says.text), ("short", step.short), ("easy_read", step.easy_read)):
        for family in sorted(strength_words(text) - allowed):
            yield field_name, f"says {family!r}, but the strength is {step.says.strength!r} (see `also`)"
    if own and not strength_words(step.says.text) & own:
        yield "says", f"never says {step.says.strength!r}"


def _check_letter(letter: LetterTemplate, content: Content) -> Iterator[tuple[str, str]]:
    text = _TAGS.sub("this", letter.text)
    if (grade := reading_grade(text)) > MAX_TEXT_GRADE + 2:
        yield "text", f"reads at US grade {grade:.1f}, at most {MAX_TEXT_GRADE + 2:.0f}"
    for family in sorted(strength_words(letter.text) - allowed_strengths("information", letter.cites)):
        yield "text", f"says {family!r}, which `cites` does not explain"
    for number in typed_numbers(letter.text, content):
        yield "text", f"{number!r} is not in contacts.yml"


def _check_routes(content: Content) -> Iterator[Problem]:
    """Every situation fits one route, every route ends, every step is on a route."""
    routes = content.routes.values()
    if not routes or any(key not in content.questions for route in routes for key in route.when):
        return  # a question that cannot be read is reported where it stands
    deciding = [key for key in content.questions if any(key in route.when for route in routes)]
    for values in itertools.product(*(content.questions[key].options for key in deciding)):
        situation = dict(zip(deciding, values, strict=True))
        found = [
            name
            for name, route in content.routes.items()
            if all(situation[key] in wanted for key, wanted in route.when.items())
        ]
        if len(found) != 1:
            path, line = content.place(f"routes/{found[0] if found else next(iter(content.routes))}")
            yield Problem(path, line, f"{situation} fits {' and '.join(found) or 'no route'}, not one route")
    used = {step for route in content.routes.values() for step in route.steps}
    for key in content.steps.keys() - used:
        yield Problem(*content.place(f"steps/{key}"), f"steps/{key} is on no route")
    for name, route in content.routes.items():
        if not content.steps.keys() >= set(route.steps):
            continue  # a step that cannot be read is reported where it stands
        steps = [content.steps[key] for key in route.steps]
        if not steps or not steps[-1].end or any(step.end for step in steps[:-1]):
            yield Problem(
                *content.place(f"routes/{name}"), f"routes/{name}: the last step, and no other, has `end`"
            )
