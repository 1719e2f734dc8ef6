"""A council that begins from an empty folder has a guide of its own at the end of docs/another-council.md."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from send_guide.content.loader import read_content
from tests.servers import COMMAND, ROOT, Service

GIVEN = {
    "name": "Borough of Ferrybridge",
    "place": "Ferrybridge",
    "offer": "Ferrybridge SEND Offer",
    "section": "Page 1",
    "advice": "Ferrybridge SENDIASS",
    "advice-web": "advice.ferrybridge.example",
    "advice-phone": "01632 960 401",
    "sen-email": "send@ferrybridge.example",
    "children-phone": "01632 960 402",
}


def run(folder: Path, *arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SEND_GUIDE_DATA": str(folder / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    options = (part for name, value in GIVEN.items() for part in (f"--{name}", value))
    run(tmp_path, "new-council", "data", *options)
    return tmp_path


def test_from_an_empty_folder_to_an_answer(begun: Path) -> None:
    assert ": 0 problems" in run(begun, "check")
    run(begun, "train", "--model", "models/guide.tar.gz")
    service = Service(begun, MODEL=str(begun / "models" / "guide.tar.gz"), DATA=str(begun / "data")).wait()
    try:
        asked = service.asks("a-parent-of-ferrybridge", "who gives free advice")
        danger = service.asks("a-parent-of-ferrybridge", "he hits me and i am scared to go home")
    finally:
        service.stop()
    assert [reply["custom"]["answer_ids"] for reply in asked if "custom" in reply] == [["contacts.advice"]]
    assert "Ferrybridge SENDIASS can help you" in asked[0]["text"]
    assert "01632 960 401" in asked[0]["text"]
    assert "01632 960 402" in danger[0]["text"]
    assert "bromley" not in json.dumps([asked, danger]).lower()


def test_nothing_of_ours_is_in_it_and_what_is_there_is_left_alone(begun: Path) -> None:
    content, problems = read_content(begun / "data")
    assert problems == []
    assert (content.council.name, content.council.place) == ("Borough of Ferrybridge", "Ferrybridge")
    files = (path for path in (begun / "data").rglob("*") if path.is_file())
    assert [path for path in files if "bromley" in path.read_text(encoding="utf-8").lower()] == []
    options = (part for name, value in GIVEN.items() for part in (f"--{name}", value))
    assert "data exists" in run(begun, "new-council", "data", *options, status=1)
