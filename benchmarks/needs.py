"""What a benchmark needs beside Python, asked for before anything is measured."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable

from tests.servers import ROOT, pg_ctl

MODEL = ROOT / "models" / "send-guide.tar.gz"


def missing(needs: Iterable[str]) -> list[str]:
    """Return which of ``needs`` are not there: names of :data:`FOUND`, in their order, each once."""
    return [need for need in dict.fromkeys(needs) if not FOUND[need]()]


def can_mount() -> bool:
    """Return whether this user may mount a file system, by doing it."""
    if not shutil.which("mount"):
        return False
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=False)
        if tried.returncode == 0:
            subprocess.run(["umount", folder], check=True)
    return tried.returncode == 0


FOUND = {
    "the model (make train)": MODEL.is_file,
    "nginx": lambda: shutil.which("nginx") is not None,
    "PostgreSQL (pg_ctl)": lambda: pg_ctl() is not None,
    "redis-server": lambda: shutil.which("redis-server") is not None,
    "the right to mount a file system": can_mount,
}
"""Everything that a benchmark may need, and whether it is there."""
