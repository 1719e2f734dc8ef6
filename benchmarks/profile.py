"""Draws where the time of a message goes: samples of the whole service, as a flame picture (SVG).

Messages go through ``Guide.handle`` with the engine, the locks and the SQLite store of the service; HTTP is
left out. Another thread looks every millisecond at what the event loop is doing. What other threads do
meanwhile, the database above all, is not in the picture.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import sys
import sysconfig
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from send_guide.rasa_adapter.absent_packages import leave_out_tensorflow

leave_out_tensorflow()  # as in service

from send_guide import logs  # noqa: E402
from send_guide.domain.message import Message  # noqa: E402
from send_guide.measuring.questions import read_questions  # noqa: E402
from send_guide.rasa_adapter import patches  # noqa: E402
from send_guide.rasa_adapter.application import load_engine  # noqa: E402
from send_guide.rasa_adapter.locks import LocalLocks  # noqa: E402
from send_guide.rasa_adapter.quiet import quiet  # noqa: E402
from send_guide.service import Guide  # noqa: E402
from send_guide.settings import Settings  # noqa: E402
from send_guide.storage.database import Database  # noqa: E402
from send_guide.storage.migrations import upgrade  # noqa: E402

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "questions" / "development.jsonl"
STANDARD_LIBRARY = sysconfig.get_path("stdlib")
"""Where this Python has its own modules; where that is, is nobody's business."""
EVERY = 0.001
"""Seconds between two looks."""
TURNS = 8
"""Messages of a conversation."""
WIDTH, ROW, LEAST = 1200, 17, 0.002
"""Pixels of the picture and of a row; the share from which a box is drawn."""
PARTS = {
    "sentence encoder": ("sentence_encoder.py",),
    "other understanding (danger, classifiers, facts, decisions)": ("send_guide/nlu/", "components.py"),
    "redaction": ("send_guide/privacy/",),
    "database": ("send_guide/storage/", "sqlalchemy/"),
    "dialogue": ("send_guide/dialogue/", "send_guide/domain/"),
    "Rasa: tracker, policies, graph": ("/rasa/", "/rasa_sdk/", "/dask/", "send_guide/rasa_adapter/"),
}
"""What a sample counts as: the first of these whose files are on its stack, the innermost call first."""

Stack = tuple[str, ...]


@dataclass
class Node:
    """A call, how often it was seen on a stack, and what it called."""

    samples: int = 0
    calls: dict[str, Node] = field(default_factory=dict)


def main() -> None:
    """Measure, print the share of each part, and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/send-guide.tar.gz"))
    parser.add_argument("--messages", type=int, default=400)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "profile.svg")
    arguments = parser.parse_args()
    texts = [line["q"] for line in read_questions(QUESTIONS)][: arguments.messages]
    with tempfile.TemporaryDirectory() as folder:
        stacks = asyncio.run(_sampled(arguments.model, Path(folder) / "guide.db", texts))
    total = sum(stacks.values())
    for name, samples in parts_of(stacks).most_common():
        print(f"| {name} | {samples / total:.0%} |")
    arguments.out.write_text(drawn(stacks), encoding="utf-8")
    print(f"written: {arguments.out}, {total} samples of {len(texts)} messages")


async def _sampled(model: Path, file: Path, texts: list[str]) -> Counter[Stack]:
    patches.apply()
    quiet()
    logs.configure()
    database = Database(f"sqlite:///{file}", create=True)
    upgrade(database)
    guide = Guide(await load_engine(Settings(), model, database, LocalLocks()))
    for text in texts[:TURNS]:
        await guide.handle(Message(text, "before-it-is-measured"))
    found: Counter[Stack] = Counter()
    done, watched = threading.Event(), threading.get_ident()

    def look() -> None:
        while not done.wait(EVERY):
            frame = sys._current_frames().get(watched)
            found[tuple(_names(frame))[::-1]] += 1

    sys.setswitchinterval(EVERY / 5)  # or mostly what lets other threads run would be seen
    sampler = threading.Thread(target=look)
    sampler.start()
    for number, text in enumerate(texts):
        await guide.handle(Message(text, f"somebody-{number // TURNS:04}"))
    done.set()
    sampler.join()
    database.close()
    return Counter({stack: count for stack, count in found.items() if any(map(_part, stack))})


def _names(frame: FrameType | None) -> Iterator[str]:
    """Yield the calls of a stack, the innermost first: ``file:function``."""
    while frame is not None:
        file = frame.f_code.co_filename.split("site-packages/")[-1]
        file = file.removeprefix(f"{ROOT}/").removeprefix(f"{STANDARD_LIBRARY}/")
        yield f"{file}:{frame.f_code.co_name}"
        frame = frame.f_back


def parts_of(stacks: Counter[Stack]) -> Counter[str]:
    """Return how many samples fell into each of :data:`PARTS`, and into the rest."""
    found: Counter[str] = Counter()
    for stack, count in stacks.items():
        found[next((part for call in reversed(stack) if (part := _part(call))), "the rest")] += count
    return found


def _part(call: str) -> str:
    return next((name for name, files in PARTS.items() if any(one in f"/{call}" for one in files)), "")


def drawn(stacks: Counter[Stack]) -> str:
    """Return the flame picture: the width of a call is its share of the samples, its callers are above it."""
    root = Node()
    for stack, count in stacks.items():
        ours = (at for at, call in enumerate(stack) if call.startswith("send_guide/") or _part(call))
        begin = next(ours, 0)  # above it: the event loop; an action is a task of its own
        node = root
        node.samples += count
        for call in stack[begin:]:
            node = node.calls.setdefault(call, Node())
            node.samples += count
    boxes = list(_boxes(root, root.samples, 0.0, 0))
    height = (max((depth for depth, _ in boxes), default=0) + 2) * ROW
    box = f'viewBox="0 0 {WIDTH} {height}" font-family="monospace" font-size="11"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
    title = "<title>Where the time of a message goes</title>"
    return "\n".join([head, title, *(one for _, one in boxes), "</svg>", ""])


def _boxes(node: Node, total: int, left: float, depth: int) -> Iterator[tuple[int, str]]:
    for call, inner in sorted(node.calls.items()):
        width = inner.samples / total * WIDTH
        if inner.samples >= total * LEAST:
            colour = "#9fc5e8" if "send_guide/" in call else "#f9cb9c" if "rasa" in call else "#d9d9d9"
            name = call.rsplit("/", 1)[-1]
            words = html.escape(name[: int(width / 7)]) if width > 40 else ""
            yield (
                depth,
                f'<g><title>{html.escape(call)}: {inner.samples / total:.1%}</title><rect x="{left:.1f}" '
                f'y="{depth * ROW}" width="{width:.1f}" height="{ROW - 1}" fill="{colour}"/>'
                f'<text x="{left + 2:.1f}" y="{depth * ROW + 12}">{words}</text></g>',
            )
            yield from _boxes(inner, total, left, depth + 1)
        left += width


if __name__ == "__main__":
    main()
