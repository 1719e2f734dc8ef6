"""A trial shows what would be understood otherwise, and nothing else."""

import asyncio
from pathlib import Path

import pytest

from send_guide.content import Content
from send_guide.content.loader import data_directory
from send_guide.editing import changes
from send_guide.editing.drafts import Draft
from send_guide.editing.trial import NoQuestionsError, Trial, _compared, run_trial
from send_guide.editing.trial_runner import Trials
from send_guide.editing.trial_worker import Task
from send_guide.measuring.questions import Line, judge
from send_guide.settings import Settings
from tests.conftest import ROOT
from tests.servers import database

MODEL = ROOT / "models" / "send-guide.tar.gz"
SENCO, MEETINGS, DANGER = "schools.appoint-senco", "head.parent-meetings", "urgent.child-at-risk"


def outcome(kind: str, answers: list[str], reply: str, *said: str, offered: tuple[str, ...] = ()) -> Line:
    return {
        "q": "?",
        "kind": kind,
        "answers": answers,
        "reply_kind": reply,
        "answered": list(said),
        "offered": list(offered),
    }


@pytest.mark.parametrize(
    ("kind", "answers", "before", "after", "verdict"),
    [
        ("covered", [SENCO], ("fallback",), ("answer", SENCO), "better"),
        ("covered", [SENCO], ("answer", MEETINGS), ("fallback",), "better"),
        ("covered", [SENCO], ("answer", SENCO), ("answer", MEETINGS), "worse"),
        ("covered", [SENCO], ("answer", SENCO), ("urgent", DANGER), "worse"),
        ("covered", [SENCO], ("answer", MEETINGS), ("answer", "ehc.how-to-ask"), "the same"),
        ("uncovered", [], ("fallback",), ("answer", SENCO), "worse"),
        ("urgent", [DANGER], ("urgent", DANGER), ("answer", SENCO), "worse"),
        ("urgent", [DANGER], ("fallback",), ("urgent", DANGER), "better"),
    ],
)
def test_better_and_worse(
    content: Content,
    kind: str,
    answers: list[str],
    before: tuple[str, ...],
    after: tuple[str, ...],
    verdict: str,
) -> None:
    was, would = outcome(kind, answers, *before), outcome(kind, answers, *after)
    _, found = _compared([(kind, (was, judge(was)), (would, judge(would)))], content)
    assert ["better" if one.better else "worse" for one in found] == (
        [] if verdict == "the same" else [verdict]
    )
    assert all("." not in one.expected[0] for one in found if one.expected)  # titles, no ids


def test_the_same_examples_make_no_difference(content: Content, tmp_path: Path) -> None:
    """Training in the order of `make train` gives the very model in service."""
    told: list[float] = []
    vectors = tmp_path / "vectors.npz"
    trial = run_trial(
        MODEL,
        data_directory(),
        content,
        ROOT / "tests" / "questions",
        vectors,
        lambda share, _: told.append(share),
    )
    assert trial.differences == ()
    assert told == sorted(told)
    assert vectors.is_file()
    assert Trial.from_dict(trial.as_dict()) == trial


def test_without_questions_it_says_which_setting_to_look_at(content: Content, tmp_path: Path) -> None:
    with pytest.raises(NoQuestionsError, match="SEND_GUIDE_QUESTIONS"):
        run_trial(MODEL, data_directory(), content, tmp_path, None, lambda *_: None)


def test_what_goes_wrong_with_a_trial_is_noted_in_words(tmp_path: Path) -> None:
    store = database(f"sqlite:///{tmp_path}/guide.db")
    settings = Settings(questions=tmp_path / "none")

    async def run() -> changes.Change | None:
        number = await changes.begin(store, "ed", Draft(SENCO, add=("no senco here",)), "Waiting")
        task = Task(Draft(SENCO), MODEL, data_directory(), settings.questions, tmp_path / "vectors.npz")
        await Trials(store, settings).run(number, task)
        return await changes.find(store, number)

    change = asyncio.run(run())
    assert change is not None
    assert change.trial is None
    assert "SEND_GUIDE_QUESTIONS" in (change.progress or "")
