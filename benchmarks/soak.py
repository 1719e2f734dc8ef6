"""Talks with one service for a long time and looks whether its memory grows."""

from __future__ import annotations

import argparse
import datetime
import tempfile
import time
from pathlib import Path

from benchmarks.load import memory, under_load
from benchmarks.performance import NO_LIMITS, ROOT, say
from send_guide.measuring.questions import read_questions
from tests.servers import Service

BATCH = 500
"""Messages between two looks."""


def soak(url: str, texts: list[str], process: int, minutes: float) -> tuple[list[tuple[float, float]], int]:
    """Send messages for ``minutes``; return (minutes, MB) now and then, and how many there were."""
    looks: list[tuple[float, float]] = []
    start, messages = time.monotonic(), 0
    while (passed := (time.monotonic() - start) / 60) < minutes or not looks:
        looks.append((passed, memory(process)))
        say(f"{looks[-1][0]:.1f} minutes, {messages} messages, {looks[-1][1]:.0f} MB")
        under_load(url, texts, 8, BATCH, f"soak {messages}")
        messages += BATCH
    looks.append((passed, memory(process)))
    return looks, messages


def main() -> None:
    """Measure, and write docs/soak.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20, help="how long")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "soak.md")
    arguments = parser.parse_args()
    texts = [line["q"] for line in read_questions(ROOT / "tests" / "questions" / "development.jsonl")]
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        service = Service(Path(folder), **NO_LIMITS).wait()
        url = f"http://127.0.0.1:{service.port}/webhooks/rest/webhook"
        under_load(url, texts, 8, BATCH, "warm")
        looks, messages = soak(url, texts, service.process.pid, arguments.minutes)
        service.stop()
    step = max(1, len(looks) // 20)
    lines = [
        "# Memory over time",
        "",
        f"Written by `make soak` on {datetime.date.today():%d %B %Y}: one service with a SQLite store,",
        f"8 people at once without a pause, {messages:,} messages in {looks[-1][0]:.0f} minutes, ten to a",
        f"conversation, after {BATCH} messages to warm up.",
        f"**{looks[0][1]:.0f} MB at the start, {looks[-1][1]:.0f} MB at the end.**",
        "",
        "| minute | memory, MB |",
        "|---|---|",
        *(f"| {minute:.0f} | {used:.0f} |" for minute, used in [*looks[:-1:step], looks[-1]]),
        "",
    ]
    arguments.out.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
