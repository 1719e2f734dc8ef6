"""The files of ``data/`` as a draft would have them: only the lines that change are touched.

Comments, order, quotes and line ends of everything else stay as people wrote them, so that the
difference that is reviewed is the change and nothing but the change.
"""

from __future__ import annotations

import datetime
import math
import shutil
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from send_guide.content.latest import latest_content
from send_guide.content.loader import Content
from send_guide.editing.drafts import LINES, OF_EVIDENCE, Draft, node_of, raw_answer
from send_guide.errors import SendGuideError

WIDTH = 110
"""Longest line of the folded text that is written, where the text beside it is not wider."""
FOLDED = ("since", "lead", "text", "short")
LISTS = ("points",)
"""Fields that are a list in the file, a line each."""


class NotEditedError(SendGuideError):
    """The file is written in a way that cannot be changed line by line; nothing was changed."""


@dataclass(frozen=True)
class _Lines:
    """Lines ``start`` up to ``end`` (not with it) of a file, and what comes in their place."""

    start: int
    end: int
    new: list[str]


def edited_files(content: Content, draft: Draft) -> dict[Path, tuple[str, str]]:
    """Return what stands in each file that changes, before and after.

    Raises:
        UnknownAnswerError: there is no such answer.
        NotEditedError: the file cannot be changed line by line.
    """
    found = {}
    node_of(content, draft.answer)  # raises where it is gone
    if draft.fields:
        path = content.places[draft.answer][0].path
        found[path] = _answer_file(path, content, draft)
    if draft.asks_otherwise:
        examples = content.examples.get(draft.answer) or []
        if not examples:
            raise NotEditedError(f"{draft.answer} has no ways of asking in data/nlu to add to")
        found[examples[0].path] = _examples_file(content, draft)
    return found


@contextmanager
def edited_folder(data: Path, draft: Draft) -> Iterator[Path]:
    """Copy ``data`` to a folder of its own with the draft in it; the folder goes at the end.

    Raises:
        UnknownAnswerError: there is no such answer.
        NotEditedError: the file cannot be changed line by line.
    """
    content = latest_content(data)
    with tempfile.TemporaryDirectory(prefix="send-guide-") as place:
        copy = Path(place) / "data"
        shutil.copytree(data, copy)
        for path, (_, after) in edited_files(content, draft).items():
            (copy / path.relative_to(data)).write_text(after, encoding="utf-8")
        yield copy


def _examples_file(content: Content, draft: Draft) -> tuple[str, str]:
    examples = content.examples[draft.answer]
    text = examples[0].path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    last = examples[-1].line  # counted from 1: the index of the line after it
    dash = lines[last - 1].index("-")
    new = [f"{' ' * dash}- {added}\n" for added in draft.add]
    leaving = [example.line - 1 for example in examples if example.text in draft.leave_out]
    changes = [_Lines(last, last, new), *(_Lines(at, at + 1, []) for at in leaving)]
    return text, _applied(lines, changes)


def _answer_file(path: Path, content: Content, draft: Draft) -> tuple[str, str]:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    node = node_of(content, draft.answer)
    changes = []
    if any(name in OF_EVIDENCE for name in draft.fields):
        changes.append(_evidence(lines, node, raw_answer(content, draft.answer), draft))
    changes += [
        _field(lines, node, name, value) for name, value in draft.fields.items() if name not in OF_EVIDENCE
    ]
    after = _applied(lines, changes)
    _only_that(text, after, draft)
    return text, after


def _field(lines: list[str], node: yaml.MappingNode, name: str, value: str) -> _Lines:
    """Return the lines of a field with its new value; an empty value takes the field away."""
    found = _pair(node, name)
    if found is None:
        at = _after(lines, node, *(("lead", "source") if name in LISTS else ("source",)))
        if name in LISTS:
            return _Lines(at, at, _list(_indent(node), name, value, {}) if value else [])
        return _Lines(at, at, _block(_indent(node), name, value, []) if value else [])
    key, old = found
    start, end = _region(lines, key, old)
    if not value:
        return _Lines(start, end, [])
    if name in LISTS:
        return _Lines(start, end, _list(key.start_mark.column, name, value, _items(lines, old)))
    if name in FOLDED or name in LINES:
        return _Lines(start, end, _block(key.start_mark.column, name, value, lines[start:end]))
    if old.start_mark.line != old.end_mark.line:
        return _Lines(start, end, [f"{' ' * key.start_mark.column}{name}: {_plain(value)}\n"])
    line = lines[old.start_mark.line]
    begin, stop = old.start_mark.column, old.end_mark.column
    return _Lines(
        start,
        start + 1,
        [line[:begin] + _plain(value, old.style if isinstance(old, yaml.ScalarNode) else None) + line[stop:]],
    )


def _evidence(lines: list[str], node: yaml.MappingNode, raw: dict[str, Any], draft: Draft) -> _Lines:
    """Return the lines of ``evidence`` anew."""
    evidence = {"confidence": "high", "links": []} | (raw.get("evidence") or {})
    for name in OF_EVIDENCE:
        if name in draft.fields:
            value = draft.fields[name]
            evidence[name] = value.splitlines() if name == "links" else _scalar(value)
    block = {"evidence": {name: evidence[name] for name in OF_EVIDENCE if evidence.get(name)}}
    text = yaml.dump(block, Dumper=_Indented, sort_keys=False, allow_unicode=True, width=math.inf)
    new = textwrap.indent(text, " " * _indent(node)).splitlines(keepends=True)
    found = _pair(node, "evidence")
    if found is None:
        at = _after(lines, node, "since", "source")
        return _Lines(at, at, new)
    return _Lines(*_region(lines, *found), new)


class _Indented(yaml.SafeDumper):
    """Writes lists two spaces in, as the files have them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


def _pair(node: yaml.MappingNode, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    return next(((key, value) for key, value in node.value if key.value == name), None)


def _indent(node: yaml.MappingNode) -> int:
    return int(node.value[0][0].start_mark.column)


def _after(lines: list[str], node: yaml.MappingNode, *names: str) -> int:
    """Return the line after the first of ``names`` that the answer has."""
    for name in names:
        if found := _pair(node, name):
            return _region(lines, *found)[1]
    return int(node.value[0][0].start_mark.line) + 1


def _region(lines: list[str], key: yaml.Node, value: yaml.Node) -> tuple[int, int]:
    """Return first line and line after the last of a field, comments and empty lines behind it left out."""
    start, end = key.start_mark.line, value.end_mark.line
    if value.end_mark.column > key.start_mark.column:
        end += 1
    while end > start + 1 and _is_between(lines[end - 1], key.start_mark.column):
        end -= 1
    return start, end


def _is_between(line: str, indent: int) -> bool:
    bare = line.strip()
    return not bare or (bare.startswith("#") and len(line) - len(line.lstrip()) <= indent)


def _block(indent: int, name: str, value: str, old: list[str]) -> list[str]:
    """Return a field as a block of text; its first line and lines that stay are those of ``old``."""
    head = old[0] if old and old[0].rstrip().endswith((">-", ">", "|", "|-")) else ""
    style = "|" if name in LINES else ">-"
    head = head or f"{' ' * indent}{name}: {style}\n"
    if name in LINES:
        body = value.splitlines()
    else:
        body = _refilled([line.strip() for line in old[1:]] if old else [], value.split())
    return [head, *(f"{' ' * (indent + 2)}{line}\n" for line in body)]


def _items(lines: list[str], old: yaml.Node) -> dict[str, list[str]]:
    """Return the lines of each item of a list, by its words; none where the list stands on one line."""
    if not isinstance(old, yaml.SequenceNode) or old.flow_style:
        return {}
    starts = [item.start_mark.line for item in old.value]
    ends = [*starts[1:], _region(lines, old, old)[1]]
    words = [" ".join(str(item.value).split()) for item in old.value]
    return {said: lines[start:end] for said, start, end in zip(words, starts, ends, strict=True)}


def _list(indent: int, name: str, value: str, old: dict[str, list[str]]) -> list[str]:
    """Return a field as a list, an item for each line of ``value``; items that stay are those of ``old``."""
    items = [old.get(line, [f"{' ' * (indent + 2)}- {_plain(line)}\n"]) for line in value.splitlines()]
    return [f"{' ' * indent}{name}:\n", *(line for item in items for line in item)]


def _refilled(old: list[str], words: list[str]) -> list[str]:
    """Return ``words`` in lines; those at the beginning and the end that are as before stay as before."""
    head, taken = 0, 0
    while head < len(old):
        line = old[head].split()
        if not line or words[taken : taken + len(line)] != line:
            break
        taken += len(line)
        head += 1
    tail, kept = len(old), len(words)
    while tail > head:
        line = old[tail - 1].split()
        if not line or kept - len(line) < taken or words[kept - len(line) : kept] != line:
            break
        kept -= len(line)
        tail -= 1
    width = max([len(line) for line in old] or [WIDTH - 6])
    middle = textwrap.wrap(
        " ".join(words[taken:kept]), min(width, WIDTH - 6), break_long_words=False, break_on_hyphens=False
    )
    return [*old[:head], *middle, *old[tail:]]


def _scalar(value: str) -> object:
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return value


def _plain(value: str, style: str | None = None) -> str:
    """Return a value as YAML writes it on one line."""
    quotes = style if style in ('"', "'") else None
    scalar = _scalar(value)
    written = yaml.safe_dump(
        scalar, default_style=quotes if isinstance(scalar, str) else None, allow_unicode=True, width=math.inf
    )
    return str(written).removesuffix("\n").removesuffix("\n...")


def _applied(lines: list[str], changes: list[_Lines]) -> str:
    """Return the file with every change; the last goes first, so that line numbers stay true.

    Of two that are put in at one place, the second of ``changes`` stands first.
    """
    lines = list(lines)
    for change in sorted(changes, key=lambda change: (change.start, change.end), reverse=True):
        lines[change.start : change.end] = change.new
    return "".join(lines)


def _only_that(before: str, after: str, draft: Draft) -> None:
    """Make sure that nothing but the draft's answer differs.

    Raises:
        NotEditedError: something else does, or the file cannot be read any more.
    """
    try:
        old, new = (yaml.load(text, Loader=yaml.CSafeLoader) for text in (before, after))
    except yaml.YAMLError as error:
        raise NotEditedError(f"{draft.answer}: the file could not be changed line by line") from error
    named = {name for name in draft.fields if name not in OF_EVIDENCE}
    if named != set(draft.fields):
        named.add("evidence")
    for answers in (old["answers"], new["answers"]):
        for name in named:
            answers[draft.answer].pop(name, None)
    if old != new:
        raise NotEditedError(f"{draft.answer}: more than the change would have changed")
