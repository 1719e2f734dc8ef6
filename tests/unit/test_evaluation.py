"""The figures of `send-guide evaluate` are counted as the contract says."""

from pathlib import Path

import pytest

from send_guide.domain.reply import WordsReply
from send_guide.measuring.questions import BadQuestionsError, judge, outcome, read_questions, summary


def line(
    kind: str, reply_kind: str, answered: str = "", offered: str = "", **more: object
) -> dict[str, object]:
    return {
        "q": "?",
        "kind": kind,
        "answers": ["a", "b"] if kind == "covered" else [],
        "reply_kind": reply_kind,
        "answered": answered.split(),
        "offered": offered.split(),
        "ms": 1.0,
        **more,
    }


@pytest.mark.parametrize(
    ("given", "counts_as"),
    [
        (line("covered", "answer", "b x"), "right"),
        (line("covered", "answer", "x", "a"), "confident wrong, offered"),
        (line("covered", "choices", "", "x a"), "offered"),
        (line("covered", "choices", "", "x"), "held back"),
        (line("covered", "fallback"), "held back"),
        (line("covered", "escalation", escalation=True), "right"),
        (line("covered", "escalation", escalation=False), "held back"),
        (line("off-topic", "answer", "x"), "confident wrong"),
        (line("off-topic", "signpost", "signpost.transport"), "held back"),
        (line("uncovered", "signpost", "signpost.bullying", answers=["signpost.bullying"]), "right"),
        (line("covered", "urgent", "urgent.child-at-risk"), "confident wrong, urgent"),
    ],
)
def test_a_line_counts(given: dict[str, object], counts_as: str) -> None:
    verdict = judge(given)
    found = {
        "right": verdict.right,
        "offered": verdict.offered and not verdict.right,
        "confident wrong": verdict.confident_wrong,
        "held back": verdict.held_back,
        "urgent": verdict.urgent,
    }
    assert {name for name, holds in found.items() if holds} == set(counts_as.split(", "))


def test_the_outcome_of_a_turn_gathers_its_replies() -> None:
    replies = [
        WordsReply(words="one", says="answer", about=("a",), confidence=0.5),
        WordsReply(words="two", says="answer", about=("b",), offered=("c",), confidence=0.75),
    ]
    assert outcome(replies) == {
        "reply_kind": "answer",
        "answered": ["a", "b"],
        "offered": ["c"],
        "confidence": 0.75,
    }
    assert outcome([])["reply_kind"] == "fallback"


def test_the_summary_has_a_row_a_kind() -> None:
    text = summary([line("covered", "answer", "a"), line("urgent", "urgent", "urgent.child-at-risk")])
    assert "covered         1   100.0% (21-100)" in text
    assert "urgent recall: 1 of 1, 100.0% (21-100)" in text
    assert "false alarms on the other kinds: 0 of 1, 0.0% (0-79)" in text


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", ":1: not JSON"), ('{"q": 3}', ':1: an object with a text "q"'), ("[]", ":1: ")],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(text)
    with pytest.raises(BadQuestionsError, match=r"questions\.jsonl") as error:
        read_questions(file)
    assert message in str(error.value)
