"""A back-up is made while people talk, the database is lost, and they go on where they were."""

import os
import sqlite3
import stat
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from send_guide.storage.backup import BackUpError, back_up, count, restore
from send_guide.storage.conversations import conversations, events
from tests.servers import COMMAND, ROOT, Service, database

PERSON = "a-parent-who-comes-back-after-the-fire"
OTHER = "somebody-who-came-after-the-back-up"


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Two databases of a kind: one that will be lost, and an empty one."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/lost.db", f"sqlite:///{tmp_path}/elsewhere/new.db"
    server = request.getfixturevalue("postgres")
    programs = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), None)
    if programs:
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        request.getfixturevalue("monkeypatch").setenv("PATH", path)
    return server.new(), server.new()


def command(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SEND_GUIDE_DATABASE_URL": url}
    return subprocess.run(
        [*COMMAND, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_people_go_on_where_they_were(urls: tuple[str, str], tmp_path: Path) -> None:
    lost, new = urls
    file = tmp_path / "tonight.backup"
    service = Service(tmp_path, DATABASE_URL=lost).wait()
    try:
        service.asks(PERSON, "who must appoint a senco")
        done = command(lost, "backup", str(file))
        assert done.returncode == 0, done.stderr
        assert f"written: {file}" in done.stdout
        service.asks(OTHER, "number for the tribunal")
    finally:
        service.stop()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    done = command(new, "restore", str(file))
    assert done.returncode == 0, done.stderr
    assert "1 conversations" in done.stdout
    service = Service(tmp_path, DATABASE_URL=new).wait()
    try:
        assert "who must appoint a senco" in command(new, "export", PERSON).stdout
        assert "It is a duty, not a choice." in service.asks(PERSON, "is that a must?")[0]["text"]
        assert "tribunal" not in command(new, "export", OTHER).stdout
    finally:
        service.stop()


def test_what_people_have_said_since_is_not_overwritten_unasked(
    urls: tuple[str, str], tmp_path: Path
) -> None:
    lost, _ = urls
    file = tmp_path / "empty.backup"
    store = database(lost)
    back_up(lost, file)
    row = {"sender_id": PERSON, "last_event": 0, "window_after": 0, "state": "{}"}
    with store.engine.begin() as connection:
        connection.execute(conversations.insert().values(**row))
    with pytest.raises(BackUpError, match="--replace"):
        restore(lost, file)
    assert count(lost)["conversations"] == 1
    restore(lost, file, replace=True)
    assert count(lost)["conversations"] == 0
    store.close()


def test_what_became_too_old_meanwhile_is_deleted_at_once(urls: tuple[str, str], tmp_path: Path) -> None:
    lost, new = urls
    store = database(lost)
    event = {"sender_id": PERSON, "type_name": "user", "timestamp": time.time() - 31 * 86_400, "data": "{}"}
    with store.engine.begin() as connection:
        connection.execute(events.insert().values(**event))
    store.close()
    assert command(lost, "backup", str(tmp_path / "old.backup")).returncode == 0
    done = command(new, "restore", str(tmp_path / "old.backup"))
    assert "deleted: 1 conversations" in done.stdout
    assert count(new)["events"] == 0


def test_a_file_that_is_no_back_up_changes_nothing(urls: tuple[str, str], tmp_path: Path) -> None:
    lost, _ = urls
    database(lost).close()
    before = count(lost)
    for name, content in (("letter.txt", b"Dear head teacher"), ("empty", b"")):
        (tmp_path / name).write_bytes(content)
        done = command(lost, "restore", str(tmp_path / name), "--replace")
        assert done.returncode == 1
        assert done.stderr.startswith("send-guide: "), done.stderr
    assert command(lost, "restore", str(tmp_path / "nowhere")).returncode == 1
    assert count(lost) == before


def test_a_back_up_never_overwrites_another(urls: tuple[str, str], tmp_path: Path) -> None:
    lost, _ = urls
    database(lost).close()
    (tmp_path / "yesterday.backup").write_text("precious")
    done = command(lost, "backup", str(tmp_path / "yesterday.backup"))
    assert done.returncode == 1
    assert "exists already" in done.stderr
    assert (tmp_path / "yesterday.backup").read_text() == "precious"


def test_a_database_that_is_not_there_leaves_no_file(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/none.db", "postgresql://guide@127.0.0.1:1/guide"):
        done = command(url, "backup", str(tmp_path / "no.backup"))
        assert done.returncode == 1
        assert not (tmp_path / "no.backup").exists()


def test_a_password_does_not_stand_in_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody on a machine can read the arguments of a process."""
    program = tmp_path / "pg_dump"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/arguments; echo "$PGPASSWORD" > {tmp_path}/password\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    back_up("postgresql://guide:secret-word@127.0.0.1/guide", tmp_path / "file")
    assert "secret-word" not in (tmp_path / "arguments").read_text()
    assert (tmp_path / "password").read_text().strip() == "secret-word"


def test_a_copy_of_a_database_in_use_is_whole(tmp_path: Path) -> None:
    """An ordinary copy of the file would miss what stands in the write-ahead log."""
    url = f"sqlite:///{tmp_path}/used.db"
    store = database(url)
    with store.engine.begin() as connection:
        row = {"sender_id": PERSON, "last_event": 0, "window_after": 0, "state": "{}"}
        connection.execute(conversations.insert().values(**row))
    with store.engine.connect() as reader:
        reader.execute(sa.text("SELECT 1"))
        back_up(url, tmp_path / "copy")
        assert count(f"sqlite:///{tmp_path}/copy")["conversations"] == 1
    store.close()


def test_tables_of_the_right_names_alone_are_no_back_up(tmp_path: Path) -> None:
    lost = f"sqlite:///{tmp_path}/lost.db"
    database(lost).close()
    for name, tables in (("one", ["conversations"]), ("all", ["conversations", "events", "inbox"])):
        with closing(sqlite3.connect(tmp_path / name)) as forged:
            for table in tables:
                forged.execute(f"CREATE TABLE {table} (something)")
            forged.commit()
        with pytest.raises(BackUpError, match="no back-up of the guide"):
            restore(lost, tmp_path / name, replace=True)
