"""Measures what the public record and the README say, through the whole service (``make figures``).

Writes ``docs/public-record/figures.md`` and the table of ``README.md`` between its two marks. What is
measured was not trained on; the hardest comes first; each share has its n and its 95 % interval.
"""

import argparse
import asyncio
import datetime
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from send_guide.content import Content, get_content
from send_guide.measuring.dialogues import Played, play_all, without_a_lost_turn
from send_guide.measuring.intervals import with_interval
from send_guide.measuring.questions import Line, Verdict, ask_all, judge, read_questions
from send_guide.rasa_adapter.engine import MemoryEngine
from send_guide.service import Guide

MODEL = Path("models/send-guide.tar.gz")
HELD_OUT = Path("tests/questions/held-out")
REAL = Path("tests/questions/real")
OUT = Path("docs/public-record/figures.md")
README = Path("README.md")
BEGIN, END = "<!-- figures: written by `make figures` -->\n", "<!-- end of figures -->\n"
OUTRIGHT = 30
"""The first lines of danger in ``stories.jsonl`` say it outright, the others sideways (its README)."""
NAMES = {
    "covered": "tidy questions that it has an answer to",
    "uncovered": "questions near to what it covers, without an answer",
    "off-topic": "questions about anything else",
    "urgent": "short messages from somebody who may be in danger",
    "distress": "messages from people who are upset, nobody in danger",
}


@dataclass(frozen=True)
class Measured:
    """What came of everything that was asked.

    Attributes:
        told: the lines of ``stories.jsonl``, in their order.
        dialogues: the conversations that were played.
        held_out: the questions by their file.
    """

    told: list[Line]
    dialogues: list[Line]
    held_out: dict[str, list[Line]]

    @property
    def stories(self) -> list[Line]:
        """What people tell and there is an answer to: the even lines, by which nothing was chosen."""
        return [line for line in self.told[1::2] if line["set"] == "stories" and line["kind"] == "covered"]

    @property
    def danger(self) -> tuple[list[Line], list[Line]]:
        """Messages that tell of danger: outright, and sideways."""
        found = [line for line in self.told if line["kind"] == "urgent"]
        outright = [line for line in found if line["set"] == "urgent"][:OUTRIGHT]
        return outright, [line for line in found if line not in outright]

    @property
    def calm(self) -> list[Line]:
        """All other messages of those who tell."""
        return [line for line in self.told if line["kind"] != "urgent"]

    @property
    def turns(self) -> list[Played]:
        """Every turn of the conversations."""
        return [Played(**turn["played"]) for one in self.dialogues for turn in one["turns"]]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    model = parser.parse_args().model
    measured = asyncio.run(_measure(Guide(MemoryEngine.load(model))))
    OUT.write_text("\n".join(page(model, get_content(), measured)) + "\n", encoding="utf-8")
    put_between_marks(README, readme_table(measured))
    print(f"written: {OUT}, {README}")


async def _measure(guide: Guide) -> Measured:
    async def asked(path: Path) -> list[Line]:
        print(f"asking {path} ...", flush=True)
        return [line async for line in ask_all(guide, read_questions(path))]

    told = await asked(REAL / "stories.jsonl")
    held_out = {name: await asked(HELD_OUT / f"{name}.jsonl") for name in NAMES}
    print("playing the conversations ...", flush=True)
    played = play_all(guide, read_questions(REAL / "dialogues.jsonl"))
    return Measured(told, [line async for line in played], held_out)


def put_between_marks(path: Path, lines: Sequence[str]) -> None:
    """Replace what stands between :data:`BEGIN` and :data:`END` in a file.

    Raises:
        ValueError: the file has not both marks, once each.
    """
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{path} needs one line {BEGIN.strip()} and one {END.strip()}")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, encoding="utf-8")


def readme_table(measured: Measured) -> list[str]:
    """Return the rows of the README, the hardest first."""
    turns, whole = measured.turns, sum(map(without_a_lost_turn, measured.dialogues))
    (outright, sideways), calm = measured.danger, measured.calm
    n, tidy = len(measured.dialogues), measured.held_out["covered"]
    return [
        "| our own, with the same model | n | |",
        "|---|---|---|",
        f"| people tell what happened | {len(measured.stories)} | {_shares(measured.stories)} |",
        f"| whole conversations | {len(turns)} turns | {_turn_shares(turns)} |",
        f"| conversations without a lost turn | {n} | {with_interval(whole, n)} |",
        f"| danger told sideways: what to do comes first | {len(sideways)} | {_urgent(sideways)} |",
        f"| danger told outright | {len(outright)} | {_urgent(outright)} |",
        f"| calm messages met with what to do in danger | {len(calm)} | {_urgent(calm)} |",
        f"| {NAMES['covered']} | {len(tidy)} | {_shares(tidy)} |",
    ]


def page(model: Path, content: Content, measured: Measured) -> Iterator[str]:
    """Yield the lines of the page.

    Args:
        model: the archive that was asked.
        content: what it answers with.
        measured: what came of it.
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
    yield "Nothing was trained on these messages. In brackets: the 95 % interval of a share (Wilson); another"
    yield "hundred messages of the same kind would mostly fall within it. Turns of one conversation hang"
    yield "together, so that the interval of turns is narrower than the truth."
    yield ""
    yield from readme_table(measured)
    yield ""
    yield "The first row: the even lines of `tests/questions/real/stories.jsonl`, by which nothing was"
    yield "chosen; danger and calm messages: all its lines. The conversations were looked at while this was"
    yield "built, which flatters."
    yield ""
    yield "The questions of `tests/questions/held-out`, tidier than what people tell:"
    yield ""
    yield "| | asked | right | right, or offered as a choice | a wrong answer | danger seen |"
    yield "|---|---|---|---|---|---|"
    for name, lines in measured.held_out.items():
        yield row(NAMES[name], lines)
    yield ""
    yield "*Right*: an acceptable answer or pointer is said, of questions that have one. *A wrong answer*:"
    yield "an answer is said and none is acceptable; where there is no answer, any but a pointer to who can"
    yield "help. *Danger seen*: emergency help is said first; on all lines but the one about danger it is a"
    yield "false alarm."


def row(name: str, lines: Sequence[Line]) -> str:
    """Return a row of the table: how many were asked, and what share came to what."""
    answerable = [line for line in lines if line.get("answers")]
    shares = [
        _share(answerable, lambda verdict: verdict.right),
        _share(answerable, lambda verdict: verdict.offered),
        _share(lines, lambda verdict: verdict.confident_wrong),
        _urgent(lines),
    ]
    return f"| {name} | {len(lines)} | {' | '.join(shares)} |"


def _share(lines: Sequence[Line], counts: Callable[[Verdict], bool]) -> str:
    return with_interval(sum(counts(judge(line)) for line in lines), len(lines))


def _urgent(lines: Sequence[Line]) -> str:
    return _share(lines, lambda verdict: verdict.urgent)


def _shares(lines: Sequence[Line]) -> str:
    right = _share(lines, lambda verdict: verdict.right)
    offered = _share(lines, lambda verdict: verdict.offered)
    wrong = _share(lines, lambda verdict: verdict.confident_wrong)
    return f"right {right}, right or offered {offered}, something else is said {wrong}"


def _turn_shares(turns: Sequence[Played]) -> str:
    right, offered, forbidden = (
        with_interval(sum(getattr(turn, name) for turn in turns), len(turns))
        for name in ("right", "offered", "forbidden")
    )
    return f"right {right}, right or offered {offered}, something said that must not be {forbidden}"


if __name__ == "__main__":
    main()
