"""A database of the release before is upgraded where it is, and people go on in it."""

import json
import os
import threading
import time
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection

from send_guide.storage.all_tables import metadata
from send_guide.storage.database import Database
from send_guide.storage.migrations import FOLDER, revision, upgrade
from tests.servers import PostgreSQL, Service, database
from tests.storage.conftest import FIXTURES, Run

HEAD = "0005"
PARENT = "a-parent-on-the-path"


def count(connection: Connection, query: sa.sql.Select[tuple[int]]) -> int:
    found: int = connection.execute(query).scalar_one()
    return found


def as_of_now(address: str) -> None:
    """Make everything that was said as much newer as if the release before had written it just now."""
    written = Database(address)

    def shift(connection: Connection) -> None:
        rows = connection.execute(sa.text("SELECT id, timestamp, data FROM events")).fetchall()
        by = time.time() - 60 - max(row.timestamp for row in rows)
        for row in rows:
            data = json.loads(row.data)
            data["timestamp"] += by
            moved = {"id": row.id, "at": data["timestamp"], "data": json.dumps(data)}
            connection.execute(
                sa.text("UPDATE events SET timestamp = :at, data = :data WHERE id = :id"), moved
            )
        # what is kept for a time only would be gone with the first purge
        for moment in (
            "staff_sessions SET started",
            "staff_sessions SET seen",
            "feedback SET given",
            "case_notes SET saved",
        ):
            connection.execute(sa.text(f"UPDATE {moment} = :now"), {"now": time.time()})

    written.transact(shift)
    written.close()


def bring_to(address: str, target: str) -> None:
    """Bring the tables to a revision, as a release of that time did."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))

    def bring(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, target)

    written = Database(address)
    written.transact(bring)
    written.close()


@pytest.mark.parametrize("release", ["0.1", "0.2"])
def test_after_the_upgrade_of_operate_md_people_go_on(
    old: str, release: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As docs/operate.md tells: a back-up, the new code, the tables, the service; and the back-up is whole."""
    if programs := next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), None):
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    before = None
    if release == "0.2":
        before = "0001"  # release 0.2 had this revision alone
        bring_to(old, before)
    as_of_now(old)
    saved = tmp_path / "before-upgrade.backup"
    assert run(old, "backup", str(saved)).returncode == 0
    assert run(old, "migrate").stdout == f"revision {HEAD}, was {before or 'none'}\n"
    service = Service(tmp_path, DATABASE_URL=old).wait()
    try:
        before_upgrade = service.asks(PARENT, "my steps")[0]["text"]
        service.asks(PARENT, "i wrote to the head and nothing happened")
        service.asks(PARENT, "there is no ehc plan")  # a question that the release before did not ask
        after = service.asks(PARENT, "my steps")[0]["text"]
    finally:
        service.stop()
    for steps in (before_upgrade, after):
        assert "You told me: it is an academy or free school." in steps
        assert "Done: Ask for the complaints policy" in steps
    assert "Done: Complain to the head or principal" not in before_upgrade
    assert "Done: Complain to the head or principal" in after
    assert "non existent slot" not in service.log.read_text()
    assert "ann: adviser" in run(old, "staff", "list").stdout
    kept = Database(old)
    assert kept.transact(revision) == HEAD
    for table in ("feedback", "case_notes", "staff_sessions"):
        query = sa.select(sa.func.count()).select_from(sa.table(table))
        assert kept.transact(partial(count, query=query)) == 1, table
    kept.close()
    assert "i wrote to the head" in run(old, "export", PARENT).stdout
    assert run(old, "restore", str(saved), "--replace").returncode == 0
    assert "i wrote to the head" not in run(old, "export", PARENT).stdout  # it is as it was before


def test_old_and_new_databases_have_the_tables_that_the_code_says(old: str, empty: str) -> None:
    for address in (old, empty):
        upgraded = database(address)
        different = upgraded.transact(
            lambda connection: compare_metadata(
                MigrationContext.configure(connection, opts={"compare_type": True}), metadata
            )
        )
        upgraded.close()
        assert different == []


def test_what_the_release_before_sends_still_works_afterwards(old: str) -> None:
    """For a moment replicas of both releases are there."""
    upgraded = database(old)
    dialect = upgraded.engine.dialect.name
    statements = json.loads((FIXTURES / "release-0.1-statements.json").read_text())[dialect]
    assert len(statements) > 70

    def as_before(connection: Connection) -> None:
        for statement, parameters in statements:
            given = tuple(parameters) if isinstance(parameters, list) else parameters
            connection.exec_driver_sql(statement, given)

    upgraded.transact(as_before)
    upgraded.close()


def test_replicas_that_start_at_the_same_instant_upgrade_in_turn(old: str, empty: str) -> None:
    for address in (old, empty):
        database_of_one = Database(address, create=True)
        replicas = [Database(address) for _ in range(6)]
        found: list[object] = []
        start = threading.Barrier(len(replicas))

        def begin(replica: Database, start: threading.Barrier = start, found: list[object] = found) -> None:
            start.wait()
            try:
                found.append(upgrade(replica))
            except Exception as error:  # noqa: BLE001 - it is shown below
                found.append(error)

        threads = [threading.Thread(target=begin, args=(replica,)) for replica in replicas]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, found)) == sorted(
            [str((None, HEAD)), *[str((HEAD, HEAD))] * (len(replicas) - 1)]
        )
        for one in (database_of_one, *replicas):
            one.close()


def test_waiting_for_another_replica_is_no_failure_however_long_it_takes(postgres: PostgreSQL) -> None:
    address = postgres.new()
    busy, waiting = Database(address), Database(address, seconds=0.5)
    done = threading.Event()
    with busy.engine.begin() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7363)")

        def upgrades() -> None:
            upgrade(waiting)
            done.set()

        thread = threading.Thread(target=upgrades)
        thread.start()
        assert not done.wait(1.5)
    thread.join()
    assert done.is_set()
    busy.close()
    waiting.close()


def test_a_database_of_a_newer_release_is_left_as_it_is(empty: str) -> None:
    newer = database(empty)
    newer.transact(
        lambda connection: connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    )
    assert upgrade(newer) == ("9999", "9999")
    newer.close()


def test_the_command_says_what_it_did(old: str, run: Run) -> None:
    assert run(old, "migrate").stdout == f"revision {HEAD}, was none\n"
    assert run(old, "migrate").stdout == f"revision {HEAD}\n"
