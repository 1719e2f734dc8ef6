"""Measures the helpline's console in Chromium: from the last key of a question to the answer on the screen.

``python -m benchmarks.helpline`` starts the service with an adviser, types questions as a quick typist does,
and writes ``docs/helpline-performance.md``.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.helpline.conftest import CHROMIUM, QUIET, Helpline, sign_in_by_keyboard

QUESTIONS = Path("tests/questions/development.jsonl")
REPORT = Path("docs/helpline-performance.md")
KEY_MILLISECONDS = 30
"""Between two keys: about 33 characters a second, faster than people type."""
TARGET = 150

WATCH = """() => {
  const question = document.querySelector("#q");
  const answer = document.querySelector("#answer");
  window.lastKey = 0;
  window.onScreen = 0;
  const typed = () => { window.lastKey = performance.now(); window.onScreen = 0; };
  question.addEventListener("input", typed, true);
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


def main() -> None:
    """Measure, print and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=100, help="how many to type")
    wanted = parser.parse_args().questions
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    asked = [str(json.loads(line)["q"]) for line in lines][:: max(1, len(lines) // wanted)][:wanted]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        running = Helpline(Path(folder)).wait()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            page = browser.new_page()
            sign_in_by_keyboard(page, running.url)
            measure(page, asked[:5])  # the first answers wait for things to be loaded
            page.reload()
            times = measure(page, asked)
            version = browser.version
        finally:
            browser.close()
            running.stop()
    report = written(times, version, os.getloadavg()[0])
    REPORT.write_text(report, encoding="utf-8")
    print(report)


def written(times: list[float], version: str, load: float) -> str:
    """Return the report."""
    p95 = statistics.quantiles(times, n=20)[18]
    within = sum(time < TARGET for time in times)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    )
    return f"""# How fast the helpline answers

Written by `python -m benchmarks.helpline` on {datetime.date.today():%d %B %Y} at {commit.stdout.strip()}:
Chromium {version} without a screen, service and browser on the same machine of {os.cpu_count()} cores (load
average at the end {load:.1f}), {len(times)} questions of `tests/questions/development.jsonl` typed at
{KEY_MILLISECONDS} ms a key. Measured in the page, from the input of the last key to the frame after
the answer was put on the screen; the pause for which the console waits after a key is in it.

| | ms |
|---|---|
| median | {statistics.median(times):.0f} |
| 95th percentile | {p95:.0f} |
| slowest | {max(times):.0f} |

{within} of {len(times)} were on the screen within {TARGET} ms.
"""


if __name__ == "__main__":
    main()
