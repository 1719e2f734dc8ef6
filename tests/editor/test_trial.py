"""A trial shows what would be understood otherwise, and nothing else."""

import asyncio
from pathlib import Path

import pytest

from send_guide.content import Content
from send_guide.content.loader import data_directory
from send_guide.editing import changes
from send_guide.editing.drafts import Draft
from send_guide.editing.trial import NoQuestionsError, Places, Trial, _compared, heard, open_trial, run_trial
from send_guide.editing.trial_runner import Trials
from send_guide.editing.trial_worker import Task
from send_guide.measuring.questions import Line, judge
from send_guide.nlu.archive import open_analyser
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
    pairs = [(kind, (was, judge(was)), (would, judge(would)))]
    changed = next((key for key in (*before[1:], *after[1:]) if key != DANGER), SENCO)
    _, found, by_chance = _compared(pairs, content, changed)
    assert by_chance == 0
    assert ["better" if one.better else "worse" for one in found] == (
        [] if verdict == "the same" else [verdict]
    )
    assert all("." not in one.expected[0] for one in found if one.expected)  # titles, no ids


def test_what_training_alone_moves_is_counted_apart_and_danger_never_is(content: Content) -> None:
    moved = outcome("covered", [MEETINGS], "answer", MEETINGS), outcome("covered", [MEETINGS], "fallback")
    danger = outcome("urgent", [DANGER], "urgent", DANGER), outcome("urgent", [DANGER], "fallback")
    new = outcome("covered", [SENCO], "fallback"), outcome("covered", [SENCO], "answer", SENCO)
    pairs = [
        (str(was["kind"]), (was, judge(was)), (is_now, judge(is_now))) for was, is_now in (moved, danger, new)
    ]
    fared, found, by_chance = _compared(pairs, content, SENCO)
    assert by_chance == 1
    told = [(one.set, one.better, one.of_change) for one in found]
    assert told == [("urgent", False, False), ("covered", True, True)]
    assert {one.set: (one.before, one.after) for one in fared} == {"covered": (1, 2), "urgent": (1, 0)}


def test_the_same_examples_make_no_difference(content: Content, tmp_path: Path) -> None:
    """Training in the order of `make train` gives the very model in service."""
    told: list[float] = []
    folder, questions = data_directory(), ROOT / "tests" / "questions"
    places = Places(MODEL, folder, folder, questions, tmp_path / "kept", tmp_path / "kept" / "change-1")
    trial = run_trial(places, Draft(SENCO), content, lambda share, _: told.append(share))
    assert (trial.differences, trial.by_chance) == ((), 0)
    assert told == sorted(told)
    assert (tmp_path / "kept" / "vectors.npz").is_file()
    assert Trial.from_dict(trial.as_dict()) == trial
    encoder = open_analyser(MODEL)[0].encoder  # what was trained can be asked
    opened = open_trial(tmp_path / "kept" / "change-1", encoder)
    assert opened
    assert heard(*opened, "who must appoint a senco", content) == f"hears “{content.answers[SENCO].title}”"
    assert open_trial(tmp_path / "kept" / "change-2", encoder) is None


def test_without_questions_it_says_which_setting_to_look_at(content: Content, tmp_path: Path) -> None:
    folder = data_directory()
    with pytest.raises(NoQuestionsError, match="SEND_GUIDE_QUESTIONS"):
        run_trial(Places(MODEL, folder, folder, tmp_path), Draft(SENCO), content, lambda *_: None)


def test_what_goes_wrong_with_a_trial_is_noted_in_words(tmp_path: Path) -> None:
    store = database(f"sqlite:///{tmp_path}/guide.db")
    settings = Settings(questions=tmp_path / "none")

    async def run() -> changes.Change | None:
        number = await changes.begin(store, "ed", Draft(SENCO, add=("no senco here",)), "Waiting")
        kept = tmp_path / "kept"
        task = Task(Draft(SENCO), MODEL, data_directory(), settings.questions, kept, kept / "change-1")
        await Trials(store, settings).run(number, task)
        return await changes.find(store, number)

    change = asyncio.run(run())
    assert change is not None
    assert change.trial is None
    assert "SEND_GUIDE_QUESTIONS" in (change.progress or "")
