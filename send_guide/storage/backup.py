"""Copies of the database while the service runs, and back again: SQLite by its own online back-up,
PostgreSQL by ``pg_dump`` and ``pg_restore``.

A back-up holds what people wrote (redacted). It is readable by its owner only; docs/operate.md says how
long it may be kept.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url

from send_guide.errors import SendGuideError
from send_guide.storage.database import (
    DatabaseUnavailableError,
    NoDatabaseError,
    opened,
    sqlite_file,
)

Result = TypeVar("Result")
VERSION = "alembic_version"
"""Alembic's table: which revision the tables have."""
OURS = {
    "events": ("id", "sender_id", "data"),
    "conversations": ("sender_id", "last_event", "window_after", "state"),
    "unreadable_events": ("event_id", "data"),
    "inbox": ("channel", "message_id", "replies"),
    "feedback": ("given", "kind", "answer_ids"),
    "staff_accounts": ("name", "password", "role"),
    "case_notes": ("reference", "account", "text"),
    "texting": ("sender_id", "offered"),
}
"""Tables, and columns of them, that every database of the guide has had since release 0.1."""


class BackUpError(SendGuideError):
    """A back-up could not be made or read; the message says why. Nothing has been changed."""


def back_up(url: str, file: Path) -> None:
    """Write the whole database to ``file``; conversations go on meanwhile.

    Args:
        url: SQLAlchemy address of the database.
        file: where to; it must not exist yet.

    Raises:
        BackUpError: the file exists or cannot be written, or the database cannot be read.
    """
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise BackUpError(f"{file} exists already: choose another name") from error
    except OSError as error:
        raise BackUpError(f"{file} cannot be written: {error.strerror}") from error
    try:
        if _is_sqlite(url):
            _copy_sqlite(_existing(url), file)
        else:
            _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
    except BackUpError:
        file.unlink()
        raise


def restore(url: str, file: Path, *, replace: bool = False) -> None:
    """Put the database back to what ``file`` holds. The service is stopped meanwhile.

    Args:
        url: SQLAlchemy address of the database; for PostgreSQL it has been created.
        file: what :func:`back_up` has written.
        replace: overwrite what the database holds.

    Raises:
        BackUpError: the file is no back-up of the guide, or the database is not empty and ``replace``
            is not set.
    """
    _check(url, file)
    if not replace and _holds_anything(url):
        raise BackUpError("the database is not empty: --replace overwrites what it holds")
    if _is_sqlite(url):
        try:
            with opened(url, create=True):
                _copy_sqlite(file, _path(url))
        except DatabaseUnavailableError as error:
            raise BackUpError(str(error)) from error
    else:
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
        _run(url, "pg_restore", *options, "--exit-on-error", "--dbname", _database(url), str(file))
        _drop_all_but(url, _tables_in(url, file))


def count(url: str) -> dict[str, int]:
    """Return how many rows each table of the database holds.

    Raises:
        BackUpError: the database does not answer.
    """

    def rows(connection: Connection) -> dict[str, int]:
        names = sorted(set(sa.inspect(connection).get_table_names()) - {VERSION})
        return {
            name: int(connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar())
            for name in names
        }

    return _transact(url, rows)


def _transact(url: str, work: Callable[[Connection], Result]) -> Result:
    try:
        with opened(url) as database:
            return database.transact(work)
    except (DatabaseUnavailableError, NoDatabaseError) as error:
        raise BackUpError(str(error)) from error


def _is_sqlite(url: str) -> bool:
    return sqlite_file(url) is not None


def _path(url: str) -> Path:
    return Path(make_url(url).database)


def _database(url: str) -> str:
    return str(make_url(url).database)


def _existing(url: str) -> Path:
    path = _path(url)
    if not path.is_file():
        raise BackUpError(f"there is no database {path}: check SEND_GUIDE_DATABASE_URL")
    return path


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy page by page through SQLite, which keeps both whole while others read and write."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(target)) as write,
        ):
            read.backup(write)
    except sqlite3.Error as error:
        raise BackUpError(f"{source} could not be copied to {target}: {error}") from error


def _check(url: str, file: Path) -> None:
    """Refuse a file that is not a whole back-up of the guide."""
    if not file.is_file():
        raise BackUpError(f"there is no file {file}")
    if not _is_sqlite(url):
        if not OURS.keys() <= _tables_in(url, file):
            raise BackUpError(f"{file} is no back-up of the guide")
        return
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as read:
            (whole,) = read.execute("PRAGMA integrity_check").fetchone()
            found = {table: {row[1] for row in read.execute(f"PRAGMA table_info({table})")} for table in OURS}
    except sqlite3.Error as error:
        raise BackUpError(f"{file} is no back-up of an SQLite database: {error}") from error
    if whole != "ok" or not all(found[table].issuperset(columns) for table, columns in OURS.items()):
        raise BackUpError(f"{file} is damaged, or no back-up of the guide")


def _tables_in(url: str, file: Path) -> set[str]:
    """Return the tables that a back-up of PostgreSQL holds."""
    listed = _run(url, "pg_restore", "--list", str(file))
    return set(re.findall(r" TABLE public (\S+) ", listed))


def _drop_all_but(url: str, names: set[str]) -> None:
    """Drop what a newer release has added since the back-up: the upgrade makes it anew, from where the
    back-up stands.
    """

    def drop(connection: Connection) -> None:
        quoted = connection.dialect.identifier_preparer.quote
        for name in set(sa.inspect(connection).get_table_names()) - names:
            connection.exec_driver_sql(f"DROP TABLE {quoted(name)}")

    _transact(url, drop)


def _holds_anything(url: str) -> bool:
    if _is_sqlite(url) and not _path(url).is_file():
        return False
    return any(count(url).values())


def _run(url: str, program: str, *arguments: str) -> str:
    """Run a program of PostgreSQL; how to reach the database stands in its environment, not where
    other people of the machine see it.
    """
    address = make_url(url)
    reach = {
        "PGHOST": address.host,
        "PGPORT": address.port,
        "PGUSER": address.username,
        "PGPASSWORD": address.password,
        "PGDATABASE": address.database,
        "PGSSLMODE": address.query.get("sslmode"),
        "PGSSLROOTCERT": address.query.get("sslrootcert"),
    }
    environment = os.environ | {name: str(value) for name, value in reach.items() if value is not None}
    try:
        done = subprocess.run(
            [program, *arguments], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackUpError(
            f"{program} is not installed: it comes with PostgreSQL's client programs"
        ) from error
    if done.returncode:
        raise BackUpError(f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr else 'failed'}")
    return done.stdout
