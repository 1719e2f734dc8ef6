"""A second borough with answers of its own is built, trained and asked; nothing of ours comes out."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from send_guide.content.new_council import copy_shared
from tests.conftest import ROOT
from tests.servers import Service

WEXCOMBE = ROOT / "tests" / "second-borough" / "data"
OURS = re.compile(r"bromley|orpington|\biass\b|area wide offer|020 8|0300 303|kent", re.I)


def wexcombe(data: Path) -> None:
    """Make the borough's content in a folder that is not there yet, as docs/another-council.md tells."""
    copy_shared(data, "Wexcombe")
    shutil.copytree(WEXCOMBE, data, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def borough(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the borough's data as docs/another-council.md tells, and train on it."""
    folder = tmp_path_factory.mktemp("wexcombe")
    wexcombe(folder / "data")
    run(folder, "send_guide.cli.main", "check")
    rasa = ["rasa", "train", "--domain", str(ROOT / "domain.yml"), "--config", str(ROOT / "config.yml")]
    run(folder, *rasa, "--data", "data", "--fixed-model-name", "send-guide", "--out", "models")
    return folder


def run(folder: Path, module: str, *arguments: str) -> str:
    """Run a command in the borough's folder, with the borough's data."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *arguments],
        cwd=folder,
        env=os.environ | {"SEND_GUIDE_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


ASKED = [
    ("who is it that has to choose a senco", "schools.appoint-senco", "must have a SENCO"),
    ("is the saltmarsh toy library free", "la.toy-library", "Saltmarsh"),
    ("what's the blue bus for", "la.bus", "Blue Bus"),
    ("may i ask for an ehc plan myself or only the school", "ehc.who-can-ask", "A parent can ask"),
    ("how can i get in touch with families first", "contacts.advice", "01632 960 202"),
    ("he hits me and i am scared to go home", "urgent.child-at-risk", "01632 960 303"),
]
MORE = [
    "hello", "what can you do", "what does the council have to do", "i want to speak to a person",
    "what is the area wide offer", "bromley council sen team email", "what's the weather in bromley",
    "je voudrais savoir comment demander une aide pour mon enfant à l'école", "i am so tired of all this",
]  # fmt: skip


def test_it_is_served_and_says_only_what_is_its_own(borough: Path, tmp_path: Path) -> None:
    model, data = borough / "models" / "send-guide.tar.gz", borough / "data"
    service = Service(tmp_path, MODEL=str(model), DATA=str(data)).wait()
    heard = []
    try:
        assert service.get("/readyz")[0] == 200
        for number, (question, answer_id, words) in enumerate(ASKED):
            replies = service.asks(f"wexcombe-person-{number:04}", question)
            said = [reply["custom"]["answer_ids"] for reply in replies if "custom" in reply]
            assert said[0] == [answer_id], (question, replies)
            assert words in replies[0]["text"]
            heard += replies
        heard += [reply for text in MORE for reply in service.asks("wexcombe-person-9999", text)]
        for follow_up in ("who checks that", "how do i contact them", "where does it say that"):
            service.asks("wexcombe-person-8888", "who must appoint a senco")
            heard += service.asks("wexcombe-person-8888", follow_up)
    finally:
        service.stop()
    everything = json.dumps(heard, ensure_ascii=False)
    assert OURS.findall(everything) == []
    assert "special needs in Wexcombe" in everything
    assert "Wexcombe Support Plan for Schools" in everything
    assert "families-first.wexcombe.example" in everything
    assert "01632 960 101" not in everything, "the printed number that has been replaced"


def test_rasa_s_own_check_of_the_data_passes(borough: Path) -> None:
    files = ["--domain", str(ROOT / "domain.yml"), "--config", str(ROOT / "config.yml"), "--data", "data"]
    run(borough, "rasa", "data", "validate", "--fail-on-warnings", *files)
