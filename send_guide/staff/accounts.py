"""Accounts of staff: a name, a role, and a password kept as an argon2 hash."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Row

from send_guide.errors import SendGuideError
from send_guide.storage import staff_accounts, staff_sessions
from send_guide.storage.database import Database

Result = TypeVar("Result")
Role = Literal["adviser", "editor"]
ROLES: tuple[str, ...] = get_args(Role)
FAILURES = 5
"""Wrong passwords in a row after which an account is locked."""
LOCKED_SECONDS = 900.0
LEAST_CHARACTERS, MOST_CHARACTERS = 12, 1_000
"""Of a password: length is what makes it strong (NCSC, "Password policy: updating your approach")."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_HASHER = PasswordHasher()
_HASHING = ThreadPoolExecutor(1, "hashing")
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


async def add(database: Database, name: str, role: str, password: str | None) -> None:
    """Make an account.

    Args:
        database: where it is kept.
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

    if not await staff_accounts.insert(database, values):
        raise AccountError(f"there is an account {name} already")


async def remove(database: Database, name: str) -> bool:
    """Delete an account and sign it out everywhere; return whether there was one.

    Whose role is a claim of the provider of single sign-on has none here, and is signed out all the same.

    Raises:
        AccountError: there is no such account, and nobody of that name is signed in.
        DatabaseUnavailableError: the database does not answer.
    """
    name = plain_name(name)
    known = await staff_accounts.delete(database, name)
    signed_out = await staff_sessions.end_all_of(database, name)
    if not known and not signed_out:
        raise AccountError(f"there is no account {name}")
    return known


async def unlock(database: Database, name: str) -> None:
    """Let an account sign in again that wrong passwords have locked.

    Raises:
        AccountError: there is no such account.
        DatabaseUnavailableError: the database does not answer.
    """
    await _update(database, plain_name(name), {"failures": 0, "locked_until": 0.0})


async def set_password(database: Database, name: str, password: str) -> None:
    """Give an account another password and sign it out everywhere.

    Raises:
        AccountError: there is no such account, or the password will not do.
        DatabaseUnavailableError: the database does not answer.
    """
    name = plain_name(name)
    values = {"password": await _hashed(name, password), "failures": 0, "locked_until": 0.0}
    await _update(database, name, values)
    await staff_sessions.end_all_of(database, name)


async def listed(database: Database) -> list[Account]:
    """Return all accounts by name.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    return [_account(row) for row in await staff_accounts.listed(database)]


async def find(database: Database, name: str) -> Account | None:
    """Return the account of a name, or None.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    row = await staff_accounts.find(database, plain_name(name))
    return _account(row) if row else None


async def check(database: Database, name: str, password: str) -> Account | None:
    """Return the account that ``name`` and ``password`` open, or None; it takes as long either way.

    Every try is counted before the password is looked at, so that many at once are no way around
    the lock.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    name = plain_name(name)
    row = await staff_accounts.count_try(database, name, time.time(), FAILURES, LOCKED_SECONDS)
    right = await _one_at_a_time(_verify, row.password if row else None, password[:MOST_CHARACTERS])
    # what is longer than any password is not cut down to one
    if row is None or not right or len(password) > MOST_CHARACTERS:
        return None
    await unlock(database, name)
    return _account(row)


async def _update(database: Database, name: str, values: dict[str, object]) -> None:
    if not await staff_accounts.update(database, name, values):
        raise AccountError(f"there is no account {name}")


async def _hashed(name: str, password: str) -> str:
    if len(password) < LEAST_CHARACTERS:
        raise AccountError(f"a password has at least {LEAST_CHARACTERS} characters: three words will do")
    if len(password) > MOST_CHARACTERS:
        raise AccountError(f"a password has at most {MOST_CHARACTERS:,} characters")
    if name in password.lower() or len(set(password)) < 5:
        raise AccountError("that password is too easy to guess")
    return await _one_at_a_time(_HASHER.hash, password)


async def _one_at_a_time(work: Callable[..., Result], *arguments: object) -> Result:
    """Hash in a thread of its own: it takes 64 MiB and a core, and those who chat need the others."""
    return await asyncio.get_running_loop().run_in_executor(_HASHING, work, *arguments)


def _verify(hashed: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(hashed or _NOBODY, password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def _account(row: Row) -> Account:
    return Account(row.name, row.role, row.password is None, row.failures, row.locked_until, row.created)
