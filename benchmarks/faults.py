"""Breaks one thing after another under load, and counts what becomes of a thousand conversations.

Every conversation asks for a list and twice for more of it, so that a message that was lost, done twice or
done out of order is seen in the words that come back. The people in it do what people do: when no answer
comes, or the answer is that it did not work, they send the same message again.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import itertools
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from benchmarks.attacker import ATTACKS
from benchmarks.breaking import FAULTS, Fault, Place
from benchmarks.load import busy, percentile
from benchmarks.needs import missing
from benchmarks.performance import say
from send_guide.rasa_adapter.patches import FAILED
from send_guide.service import NOT_KEPT
from tests.servers import ROOT

TALK = [
    ("what do governors have to do", "1 to 4 of 10"),
    ("what else must they do?", "5 to 8 of 10"),
    ("what else must they do?", "9 to 10 of 10"),
]
PATIENCE = 60
"""Times that a person sends a message before giving up, half a second apart."""
LOOKS = 3.0
"""Seconds for which it is looked, before a fault, how busy others keep the machine."""
BROKEN = (Exception, pytest.fail.Exception, pytest.skip.Exception)
"""What ends a measurement; the last two are what ``tests/servers.py`` raises, and are no ``Exception``."""
HEAD = (
    "| fault | conversations | lost | doubled | out of order | cannot go on | told that it did not work |"
    " sent again | wait p50, s | p95, s | p99, s | longest, s | measured |"
)
ABOUT = f"""# What happens when something breaks

Written by `make faults`, which keeps what it has measured in `docs/faults.json`: conversations of
{len(TALK)} messages, many at once, real PostgreSQL, Redis and nginx on one machine, which sends the messages
too. The fault comes when a third of the conversations are done, and they go on until it is over. Who gets no
answer, or is told that it did not work, sends the message again half a second later. Lost, doubled and out
of order are read from the answers and from the database.
"""


@dataclass
class Outcome:
    """What became of the conversations.

    Attributes:
        conversations: how many there were; they go on until what was broken is whole again.
        told: answers that said that it did not work.
        again: messages that were sent again.
        waits: seconds until the answer of each message.
        took: seconds that all took together.
        broke_off: why not all was measured; nothing where all was.
        attacker: what :func:`benchmarks.attacker.attack_until_told` returns, where somebody attacked.
    """

    conversations: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    stuck: int = 0
    told: int = 0
    again: int = 0
    waits: list[float] = field(default_factory=list)
    took: float = 0.0
    broke_off: str = ""
    attacker: dict[str, Any] | None = None


def family(number: int) -> aiohttp.ClientSession:
    """Return a family's telephone, with an address of its own."""
    source = f"127.1.{number // 250}.{number % 250 + 1}"
    connector = aiohttp.TCPConnector(local_addr=(source, 0))
    return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=90))


async def talk(session: aiohttp.ClientSession, url: str, sender: str, outcome: Outcome) -> None:
    """Have one conversation and note what became of it."""
    for number, (text, right) in enumerate(TALK):
        start = time.monotonic()
        refusals = 0
        for _ in range(PATIENCE):
            # words that say it did not work answer their message: what is sent then is a new one
            message = {"sender": sender, "message": text, "message_id": f"{number}.{refusals}"}
            heard = await said(session, url, message)
            if heard and NOT_KEPT not in heard and FAILED not in heard:
                break
            refusals += bool(heard)
            outcome.again += 1
            await asyncio.sleep(0.5)
        outcome.told += refusals
        if not heard:
            outcome.lost += 1
            outcome.stuck += 1
            return
        outcome.waits.append(time.monotonic() - start)
        outcome.out_of_order += right not in heard


async def said(session: aiohttp.ClientSession, url: str, message: dict[str, str]) -> str:
    """Return the answer to a message, or nothing where none came."""
    try:
        async with session.post(url, json=message) as answer:
            if answer.status != 200:
                return ""
            replies: list[dict[str, Any]] = await answer.json()
            return " ".join(reply.get("text") or "" for reply in replies)
    except (aiohttp.ClientError, OSError, TimeoutError):
        return ""


def turns_stored(database: str) -> Counter[str]:
    """Return how many messages of each family's conversation are stored."""
    engine = sa.create_engine(database)
    query = sa.text(
        "select sender_id, count(*) from events where type_name = 'user' and sender_id like 'family %'"
        " group by sender_id"
    )
    with engine.connect() as connection:
        found = Counter({row[0]: row[1] for row in connection.execute(query)})
    engine.dispose()
    return found


async def everybody(fault: Fault, place: Place, outcome: Outcome, least: int, clients: int) -> None:
    """Have at least so many conversations, and on until what is broken when a third is done is whole."""
    numbers = itertools.count()
    broken: asyncio.Task[None] | None = None

    async def person() -> None:
        nonlocal broken
        while (mine := next(numbers)) < least or (broken and not broken.done()):
            if mine == least // 3:
                broken = asyncio.create_task(asyncio.to_thread(fault.break_it, place))
            outcome.conversations += 1
            async with family(mine) as session:
                await talk(session, place.url, f"family {mine}", outcome)

    await asyncio.gather(*(person() for _ in range(clients)))
    if broken:
        try:
            await broken
        except BROKEN as error:
            outcome.broke_off = what(error)


def measure(fault: Fault, least: int, clients: int) -> Outcome:
    """Have the conversations, break the thing when a third of them are done, and count.

    Args:
        fault: what goes wrong.
        least: conversations, at least.
        clients: people who talk at once.
    """
    outcome = Outcome()
    with ExitStack() as at_end:
        folder = Path(tempfile.mkdtemp(prefix="faults-"))
        at_end.callback(shutil.rmtree, folder, ignore_errors=True)
        place = Place(folder, at_end)
        fault.build(place)
        start = time.monotonic()
        asyncio.run(everybody(fault, place, outcome, least, clients))
        outcome.took = time.monotonic() - start
        if place.attacker:
            outcome.attacker = place.attacker.report()
        stored = turns_stored(place.database)
        outcome.doubled = sum(max(0, stored[sender] - len(TALK)) for sender in stored)
        senders = (f"family {number}" for number in range(outcome.conversations))
        outcome.lost += sum(max(0, len(TALK) - stored[sender]) for sender in senders)
        if place.actions:
            # a message whose action failed is stored, and so is the one that was sent after it
            outcome.doubled -= outcome.told
    return outcome


def what(error: BaseException) -> str:
    """Return what went wrong, in one line of a table."""
    last = " ".join(str(error).split("\n")[-2:]).replace("|", "/").strip()[-200:]  # of a log, its end
    return f"{type(error).__name__}: {last}" if last else type(error).__name__


def measured(fault: Fault, least: int, clients: int) -> dict[str, Any]:
    """Return the row of a fault; where it cannot be measured, a row that says so."""
    others = busy(LOOKS)
    try:
        outcome = measure(fault, least, clients)
    except BROKEN as error:
        outcome = Outcome(broke_off=what(error))
    waits = outcome.waits or [0.0]
    shares = {f"p{part}": percentile(waits, part) for part in (50, 95, 99)}
    row = asdict(outcome) | shares | {"longest": max(waits), "clients": clients}
    del row["waits"]
    day = f"{datetime.datetime.now(tz=datetime.UTC):%d %B %Y}"
    return row | {"day": day, "cores": os.cpu_count(), "others": others}


def line_of(title: str, row: dict[str, Any]) -> str:
    """Return a fault's line of the table."""
    before = f"{100 * row['others']:.0f}% busy before"
    measured_on = f"{row['day']}, {row['clients']} at once, {row['cores']} cores, {before}"
    if row["broke_off"]:
        measured_on += f"; **broke off: {row['broke_off']}**"
    if not row["conversations"]:
        return f"| {title} |{' |' * (HEAD.count('|') - 3)} {measured_on} |"
    counts = " | ".join(
        f"{row[name]:,}"
        for name in ("conversations", "lost", "doubled", "out_of_order", "stuck", "told", "again")
    )
    waits = " | ".join(f"{row[name]:.2f}" for name in ("p50", "p95", "p99", "longest"))
    return f"| {title} | {counts} | {waits} | {measured_on} |"


def attacked(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Return what the attacker did to the families, and what came back, where that has been measured."""
    without, beside = rows.get("unattacked"), rows.get("attacked")
    if not (without and beside and without["conversations"] and beside["attacker"]):
        return []
    attacker = beside["attacker"]
    seconds = attacker["seconds"]
    lines = [
        "## With an attacker beside",
        "",
        f"Families' p95 is **{beside['p95'] / without['p95']:.2f} times** that without"
        f" ({without['p95']:.2f} and {beside['p95']:.2f} s; aimed at: 2 at most),"
        f" p50 {beside['p50'] / without['p50']:.2f} times. The limits",
        "are those that are shipped; each family, and each attack, has an address of its own. The attacker",
        "is one process at the pace of one laptop; it runs on the same machine, and of the"
        f" {seconds * beside['cores']:.0f} s that {beside['cores']} cores",
        f"had it took {attacker['processor']:.1f} s itself.",
        "",
        "| attack | what is sent | a second, aimed at | a second | what came back |",
        "|---|---|---|---|---|",
    ]
    for attack in ATTACKS:
        came = Counter(attacker["came"].get(attack.title, {}))
        answers = ", ".join(f"{status}: {number:,}" for status, number in came.most_common())
        pace = f"{attack.rate:g} | {came.total() / seconds:.1f}"
        lines.append(f"| {attack.number} | {attack.title} | {pace} | {answers} |")
    return [*lines, ""]


def write(rows: dict[str, dict[str, Any]], out: Path) -> None:
    """Write the table of all that has been measured, and beside it what it is made from.

    Args:
        rows: of faults, by their name.
        out: the page; the rows are kept as JSON under the same name.
    """
    lines = [line_of(fault.title, rows[name]) for name, fault in FAULTS.items() if name in rows]
    table = [HEAD, "|---" * (HEAD.count("|") - 1) + "|", *lines, ""]
    out.write_text("\n".join([ABOUT, *table, *attacked(rows)]), encoding="utf-8")
    out.with_suffix(".json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def measure_all(names: Iterable[str], least: int, clients: int, out: Path) -> None:
    """Measure faults one after the other; what has been measured is written before the next begins.

    Args:
        names: of the faults.
        least: conversations of each, at least.
        clients: people who talk at once.
        out: the page; rows of other faults, measured before, stay in it.
    """
    before = out.with_suffix(".json")
    rows = json.loads(before.read_text(encoding="utf-8")) if before.is_file() else {}
    for name in names:
        fault = FAULTS[name]
        say(f"{fault.title}: {least} conversations")
        rows[name] = measured(fault, least, clients)
        write(rows, out)
        say(f"{line_of(fault.title, rows[name])} in {rows[name]['took']:.0f} s")


def main() -> None:
    """Measure every fault, and write docs/faults.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=1000, help="how many for each fault, at least")
    parser.add_argument("--clients", type=int, default=16, help="people who talk at once")
    parser.add_argument("--fault", choices=FAULTS, nargs="*", default=list(FAULTS), help="which faults")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "faults.md")
    arguments = parser.parse_args()
    if gone := missing(need for name in arguments.fault for need in FAULTS[name].needs):
        sys.exit(f"not here, and needed: {', '.join(gone)}")
    measure_all(arguments.fault, arguments.conversations, arguments.clients, arguments.out)


if __name__ == "__main__":
    main()
