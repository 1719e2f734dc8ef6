"""Databases for tests of the storage: empty ones, and one that release 0.1 has written."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers import COMMAND, ROOT, PostgreSQL

FIXTURES = Path(__file__).parent / "fixtures"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/guide.db"
    return str(request.getfixturevalue("postgres").new())


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that release 0.1 has written."""
    if request.param == "sqlite":
        shutil.copy(FIXTURES / "release-0.1.sqlite", tmp_path / "old.db")
        return f"sqlite:///{tmp_path}/old.db"
    server: PostgreSQL = request.getfixturevalue("postgres")
    address = server.new()
    server.load(FIXTURES / "release-0.1.sql", address)
    return address


@pytest.fixture
def run() -> Run:
    """Run a command of the guide: ``run(address, "forget", "name", SETTING="value")``."""

    def command(
        address: str, *arguments: str, given: str | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        named = {f"SEND_GUIDE_{name}": value for name, value in settings.items()}
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=ROOT,
            env=os.environ | {"SEND_GUIDE_DATABASE_URL": address} | named,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    return command
