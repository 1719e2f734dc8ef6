"""Accounts, sessions, notes and the log do the same on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Iterator

import pytest

from send_guide.staff import accounts, sessions
from send_guide.storage import audit_log, case_notes
from send_guide.storage.database import Database
from tests.helpline.conftest import PASSWORD
from tests.servers import PostgreSQL, database


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("both")
    server = PostgreSQL(folder) if request.param == "postgresql" else None
    opened = database(server.url if server else f"sqlite:///{folder}/staff.db")
    yield opened
    opened.close()
    if server:
        server.stop()


def test_an_account_from_its_making_to_its_end(store: Database, loop: asyncio.AbstractEventLoop) -> None:
    async def run() -> None:
        await accounts.add(store, " Ann ", "adviser", PASSWORD)
        assert await accounts.check(store, "ann", "something else now") is None
        found = await accounts.check(store, "ANN", PASSWORD)
        assert found is not None
        assert (found.name, found.role, found.single_sign_on) == ("ann", "adviser", False)
        known = await accounts.find(store, "ann")
        assert known is not None
        assert known.failures == 0

        session_id = await sessions.begin(store, "ann", "adviser")
        staff = await sessions.find(store, session_id, 60, 60)
        assert staff is not None
        assert (staff.name, staff.role) == ("ann", "adviser")
        assert await sessions.find(store, session_id, -1, 60) is None
        assert await sessions.find(store, session_id, 60, 60) is None  # what is over does not come back

        note = await case_notes.save(store, "ann", "Asked: who pays", None)
        assert await case_notes.find(store, note.reference) == note
        assert await case_notes.listed(store, "ann") == [note]
        assert not await case_notes.delete(store, "ed", note.reference)
        assert await case_notes.delete(store, "ann", note.reference)

        await audit_log.note(store, "ann", "signed in", "password")
        assert [(done.who, done.what) for done in await audit_log.since(store, 0)] == [("ann", "signed in")]

        await accounts.remove(store, "ann")
        assert await accounts.check(store, "ann", PASSWORD) is None
        assert await accounts.listed(store) == []

    loop.run_until_complete(run())


def test_many_guesses_at_once_are_no_way_around_the_lock(
    store: Database, loop: asyncio.AbstractEventLoop
) -> None:
    async def run() -> None:
        await accounts.add(store, "ann", "adviser", PASSWORD)
        guesses = [accounts.check(store, "ann", f"a wrong guess {number}") for number in range(8)]
        assert not any(await asyncio.gather(*guesses))
        known = await accounts.find(store, "ann")
        assert known is not None
        assert known.failures == accounts.FAILURES
        assert await accounts.check(store, "ann", PASSWORD) is None

    loop.run_until_complete(run())
