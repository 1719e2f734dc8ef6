"""Words that are looked for in messages: of danger (``urgent-words.yml``) and of facts (``facts.yml``).

Every line is compiled when the content is loaded, so that a slip is found with file and line and no message
can meet it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import yaml

from send_guide.content.files import Problem, SourceFile
from send_guide.content.schema import is_urgent

POSSIBLE = "possible"
"""The key of ``urgent-words.yml`` under which danger is only possible."""
WORDS = "words"
"""The key of ``facts.yml`` that says what the words in capitals stand for."""
NOT = "NOT"
"""Among them: what says that a fact is not so, where it stands before it."""
_DOTLESS = str.maketrans("ıłøđ", "ilod")
"""Letters that have no accent to take off, as people type them who have no such key."""
Facts = dict[str, list[tuple[str, re.Pattern[str]]]]


def without_accents(text: str) -> str:
    """Return ``text`` as those type it who have no key for accents: "zabić" is "zabic"."""
    plain = (
        letter for letter in unicodedata.normalize("NFD", text) if unicodedata.category(letter)[0] != "M"
    )
    return "".join(plain).translate(_DOTLESS)


UrgentWords = dict[str, re.Pattern[str]]
"""A pattern by the id of the urgent answer."""


def urgent_words(
    file: SourceFile, known: Mapping[str, object], problems: list[Problem]
) -> tuple[UrgentWords, UrgentWords]:
    """Return the words of danger, and those of danger that is only possible, in the order of the file.

    Args:
        file: ``urgent-words.yml``.
        known: every answer by id.
        problems: what is wrong is added here.
    """
    clear, possible = [], []
    for key, node, line in file.entries(file.root):
        if key == POSSIBLE and isinstance(node, yaml.MappingNode):
            possible += list(file.entries(node))
        else:
            clear.append((key, node, line))
    return _by_answer(file, clear, known, problems), _by_answer(file, possible, known, problems)


def _by_answer(
    file: SourceFile,
    entries: list[tuple[str, yaml.Node, int]],
    known: Mapping[str, object],
    problems: list[Problem],
) -> UrgentWords:
    found = {}
    for answer_id, node, line in entries:
        if answer_id not in known or not is_urgent(answer_id):
            problems.append(Problem(file.path, line, f"{answer_id!r} is no urgent answer"))
            continue
        lines = [without_accents(text) for text, _ in lines_of(file, node, problems)]
        if lines:
            found[answer_id] = re.compile(r"(?<!\w)(?:" + "|".join(lines) + r")(?:\b|(?<= ))")
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
            lines = [text for text, _ in lines_of(file, lines_node, problems, words)]
            if lines:
                found.setdefault(fact, []).append((value, _of_a_fact(lines, words.get(NOT))))
    return found


def _of_a_fact(lines: Sequence[str], negation: str | None) -> re.Pattern[str]:
    """Return the pattern of a fact's value; its group ``negated`` is what says that it is not so."""
    negated = rf"(?P<negated>(?:{negation}) )?" if negation else ""
    return re.compile(rf"\b{negated}(?:{'|'.join(lines)})\b")


def lines_of(
    file: SourceFile, node: yaml.Node, problems: list[Problem], words: Mapping[str, str] | None = None
) -> Iterator[tuple[str, int]]:
    """Yield each regular expression of a list that can be compiled, with its line.

    Args:
        file: where the list stands.
        node: the list.
        problems: what is wrong is added here.
        words: what words in capitals stand for.
    """
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
