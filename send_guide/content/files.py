"""YAML files read with the line of every value, so that a message can name file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.reader import Reader

from send_guide.errors import SendGuideError

UNPRINTABLE: re.Pattern[str] = Reader.NON_PRINTABLE
"""A character that no YAML file may hold: what is copied from a PDF can bring one along, unseen."""


@dataclass(frozen=True)
class Problem:
    """Something an editor has to mend.

    Attributes:
        path: the file.
        line: the line, counted from 1.
        message: what is wrong and what would be right.
    """

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        """Return ``file:line: message``, as editors and compilers write it."""
        return f"{self.path}:{self.line}: {self.message}"


class ContentError(SendGuideError):
    """The content breaks a rule; ``problems`` says where."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class SourceFile:
    """A parsed YAML file that remembers where each value stands."""

    path: Path
    root: yaml.Node

    @classmethod
    def read(cls, path: Path) -> SourceFile:
        """Parse ``path``.

        Raises:
            ContentError: the file is not valid YAML or is empty.
        """
        text = path.read_text(encoding="utf-8")
        if unseen := UNPRINTABLE.search(text):
            line = text.count("\n", 0, unseen.start()) + 1
            message = (
                f"holds a character that cannot be seen (U+{ord(unseen.group()):04X}): type the words anew"
            )
            raise ContentError([Problem(path, line, message)])
        try:
            root = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            raise ContentError(
                [Problem(path, mark.line + 1 if mark else 1, f"not valid YAML: {error.problem}")]
            ) from error
        if not isinstance(root, yaml.MappingNode):
            raise ContentError([Problem(path, 1, "the file holds no fields")])
        return cls(path, root)

    def entries(self, node: yaml.Node | None) -> list[tuple[str, yaml.Node, int]]:
        """Return (key, value, line) of a mapping in order, repeated keys included."""
        if not isinstance(node, yaml.MappingNode):
            return []
        return [(key.value, value, key.start_mark.line + 1) for key, value in node.value]

    def under(self, name: str) -> yaml.Node | None:
        """Return the node under a top-level key, or None."""
        return next((value for key, value, _ in self.entries(self.root) if key == name), None)

    def line_of(self, node: yaml.Node, location: tuple[int | str, ...]) -> int:
        """Return the line of the value at ``location`` below ``node``, or of its nearest parent."""
        line: int = node.start_mark.line + 1
        for part in location:
            if isinstance(node, yaml.MappingNode):
                found = [(value, at) for key, value, at in self.entries(node) if key == part]
                if not found:
                    break
                node, line = found[0]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = int(node.start_mark.line) + 1
            else:
                break
        return line


def to_python(node: yaml.Node) -> Any:
    """Return the plain Python value of a node."""
    loader = yaml.SafeLoader("")
    return loader.construct_document(node)
