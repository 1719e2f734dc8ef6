"""Words that are looked for in messages: of danger (``urgent-words.yml``) and of facts (``facts.yml``).

Every line is compiled when the content is loaded, so that a slip is found with file and line and no message
can meet it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import yaml

from send_guide.content.files import Problem, SourceFile

WORDS = "words"
"""The key of ``facts.yml`` that says what the words in capitals stand for."""
Facts = dict[str, list[tuple[str, re.Pattern[str]]]]


def urgent_words(
    file: SourceFile, known: Mapping[str, object], problems: list[Problem]
) -> dict[str, re.Pattern[str]]:
    """Return the words of danger, a pattern an urgent answer, in the order of the file.

    Args:
        file: ``urgent-words.yml``.
        known: every answer by id.
        problems: what is wrong is added here.
    """
    found = {}
    for answer_id, node, line in file.entries(file.root):
        if answer_id not in known or not answer_id.startswith("urgent."):
            problems.append(Problem(file.path, line, f"{answer_id!r} is no urgent answer"))
            continue
        lines = [text for text, _ in _lines(file, node, problems)]
        if lines:
            found[answer_id] = re.compile(r"\b(?:" + "|".join(lines) + r")(?:\b|(?<= ))")
    return found


def fact_words(file: SourceFile, options: Mapping[str, frozenset[str]], problems: list[Problem]) -> Facts:
    """Return the words of facts: for each fact its values with their patterns, in the order of the file.

    Args:
        file: ``facts.yml``.
        options: the values of each fact that is known; of others any value goes.
        problems: what is wrong is added here.
    """
    entries = list(file.entries(file.root))
    words = {}
    for key, node, _ in entries:
        if key == WORDS:
            words = {word: str(meaning.value) for word, meaning, _ in file.entries(node)}
    found: Facts = {}
    for fact, node, line in entries:
        if fact == WORDS:
            continue
        if not isinstance(node, yaml.MappingNode):
            problems.append(Problem(file.path, line, f"{fact}: give values, each with its lines"))
            continue
        for value, lines_node, value_line in file.entries(node):
            if fact in options and value not in options[fact]:
                problems.append(Problem(file.path, value_line, f"{fact} has no option {value!r}"))
            lines = [text for text, _ in _lines(file, lines_node, problems, words)]
            if lines:
                found.setdefault(fact, []).append((value, re.compile(rf"\b(?:{'|'.join(lines)})\b")))
    return found


def _lines(
    file: SourceFile, node: yaml.Node, problems: list[Problem], words: Mapping[str, str] | None = None
) -> Iterator[tuple[str, int]]:
    """Yield each regular expression of a list that can be compiled, with its line."""
    if not isinstance(node, yaml.SequenceNode):
        problems.append(
            Problem(file.path, node.start_mark.line + 1, "give a list, a regular expression a line")
        )
        return
    for item in node.value:
        line, text = item.start_mark.line + 1, str(getattr(item, "value", ""))
        for word, meaning in (words or {}).items():
            text = text.replace(word, f"(?:{meaning})")
        try:
            pattern = re.compile(text)
        except re.error as error:
            problems.append(Problem(file.path, line, f"{text!r} is no regular expression: {error}"))
            continue
        if pattern.search(""):
            problems.append(Problem(file.path, line, f"{text!r} fits an empty message, and so every one"))
            continue
        yield text, line
