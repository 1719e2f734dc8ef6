"""The public sets of intents are read as they are published."""

import json
from pathlib import Path

from benchmarks.understanding import OUT_OF_SCOPE, Result, Task, banking77, clinc150, figures


def test_banking77_is_read_from_its_csv_files(tmp_path: Path) -> None:
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    train.write_text('text,category\n"I am still waiting, on my card?",card_arrival\n', encoding="utf-8")
    test.write_text("text,category\nHow do I locate my card?,card_arrival\n", encoding="utf-8")
    task = banking77(train, test)
    assert task.train == [("I am still waiting, on my card?", "card_arrival")]
    assert task.test == [("How do I locate my card?", "card_arrival")]


def test_clinc150_is_read_from_its_json_with_what_no_intent_fits(tmp_path: Path) -> None:
    file = tmp_path / "data_full.json"
    sets = {
        "train": [["translate hello", "translate"], ["what is my balance", "balance"]],
        "val": [["say hi in french", "translate"]],
        "test": [["how much have i got", "balance"]],
        "oos_train": [["who won the cup", "oos"]],
        "oos_test": [["how tall is the tower", "oos"]],
    }
    file.write_text(json.dumps(sets), encoding="utf-8")
    task = clinc150(file)
    assert [label for _, label in task.train] == ["translate", "balance"]
    assert task.test == [("how much have i got", "balance"), ("how tall is the tower", OUT_OF_SCOPE)]


def test_right_answers_and_what_no_intent_fits_are_counted_apart() -> None:
    task = Task("set", [], [("a", "one"), ("b", "two"), ("c", OUT_OF_SCOPE)])
    result = Result(1.0, 1.0, 1.0, [("one", 0.9), ("one", 0.8), ("two", 0.3)])
    assert figures(task, result) == {"top-1": 0.5, "out-of-scope AUROC": 1.0}
