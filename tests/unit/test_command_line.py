"""The `send-guide` command, run as a person runs it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import ROOT

COMMAND = [str(Path(sys.executable).parent / "send-guide")]
COMMANDS = ["serve", "settings", "forget", "export", "purge", "ask", "chat", "evaluate", "check", "train"]


def run(*words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], input=text, capture_output=True, text=True, cwd=ROOT, timeout=120
    )


def test_help_names_every_command() -> None:
    result = run("--help")
    assert result.returncode == 0
    for command in COMMANDS:
        assert command in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_has_help(command: str) -> None:
    result = run(command, "--help")
    assert result.returncode == 0
    assert "--help" in result.stdout


def test_training_without_what_it_needs_says_how_to_get_it(tmp_path: Path) -> None:
    program = "import sys; sys.modules['onnx'] = None; from send_guide.cli.main import main; main()"
    command = [sys.executable, "-c", program, "train"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert result.returncode == 1
    assert "pip install 'send-guide[train]'" in result.stderr


def test_check_is_clean() -> None:
    result = run("check")
    assert result.returncode == 0, result.stdout
    assert result.stdout.endswith(": 0 problems\n")


def test_a_question_is_answered_in_the_terminal() -> None:
    result = run("ask", "number for the tribunal")
    assert result.returncode == 0, result.stderr
    assert "0300 303 5857" in result.stdout


def test_a_number_picks_a_choice_and_a_slash_is_text() -> None:
    result = run("chat", text="what do governors have to do\n5\n/restart\nquit\n")
    assert result.returncode == 0, result.stderr
    assert "5 to 8 of 10" in result.stdout


def test_a_byte_that_is_no_letter_does_not_end_the_chat() -> None:
    strict = os.environ | {"PYTHONIOENCODING": "utf-8:strict"}
    done = subprocess.run(
        [*COMMAND, "chat"],
        input=b"number for the \xff tribunal\nquit\n",
        capture_output=True,
        cwd=ROOT,
        timeout=120,
        env=strict,
    )
    assert done.returncode == 0, done.stderr
    assert b"0300 303 5857" in done.stdout


def test_without_a_model_it_says_what_to_do() -> None:
    result = run("ask", "hello", "--model", "models/nothing.tar.gz")
    assert result.returncode == 1
    assert "run `make train` first" in result.stderr


def test_evaluate_keeps_every_key_and_adds_the_outcome(tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    lines = [
        {"q": "number for the tribunal", "answers": ["contacts.tribunal"], "kind": "covered", "mine": 7},
        {"q": "who won the football", "answers": [], "kind": "off-topic"},
    ]
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines))
    out = tmp_path / "out.jsonl"
    result = run("evaluate", str(questions), "--json", str(out))
    assert result.returncode == 0, result.stderr
    first, second = (json.loads(line) for line in out.read_text().splitlines())
    assert first["mine"] == 7
    assert first["reply_kind"] == "answer"
    assert first["answered"] == ["contacts.tribunal"]
    assert 0 < first["confidence"] <= 1
    assert first["ms"] > 0
    assert second["reply_kind"] == "fallback"
    assert second["answered"] == []


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_the_server_answers_over_rest_with_the_contract_in_custom() -> None:
    port = free_port()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert server.stdout is not None
        ready = next((line for line in server.stdout if "is ready" in line), "")
        assert f"http://127.0.0.1:{port}" in ready
        body = json.dumps({"sender": "a-parent", "message": "number for the tribunal"}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            replies = json.load(response)
        custom = next(reply["custom"] for reply in replies if "custom" in reply)
        assert custom["kind"] == "answer"
        assert custom["answer_ids"] == ["contacts.tribunal"]
        assert "0300 303 5857" in replies[0]["text"]
    finally:
        server.terminate()
        start = time.monotonic()
        server.wait(timeout=60)
        assert time.monotonic() - start < 60
