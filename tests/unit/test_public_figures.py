"""What the README and the public record say of figures is written by a command, with n and interval."""

from pathlib import Path

import pytest

from benchmarks.public_figures import BEGIN, END, NAMES, Measured, put_between_marks, readme_table
from send_guide.measuring.questions import Line
from tests.conftest import ROOT

PLAYED = {"right": True, "offered": True, "forbidden": False, "dead_end": False, "needs_context": False}


def line(kind: str, of: str = "stories", reply_kind: str = "answer") -> Line:
    return {
        "q": "?",
        "kind": kind,
        "set": of,
        "answers": ["a"],
        "reply_kind": reply_kind,
        "answered": ["a"],
        "offered": [],
    }


def measured() -> Measured:
    told = [line("covered") for _ in range(8)]
    told += [line("urgent", "urgent", "urgent") for _ in range(30)] + [line("urgent", "urgent")]
    lost = {"turns": [{"played": PLAYED}, {"played": {**PLAYED, "right": False, "offered": False}}]}
    dialogues = [{"turns": [{"played": PLAYED}] * 2}, lost]
    return Measured(told, dialogues, {name: [line("covered")] for name in NAMES})


def test_rows_have_n_and_interval_and_the_hardest_come_first() -> None:
    rows = readme_table(measured())[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [
        "people tell what happened",
        "whole conversations",
        "conversations without a lost turn",
        "danger told sideways: what to do comes first",
        "danger told outright",
        "calm messages met with what to do in danger",
        "tidy questions that it has an answer to",
    ]
    assert rows[0].startswith("| people tell what happened | 4 | right 100.0% (51-100),")  # the even lines
    assert rows[1].startswith("| whole conversations | 4 turns | right 75.0% (30-95),")
    assert rows[2] == "| conversations without a lost turn | 2 | 50.0% (9-91) |"
    assert rows[3] == "| danger told sideways: what to do comes first | 1 | 0.0% (0-79) |"
    assert rows[4] == "| danger told outright | 30 | 100.0% (89-100) |"
    assert rows[5] == "| calm messages met with what to do in danger | 8 | 0.0% (0-32) |"


def test_only_what_stands_between_the_marks_is_written(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"before\n{BEGIN}old\n{END}after\n")
    put_between_marks(file, ["new", "rows"])
    assert file.read_text() == f"before\n{BEGIN}new\nrows\n{END}after\n"
    file.write_text("no marks\n")
    with pytest.raises(ValueError, match="needs one line"):
        put_between_marks(file, ["new"])


def test_the_readme_has_the_marks() -> None:
    text = (ROOT / "README.md").read_text()
    assert text.count(BEGIN) == text.count(END) == 1
