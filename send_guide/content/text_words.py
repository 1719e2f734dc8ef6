"""What is meant for the medium rather than for the guide: STOP, MENU and the like, and what a machine writes.

The words stand in ``data/text-words.yml``; each line is compiled when the content is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import yaml

from send_guide.content.files import Problem, SourceFile
from send_guide.content.patterns import lines_of


class Command(StrEnum):
    """What a message asks of the medium."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    MENU = "menu"
    MORE = "more"
    START_AGAIN = "start-again"
    EMERGENCY = "emergency"


OPT_OUT = ("stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout")
"""The words that Twilio itself takes as an opt-out (its page on Advanced Opt-Out). The file holds them all;
they are never offered as something to type.
"""

NOTHING = "(?!)"
"""A pattern that fits no message."""


@dataclass(frozen=True)
class TextWords:
    """Patterns of whole messages.

    Attributes:
        commands: what a message asks of the medium, by its words in small letters without accents.
        machines: what no person has written, by what it is: in small letters, with punctuation.
    """

    commands: Mapping[Command, re.Pattern[str]] = field(default_factory=dict)
    machines: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def command(self, words: str) -> Command | None:
        """Return what a whole message asks of the medium, or None."""
        return next((one for one, pattern in self.commands.items() if pattern.fullmatch(words)), None)

    def machine(self, words: str) -> str | None:
        """Return what a message is that no person has written, or None."""
        return next((name for name, pattern in self.machines.items() if pattern.fullmatch(words)), None)


def text_words(file: SourceFile, problems: list[Problem]) -> TextWords:
    """Return the words of ``text-words.yml``.

    Args:
        file: the file: ``words``, ``polite`` (before, after), ``commands``, ``alone`` and ``machines``.
        problems: what is wrong is added here.
    """
    parts = {name: node for name, node, _ in file.entries(file.root)}
    words = {word: str(meaning.value) for word, meaning, _ in file.entries(parts.get("words"))}

    def patterns(part: str) -> dict[str, str]:
        return _patterns(file, parts.get(part), words, problems)

    polite = patterns("polite")
    before, after = (polite.get(name, NOTHING) for name in ("before", "after"))
    commands = {
        **{
            key: f"(?:(?:{before}) )*(?:{lines})(?: (?:{after}))*"
            for key, lines in patterns("commands").items()
        },
        **patterns("alone"),
    }
    for key, _, line in (*file.entries(parts.get("commands")), *file.entries(parts.get("alone"))):
        if key not in set(Command):
            problems.append(Problem(file.path, line, f"{key!r} is no command of text messages"))
    found = TextWords(
        {one: re.compile(commands[one]) for one in Command if one in commands},
        {name: re.compile(lines) for name, lines in patterns("machines").items()},
    )
    problems += [Problem(file.path, 1, missing) for missing in _missing(found)]
    return found


def _patterns(
    file: SourceFile, node: yaml.Node | None, words: Mapping[str, str], problems: list[Problem]
) -> dict[str, str]:
    """Return each list of a mapping as one pattern of alternatives."""
    lists = {
        name: [text for text, _ in lines_of(file, lines, problems, words)]
        for name, lines, _ in file.entries(node)
    }
    return {name: "|".join(texts) for name, texts in lists.items() if texts}


def _missing(found: TextWords) -> Iterable[str]:
    for command in Command:
        if command not in found.commands:
            yield f"nothing asks for {command.value!r}"
    for word in OPT_OUT:
        if Command.STOP in found.commands and found.command(word) is not Command.STOP:
            yield f"{word!r} stops messages at the provider and stands not under 'stop'"
