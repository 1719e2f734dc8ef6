"""The log says what happened, as JSON, and never what anybody wrote."""

import json
import logging

import pytest

from send_guide.logs import JsonLines

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
