"""Measures what three tasks take on a phone: taps, typed characters, and seconds without thinking time.

    .venv/bin/python -m benchmarks.tasks

starts a service of its own, does each task in Chromium at 360 by 640, and writes the result into
``docs/web-performance.md``. Only that section is written anew.
"""

from __future__ import annotations

import argparse
import datetime
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from benchmarks.web import REPORT, write_section
from send_guide.domain.dates import spoken
from send_guide.domain.deadlines import today
from tests.browser.conftest import PHONE, launch
from tests.servers import Service

HEADING = "## Three tasks on a phone"
BEFORE = "25 November 2026"
"""The release before, at commit f17daaf. Its taps are counted from its script and its path, not measured: it
answers with a model of its own, which would have to be trained again."""


class Thumb:
    """A thumb that counts what it does.

    Attributes:
        taps: how often it has tapped.
        typed: how many characters it has written.
    """

    def __init__(self, page: Page) -> None:
        """Set the page that it is on."""
        self.page = page
        self.taps = self.typed = 0

    def tap(self, what: Locator) -> None:
        """Tap something."""
        what.tap()
        self.taps += 1

    def button(self, name: str) -> None:
        """Tap the newest button of a name."""
        self.tap(self.page.get_by_role("button", name=name).last)

    def asks(self, text: str) -> None:
        """Write a question in the open chat and send it."""
        box = self.page.get_by_label("Your question")
        self.tap(box)
        box.fill(text)
        self.typed += len(text)
        self.button("Send")


def last_day(thumb: Thumb) -> Locator:
    """Learn the last day of an appeal from the date on a letter."""
    thumb.button("Ask the SEND guide")
    thumb.asks(f"refused to assess, letter of {spoken(today() - datetime.timedelta(days=15))}")
    return thumb.page.get_by_role("heading", name="Last day to appeal")


def letter(thumb: Thumb) -> Locator:
    """Get a complaint to the head as a Word file; what is left to fill in is not counted."""
    thumb.button("Ask the SEND guide")
    thumb.asks("i want to complain to the head")
    thumb.button("Write: A complaint to the head")
    file, question = (
        thumb.page.get_by_role("button", name=name)
        for name in ("Get a Word file", "An academy or free school")
    )
    expect(file.or_(question).last).to_be_visible()
    if question.count():
        thumb.tap(question.last)
    with thumb.page.expect_download():
        thumb.tap(file)
    return thumb.page.get_by_text("The file is in your downloads.")


def sent_home(thumb: Thumb) -> Locator:
    """Find out what to do when the school sends a child home early."""
    thumb.button("School keeps sending my son home early")
    return thumb.page.locator(".message:not(.person)").get_by_role("button", name="Write: ")


@dataclass(frozen=True)
class Task:
    """A task.

    Attributes:
        name: what somebody wants.
        do: does it, and returns what shows that it is done.
        before: taps and characters in the release before, in words.
    """

    name: str
    do: Callable[[Thumb], Locator]
    before: str


TASKS = (
    Task("know the last day of an appeal from the date on the letter", last_day, "5 taps, 32 characters"),
    Task("get a complaint to the head as a Word file", letter, "7 taps, 30 characters"),
    Task("find what to do when sent home early", sent_home, "no answer: it said that it does not cover this"),
)


@dataclass(frozen=True)
class Took:
    """What a task took: taps, characters, seconds from the start of loading to the words on the screen."""

    taps: int
    typed: int
    seconds: float


def did(task: Task, browser: Browser, address: str) -> Took:
    """Do a task on a phone that has never been on the page."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    thumb = Thumb(context.new_page())
    start = time.perf_counter()
    thumb.page.goto(address)
    expect(task.do(thumb).last).to_be_in_viewport()
    took = Took(thumb.taps, thumb.typed, time.perf_counter() - start)
    context.close()
    return took


def measured(runs: int) -> list[str]:
    """Return a row of the table for each task.

    Args:
        runs: how often each is done; the first time, which warms up, is not counted.
    """
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        service = Service(Path(folder), PER_ADDRESS="60000/minute").wait()
        browser = launch(playwright)
        try:
            address = f"http://127.0.0.1:{service.port}"
            return [row(task, [did(task, browser, address) for _ in range(runs + 1)][1:]) for task in TASKS]
        finally:
            browser.close()
            service.stop()


def row(task: Task, took: list[Took]) -> str:
    """Return one line of the table."""
    seconds = statistics.median(one.seconds for one in took)
    return f"| {task.name} | {task.before} | {took[0].taps} | {took[0].typed} | {seconds:.1f} |"


def section(rows: list[str], runs: int) -> str:
    """Return the section of the report.

    Args:
        rows: of its table.
        runs: how often each task was done.
    """
    how = (
        f"Written by `python -m benchmarks.tasks` on {datetime.date.today():%d %B %Y}: Chromium, 360×640, "
        f"touch. Seconds are the median of {runs} runs, from the start of loading the demonstration page to "
        "the words on the screen, with no time to think or to write; service and browser on one machine that "
        "others used."
    )
    before = (
        f"The release of {BEFORE} is counted from its script and its path, not measured: it had no last "
        "day but on the path, behind a question and a date of its own, and no letter but at the end of a "
        "step."
    )
    head = f"| task | {BEFORE} | taps | characters | seconds |"
    return "\n".join([HEADING, "", how, "", head, "|---|---|---|---|---|", *rows, "", before, ""])


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tasks", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="how often each task is done (5)")
    parser.add_argument("--print", action="store_true", help="print the section; write nothing")
    options = parser.parse_args()
    made = section(measured(options.runs), options.runs)
    if not options.print:
        write_section(made)
    print(made if options.print else REPORT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
