"""nginx with the configuration of deploy/, in front of replicas on loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

from tests.servers import free_port, wait_until

CONFIGURATION = Path(__file__).parents[1] / "deploy" / "nginx.conf"
REPLICA = "server 127.0.0.1:{port} max_fails=0;"
"""A line of replicas.conf, as nginx.conf says that it is."""


class Nginx:
    """A running nginx."""

    def __init__(self, folder: Path, replicas: list[int]) -> None:
        """Start it.

        Args:
            folder: for its files.
            replicas: ports of the replicas on this machine.
        """
        self.port = free_port()
        shutil.copy(CONFIGURATION, folder)
        (folder / "replicas.conf").write_text("\n".join(REPLICA.format(port=port) for port in replicas))
        (folder / "listen.conf").write_text(f"listen 127.0.0.1:{self.port};\n")
        command = [
            "nginx",
            "-p",
            str(folder),
            "-c",
            str(folder / "nginx.conf"),
            "-g",
            "daemon off; pid nginx.pid;",
        ]
        with (folder / "nginx.log").open("wb") as log:
            self.process = subprocess.Popen(command, stderr=log)
        wait_until(self._answers)

    def stop(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
