"""Measures the time to load, to understand one message and to answer it, and the memory it takes."""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

from send_guide.rasa_adapter.absent_packages import leave_out_tensorflow

leave_out_tensorflow()  # as in service

from send_guide.measuring.questions import read_questions  # noqa: E402
from send_guide.rasa_adapter.engine import MemoryEngine  # noqa: E402
from send_guide.service import Guide, Message, Turn  # noqa: E402

QUESTIONS = Path(__file__).parents[1] / "tests" / "questions" / "development.jsonl"


async def milliseconds(ask: Callable[[str], Awaitable[object]], texts: list[str]) -> list[float]:
    """Return the time of each call in milliseconds."""
    times = []
    for text in texts:
        start = time.perf_counter()
        await ask(text)
        times.append((time.perf_counter() - start) * 1000)
    return times


def row(name: str, times: list[float]) -> str:
    """Return one line of the table: median and 95th percentile in milliseconds."""
    p95 = sorted(times)[int(len(times) * 0.95)]
    return f"{name:<32}{statistics.median(times):>10.1f}{p95:>10.1f}"


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/send-guide.tar.gz"))
    parser.add_argument("--messages", type=int, default=200, help="how many questions to ask")
    arguments = parser.parse_args()
    texts = [line["q"] for line in read_questions(QUESTIONS)][: arguments.messages]

    start = time.perf_counter()
    guide = Guide(MemoryEngine.load(arguments.model))
    print(f"loaded in {time.perf_counter() - start:.1f} s; {len(texts)} messages, one at a time")
    print(f"{'':<32}{'median ms':>10}{'p95 ms':>10}")
    loop = asyncio.new_event_loop()
    loop.run_until_complete(milliseconds(guide.understand, texts[:20]))
    print(row("understand", loop.run_until_complete(milliseconds(guide.understand, texts))))

    async def ask(text: str) -> Turn:
        return await guide.handle(Message(text, uuid.uuid4().hex))

    print(row("answer, a new conversation each", loop.run_until_complete(milliseconds(ask, texts))))
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
