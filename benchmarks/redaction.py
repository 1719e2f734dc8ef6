"""Measures what redaction finds: recall and precision by kind, on labelled messages."""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from send_guide.privacy.redaction import find

MESSAGES = Path(__file__).parents[1] / "tests" / "redaction" / "messages.txt"
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
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list what was missed and what was wrong")
    arguments = parser.parse_args()
    lines = MESSAGES.read_text(encoding="utf-8").splitlines()
    figures = measure(lines)
    print(f"{len(lines)} messages\n{'kind':<16}{'there':>7}{'recall':>9}{'precision':>11}")
    for kind in figures.there:
        found, wrong = figures.found[kind], figures.wrong[kind]
        precision = found / (found + wrong) if found + wrong else 1.0
        print(f"{kind:<16}{figures.there[kind]:>7}{found / figures.there[kind]:>9.1%}{precision:>11.1%}")
    times = []
    for line in lines:
        start = time.perf_counter()
        find(labelled(line)[0])
        times.append((time.perf_counter() - start) * 1000)
    print(f"{statistics.median(times):.1f} ms a message (median)")
    if arguments.show:
        print("\n".join(["missed:", *figures.missed, "wrong:", *figures.false]))


if __name__ == "__main__":
    main()
