"""Breaks one thing after another under load, and counts what becomes of a thousand conversations.

Every conversation asks for a list and twice for more of it, so that a message that was lost, done twice or
done out of order is seen in the words that come back. The people in it do what people do: when no answer
comes, or the answer is that it did not work, they send the same message again.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa

from benchmarks.load import percentile
from benchmarks.nginx import Nginx
from benchmarks.performance import NO_LIMITS, say
from send_guide.rasa_adapter.patches import FAILED
from send_guide.service import NOT_KEPT
from tests.servers import ActionServer, PostgreSQL, Redis, Service

ROOT = Path(__file__).parents[1]
TALK = [
    ("what do governors have to do", "1 to 4 of 10"),
    ("what else must they do?", "5 to 8 of 10"),
    ("what else must they do?", "9 to 10 of 10"),
]
PATIENCE = 60
"""Times that a person sends a message before giving up, half a second apart."""


@dataclass
class Outcome:
    """What became of the conversations."""

    fault: str
    conversations: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    stuck: int = 0
    told: int = 0
    again: int = 0
    waits: list[float] = field(default_factory=list)
    took: float = 0.0


@dataclass
class Place:
    """What runs, and can be broken."""

    folder: Path
    url: str
    database: str
    services: list[Service]
    settings: dict[str, str]
    postgres: PostgreSQL | None = None
    redis: Redis | None = None
    actions: ActionServer | None = None
    door: Nginx | None = None

    def stop(self) -> None:
        """Stop everything."""
        for part in (self.door, *self.services, self.actions, self.redis, self.postgres):
            if part:
                part.stop()


def many(folder: Path, *, own_actions: bool = False) -> Place:
    """Return two replicas behind nginx, over PostgreSQL and Redis."""
    for name in ("postgres", "0", "1", "actions"):
        (folder / name).mkdir()
    postgres, redis = PostgreSQL(folder / "postgres"), Redis(folder)
    settings = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url, **NO_LIMITS}
    actions: ActionServer | None = None
    if own_actions:
        secret = {"ACTIONS_SECRET": "known to both sides"}
        actions = ActionServer(folder / "actions", **secret).wait()
        settings |= secret | {
            "ACTIONS_URL": f"http://127.0.0.1:{actions.port}/webhook",
            "ACTION_SECONDS": "2",
        }
    services = [Service(folder / name, **settings).wait() for name in ("0", "1")]
    door = Nginx(folder, [service.port for service in services])
    url = f"http://127.0.0.1:{door.port}/webhooks/rest/webhook"
    return Place(folder, url, postgres.url, services, settings, postgres, redis, actions, door)


def many_with_own_actions(folder: Path) -> Place:
    """Return the same with an action server of its own."""
    return many(folder, own_actions=True)


def single(folder: Path) -> Place:
    """Return one process over SQLite, on a disk of its own."""
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], check=True)
    database = f"sqlite:///{disk}/conversations.db"
    service = Service(folder, DATABASE_URL=database, **NO_LIMITS).wait()
    url = f"http://127.0.0.1:{service.port}/webhooks/rest/webhook"
    return Place(folder, url, database, [service], {})


def kill_replica(place: Place) -> None:
    """Kill -9 a replica; another of its name comes up, as a supervisor would have it."""
    dead = place.services[0]
    dead.process.send_signal(signal.SIGKILL)
    dead.process.wait()
    place.services[0] = Service(place.folder / "0", dead.port, **place.settings)


def restart_postgres(place: Place) -> None:
    """Stop PostgreSQL at once, and start it two seconds later."""
    assert place.postgres
    place.postgres.stop()
    time.sleep(2)
    place.postgres.start()


def restart_redis(place: Place) -> None:
    """Kill Redis, and start it two seconds later, empty."""
    assert place.redis
    place.redis.stop()
    time.sleep(2)
    place.redis.start()


def hang_redis(place: Place) -> None:
    """Let Redis hang for five seconds: it takes connections and does not answer."""
    assert place.redis
    place.redis.freeze()
    time.sleep(5)
    place.redis.thaw()


def fill_disk(place: Place) -> None:
    """Fill the disk of the database for five seconds."""
    filler = place.folder / "disk" / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    time.sleep(5)
    filler.unlink()


def hang_actions(place: Place) -> None:
    """Let every action hang for five seconds."""
    assert place.actions
    place.actions.process.send_signal(signal.SIGSTOP)
    time.sleep(5)
    place.actions.process.send_signal(signal.SIGCONT)


FAULTS: dict[str, tuple[str, Callable[[Path], Place], Callable[[Place], None]]] = {
    "none": ("nothing is broken", many, lambda place: None),
    "replica": ("kill -9 of a replica", many, kill_replica),
    "postgres": ("PostgreSQL stops at once and is back after 2 s", many, restart_postgres),
    "redis": ("Redis is killed and is back, empty, after 2 s", many, restart_redis),
    "hung-redis": ("Redis hangs for 5 s", many, hang_redis),
    "disk": ("the disk under SQLite is full for 5 s", single, fill_disk),
    "action": ("every action hangs for 5 s", many_with_own_actions, hang_actions),
}


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
    """Return how many messages of each conversation are stored."""
    engine = sa.create_engine(database)
    query = sa.text("select sender_id, count(*) from events where type_name = 'user' group by sender_id")
    with engine.connect() as connection:
        found = Counter({row[0]: row[1] for row in connection.execute(query)})
    engine.dispose()
    return found


def measure(name: str, conversations: int, clients: int) -> Outcome:
    """Have the conversations, break the thing when a third of them are done, and count."""
    title, build, break_it = FAULTS[name]
    outcome = Outcome(title, conversations)
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    place = build(folder)

    async def everybody() -> None:
        numbers = itertools.count()
        broken: asyncio.Task[None] | None = None
        timeout = aiohttp.ClientTimeout(total=90)
        async with aiohttp.ClientSession(timeout=timeout) as session:

            async def person() -> None:
                nonlocal broken
                while (mine := next(numbers)) < conversations:
                    if mine == conversations // 3:
                        broken = asyncio.create_task(asyncio.to_thread(break_it, place))
                    await talk(session, place.url, f"family {mine}", outcome)

            await asyncio.gather(*(person() for _ in range(clients)))
        if broken:
            await broken

    try:
        start = time.monotonic()
        asyncio.run(everybody())
        outcome.took = time.monotonic() - start
        stored = turns_stored(place.database)
        outcome.doubled = sum(max(0, stored[sender] - len(TALK)) for sender in stored)
        outcome.lost += sum(max(0, len(TALK) - stored[f"family {number}"]) for number in range(conversations))
        if name == "action":
            # a message whose action failed is stored, and so is the one that was sent after it
            outcome.doubled -= outcome.told
    finally:
        place.stop()
        if build is single:
            subprocess.run(["umount", str(folder / "disk")], check=True)
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


def main() -> None:
    """Measure every fault, and write docs/faults.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=1000, help="how many for each fault")
    parser.add_argument("--clients", type=int, default=16, help="people who talk at once")
    parser.add_argument("--fault", choices=FAULTS, nargs="*", default=list(FAULTS), help="which faults")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "faults.md")
    arguments = parser.parse_args()
    lines = [
        "# What happens when something breaks",
        "",
        f"Written by `make faults` on {datetime.date.today():%d %B %Y}, {os.cpu_count()} cores:",
        f"{arguments.conversations} conversations of {len(TALK)} messages for each fault,",
        f"{arguments.clients} at once, real PostgreSQL, Redis and nginx on one machine. The fault comes when",
        "a third of them are done. Who gets no answer, or is told that it did not work, sends the message",
        "again half a second later. Lost, doubled and out of order are read from the answers and from the",
        "database.",
        "",
        "| fault | lost | doubled | out of order | cannot go on | told that it did not work | sent again |"
        " wait p50, s | p99, s | longest, s |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name in arguments.fault:
        say(f"{FAULTS[name][0]}: {arguments.conversations} conversations")
        found = measure(name, arguments.conversations, arguments.clients)
        waits = found.waits or [0.0]
        waited = f"{percentile(waits, 50):.2f} | {percentile(waits, 99):.2f} | {max(waits):.2f}"
        lines.append(
            f"| {found.fault} | {found.lost} | {found.doubled} | {found.out_of_order} | {found.stuck} |"
            f" {found.told} | {found.again} | {waited} |"
        )
        say(f"{lines[-1]} in {found.took:.0f} s")
    arguments.out.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
