"""A threshold of config.yml that is misspelt or no probability is refused, and the message says what is right."""

import shutil
import sys
from pathlib import Path

import pytest
import yaml

from send_guide.cli import main
from send_guide.nlu.decide import Thresholds
from send_guide.rasa_adapter.components import AnswerSelector, BadThresholdError, thresholds_of
from tests.conftest import ROOT


def configured() -> dict[str, object]:
    """Return the settings of the selector as config.yml has them."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return next(dict(part) for part in pipeline if part["name"].endswith("AnswerSelector"))


def test_those_of_the_project_are_taken() -> None:
    settings = configured()
    found = thresholds_of(settings)
    assert {name: getattr(found, name) for name in settings if name != "name"} == {
        name: value for name, value in settings.items() if name != "name"
    }


def test_where_none_is_given_each_has_its_own() -> None:
    assert thresholds_of(AnswerSelector.get_default_config()) == Thresholds()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("anwser_at", 0.5, "anwser_at: Extra inputs are not permitted"),
        ("URGENT_AT", 0.5, "URGENT_AT: Extra inputs are not permitted"),
        ("urgent_at", 1.5, "urgent_at: Input should be less than or equal to 1"),
        ("urgent_at", -0.1, "urgent_at: Input should be greater than or equal to 0"),
        ("urgent_at", "often", "urgent_at: Input should be a valid number"),
        ("urgent_at", None, "urgent_at: Input should be a valid number"),
    ],
)
def test_what_is_none_is_refused(name: str, value: object, says: str) -> None:
    with pytest.raises(BadThresholdError, match=says) as refused:
        thresholds_of(configured() | {name: value})
    assert "config.yml, AnswerSelector: " in str(refused.value)
    assert "Known are urgent_at, " in str(refused.value)


@pytest.mark.parametrize("name", ["talk_at", "talk_inside_at", "not_at_all_at", "suspicious_at"])
def test_every_probability_that_decides_can_be_set(name: str) -> None:
    assert getattr(thresholds_of(configured() | {name: 0.42}), name) == 0.42


def test_training_refuses_it_at_once_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(ROOT / "domain.yml", tmp_path)
    config = (ROOT / "config.yml").read_text(encoding="utf-8")
    (tmp_path / "config.yml").write_text(config.replace("answer_at:", "anwser_at:"), encoding="utf-8")
    monkeypatch.setattr(main, "project_directory", lambda: tmp_path)
    monkeypatch.setattr(sys, "argv", ["send-guide", "train", "--model", str(tmp_path / "model.tar.gz")])
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 1
    (said,) = capsys.readouterr().err.strip().splitlines()
    assert said.startswith(
        "send-guide: config.yml, AnswerSelector: anwser_at: Extra inputs are not permitted"
    )
    assert not (tmp_path / "model.tar.gz").exists()
