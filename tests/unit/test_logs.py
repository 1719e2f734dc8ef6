"""The log says what happened, as JSON, and never what anybody wrote."""

import json
import logging
import subprocess
import sys

import pytest

from send_guide.logs import JsonLines
from tests.conftest import ROOT

WORDS = "our Zebedee was hit"


def line(name: str, message: str, *arguments: object, **named: object) -> dict[str, object]:
    record = logging.getLogger(name).makeRecord(
        name, logging.ERROR, "server.py", 7, message, arguments, None, extra=dict(named)
    )
    return dict(json.loads(JsonLines().format(record)))


def test_our_own_lines_have_fields() -> None:
    found = line("send_guide.rasa_adapter.conversations", "turn.done", channel="rest", ms=31)
    assert found["event"] == "turn.done"
    assert (found["channel"], found["ms"], found["level"]) == ("rest", 31, "error")


def test_of_libraries_only_the_place_is_kept() -> None:
    found = line("rasa.core.processor", f"could not handle {WORDS}", text=WORDS)
    assert found["event"] == "server.py:7"
    assert "Zebedee" not in json.dumps(found)


def test_of_an_error_only_its_kind_is_kept() -> None:
    try:
        raise ValueError(WORDS)
    except ValueError as error:
        record = logging.makeLogRecord({"msg": "turn.failed", "name": "send_guide"})
        record.exc_info = (type(error), error, error.__traceback__)
    found = json.loads(JsonLines().format(record))
    assert found["error"] == "ValueError"
    assert "Zebedee" not in json.dumps(found)


@pytest.mark.parametrize("library", ["rasa", "sanic", "sqlalchemy", "redis"])
def test_libraries_are_not_ours(library: str) -> None:
    assert line(f"{library}.part", "something")["event"] == "server.py:7"


SAYS = """
import logging
from send_guide import logs
logs.configure()
logging.getLogger("send_guide").info("turn.done")
"""


def test_it_goes_to_standard_error_as_operators_are_told() -> None:
    done = subprocess.run([sys.executable, "-c", SAYS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, json.loads(done.stderr)["event"]) == ("", "turn.done")
    for page in ("operate.md", "architecture.md"):
        told = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert "standard error" in told
        assert "standard output" not in told
