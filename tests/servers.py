"""Real servers for tests: started on a free port in a folder of their own, stopped at the end."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, NoReturn, Self

import pytest

from send_guide.storage.database import Database
from send_guide.storage.migrations import upgrade

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-W", "ignore", "-m", "send_guide.cli.main"]


def missing(what: str) -> NoReturn:
    """Skip a test whose server is not installed; where everything is required, fail it."""
    if os.environ.get("SEND_GUIDE_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is not installed (.ci/run installs it)")
    pytest.skip(f"{what} is not installed")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database(url: str) -> Database:
    """A database with the tables of this release."""
    made = Database(url, seconds=2, create=True)
    upgrade(made)
    return made


def pg_ctl() -> Path | None:
    """The newest PostgreSQL's own command; Debian does not put it on the path."""
    debians = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")))
    found = debians[-1] if debians else shutil.which("pg_ctl")
    return Path(found) if found else None


class PostgreSQL:
    """A PostgreSQL server that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        found = pg_ctl() or missing("PostgreSQL")
        self._bin = found.parent
        self._data = folder / "data"
        self.port = free_port()
        self._as: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            user = pwd.getpwnam("postgres")
            for part in [folder, *folder.parents]:
                if part != Path("/") and part.owner() == "root" and part.is_relative_to("/tmp"):
                    part.chmod(part.stat().st_mode | 0o755)
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._as = ["runuser", "-u", "postgres", "--"]
        self._run("initdb", "-D", str(self._data), "-U", "guide", "--auth=trust", "--no-sync")
        self.start()
        self.create("guide")

    def create(self, database: str) -> None:
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "guide", database)

    def load(self, dump: Path, url: str) -> None:
        """Run a file of SQL in a database."""
        text = dump.read_bytes()
        command = [*self._as, str(self._bin / "psql"), "-q", "-v", "ON_ERROR_STOP=1", url]
        subprocess.run(command, input=text, check=True, stdout=subprocess.DEVNULL, cwd="/")

    @property
    def url(self) -> str:
        return self.url_of("guide")

    def url_of(self, database: str) -> str:
        return f"postgresql://guide@127.0.0.1:{self.port}/{database}"

    def new(self) -> str:
        """The address of an empty database of its own."""
        name = f"guide_{time.monotonic_ns()}"
        self.create(name)
        return self.url_of(name)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self._data), "-w", "-l", str(self._data / "log"), "-o", options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "-t", "300", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, str(self._bin / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")


def wait_until(true: object, seconds: float = 10.0) -> None:
    """Wait until ``true()`` holds; fail where it never does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if callable(true) and true():
            return
        time.sleep(0.02)
    pytest.fail("waited in vain")


class Redis:
    """A Redis server that can be stopped, frozen and started again; it keeps nothing."""

    def __init__(self, folder: Path) -> None:
        if not shutil.which("redis-server"):
            missing("Redis")
        self._folder = folder
        self.port = free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(command, cwd=self._folder, stdout=subprocess.DEVNULL)
        wait_until(self._answers)

    def stop(self) -> None:
        self.thaw()
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Service:
    """A running service and its log."""

    command = "serve"
    program = COMMAND
    working_folder = ROOT
    ready = "is ready"
    """What the log says when it can be asked."""

    def __init__(self, folder: Path, port: int | None = None, /, **settings: str) -> None:
        self.port = port or free_port()
        self.log = folder / "log"
        database = settings.pop("DATABASE_URL", f"sqlite:///{folder}/conversations.db")
        command = [*self.program, self.command, "--port", str(self.port)]
        names = {"DATABASE_URL": database, "RELEASES": str(folder / "releases"), **settings}
        environment = os.environ | {f"SEND_GUIDE_{name}": value for name, value in names.items()}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=self.working_folder, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def wait(self) -> Self:
        while self.ready not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        return self

    def refuses(self) -> str:
        """Wait until it has ended because it cannot start; return its log."""
        assert self.process.wait(timeout=120) == 1
        return self.log.read_text()

    def get(
        self,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        method: str | None = None,
    ) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=body,
            headers={"Content-Type": "application/json"} if headers is None else headers,
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        try:
            return status, json.loads(text)
        except json.JSONDecodeError:
            return status, text

    def asks(self, sender: str, message: str) -> list[dict[str, Any]]:
        body = json.dumps({"sender": sender, "message": message}).encode()
        status, replies = self.get("/webhooks/rest/webhook", body)
        assert status == 200, replies
        return list(replies)

    def loaded(self) -> list[int | None]:
        """Return what has come into service in this process, in order; None is what was installed."""
        lines = [line for line in self.log.read_text().splitlines() if '"release.in_service"' in line]
        return [json.loads(line)["publication"] for line in lines]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


class ActionServer(Service):
    """A running action server."""

    command = "actions"


class StockRasa(Service):
    """Rasa as its documentation sets it up: REST channel, HTTP API, SQL store on PostgreSQL."""

    ready = "up and running"

    def __init__(self, folder: Path, model: Path, postgres_port: int, database: str) -> None:
        self.port = free_port()
        self.log = folder / "stock.log"
        (folder / "credentials.yml").write_text("rest:\n")
        (folder / "endpoints.yml").write_text(
            "tracker_store: {type: SQL, dialect: postgresql, url: 127.0.0.1, username: guide,"
            f" port: {postgres_port}, db: {database}}}\n"
        )
        rasa = str(Path(sys.executable).with_name("rasa"))
        command = [
            rasa,
            "run",
            "-i",
            "127.0.0.1",
            "-p",
            str(self.port),
            "--model",
            str(model),
            "--enable-api",
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)


class StockActions(Service):
    """rasa_sdk's action server as its documentation starts it."""

    ready = "up and running"

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "stock-actions.log"
        command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(self.port)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
