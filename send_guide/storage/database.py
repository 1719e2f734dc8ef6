"""The database: SQLite (write-ahead log) or PostgreSQL, one transaction at a time, off the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url

from send_guide.errors import SendGuideError

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

_HEADER = b"SQLite format 3\x00"
"""What every SQLite file begins with (https://www.sqlite.org/fileformat.html, 1.3)."""
_CANNOT_BE_KEPT = re.compile("[\x00\ud800-\udfff]")
"""PostgreSQL keeps no NUL in a text, and neither database half a surrogate pair."""
_LOG_WAIT_MS = 250
"""How long to wait for those who read before the write-ahead log is emptied: nobody can write meanwhile."""
_LOG_AGAIN = 5.0
"""Seconds after which it is tried again."""


class DatabaseUnavailableError(Exception):
    """The database cannot be reached, or did not answer in time."""


class NoDatabaseError(SendGuideError):
    """There is no database where one was looked for."""


class Database:
    """A database and its pool of connections. Nothing is read or written before it is asked for."""

    def __init__(self, url: str, *, seconds: float = 5.0, create: bool = False) -> None:
        """Set where it is.

        Args:
            url: an SQLAlchemy address: ``sqlite:///conversations.db``, ``postgresql://...``.
            seconds: how long to wait for a connection or a statement.
            create: make the file of an SQLite database where there is none, readable by its owner only.

        Raises:
            NoDatabaseError: there is no such file, and ``create`` is not set.
            DatabaseUnavailableError: the file cannot be made.
        """
        self.url, self._seconds = url, seconds
        self.file = sqlite_file(url)
        if self.file is not None and not self.file.exists():
            if not create:
                raise NoDatabaseError(f"there is no database {self.file}: check SEND_GUIDE_DATABASE_URL")
            _make(self.file)
        self._empty_log_at: float | None = None
        self.engine = self._engine()
        sa.event.listen(self.engine, "before_cursor_execute", _keepable, retval=True)

    async def transaction(self, work: Callable[[Connection], Result]) -> Result:
        """Do ``work`` in one transaction, off the event loop.

        Letters that a database cannot keep (NUL, half a surrogate pair) become U+FFFD on the way in.

        Raises:
            DatabaseUnavailableError: the database does not answer; nothing is written.
        """
        return await asyncio.to_thread(self.transact, work)

    def transact(self, work: Callable[[Connection], Result]) -> Result:
        """Do ``work`` in one transaction, in this thread; once more where the connection was lost before.

        Raises:
            DatabaseUnavailableError: the database does not answer; nothing is written.
        """
        if self._empty_log_at is not None and time.monotonic() >= self._empty_log_at:
            with contextlib.suppress(DatabaseUnavailableError):
                self._truncate_log()
        for attempt in (1, 2):
            try:
                with self.engine.begin() as connection:
                    return work(connection)
            except sa.exc.DBAPIError as error:
                if attempt == 1 and error.connection_invalidated:
                    continue
                raise _unavailable(error.orig) from error
            except sa.exc.TimeoutError as error:
                raise DatabaseUnavailableError("no connection to the database came free in time") from error
        raise AssertionError("unreachable")

    async def check(self) -> None:
        """Write a row and take it back, on a connection that has seen nothing of the database before: one
        that is open goes on reading what it remembers of a file that is damaged by now.

        Raises:
            DatabaseUnavailableError: the database does not do that.
        """
        await asyncio.to_thread(self._check)

    async def forget_deleted(self) -> None:
        """Take out of the write-ahead log of SQLite what was deleted: its pages hold people's words until
        they are used again. Where somebody is reading just now, one of the next transactions does it.

        Raises:
            DatabaseUnavailableError: the database does not answer.
        """
        if self.file is not None:
            await asyncio.to_thread(self._truncate_log)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def _engine(self) -> Engine:
        if self.file is None:
            options = f"-c statement_timeout={int(self._seconds * 1000)}"
            connect = {"connect_timeout": max(1, round(self._seconds)), "options": options}
            pool: dict[str, Any] = {"pool_pre_ping": True, "pool_recycle": 900, "connect_args": connect}
        else:
            # kept open: to open a connection costs as much as a turn writes
            pool = {"poolclass": sa.pool.QueuePool, "creator": self._connect_sqlite}
        engine: Engine = sa.create_engine(
            self.url, pool_size=4, max_overflow=0, pool_timeout=self._seconds, **pool
        )
        if self.file is not None:
            sa.event.listen(engine, "connect", self._opened)
            sa.event.listen(engine, "checkout", self._still_there)
        return engine

    def _connect_sqlite(self) -> sqlite3.Connection:
        # mode=rw: a file that somebody has deleted is not made anew, empty
        address = f"file:{quote(str(self.file))}?mode=rw"
        connection = sqlite3.connect(address, uri=True, timeout=self._seconds, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten with zeros
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _opened(self, _: sqlite3.Connection, record: Any) -> None:
        record.info["file"] = self._identity()

    def _still_there(self, _: sqlite3.Connection, record: Any, __: object) -> None:
        """Refuse a connection to a file that has been deleted or replaced: it would write to nowhere."""
        if record.info.get("file") != self._identity():
            raise sa.exc.DisconnectionError("the file of the database has been deleted or replaced")

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = os.stat(str(self.file))  # noqa: PTH116 - with every transaction: a third of Path.stat
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _check(self) -> None:
        if self.file is None:
            self.transact(_there_and_back)
            return
        fresh = sa.create_engine(self.url, poolclass=sa.pool.NullPool, creator=self._connect_sqlite)
        try:
            with self.file.open("rb") as file:
                if file.read(len(_HEADER)) != _HEADER:
                    raise DatabaseUnavailableError("the file of the database is damaged")
            with fresh.begin() as connection:
                _there_and_back(connection)
        except (sa.exc.DBAPIError, OSError) as error:
            raise _unavailable(getattr(error, "orig", error)) from error

    def _truncate_log(self) -> None:
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={_LOG_WAIT_MS}")
                try:
                    row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                finally:
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={round(self._seconds * 1000)}")
        except sa.exc.DBAPIError as error:
            raise _unavailable(error.orig) from error
        self._empty_log_at = time.monotonic() + _LOG_AGAIN if row[0] else None
        if row[0]:
            logger.info("database.log_in_use")


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite address; None for PostgreSQL."""
    address = make_url(url)
    return Path(address.database) if address.get_backend_name() == "sqlite" else None


@contextlib.contextmanager
def opened(url: str, *, seconds: float = 5.0, create: bool = False) -> Iterator[Database]:
    """Open a database and close it at the end; arguments and errors are those of :class:`Database`."""
    database = Database(url, seconds=seconds, create=create)
    try:
        yield database
    finally:
        database.close()


def _make(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise DatabaseUnavailableError(f"{file} cannot be made: {error.strerror}") from error


def _unavailable(error: BaseException) -> DatabaseUnavailableError:
    # not its text: it may hold what somebody wrote
    return DatabaseUnavailableError(f"the database did not do its work: {type(error).__name__}")


def _there_and_back(connection: Connection) -> None:
    """Write a row and take it back; read the newest event."""
    conversations = sa.table(
        "conversations", *map(sa.column, ("sender_id", "last_event", "window_after", "state"))
    )
    name = f"check {uuid.uuid4().hex}"
    connection.execute(
        conversations.insert().values(sender_id=name, last_event=0, window_after=0, state="{}")
    )
    connection.execute(conversations.delete().where(conversations.c.sender_id == name))
    events = sa.table("events", sa.column("id"), sa.column("data"))
    connection.execute(sa.select(events).order_by(events.c.id.desc()).limit(1)).fetchall()


def _keepable(
    _: Connection, __: object, statement: str, parameters: Any, ___: object, many: bool
) -> tuple[str, Any]:
    """Return a statement and its parameters without letters that a database cannot keep."""
    return statement, [_clean(one) for one in parameters] if many else _clean(parameters)


def _clean(parameters: Any) -> Any:
    if isinstance(parameters, dict):
        return {name: _clean_value(value) for name, value in parameters.items()}
    return tuple(_clean_value(value) for value in parameters)


def _clean_value(value: Any) -> Any:
    return _CANNOT_BE_KEPT.sub("\ufffd", value) if isinstance(value, str) else value
