"""Measures the chat on websites: bytes over the wire, time to be ready, time from sending to the answer.

    .venv/bin/python -m benchmarks.web

starts a service of its own, uses it with Chromium, and writes ``docs/web-performance.md``, but for the
sections of other measurements.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, Person
from tests.servers import ROOT, Service

REPORT = ROOT / "docs" / "web-performance.md"
QUESTIONS = ROOT / "tests" / "questions" / "development.jsonl"
LOADS, MESSAGES = 20, 60
# from the moment the browser has the script to the moment the button can be pressed
READY = """() => {
  const loaded = performance.getEntriesByType("resource");
  const script = loaded.find((each) => each.name.endsWith("/send-guide.js"));
  return [script.encodedBodySize, script.decodedBodySize, window.ready - script.responseEnd,
          window.ready - performance.getEntriesByType("navigation")[0].startTime];
}"""
WATCH = """
customElements.whenDefined("send-guide").then(() => {
  const look = () => {
    const element = document.querySelector("send-guide");
    const there = element && element.shadowRoot && element.shadowRoot.querySelector(".opener");
    if (there) window.ready = performance.now();
    else setTimeout(look);
  };
  look();
});
"""
# from the click to the frame in which the answer is drawn
ASK = """(text) => new Promise((done) => {
  const root = document.querySelector("send-guide").shadowRoot, log = root.querySelector("[role=log]");
  const before = log.querySelectorAll(".message:not(.person)").length, start = performance.now();
  new MutationObserver((_, observer) => {
    if (log.querySelectorAll(".message:not(.person)").length === before) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
  }).observe(log, { childList: true, subtree: true });
  root.querySelector("textarea").value = text;
  root.querySelector("form.ask button").click();
})"""


def main() -> None:
    """Measure and write the report."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        limits = {"PER_ADDRESS": "60000/minute", "PER_CONVERSATION": "6000/minute"}
        service = Service(Path(folder), **limits).wait()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        try:
            address = f"http://127.0.0.1:{service.port}"
            loads = [load(browser, address) for _ in range(LOADS)]
            times = asked(browser, address)
            sizes = wire(browser, address)
        finally:
            browser.close()
            service.stop()
    _, *others = parts_of(REPORT)
    REPORT.write_text("\n".join([report(loads, times, sizes), *others]), encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))


def parts_of(report: Path) -> list[str]:
    """Return what stands before the first section of a report, and each section."""
    return re.split(r"\n(?=## )", report.read_text(encoding="utf-8"))


def write_section(section: str) -> None:
    """Write a section into the report, in place of the one with the same heading.

    Args:
        section: with its heading, and a line's end behind it.
    """
    heading = section.splitlines()[0]
    kept = [part for part in parts_of(REPORT) if part.splitlines()[0] != heading]
    REPORT.write_text("\n".join([*kept, section]), encoding="utf-8")


def load(browser: Browser, address: str) -> list[float]:
    """Return compressed and whole bytes of the script, milliseconds from script to ready and from start."""
    context = browser.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("window.ready")
    found: list[float] = page.evaluate(READY)
    context.close()
    return found


def asked(browser: Browser, address: str) -> list[float]:
    """Return milliseconds from sending to the answer shown, for questions of one conversation."""
    texts = [json.loads(line)["q"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    page = opened(browser, address)
    return [page.evaluate(ASK, text) for text in texts[: MESSAGES + 5]][5:]  # the first ones warm up


def wire(browser: Browser, address: str) -> dict[str, int]:
    """Return the bytes of a page with the chat and of one question, with headers, as Chromium counts."""
    page = browser.new_context().new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    counted = {"all": 0}
    session.on(
        "Network.loadingFinished",
        lambda event: counted.update(all=counted["all"] + event["encodedDataLength"]),
    )
    page.goto(address, wait_until="networkidle")
    sizes = {"the demonstration page with the chat": counted["all"]}
    page.goto("about:blank")
    counted["all"] = 0
    page.goto(f"{address}/guide", wait_until="networkidle")
    sizes["the first plain page, with the styles already there"] = counted["all"]
    page.goto(address, wait_until="networkidle")
    Person(page).opens().asks("how often should school meet with me")
    counted["all"] = 0
    Person(page).asks("do they have to spend 6000 before i can ask for an ehcp")
    time.sleep(0.5)
    sizes["a question and its answer"] = counted["all"]
    return sizes


def opened(browser: Browser, address: str) -> Page:
    """Return a page with the chat open."""
    page = browser.new_context().new_page()
    page.goto(address)
    Person(page).opens()
    return page


def report(loads: list[list[float]], times: list[float], sizes: dict[str, int]) -> str:
    """Return the report."""
    ready, start = ([each[place] for each in loads] for place in (2, 3))
    lines = [
        "# Weight and speed of the chat on websites",
        "",
        f"Written by `python -m benchmarks.web` on {datetime.date.today():%d %B %Y}, on a machine with "
        f"{os.cpu_count()} cores that others used at the same time (load {os.getloadavg()[0]:.1f}): service, "
        "SQLite and Chromium beside each other over loopback. Times are an upper bound, without a network.",
        "",
        "| bytes | |",
        "|---|---|",
        f"| the widget's script, compressed | {loads[0][0]:,.0f} |",
        f"| the same, as it is | {loads[0][1]:,.0f} |",
        *(f"| over the wire: {name} | {size:,} |" for name, size in sizes.items()),
        "",
        "| milliseconds | n | median | 95th percentile |",
        "|---|---|---|---|",
        row("from script loaded to ready", ready),
        row("from start of the page to ready", start),
        row("from sending to the answer shown", times),
        "",
        "*Ready*: the button can be pressed. *Shown*: the frame in which the answer is drawn has been made. "
        "Questions: `tests/questions/development.jsonl`, one after another in one conversation.",
        "",
    ]
    return "\n".join(lines)


def row(name: str, times: list[float]) -> str:
    """Return one line of the table."""
    high = sorted(times)[max(0, round(len(times) * 0.95) - 1)]
    return f"| {name} | {len(times)} | {statistics.median(times):.0f} | {high:.0f} |"


if __name__ == "__main__":
    main()
