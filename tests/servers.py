"""Real servers for tests: started on a free port in a folder of their own, stopped at the end."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest


def missing(what: str) -> None:
    """Skip a test whose server is not installed; where everything is required, fail it."""
    if os.environ.get("SEND_GUIDE_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is not installed (.ci/run installs it)")
    pytest.skip(f"{what} is not installed")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostgreSQL:
    """A PostgreSQL server that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")) or [shutil.which("pg_ctl")]
        if not found[-1]:
            missing("PostgreSQL")
        self._bin = Path(str(found[-1])).parent
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
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "guide", "guide")

    @property
    def url(self) -> str:
        return f"postgresql://guide@127.0.0.1:{self.port}/guide"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self._data), "-w", "-l", str(self._data / "log"), "-o", options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "immediate", "stop")

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
