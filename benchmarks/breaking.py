"""What runs while families talk, and the ways in which it is broken."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from benchmarks.attacker import Attacker, long_conversations
from benchmarks.needs import MODEL
from benchmarks.nginx import Nginx
from benchmarks.performance import NO_LIMITS
from send_guide.content.loader import installed_data
from send_guide.releases import DATA, base_of, digest_of
from send_guide.releases import MODEL as MODEL_OF_RELEASE
from send_guide.storage import publications
from send_guide.storage.database import Database
from tests.servers import COMMAND, ROOT, ActionServer, PostgreSQL, Redis, Service, wait_until

LONGEST = 300.0
"""Seconds that a replica may take to load another model here."""
OLD_DATABASE = ROOT / "tests" / "storage" / "fixtures" / "release-0.1.sql"
SECRET = secrets.token_urlsafe(32)
AS_SHIPPED = {
    "LOG_LEVEL": "ERROR",
    "PROXIES": "1",
    "SECRET": SECRET,
    "PUBLIC_URL": "https://guide.example",
    "IDENTITY_KEY": SECRET,
    "META_APP_SECRET": SECRET,
    "META_TOKEN": SECRET,
    "META_VERIFY_TOKEN": SECRET,
    "META_PHONE_NUMBER_ID": "1",
    "META_API": "http://127.0.0.1:9",
}
"""Settings of what is attacked: limits as they are shipped, WhatsApp by Meta switched on."""


class OlderRelease(Service):
    """A replica that does not bring the tables up to date."""

    program = COMMAND[:-1] + ["benchmarks.older_release"]  # noqa: RUF005 - as Service has it


Part = TypeVar("Part", bound="Stoppable")


class Stoppable(Protocol):
    """Something that runs."""

    def stop(self) -> object:
        """End it."""


@dataclass
class Place:
    """What runs, and can be broken.

    Attributes:
        folder: for its files.
        at_end: stops everything, whatever happens.
        url: of the REST channel.
        database: its address.
        settings: of the replicas.
        long: tokens of conversations that were long before.
    """

    folder: Path
    at_end: ExitStack
    url: str = ""
    database: str = ""
    services: list[Service] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    postgres: PostgreSQL | None = None
    redis: Redis | None = None
    actions: ActionServer | None = None
    door: Nginx | None = None
    long: list[str] = field(default_factory=list)
    attacker: Attacker | None = None

    def keep(self, part: Part) -> Part:
        """Have a part stopped at the end; return it."""
        self.at_end.callback(part.stop)
        return part

    def start(self, number: int, *, kind: type[Service] = Service) -> Service:
        """Start a replica, on the port of the one of its number that there was before."""
        port = self.services[number].port if number < len(self.services) else None
        service = self.keep(kind(self.folder / str(number), port, **self.settings))
        self.services[number : number + 1] = [service]
        return service


def servers(place: Place) -> None:
    """Start PostgreSQL and Redis, and have replicas use them."""
    (place.folder / "postgres").mkdir()
    place.postgres = place.keep(PostgreSQL(place.folder / "postgres"))
    place.redis = place.keep(Redis(place.folder))
    place.database = place.postgres.url
    shared = {
        "DATABASE_URL": place.postgres.url,
        "REDIS_URL": place.redis.url,
        "RELEASES": str(place.folder / "releases"),
    }
    place.settings = NO_LIMITS | shared


def replicas(place: Place, kind: type[Service] = Service) -> None:
    """Start two replicas, one after the other, behind nginx."""
    for number in (0, 1):
        (place.folder / str(number)).mkdir()
        place.start(number, kind=kind).wait()
    place.door = place.keep(Nginx(place.folder, [service.port for service in place.services]))
    place.url = f"http://127.0.0.1:{place.door.port}/webhooks/rest/webhook"


def many(place: Place) -> None:
    """Start two replicas behind nginx, over PostgreSQL and Redis."""
    servers(place)
    replicas(place)


def many_that_tell(place: Place) -> None:
    """Start the same; their logs say which model they have."""
    servers(place)
    place.settings["LOG_LEVEL"] = "INFO"
    replicas(place)


def many_with_own_actions(place: Place) -> None:
    """Start the same with an action server of its own."""
    servers(place)
    secret = {"ACTIONS_SECRET": "known to both sides"}
    (place.folder / "actions").mkdir()
    place.actions = place.keep(ActionServer(place.folder / "actions", **secret)).wait()
    address = f"http://127.0.0.1:{place.actions.port}/webhook"
    place.settings |= secret | {"ACTIONS_URL": address, "ACTION_SECONDS": "2"}
    replicas(place)


def many_on_old_tables(place: Place) -> None:
    """Start the same on the tables that release 0.1 has written."""
    servers(place)
    assert place.postgres
    place.postgres.load(OLD_DATABASE, place.database)
    replicas(place, OlderRelease)


def many_as_shipped(place: Place) -> None:
    """Start the same with the limits that are shipped, and with conversations that are long already."""
    servers(place)
    place.settings = {name: at for name, at in place.settings.items() if name not in NO_LIMITS} | AS_SHIPPED
    replicas(place)
    assert place.door
    place.long = long_conversations(place.door.port, place.database)


def many_attacked(place: Place) -> None:
    """Start the same, and an attacker."""
    many_as_shipped(place)
    assert place.door
    place.attacker = place.keep(Attacker(place.door.port, place.services[0].port, place.long))


def single(place: Place) -> None:
    """Start one process over SQLite, on a disk of its own."""
    disk = place.folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], check=True)
    place.at_end.callback(subprocess.run, ["umount", str(disk)], check=True)
    (place.folder / "0").mkdir()
    place.database = f"sqlite:///{disk}/conversations.db"
    place.settings = NO_LIMITS | {"DATABASE_URL": place.database}
    service = place.start(0).wait()
    place.url = f"http://127.0.0.1:{service.port}/webhooks/rest/webhook"


def nothing(_: Place) -> None:
    """Break nothing."""


def kill_replica(place: Place) -> None:
    """Kill -9 a replica; another of its name comes up, as a supervisor would have it."""
    dead = place.services[0]
    dead.process.send_signal(signal.SIGKILL)
    dead.process.wait()
    place.start(0).wait()


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


def switch_model(place: Place) -> None:
    """Bring a copy of content and model into service as an editor's publication is, then go back."""
    folder = place.folder / "releases" / "1"
    shutil.copytree(installed_data(), folder / DATA)
    shutil.copy(MODEL, folder / MODEL_OF_RELEASE)
    asyncio.run(_publish(place.database, digest_of(folder)))
    _come_into_service(place, 1)
    asyncio.run(_go_back(place.database))
    _come_into_service(place, None)


async def _publish(address: str, digest: str) -> None:
    """Write down that publication 1 is in service."""
    database, base = Database(address), base_of(installed_data(), MODEL)
    await publications.approve(database, 1, "eve")
    assert await publications.claim(database, 1, None, 0.0)
    assert await publications.switch(database, base, 1, "ed", instead=0, digest=digest)
    database.close()


async def _go_back(address: str) -> None:
    """Write down that what was installed is in service."""
    database, base = Database(address), base_of(installed_data(), MODEL)
    assert await publications.switch(database, base, None, "ed", instead=1)
    database.close()


def _come_into_service(place: Place, number: int | None) -> None:
    """Wait until every replica answers by a release."""
    for service in place.services:
        wait_until(lambda service=service: service.loaded()[-1:] == [number], LONGEST)


def upgrade_in_turn(place: Place) -> None:
    """Upgrade as ``docs/operate.md`` says: new replicas take the place of old ones, in turn."""
    for number in (0, 1):
        place.services[number].stop()
        place.start(number).wait()
    address = {"SEND_GUIDE_DATABASE_URL": place.database}
    done = subprocess.run(
        [*COMMAND, "migrate"], cwd=ROOT, env=os.environ | address, capture_output=True, text=True, check=True
    )
    if "was" in done.stdout:
        raise RuntimeError("the replicas had not brought the tables up to date")


MANY = ("the model (make train)", "nginx", "PostgreSQL (pg_ctl)", "redis-server")
ALONE = ("the model (make train)", "the right to mount a file system")


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong while families talk.

    Attributes:
        title: what it is, in a sentence.
        build: starts what is broken.
        break_it: breaks it, and ends once it is whole again.
        needs: what must be there, as ``benchmarks/needs.py`` names it.
    """

    title: str
    build: Callable[[Place], None]
    break_it: Callable[[Place], None] = nothing
    needs: tuple[str, ...] = MANY


FAULTS = {
    "none": Fault("nothing is broken", many),
    "replica": Fault("kill -9 of a replica", many, kill_replica),
    "postgres": Fault("PostgreSQL stops at once and is back after 2 s", many, restart_postgres),
    "redis": Fault("Redis is killed and is back, empty, after 2 s", many, restart_redis),
    "hung-redis": Fault("Redis hangs for 5 s", many, hang_redis),
    "disk": Fault("the disk under SQLite is full for 5 s", single, fill_disk, ALONE),
    "action": Fault("every action hangs for 5 s", many_with_own_actions, hang_actions),
    "model": Fault("another model is switched in, and out again", many_that_tell, switch_model),
    "migration": Fault("from release 0.1's tables to today's", many_on_old_tables, upgrade_in_turn),
    "unattacked": Fault("limits as shipped, no attacker", many_as_shipped),
    "attacked": Fault("the same with an attacker", many_attacked),
}
"""Everything that goes wrong, by the name that it has on the command line."""
