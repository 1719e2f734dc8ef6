"""The database tells the truth about itself, keeps no word that was deleted, and refuses no letter."""

import asyncio
import contextlib
import multiprocessing
import os
import shutil
import sqlite3
import stat
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from send_guide.settings import Settings
from send_guide.staff import accounts
from send_guide.storage import audit_log, case_notes, conversations, feedback, retention
from send_guide.storage.all_tables import metadata
from send_guide.storage.database import Database, DatabaseUnavailableError, NoDatabaseError
from tests.servers import ROOT, PostgreSQL, Service, database

NOBODY = 65534
WORDS = b"my daughter is called Zebedee"


def keep(kept: Database, sender: str, words: bytes) -> None:
    data = f'{{"event": "user", "text": "{words.decode()}"}}'
    row = {"sender_id": sender, "type_name": "user", "timestamp": 1.0, "data": data}
    kept.transact(lambda connection: connection.execute(conversations.events.insert().values(**row)))


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


@pytest.mark.parametrize("trouble", ["deleted", "replaced", "emptied", "overwritten", "its folder is gone"])
def test_it_is_not_ready_once_its_file_is(tmp_path: Path, trouble: str) -> None:
    file = tmp_path / "data" / "guide.db"
    kept = database(f"sqlite:///{file}")
    asyncio.run(kept.check())
    if trouble == "deleted":
        file.unlink()
    elif trouble == "replaced":
        file.unlink()
        file.write_bytes(b"")
    elif trouble == "emptied":
        os.truncate(file, 0)
    elif trouble == "overwritten":
        file.write_bytes(b"x" * file.stat().st_size)
    else:
        shutil.rmtree(file.parent)
    with pytest.raises(DatabaseUnavailableError):
        asyncio.run(kept.check())
    kept.close()


def test_it_is_not_ready_where_it_may_only_be_read(tmp_path: Path) -> None:
    file = tmp_path / "data" / "guide.db"
    database(f"sqlite:///{file}").close()
    file.chmod(0o444)
    for part in file.parents:
        if part.is_relative_to("/tmp") and part != Path("/tmp"):
            part.chmod(0o755)

    def look() -> None:
        if os.geteuid() == 0:  # root may write whatever the mode says
            os.setuid(NOBODY)
        with pytest.raises(DatabaseUnavailableError):
            asyncio.run(Database(f"sqlite:///{file}").check())

    somebody = multiprocessing.get_context("fork").Process(target=look)
    somebody.start()
    somebody.join()
    assert somebody.exitcode == 0


def test_a_turn_is_not_written_to_a_file_that_is_gone(tmp_path: Path) -> None:
    kept = database(f"sqlite:///{tmp_path}/guide.db")
    keep(kept, "mum", b"before")
    (tmp_path / "guide.db").unlink()
    with pytest.raises(DatabaseUnavailableError):
        keep(kept, "mum", b"after")
    assert not (tmp_path / "guide.db").exists()
    kept.close()


def test_the_service_says_so_and_is_ready_again_with_the_file(tmp_path: Path) -> None:
    service = Service(tmp_path).wait()
    try:
        assert service.get("/readyz")[0] == 200
        (tmp_path / "conversations.db").rename(tmp_path / "elsewhere")
        assert service.get("/readyz") == (503, {"store": False, "lock": True, "understanding": True})
        (tmp_path / "elsewhere").rename(tmp_path / "conversations.db")
        assert service.get("/readyz")[0] == 200
    finally:
        service.stop()


def test_its_files_are_its_owners(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        kept = database(f"sqlite:///{tmp_path}/new/guide.db")
        keep(kept, "mum", WORDS)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "new").iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("guide.db", "guide.db-wal", "guide.db-shm"), 0o600)
    kept.close()


def test_no_database_is_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(NoDatabaseError, match="SEND_GUIDE_DATABASE_URL"):
        Database(f"sqlite:///{tmp_path}/none/guide.db")
    assert list(tmp_path.iterdir()) == []


def test_deleted_words_are_in_no_file(tmp_path: Path) -> None:
    kept = database(f"sqlite:///{tmp_path}/guide.db")
    for sender in ("mum", "dad"):
        keep(kept, sender, WORDS if sender == "mum" else b"who pays")
    kept.transact(lambda connection: None)
    assert WORDS in on_disk(tmp_path)
    assert asyncio.run(conversations.delete(kept, "mum"))["events"] == 1
    assert WORDS not in on_disk(tmp_path)
    assert b"who pays" in on_disk(tmp_path)
    kept.close()


def test_deleted_words_are_in_no_file_once_nobody_reads_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who reads meanwhile, a back-up or a person with a shell, keeps the log from being emptied."""
    monkeypatch.setattr("send_guide.storage.database._LOG_AGAIN", 0.0)
    kept = database(f"sqlite:///{tmp_path}/guide.db")
    keep(kept, "mum", WORDS)
    with contextlib.closing(sqlite3.connect(tmp_path / "guide.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        assert asyncio.run(conversations.delete(kept, "mum"))["events"] == 1
        keep(kept, "dad", b"who pays")
        assert WORDS in on_disk(tmp_path)
    kept.transact(lambda connection: None)
    assert WORDS not in on_disk(tmp_path)
    kept.close()


def test_letters_that_no_database_keeps_are_no_failure(empty: str) -> None:
    kept = database(empty)

    async def everything() -> None:
        opinion = feedback.Feedback("web", "wrong", ("a",), "who\x00pays", "so \ud800 sad")
        await feedback.keep(kept, opinion)
        [found] = await feedback.given_since(kept, 0.0)
        assert (found.question, found.reason) == ("who\ufffdpays", "so \ufffd sad")
        note = await case_notes.save(kept, "ann", "Asked:\x00 who pays", None)
        [listed] = await case_notes.listed(kept, "ann")
        assert (listed.reference, listed.text) == (note.reference, "Asked:\ufffd who pays")
        assert await case_notes.find(kept, "K7QM\x004TXN") is None
        await accounts.add(kept, "ann", "adviser", "three words will do")
        assert await accounts.check(kept, "ann\x00", "three words will do") is None
        assert await accounts.find(kept, "\x00ann") is None
        await audit_log.note(kept, "(somebody)", "refused", "\x00")

    asyncio.run(everything())
    kept.close()


def test_a_postgresql_that_is_away_is_not_ready(postgres: PostgreSQL) -> None:
    kept = database(postgres.new())
    asyncio.run(kept.check())
    with kept.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE conversations"))
    with pytest.raises(DatabaseUnavailableError):
        asyncio.run(kept.check())
    kept.close()


def test_each_room_has_the_database_and_none_the_tracker_store() -> None:
    named = {
        path.relative_to(ROOT / "send_guide").parts[0]
        for path in (ROOT / "send_guide").rglob("*.py")
        if "WindowedTrackerStore" in path.read_text(encoding="utf-8")
    }
    assert named == {"rasa_adapter"}


def test_every_table_has_a_rule_by_which_its_rows_go(old: str) -> None:
    """What release 0.1 has written is gone in time, but for accounts and who wants no text messages."""
    kept = database(old)

    def left(connection: Connection) -> dict[str, int]:
        count = sa.select(sa.func.count())
        found = {
            t.name: connection.execute(count.select_from(t)).scalar_one() for t in metadata.tables.values()
        }
        return {name: rows for name, rows in found.items() if rows}

    assert len(kept.transact(left)) >= 8
    in_ten_years = time.time() + 10 * 365 * 86_400
    asyncio.run(retention.purge_once(kept, Settings(), in_ten_years))
    assert set(kept.transact(left)) <= {"staff_accounts", "opted_out"}
    kept.close()
