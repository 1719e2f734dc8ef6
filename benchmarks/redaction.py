"""Measures what redaction finds, on labelled messages: ordinary ones by kind of data, hard ones by what is
hard about them.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from send_guide.privacy.redaction import find

SETS = Path(__file__).parents[1] / "tests" / "redaction"
MESSAGES, HARD, LATER = (SETS / f"{name}.txt" for name in ("messages", "hard", "later"))
_ESCAPE = re.compile(r"\\(?:n|u[0-9a-f]{4})")
_LABEL = re.compile(r"\{([^:{}]+):([^{}]+)\}")


@dataclass
class Figures:
    """How often each kind is there, is found, and is found where it is not."""

    there: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)


def labelled(line: str) -> tuple[str, list[tuple[str, int, int]]]:
    """Return the message of a line of ``messages.txt`` and its labels as (kind, start, end)."""
    text, labels, end = "", [], 0
    for match in _LABEL.finditer(line):
        text += line[end : match.start()]
        labels.append((match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        end = match.end()
    return text + line[end:], labels


def hard_cases(text: str) -> dict[str, list[str]]:
    r"""Return the lines of ``hard.txt`` by the heading (``# ...``) over them.

    Args:
        text: of the file; ``\n`` and ``\u0041`` stand for what an editor would not show.
    """
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("# "):
            found[line.removeprefix("# ")] = []
        else:
            plain = _ESCAPE.sub(lambda match: match.group().encode().decode("unicode_escape"), line)
            found[list(found)[-1]].append(plain)
    return found


def measure(lines: list[str]) -> Figures:
    """Compare what is found with the labels. A piece counts as found where no letter of it stays."""
    figures = Figures()
    for line in lines:
        text, labels = labelled(line)
        pieces = find(text)
        for kind, start, end in labels:
            figures.there[kind] += 1
            gone = {at for piece in pieces for at in range(piece.start, piece.end)}
            if all(at in gone for at in range(start, end) if text[at].isalnum()):
                figures.found[kind] += 1
            else:
                figures.missed.append(f"{kind}: {line}")
        for piece in pieces:
            if not any(piece.start < end and start < piece.end for _, start, end in labels):
                figures.wrong[piece.kind] += 1
                figures.false.append(f"{piece.kind} “{text[piece.start : piece.end]}”: {line}")
    return figures


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list what was missed and what was wrong")
    show = parser.parse_args().show
    lines = MESSAGES.read_text(encoding="utf-8").splitlines()
    ordinary = measure(lines)
    print(f"{len(lines)} messages\n{'kind':<16}{'there':>7}{'recall':>9}{'precision':>11}")
    for kind in ordinary.there:
        found, wrong = ordinary.found[kind], ordinary.wrong[kind]
        precision = found / (found + wrong) if found + wrong else 1.0
        print(f"{kind:<16}{ordinary.there[kind]:>7}{found / ordinary.there[kind]:>9.1%}{precision:>11.1%}")
    print(f"{_median_ms(lines):.1f} ms a message (median)")
    everything = [ordinary]
    for file in (HARD, LATER):
        cases = hard_cases(file.read_text(encoding="utf-8"))
        print(f"\n{sum(map(len, cases.values()))} messages of {file.name}")
        print(f"{'what is hard':<46}{'there':>7}{'found':>7}{'wrong':>7}")
        for heading, messages in cases.items():
            figures = measure(messages)
            counts = (figures.there.total(), figures.found.total(), figures.wrong.total())
            print(f"{heading:<46}" + "".join(f"{count:>7}" for count in counts))
            everything.append(figures)
    if show:
        for figures in everything:
            print("\n".join(["missed:", *map(repr, figures.missed), "wrong:", *map(repr, figures.false)]))


def _median_ms(lines: list[str]) -> float:
    times = []
    for line in lines:
        start = time.perf_counter()
        find(labelled(line)[0])
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
