"""Measures the helpline: from a question to what is read out of the answer, and how sure it is.

``python -m benchmarks.helpline`` starts the service with an adviser, types questions as a quick typist does,
and writes ``docs/helpline-performance.md``.
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
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Page, sync_playwright

from send_guide.helpline.call import Call
from send_guide.helpline.reading import findings
from send_guide.rasa_adapter.engine import MemoryEngine
from tests.browser.conftest import launch
from tests.helpline.conftest import Helpline, sign_in_by_keyboard

QUESTIONS = Path("tests/questions/development.jsonl")
HELD_OUT = Path("tests/questions/held-out")
COVERED = HELD_OUT / "covered.jsonl"
MODEL = Path("models/send-guide.tar.gz")
REPORT = Path("docs/helpline-performance.md")
KEY_MILLISECONDS = 30
"""Between two keys: about 33 characters a second, faster than people type."""
TARGET = 150
CALLS = 20
"""Questions that an adviser takes to what is read out, with a stop-watch."""

Line = TypeVar("Line")
WATCH = """() => {
  const question = document.querySelector("#q");
  const answer = document.querySelector("#answer");
  window.firstKey = 0;
  window.lastKey = 0;
  window.onScreen = 0;
  const pressed = () => {
    window.lastKey = performance.now();
    window.firstKey ||= window.lastKey;
    window.onScreen = 0;
  };
  question.addEventListener("input", pressed, true);
  // a digit takes a choice
  document.addEventListener("keydown", (event) => { if (event.target !== question) pressed(); }, true);
  new MutationObserver(() => {
    const shownFor = window.lastKey;
    // the frame after the change has been painted when the one after it begins
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (shownFor === window.lastKey) window.onScreen = performance.now();
    }));
  }).observe(answer, { childList: true });
}"""


def measure(page: Page, questions: list[str]) -> list[float]:
    """Return milliseconds from the last key to the answer on the screen, for each question."""
    page.evaluate(WATCH)
    times = []
    for question in questions:
        page.locator("#q").fill("")
        page.locator("#q").press_sequentially(question, delay=KEY_MILLISECONDS)
        page.wait_for_function("() => window.onScreen > window.lastKey")
        times.append(float(page.evaluate("() => window.onScreen - window.lastKey")))
    return times


@dataclass(frozen=True)
class Taken:
    """What it took from the first key of a question to what is read out.

    Attributes:
        keys: pressed in all.
        after: of these, after the question was typed.
        milliseconds: from the first key to the answer with what to say on the screen.
        waited: of these, after the last key.
        found: whether the answer was there at once or for a press; else it was not among what was shown.
    """

    keys: int
    after: int
    milliseconds: float
    waited: float
    found: bool


def answered(page: Page, question: str, wanted: list[str]) -> Taken:
    """Type a question as the first of a call; where the answer is among the choices, press its key.

    Args:
        page: of the helpline.
        question: what is asked.
        wanted: ids of the answers that are right.
    """
    page.reload()
    page.evaluate(WATCH)
    page.locator("#q").press_sequentially(question, delay=KEY_MILLISECONDS)
    page.wait_for_function("() => window.onScreen > window.lastKey")
    after = 0
    choice = page.locator(", ".join(f'#answer .choices button[value="{one}"]' for one in wanted))
    said = page.locator(", ".join(f'#answer article[data-answer="{one}"] .lead' for one in wanted))
    if not said.count() and choice.count():
        key = choice.first.get_attribute("data-key")
        page.keyboard.press("Escape")
        page.keyboard.press(str(key))
        after = 2
        page.wait_for_function("() => window.onScreen > window.lastKey")
    first, last, shown = page.evaluate("() => [window.firstKey, window.lastKey, window.onScreen]")
    return Taken(len(question) + after, after, shown - first, shown - last, said.count() > 0)


def calibration(model: Path, sets: Iterable[Path]) -> dict[str, tuple[int, int]]:
    """Return, for "Sure", "Check" and "Not covered", (how many questions, how many of them rightly so).

    Sure and Check are right where the first answer is one of those asked for; Not covered, where none is.

    Args:
        model: the model archive.
        sets: files of questions that stand alone.
    """
    lines = [json.loads(line) for path in sets for line in path.read_text(encoding="utf-8").splitlines()]
    return asyncio.run(_calibration(MemoryEngine.load(model), lines))


async def _calibration(engine: MemoryEngine, lines: Iterable[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    counted = {"sure": [0, 0], "check": [0, 0], "not-covered": [0, 0]}
    for line in lines:
        found = await findings(line["q"], engine.hear, Call())
        if found.urgent or found.sure is None:
            continue
        wanted = set(line.get("answers") or ())
        if found.sure == "not-covered":
            said = {one.answer.id for one in found.answers}
            right = not wanted or bool(said & wanted)
        else:
            right = bool(found.answers) and found.answers[0].answer.id in wanted
            if not found.answers:
                continue  # only choices: nothing is said of what was meant
        counted[found.sure][0] += 1
        counted[found.sure][1] += right
    return {how: (number, right) for how, (number, right) in counted.items()}


def main() -> None:
    """Measure, print and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=100, help="how many to type")
    wanted = parser.parse_args().questions
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    calls = spread([json.loads(line) for line in COVERED.read_text(encoding="utf-8").splitlines()], CALLS)
    asked = [str(json.loads(line)["q"]) for line in spread(lines, wanted)]
    counted = calibration(MODEL, sorted(HELD_OUT.glob("*.jsonl")))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        running = Helpline(Path(folder)).wait()
        browser = launch(playwright)
        try:
            page = browser.new_page()
            sign_in_by_keyboard(page, running.url)
            measure(page, asked[:5])  # the first answers wait for things to be loaded
            page.reload()
            times = measure(page, asked)
            taken = [answered(page, str(call["q"]), call["answers"]) for call in calls]
            version = browser.version
        finally:
            browser.close()
            running.stop()
    report = written(times, taken, counted, version, os.getloadavg()[0])
    REPORT.write_text(report, encoding="utf-8")
    print(report)


def p95_of(values: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[18]


def spread(lines: list[Line], wanted: int) -> list[Line]:
    """Return so many of the lines, evenly from the first to the last."""
    return lines[:: max(1, len(lines) // wanted)][:wanted]


def stop_watch(taken: list[Taken]) -> str:
    """Return the part of the report on the way from the question to what is read out."""
    columns: list[tuple[str, list[float]]] = [
        ("keys, the question's letters with them", [float(one.keys) for one in taken]),
        ("keys after the question", [float(one.after) for one in taken]),
        ("from the first key, ms", [one.milliseconds for one in taken]),
        ("of these, after the last key, ms", [one.waited for one in taken]),
    ]
    rows = "\n".join(
        f"| {name} | {statistics.median(values):.0f} | {p95_of(values):.0f} |" for name, values in columns
    )
    straight = sum(one.found and not one.after for one in taken)
    picked = sum(one.found and one.after > 0 for one in taken)
    return f"""## From the question to what is read out

A stop-watch in Chromium: {len(taken)} questions of `tests/questions/held-out/covered.jsonl`, spread over
the file, each the first of a call, typed at {KEY_MILLISECONDS} ms a key, until the right answer stands there
with what to tell the caller. {straight} stood there at once; {picked} were among the choices, and took Escape
and a digit; {len(taken) - straight - picked} were not shown: their times are those of what was shown instead.

| | median | 95th percentile |
|---|---|---|
{rows}
"""


def written(
    times: list[float], taken: list[Taken], counted: dict[str, tuple[int, int]], version: str, load: float
) -> str:
    """Return the report."""
    p95 = p95_of(times)
    within = sum(time < TARGET for time in times)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    )
    rows = "\n".join(
        f"| {name} | {counted[how][0]} | {counted[how][1] / max(1, counted[how][0]):.1%} |"
        for how, name in (("sure", "Sure"), ("check", "Check"), ("not-covered", "Not covered"))
    )
    return f"""# How fast the helpline answers, and how sure it is

Written by `python -m benchmarks.helpline` on {datetime.date.today():%d %B %Y} at {commit.stdout.strip()}:
Chromium {version} without a screen, service and browser on the same machine of {os.cpu_count()} cores (load
average at the end {load:.1f}), {len(times)} questions of `tests/questions/development.jsonl` typed at
{KEY_MILLISECONDS} ms a key. Measured in the page, from the input of the last key to the frame after
the answer was put on the screen; the pause for which the console waits after a key is in it. The answer
can be read out from there on: no key is needed.

| | ms |
|---|---|
| median | {statistics.median(times):.0f} |
| 95th percentile | {p95:.0f} |
| slowest | {max(times):.0f} |

{within} of {len(times)} were on the screen within {TARGET} ms.

{stop_watch(taken)}
## What "Sure" means

The questions of `tests/questions/held-out`, each as the first of a call, danger and bare choices left out.
Sure and Check are right where the first answer is what was asked for; Not covered, where nothing of the
guide's is.

| it says | questions | right |
|---|---|---|
{rows}
"""


if __name__ == "__main__":
    main()
