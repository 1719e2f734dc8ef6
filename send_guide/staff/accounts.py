"""Accounts of staff: a name, a role, and a password kept as an argon2 hash."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from typing import Literal, get_args

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Connection

from send_guide.errors import SendGuideError
from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from send_guide.staff import sessions
from send_guide.storage import tables

Role = Literal["adviser", "editor"]
ROLES: tuple[str, ...] = get_args(Role)
FAILURES = 5
"""Wrong passwords in a row after which an account is locked."""
LOCKED_SECONDS = 900.0
LEAST_CHARACTERS, MOST_CHARACTERS = 12, 1_000
"""Of a password: length is what makes it strong (NCSC, "Password policy: updating your approach")."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("a password that nobody has")
"""What a password is compared with where there is no account, so that it takes as long."""


class AccountError(SendGuideError):
    """An account cannot be made or changed as asked; the message says why."""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in.

    Attributes:
        name: small letters, digits, and ``. _ @ -``.
        role: ``adviser``, or ``editor``, who sees all that an adviser sees.
        single_sign_on: whether they come by single sign-on and have no password here.
        failures: wrong passwords since the last right one.
        locked_until: seconds since 1970; in the past where the account is not locked.
        created: seconds since 1970.
    """

    name: str
    role: Role
    single_sign_on: bool
    failures: int
    locked_until: float
    created: float


def plain_name(name: str) -> str:
    """Return a name as it is kept: without spaces around it, in small letters."""
    return name.strip().lower()


async def add(store: WindowedTrackerStore, name: str, role: str, password: str | None) -> None:
    """Make an account.

    Args:
        store: where it is kept.
        name: how the person is called here.
        role: ``adviser`` or ``editor``.
        password: none where the person comes by single sign-on.

    Raises:
        AccountError: the name, the role or the password will not do, or the account is there already.
        DatabaseUnavailableError: the database does not answer.
    """
    name = plain_name(name)
    if not _NAME.fullmatch(name):
        raise AccountError("a name has 1 to 64 letters, digits or . _ @ - and starts with a letter or digit")
    if role not in ROLES:
        raise AccountError(f"a role is one of: {', '.join(ROLES)}")
    values = {
        "name": name,
        "password": None if password is None else await _hashed(name, password),
        "role": role,
        "failures": 0,
        "locked_until": 0.0,
        "created": time.time(),
    }

    def insert(connection: Connection) -> bool:
        table = tables.staff_accounts
        if connection.execute(sa.select(table.c.name).where(table.c.name == name)).first():
            return False
        connection.execute(table.insert().values(**values))
        return True

    if not await store.transaction(insert):
        raise AccountError(f"there is an account {name} already")


async def remove(store: WindowedTrackerStore, name: str) -> None:
    """Delete an account and sign it out everywhere.

    Raises:
        AccountError: there is no such account.
        DatabaseUnavailableError: the database does not answer.
    """
    await _change(store, plain_name(name), tables.staff_accounts.delete())
    await sessions.end_all(store, plain_name(name))


async def unlock(store: WindowedTrackerStore, name: str) -> None:
    """Let an account sign in again that wrong passwords have locked.

    Raises:
        AccountError: there is no such account.
        DatabaseUnavailableError: the database does not answer.
    """
    await _change(
        store, plain_name(name), tables.staff_accounts.update().values(failures=0, locked_until=0.0)
    )


async def set_password(store: WindowedTrackerStore, name: str, password: str) -> None:
    """Give an account another password and sign it out everywhere.

    Raises:
        AccountError: there is no such account, or the password will not do.
        DatabaseUnavailableError: the database does not answer.
    """
    name = plain_name(name)
    values = {"password": await _hashed(name, password), "failures": 0, "locked_until": 0.0}
    await _change(store, name, tables.staff_accounts.update().values(**values))
    await sessions.end_all(store, name)


async def listed(store: WindowedTrackerStore) -> list[Account]:
    """Return all accounts by name.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = tables.staff_accounts.select().order_by(tables.staff_accounts.c.name)
    rows = await store.transaction(lambda connection: connection.execute(query).fetchall())
    return [_account(row) for row in rows]


async def find(store: WindowedTrackerStore, name: str) -> Account | None:
    """Return the account of a name, or None.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = tables.staff_accounts.select().where(tables.staff_accounts.c.name == plain_name(name))
    row = await store.transaction(lambda connection: connection.execute(query).first())
    return _account(row) if row else None


async def check(store: WindowedTrackerStore, name: str, password: str) -> Account | None:
    """Return the account that ``name`` and ``password`` open, or None; it takes as long either way.

    Every try is counted before the password is looked at, so that many at once are no way around
    the lock.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    name = plain_name(name)
    row = await store.transaction(lambda connection: _try(connection, name, time.time()))
    right = await asyncio.to_thread(_verify, row.password if row else None, password[:MOST_CHARACTERS])
    if row is None or not right:
        return None
    await unlock(store, name)
    return _account(row)


def _try(connection: Connection, name: str, now: float) -> sa.engine.Row | None:
    """Count a try; return the account's row, or None where it may not be tried.

    One statement looks and counts, so that of many tries at once none is overlooked.
    """
    table = tables.staff_accounts
    # a lock that is over starts afresh
    failures = sa.case((table.c.locked_until > 0, 1), else_=table.c.failures + 1)
    counted = (
        table.update()
        .where(table.c.name == name, table.c.locked_until <= now)
        .values(
            failures=failures,
            locked_until=sa.case((failures >= FAILURES, now + LOCKED_SECONDS), else_=0.0),
        )
    )
    if not connection.execute(counted).rowcount:
        return None
    return connection.execute(table.select().where(table.c.name == name)).first()


async def _change(store: WindowedTrackerStore, name: str, change: sa.sql.dml.UpdateBase) -> None:
    """Change or delete an account."""
    query = change.where(tables.staff_accounts.c.name == name)
    if not await store.transaction(lambda connection: int(connection.execute(query).rowcount)):
        raise AccountError(f"there is no account {name}")


async def _hashed(name: str, password: str) -> str:
    if len(password) < LEAST_CHARACTERS:
        raise AccountError(f"a password has at least {LEAST_CHARACTERS} characters: three words will do")
    if len(password) > MOST_CHARACTERS:
        raise AccountError(f"a password has at most {MOST_CHARACTERS:,} characters")
    if name in password.lower() or len(set(password)) < 5:
        raise AccountError("that password is too easy to guess")
    return await asyncio.to_thread(_HASHER.hash, password)


def _verify(hashed: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(hashed or _NOBODY, password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def _account(row: sa.engine.Row) -> Account:
    return Account(row.name, row.role, row.password is None, row.failures, row.locked_until, row.created)
