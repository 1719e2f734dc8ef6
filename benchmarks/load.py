"""Sends messages over REST from many conversations at once, and measures how long each takes."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import aiohttp

TURNS = 10
"""Messages of a conversation under load: a short talk."""


@dataclass(frozen=True)
class Figures:
    """What a load took: milliseconds a message, messages a second."""

    p50: float
    p95: float
    throughput: float


def under_load(url: str, texts: list[str], clients: int, messages: int, name: str = "load") -> Figures:
    """Send messages from ``clients`` people who each wait for their answer; return what it took.

    Args:
        url: of the REST channel.
        texts: what is said, in turn.
        clients: how many people talk at once.
        messages: how many messages in all.
        name: begins the names of the conversations.
    """

    async def run() -> Figures:
        times: list[float] = []
        number = count()

        async def person(session: aiohttp.ClientSession) -> None:
            while (mine := next(number)) < messages:
                sender = f"{name} {clients} {mine // TURNS}"
                times.append(await timed(session, url, sender, texts[mine % len(texts)]))

        start = time.perf_counter()
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(person(session) for _ in range(clients)))
        took = time.perf_counter() - start
        return Figures(statistics.median(times), percentile(times, 95), messages / took)

    return asyncio.run(run())


def turn_costs(
    url: str, text: str, turns: list[int], sender: str, told: Callable[[int], None]
) -> list[float]:
    """Return the milliseconds a message takes at each of ``turns``: the median of nine from there on.

    Args:
        url: of the REST channel.
        text: what is said, again and again.
        turns: numbers of turns, rising.
        sender: the name of the conversation.
        told: is called with the number of the turn now and then.
    """

    async def run() -> list[float]:
        times = []
        async with aiohttp.ClientSession() as session:
            for number in range(turns[-1] + 9):
                times.append(await timed(session, url, sender, text))
                if number % 50 == 0:
                    told(number)
        return [statistics.median(times[turn : turn + 9]) for turn in turns]

    return asyncio.run(run())


async def timed(session: aiohttp.ClientSession, url: str, sender: str, text: str) -> float:
    """Send one message and return the milliseconds until its answer; an empty answer is an error."""
    start = time.perf_counter()
    async with session.post(url, json={"sender": sender, "message": text}) as answer:
        replies = await answer.json()
    if answer.status != 200 or not replies:
        raise RuntimeError(f"status {answer.status}, replies {replies!r} to {text!r}")
    return (time.perf_counter() - start) * 1000


def percentile(times: list[float], part: int) -> float:
    """Return the ``part``-th percentile."""
    return sorted(times)[min(len(times) - 1, len(times) * part // 100)]


def memory(process: int) -> float:
    """Return the resident memory of a process, MB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no process {process}")


def processor_seconds(process: int) -> float:
    """Return the processor time that a process and its children have used, seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def busy(seconds: float) -> float:
    """Return the share of all cores, 0 to 1, that is used by anybody in the ``seconds`` that follow."""

    def ticks() -> tuple[int, int]:
        """Return all ticks so far, and those in which a core had nothing to do (proc(5), /proc/stat)."""
        found = [int(number) for number in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        return sum(found), found[3] + found[4]

    before, idle_before = ticks()
    time.sleep(seconds)
    after, idle_after = ticks()
    return 1 - (idle_after - idle_before) / max(1, after - before)
