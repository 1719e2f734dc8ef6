"""Measures SEND Guide beside the starter bot of ``rasa init``, and two replicas beside one.

Writes docs/performance.md with its plot. Takes about ten minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from benchmarks.load import Figures, memory, processor_seconds, turn_costs, under_load
from benchmarks.nginx import Nginx
from send_guide.measuring.questions import read_questions
from tests.servers import PostgreSQL, Redis, Service, free_port

ROOT = Path(__file__).parents[1]
RASA = str(Path(sys.executable).with_name("rasa"))
SEND_GUIDE = str(Path(sys.executable).with_name("send-guide"))
TURNS = [1, 50, 200, 500]
NO_LIMITS = {"PER_CONVERSATION": "1000000/minute", "PER_ADDRESS": "1000000/minute", "LOG_LEVEL": "ERROR"}
STARTER_TEXTS = ["hello", "i am sad", "yes", "are you a bot", "i am fine", "goodbye"]


@dataclass
class Measured:
    """What one bot takes."""

    name: str
    training: float = 0.0
    start: float = 0.0
    idle: float = 0.0
    loaded: float = 0.0
    one: Figures = field(default_factory=lambda: Figures(0, 0, 0))
    eight: Figures = field(default_factory=lambda: Figures(0, 0, 0))
    turns: list[float] = field(default_factory=list)


def say(text: str) -> None:
    """Show progress."""
    print(f"{datetime.datetime.now():%H:%M:%S} {text}", flush=True)


def environment() -> dict[str, str]:
    """Return an environment in which nothing is reported to anybody."""
    return os.environ | {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


def first_answer(url: str, process: subprocess.Popen[bytes], started: float) -> float:
    """Return the seconds from ``started`` to the first answer."""
    while process.poll() is None:
        with contextlib.suppress(OSError, RuntimeError, aiohttp.ClientError):
            under_load(url, ["hello"], 1, 1)
            return time.monotonic() - started
        time.sleep(0.05)
    raise RuntimeError("it ended before it answered")


def timed_run(command: list[str], folder: Path) -> float:
    """Run a command and return the seconds it took."""
    start = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr[-2000:]}")
    return time.monotonic() - start


def messages(found: Measured, url: str, texts: list[str], process: int, number: int) -> None:
    """Measure messages: one person, eight people, and a long conversation."""
    found.idle = memory(process)
    under_load(url, texts, 1, 20)
    say(f"{found.name}: one person")
    found.one = under_load(url, texts, 1, number)
    say(f"{found.name}: eight people")
    found.eight = under_load(url, texts, 8, 2 * number)
    say(f"{found.name}: a long conversation")
    found.turns = turn_costs(url, texts[0], TURNS, "long", lambda turn: say(f"{found.name}: turn {turn}"))
    found.loaded = memory(process)


def starter(folder: Path, number: int) -> Measured:
    """Measure the starter bot: made, trained and run as its makers say, REST channel, SQLite store."""
    found = Measured("starter")
    say("starter: made and trained")
    timed_run([RASA, "init", "--no-prompt", "--init-dir", str(folder)], ROOT)
    shutil.rmtree(folder / "models")
    found.training = timed_run([RASA, "train", "--force"], folder)
    (folder / "credentials.yml").write_text("rest:\n")
    (folder / "endpoints.yml").write_text(
        "tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: tracker.db\n"
    )
    port = free_port()
    command = [RASA, "run", "-i", "127.0.0.1", "-p", str(port)]
    started = time.monotonic()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        found.start = first_answer(url, process, started)
        messages(found, url, STARTER_TEXTS, process.pid, number)
    finally:
        process.kill()
        process.wait()
    return found


def ours(folder: Path, texts: list[str], number: int) -> Measured:
    """Measure SEND Guide: trained from nothing, one process, SQLite store."""
    found = Measured("SEND Guide")
    say("SEND Guide: trained")
    model = folder / "model.tar.gz"
    found.training = timed_run([SEND_GUIDE, "train", "--model", str(model)], ROOT)
    started = time.monotonic()
    service = Service(folder, MODEL=str(model), **NO_LIMITS)
    try:
        url = f"http://127.0.0.1:{service.port}/webhooks/rest/webhook"
        found.start = first_answer(url, service.process, started)
        messages(found, url, texts, service.process.pid, number)
    finally:
        service.stop()
    return found


def replicas(folder: Path, texts: list[str], number: int, how_many: int) -> tuple[Figures, dict[str, float]]:
    """Measure replicas behind nginx over PostgreSQL and Redis; return figures and processor seconds."""
    say(f"{how_many} replicas behind nginx, PostgreSQL, Redis")
    for name in ("postgres", *(str(replica) for replica in range(how_many))):
        (folder / name).mkdir(parents=True)
    postgres, redis = PostgreSQL(folder / "postgres"), Redis(folder)
    shared = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url, **NO_LIMITS}
    services = [Service(folder / str(replica), **shared).wait() for replica in range(how_many)]
    door = Nginx(folder, [service.port for service in services])
    try:
        url = f"http://127.0.0.1:{door.port}/webhooks/rest/webhook"
        under_load(url, texts, 8, 100)
        before = [processor_seconds(service.process.pid) for service in services]
        own, redis_before = time.process_time(), processor_seconds(redis.process.pid)
        figures = under_load(url, texts, 16, number)
        after = [processor_seconds(service.process.pid) for service in services]
        seconds = {
            "wall": number / figures.throughput,
            "replicas": sum(after) - sum(before),
            "Redis": processor_seconds(redis.process.pid) - redis_before,
            "the sender of the load": time.process_time() - own,
        }
    finally:
        door.stop()
        for service in services:
            service.stop()
        redis.stop()
        postgres.stop()
    return figures, seconds


def table(bots: list[Measured]) -> list[str]:
    """Return the table of both bots with their ratio."""
    starter, ours = bots
    rows: list[tuple[str, str, float, float]] = [
        ("training, s", ".1f", starter.training, ours.training),
        ("start to first answer, s", ".1f", starter.start, ours.start),
        ("memory after start, MB", ".0f", starter.idle, ours.idle),
        ("memory after the load, MB", ".0f", starter.loaded, ours.loaded),
        ("one person, p50, ms", ".1f", starter.one.p50, ours.one.p50),
        ("one person, p95, ms", ".1f", starter.one.p95, ours.one.p95),
        ("eight people, p50, ms", ".1f", starter.eight.p50, ours.eight.p50),
        ("eight people, p95, ms", ".1f", starter.eight.p95, ours.eight.p95),
        ("messages a second, eight people", ".1f", starter.eight.throughput, ours.eight.throughput),
        *((f"at turn {turn}, ms", ".1f", starter.turns[at], ours.turns[at]) for at, turn in enumerate(TURNS)),
    ]
    lines = ["| | starter | SEND Guide | SEND Guide / starter |", "|---|---|---|---|"]
    for name, form, theirs, mine in rows:
        lines.append(f"| {name} | {theirs:{form}} | {mine:{form}} | {mine / theirs:.2f} |")
    return lines


def main() -> None:
    """Measure, and write docs/performance.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=300, help="messages of each measurement")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "performance.md")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    texts = [line["q"] for line in read_questions(ROOT / "tests" / "questions" / "development.jsonl")]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        for part in ("starter", "ours", "one", "two"):
            (folder / part).mkdir()
        bots = [
            starter(folder / "starter", arguments.messages),
            ours(folder / "ours", texts, arguments.messages),
        ]
        one, one_seconds = replicas(folder / "one", texts, 4 * arguments.messages, 1)
        two, two_seconds = replicas(folder / "two", texts, 4 * arguments.messages, 2)
    ratio = [two.throughput / one.throughput, two.p50 / one.p50, two.p95 / one.p95]
    lines = [
        "# Performance",
        "",
        f"Written by `make bench` on {datetime.date.today():%d %B %Y}, {os.cpu_count()} cores, one run, one",
        "after the other. Both over Rasa's REST channel with a SQLite store; the starter is what `rasa init`",
        "makes, asked what it was made for; SEND Guide is asked the questions of",
        "`tests/questions/development.jsonl`. “At turn n” is the median of nine messages from there on in",
        "one conversation.",
        "",
        *table(bots),
        "",
        "## Two replicas",
        "",
        "Behind nginx, with PostgreSQL and Redis, 16 people at once, everything on this one machine.",
        "",
        "| | one replica | two replicas | ratio |",
        "|---|---|---|---|",
        f"| messages a second | {one.throughput:.1f} | {two.throughput:.1f} | {ratio[0]:.2f} |",
        f"| p50, ms | {one.p50:.0f} | {two.p50:.0f} | {ratio[1]:.2f} |",
        f"| p95, ms | {one.p95:.0f} | {two.p95:.0f} | {ratio[2]:.2f} |",
        "",
        "Where the rest goes, seconds of processor time in the same load:",
        "",
        "| | one replica | two replicas |",
        "|---|---|---|",
        *(f"| {part} | {one_seconds[part]:.1f} | {two_seconds[part]:.1f} |" for part in one_seconds),
        "",
    ]
    arguments.out.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
