"""Writes ``docs/public-record/figures.md``: the figures that the public record rests on (``make figures``).

Every number is counted or measured here and now, on questions that nothing was trained on or chosen by.
"""

import argparse
import asyncio
import datetime
import hashlib
from collections.abc import Iterator
from pathlib import Path

from send_guide.content import Content, get_content
from send_guide.measuring.questions import Line, Verdict, ask_all, judge, read_questions
from send_guide.rasa_adapter.engine import MemoryEngine
from send_guide.service import Guide

MODEL = Path("models/send-guide.tar.gz")
HELD_OUT = Path("tests/questions/held-out")
OUT = Path("docs/public-record/figures.md")
NAMES = {
    "covered": "questions that it has an answer to",
    "uncovered": "questions near to what it covers, without an answer",
    "off-topic": "questions about anything else",
    "urgent": "messages from somebody who may be in danger",
    "distress": "messages from people who are upset, nobody in danger",
}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    model = parser.parse_args().model
    guide = Guide(MemoryEngine.load(model))
    measured = {name: asyncio.run(_ask(guide, name)) for name in NAMES}
    OUT.write_text("\n".join(page(model, get_content(), measured)) + "\n", encoding="utf-8")
    print(f"written: {OUT}")


async def _ask(guide: Guide, name: str) -> list[Line]:
    print(f"asking {name} ...", flush=True)
    return [line async for line in ask_all(guide, read_questions(HELD_OUT / f"{name}.jsonl"))]


def page(model: Path, content: Content, measured: dict[str, list[Line]]) -> Iterator[str]:
    """Yield the lines of the page.

    Args:
        model: the archive that was asked.
        content: what it answers with.
        measured: the questions of each file with what came of them.
    """
    yield "# Figures of the public record"
    yield ""
    yield f"Written by `make figures` on {datetime.date.today():%d %B %Y}. Model: SHA-256"
    yield f"`{hashlib.sha256(model.read_bytes()).hexdigest()}`."
    yield ""
    yield "## What it holds"
    yield ""
    details = [detail for contact in content.contacts.values() for detail in contact.details.values()]
    confirmed = sum(detail.confirmed for detail in details)
    examples = sum(map(len, content.examples.values()))
    yield f"- {len(content.answers)} answers, fixed texts in three wordings each; nothing is generated."
    yield f"- {examples:,} examples of how people ask for them, written for training; nobody's real message."
    yield f"- {len(content.contacts)} contacts, {len(details)} numbers and addresses: {confirmed} confirmed;"
    yield f"  {len(details) - confirmed} are shown only with the words that they are not."
    yield ""
    yield "## How it answers"
    yield ""
    yield "Questions of `tests/questions/held-out`, which nothing was trained on or chosen by."
    yield ""
    yield "| | asked | right | right, or offered as a choice | a wrong answer | danger seen |"
    yield "|---|---|---|---|---|---|"
    for name, lines in measured.items():
        yield row(NAMES[name], lines)
    yield ""
    yield "*Right*: an acceptable answer or pointer is said, of questions that have one. *A wrong answer*:"
    yield "an answer is said and none is acceptable; where there is no answer, any but a pointer to who can"
    yield "help. *Danger seen*: emergency help is said first; on all lines but the one about danger it is a"
    yield "false alarm."


def row(name: str, lines: list[Line]) -> str:
    """Return a row of the table: how many were asked, and what share came to what."""
    verdicts = [judge(line) for line in lines]
    answerable = [verdict for verdict, line in zip(verdicts, lines, strict=True) if line.get("answers")]

    def share(part: str, among: list[Verdict]) -> str:
        return f"{sum(getattr(one, part) for one in among) / len(among):.1%}" if among else "–"

    shares = [share("right", answerable), share("offered", answerable)]
    shares += [share("confident_wrong", verdicts), share("urgent", verdicts)]
    return f"| {name} | {len(lines)} | {' | '.join(shares)} |"


if __name__ == "__main__":
    main()
