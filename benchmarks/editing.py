"""Measures how long families wait for an answer while an editor works and a trial runs, against without.

``python -m benchmarks.editing`` starts the service with an editor, and writes
``docs/editing-performance.md``. Messages come in at a steady pace, whether the ones before are answered or
not, as from people who know nothing of each other.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import aiohttp

from benchmarks.load import TURNS, percentile, timed
from send_guide.editing.cli import KEPT
from send_guide.editing.trial import VECTORS
from tests.editor.conftest import ADDED, ANSWER
from tests.editor.publishing import typed
from tests.helpline.conftest import EDITOR, Helpline, Person

QUESTIONS = Path("tests/questions/development.jsonl")
REPORT = Path("docs/editing-performance.md")
AIM = 1.2
"""The 95th percentile at most, as a multiple of that without an editor."""
PAUSE = 1.0
"""Seconds between two things that the editor does."""
PAGES = ("/editor/", "/editor/answers", f"/editor/answers/{ANSWER}", "/editor/due", "/editor/changes")
FORM = f"/editor/answers/{ANSWER}"


@dataclass(frozen=True)
class Phase:
    """What answers took while something was going on.

    Attributes:
        name: what was going on.
        times: of each message, ms.
        load: the load average of the machine at the end.
    """

    name: str
    times: list[float]
    load: float


class Families:
    """Send messages at a steady pace, each to its answer."""

    def __init__(self, url: str, texts: list[str], every: float) -> None:
        """Take the address of the REST channel, what is said, and the seconds between two messages."""
        self._url, self._texts, self._every = url, texts, every
        self._numbers = count()

    async def during(self, name: str, work: Awaitable[None]) -> Phase:
        """Return what messages took until some work was done."""
        until = asyncio.ensure_future(work)
        async with aiohttp.ClientSession() as session:
            sent = []
            due = time.perf_counter()
            while not until.done():
                sent.append(asyncio.create_task(self._one(session, next(self._numbers))))
                due += self._every
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            times = await asyncio.gather(*sent)
        await until
        return Phase(name, list(times), os.getloadavg()[0])

    async def _one(self, session: aiohttp.ClientSession, number: int) -> float:
        sender = f"family {number // TURNS}"
        return await timed(session, self._url, sender, self._texts[number % len(self._texts)])


class Desk:
    """An editor who opens pages and types, until told to stop."""

    def __init__(self, service: Helpline) -> None:
        """Sign in."""
        self._person = Person(service)
        self._person.signs_in(EDITOR)
        self._form = typed(self._person.opens(FORM).text) | {"add": "\n".join(ADDED)}

    async def works(self, done: Callable[[], bool]) -> None:
        """Type, and open a page now and then, until something is done."""
        for number in count():
            await asyncio.to_thread(self._person.sends, f"{FORM}/look", **self._form)
            await asyncio.to_thread(self._person.opens, PAGES[number % len(PAGES)])
            if done():
                return
            await asyncio.sleep(PAUSE)

    async def works_while_a_trial_runs(self) -> None:
        """Begin a trial, and work until it is done."""
        begun = await asyncio.to_thread(self._person.sends, FORM, **self._form, do="go-on")
        change = begun.url.path
        if not change.startswith("/editor/changes/"):
            raise RuntimeError(f"no trial has begun: {begun.status_code}")

        def done() -> bool:
            shown = self._person.opens(f"{change}/trial").text
            if 'class="error"' in shown:
                raise RuntimeError(shown)
            return "data-over" in shown

        await self.works(done)


def after(seconds: float) -> Callable[[], bool]:
    """Return what says whether some seconds have gone by."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


async def measured(service: Helpline, texts: list[str], every: float, seconds: float) -> list[Phase]:
    """Return the phases: nobody edits, an editor works, and a trial runs beside, nobody edits again.

    Args:
        service: with its helpline and editors' pages, already answering.
        texts: what families say, over and over.
        every: seconds between two messages: the pace, whether or not the ones before are answered.
        seconds: how long each phase is; that of the trial lasts as long as the trial.

    Raises:
        RuntimeError: no trial has begun, or it failed.
    """
    families = Families(f"{service.url}/webhooks/rest/webhook", texts, every)
    desk = await asyncio.to_thread(Desk, service)
    await families.during("", asyncio.sleep(seconds / 4))  # warms up what is loaded late: not counted
    return [
        await families.during("nobody edits", asyncio.sleep(seconds)),
        await families.during("an editor works", desk.works(after(seconds))),
        await families.during("an editor works and a trial runs", desk.works_while_a_trial_runs()),
        await families.during("nobody edits, afterwards", asyncio.sleep(seconds)),
    ]


def report(phases: list[Phase], every: float, cold: bool) -> str:
    """Return the report.

    Args:
        phases: the four of :func:`measured`, in order; times in ms.
        every: seconds between two messages.
        cold: whether the trial had no vectors of earlier ones.
    """
    first, works, trial, last = phases
    without = percentile(first.times + last.times, 95)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    rows = "\n".join(
        f"| {one.name} | {len(one.times)} | {statistics.median(one.times):.0f} "
        f"| {percentile(one.times, 95):.0f} | {max(one.times):.0f} | {one.load:.1f} |"
        for one in phases
    )
    pace = f"A message every {every * 1000:.0f} ms over REST, from conversations of {TURNS}"
    reads = ", and has to read every sentence first" if cold else ""
    ratios = [percentile(one.times, 95) / without for one in (works, trial)]
    return f"""# What an editor costs the families

Written by `python -m benchmarks.editing` on {datetime.date.today():%d %B %Y} at {commit}, on a machine of
{os.cpu_count()} cores with everything on it. {pace}, whether the ones
before are answered or not. The editor types, which is looked through, and opens a page, with a pause of
{PAUSE:.0f} s. The trial trains without and with {len(ADDED)} new ways of asking, and asks every
question{reads}; it took {len(trial.times) * every:.0f} seconds.

| | messages | median, ms | 95th percentile, ms | slowest, ms | load average at the end |
|---|---|---|---|---|---|
{rows}

The 95th percentile is {ratios[0]:.2f} times that without an editor while one works, and {ratios[1]:.2f} times
while a trial runs too. At most {AIM} is the aim.
"""


def main() -> None:
    """Measure, print and write the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60, help="how long each phase without a trial is")
    parser.add_argument("--every", type=float, default=0.25, help="seconds between two messages")
    wanted = parser.parse_args()
    texts = [str(json.loads(line)["q"]) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    cold = not (KEPT / VECTORS).exists()
    with tempfile.TemporaryDirectory() as folder:
        service = Helpline(Path(folder), PER_CONVERSATION="6000/minute").wait()
        try:
            phases = asyncio.run(measured(service, texts, wanted.every, wanted.seconds))
        finally:
            service.stop()
    written = report(phases, wanted.every, cold)
    REPORT.write_text(written, encoding="utf-8")
    print(written)


if __name__ == "__main__":
    main()
