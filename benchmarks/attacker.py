"""Does, again and again, what once broke the guide: beside the families, from one laptop.

Each attack goes on at its own pace and from an address of its own, so that none uses up the limit of another.
Some go to a replica itself: nginx would refuse them. Run as a process, it says as JSON what came back once it
is told to stop.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import resource
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import sqlalchemy as sa

SECONDS = 30.0
"""For an answer; then it counts as none."""
AT_ONCE = 8
"""Requests of one attack that are under way; with more than that it waits."""
LONG_TURNS = 1_501
READERS = 8
MALFORMED = [
    b"Content-Length: -1",
    b"Content-Length: +2",
    "Content-Length: ٢".encode(),
    b"Content-Length: " + b"9" * 5_000,
    b"Content-Length: 2\r\nContent-Length: 5",
    b"Transfer-Encoding: xchunked",
]
RAW = [b"/\xff", "/gü".encode(), "/guide?q=ü".encode()]
PAGES = ["/guide/answers/offer.what-is", "/guide/topics", "/guide", "/send-guide.js"]
LIGATURE = "\ufdfa"
"""Eighteen letters, once it is in plain ones (NFKC)."""
CHUNK, CHUNKS = 65_536, 42
"""Bytes, and how many of them: 2.7 MB."""
DANGER = "my dad hits me"
NO_ANSWER, HUNG_UP = "no answer", "hung up while it was sent"


@dataclass(frozen=True)
class Laptop:
    """Where one attack comes from, and where it goes.

    Attributes:
        source: its address.
        door: the port of nginx.
        replica: the port of one replica.
        long: tokens of long conversations.
        http: a client that has this address and talks with nginx.
    """

    source: str
    door: int
    replica: int
    long: list[str]
    http: aiohttp.ClientSession


async def malformed_length(laptop: Laptop, number: int) -> str:
    """Say wrongly how long a body is (attack 1); nginx refuses that, so it goes to a replica."""
    head = b"POST /chat/conversations HTTP/1.1\r\nHost: guide\r\nContent-Type: application/json\r\n"
    return await raw_answer(laptop.source, laptop.replica, head + pick(MALFORMED, number) + b"\r\n\r\n{}")


async def raw_byte(laptop: Laptop, number: int) -> str:
    """Ask nginx for an address with a byte that is not ASCII (attack 2)."""
    head = b"GET " + pick(RAW, number) + b" HTTP/1.1\r\nHost: guide\r\nConnection: close\r\n\r\n"
    return await raw_answer(laptop.source, laptop.door, head)


async def letters_that_grow(laptop: Laptop, number: int) -> str:
    """Say, or think of an answer, what becomes eighteen times as long (attack 3)."""
    token = await new_conversation(laptop)
    if number % 2:
        words = {"question": LIGATURE * 2_000, "reason": LIGATURE * 1_000}
        opinion = {"kind": "not-useful", "answer_ids": [], **words}
        return str((await call(laptop, "POST", "/chat/feedback", token, opinion))[0])
    return str((await say(laptop, token, LIGATURE * 2_000))[0])


async def pages(laptop: Laptop, number: int) -> str:
    """Ask for pages and files until the address has asked too much, and on (attack 6)."""
    return str((await call(laptop, "GET", pick(PAGES, number)))[0])


async def danger(laptop: Laptop, _: int) -> str:
    """Tell of danger from the address that has asked too much: no attack, but what must be answered."""
    status, body = await say(laptop, await new_conversation(laptop), DANGER)
    told = status == 200 and any(reply["kind"] == "urgent" for reply in json.loads(body)["replies"])
    return "told what to do" if told else str(status)


async def long_reading(laptop: Laptop, number: int) -> str:
    """Read long conversations, eight readers each one of its own (attack 7)."""
    return str((await call(laptop, "GET", "/chat/messages", pick(laptop.long, number)))[0])


async def chunks_without_end(laptop: Laptop, number: int) -> str:
    """Send 2.7 MB in chunks, without their length (attack 13), to a replica: nginx would add it."""
    path = pick(["/webhooks/rest/webhook", "/webhooks/meta", "/guide"], number)
    head = f"POST {path} HTTP/1.1\r\nHost: guide\r\nConnection: close\r\nContent-Type: application/json\r\n"
    chunk = b"%x\r\n" % CHUNK + LIGATURE.encode() * (CHUNK // 3) + b" " + b"\r\n"
    parts = [f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(), *[chunk] * CHUNKS, b"0\r\n\r\n"]
    return await raw_answer(laptop.source, laptop.replica, *parts)


@dataclass(frozen=True)
class Attack:
    """Something that is done again and again.

    Attributes:
        number: of the attack that it is, as ``docs/faults.md`` numbers them.
        title: what is sent and where.
        rate: times a second.
        once: does it, given the how many-th time it is; returns the status, or what else came back.
        address: the last part of its address.
    """

    number: str
    title: str
    rate: float
    once: Callable[[Laptop, int], Awaitable[str]]
    address: int


ATTACKS = (
    Attack("1", "a length of -1, +2, 5,000 digits ..., to a replica", 10, malformed_length, 1),
    Attack("2", "a raw byte in the address, to nginx", 10, raw_byte, 2),
    Attack("3", "2,000 times U+FDFA as message or opinion, to nginx", 5, letters_that_grow, 3),
    Attack("6", "pages and files for one address, to nginx", 20, pages, 6),
    Attack("6", f"and “{DANGER}” from the same address", 1, danger, 6),
    Attack("7", f"eight conversations of {LONG_TURNS:,} turns read, by nginx", READERS, long_reading, 7),
    Attack("13", "2.7 MB in chunks without a length, to a replica", 1, chunks_without_end, 13),
)
"""In all 55 requests and 3 MB a second: one laptop at home. Attacks 3 and 7 are as quick as the limits of an
address and of a conversation let through (300 and 30 a minute), and for the first minute quicker."""


def pick(among: list[Any], number: int) -> Any:
    """Return one after the other."""
    return among[number % len(among)]


async def raw_answer(source: str, port: int, *parts: bytes) -> str:
    """Send bytes, and no more of them once there is an answer; return its status, if the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    answer = asyncio.create_task(reader.readline())
    try:
        for part in parts:
            if answer.done():
                break
            writer.write(part)
            await writer.drain()
        status = (await answer).split()[1].decode()
        await reader.read()
        return status
    except ConnectionError:
        return HUNG_UP
    finally:
        answer.cancel()
        writer.close()


async def call(
    laptop: Laptop, method: str, path: str, token: str | None = None, body: Any = None
) -> tuple[int, bytes]:
    """Ask nginx; return status and body."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    address = f"http://127.0.0.1:{laptop.door}{path}"
    async with laptop.http.request(method, address, json=body, headers=headers) as answer:
        return answer.status, await answer.read()


async def new_conversation(laptop: Laptop) -> str:
    """Begin a conversation on the web; return its token."""
    status, body = await call(laptop, "POST", "/chat/conversations", body={})
    if status != 201:
        raise aiohttp.ClientError(f"no conversation: {status}")
    return str(json.loads(body)["token"])


async def say(laptop: Laptop, token: str, text: str) -> tuple[int, bytes]:
    """Say something in a conversation on the web."""
    return await call(laptop, "POST", "/chat/messages", token, {"id": uuid.uuid4().hex, "text": text})


async def again_and_again(attack: Attack, laptop: Laptop, came: Counter[str]) -> None:
    """Do an attack at its pace, whatever comes back, and count that."""
    room, start = asyncio.Semaphore(AT_ONCE), time.monotonic()

    async def once(number: int) -> None:
        try:
            came[await asyncio.wait_for(attack.once(laptop, number), SECONDS)] += 1
        except (OSError, aiohttp.ClientError, TimeoutError, IndexError):
            came[NO_ANSWER] += 1
        finally:
            room.release()

    async with asyncio.TaskGroup() as under_way:  # which ends with this task
        for number in itertools.count():
            await asyncio.sleep(max(0.0, start + number / attack.rate - time.monotonic()))
            await room.acquire()
            under_way.create_task(once(number))


def laptop_of(address: int, door: int, replica: int, long: list[str]) -> Laptop:
    """Return a laptop; made while an event loop runs."""
    source = f"127.9.0.{address}"
    connector = aiohttp.TCPConnector(local_addr=(source, 0))
    http = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=SECONDS))
    return Laptop(source, door, replica, long, http)


async def attack_until_told(door: int, replica: int, long: list[str]) -> dict[str, Any]:
    """Do every attack until SIGTERM; return how long, with how much of a processor, and what came back."""
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    came: dict[str, Counter[str]] = defaultdict(Counter)
    start = time.monotonic()
    laptops = [laptop_of(attack.address, door, replica, long) for attack in ATTACKS]
    tasks = [
        asyncio.create_task(again_and_again(attack, laptop, came[attack.title]))
        for attack, laptop in zip(ATTACKS, laptops, strict=True)
    ]
    await told.wait()
    took = time.monotonic() - start
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    for laptop in laptops:
        await laptop.http.close()
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"seconds": took, "processor": used.ru_utime + used.ru_stime, "came": came}


async def begin_long(door: int) -> list[str]:
    """Begin the conversations that become long; return their tokens."""
    laptop = laptop_of(READERS, door, door, [])
    async with laptop.http:
        tokens = [await new_conversation(laptop) for _ in range(READERS)]
        for token in tokens:
            status, body = await say(laptop, token, "what do governors have to do")
            if status != 200:
                raise RuntimeError(f"{status}: {body.decode()}")
    return tokens


def long_conversations(door: int, database: str) -> list[str]:
    """Make long conversations on the web: begun, and their turn repeated in the database (PostgreSQL).

    Returns:
        Their tokens.
    """
    tokens = asyncio.run(begin_long(door))
    columns = "sender_id, type_name, timestamp, intent_name, action_name, data"
    again = sa.text(
        f"insert into events ({columns}) select {columns} from events,"  # noqa: S608 - words of ours
        " generate_series(2, :turns) as turn where sender_id like 'web-%' and type_name in ('user', 'bot')"
        " order by turn, id"
    )
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        connection.execute(again, {"turns": LONG_TURNS})
    engine.dispose()
    return tokens


class Attacker:
    """The attacks, in a process of their own: families and attacker share no event loop."""

    def __init__(self, door: int, replica: int, long: list[str]) -> None:
        """Begin.

        Args:
            door: the port of nginx.
            replica: the port of one replica.
            long: tokens of long conversations.
        """
        ports = ["--door", str(door), "--replica", str(replica)]
        command = [sys.executable, "-m", "benchmarks.attacker", *ports, "--long", *long]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def report(self) -> dict[str, Any]:
        """End the attacks; return what :func:`attack_until_told` does."""
        self._process.terminate()
        said, _ = self._process.communicate(timeout=60)
        if self._process.returncode:
            raise RuntimeError("the attacker has ended before its time")
        found: dict[str, Any] = json.loads(said)
        return found

    def stop(self) -> None:
        """End the attacks, if that is not done."""
        self._process.kill()
        self._process.wait()


def main() -> None:
    """Attack until told to stop, and say what came back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--door", type=int, required=True, help="port of nginx")
    parser.add_argument("--replica", type=int, required=True, help="port of a replica")
    parser.add_argument("--long", nargs="+", required=True, help="tokens of long conversations")
    given = parser.parse_args()
    print(json.dumps(asyncio.run(attack_until_told(given.door, given.replica, given.long))))


if __name__ == "__main__":
    main()
