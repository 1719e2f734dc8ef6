"""Accounts of staff, as rows. Who may have one, and what a password is, stands in ``staff/accounts.py``."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from send_guide.storage.base import metadata
from send_guide.storage.database import Database

staff_accounts = sa.Table(
    "staff_accounts",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("password", sa.Text),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until", sa.Float, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)
"""Who may see the staff's pages.

password: an argon2 hash; none where the person comes by single sign-on.
role: adviser or editor.
failures: wrong passwords since the last right one.
locked_until, created: seconds since 1970.
"""


async def insert(database: Database, values: dict[str, Any]) -> bool:
    """Make an account; return whether there was none of that name.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """

    def add(connection: Connection) -> bool:
        try:
            connection.execute(staff_accounts.insert().values(**values))
        except sa.exc.IntegrityError:
            return False
        return True

    return await database.transaction(add)


async def update(database: Database, name: str, values: dict[str, Any]) -> bool:
    """Change an account; return whether there is one.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = staff_accounts.update().where(staff_accounts.c.name == name).values(**values)
    return bool(await database.transaction(lambda connection: connection.execute(query).rowcount))


async def delete(database: Database, name: str) -> bool:
    """Delete an account; return whether there was one.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = staff_accounts.delete().where(staff_accounts.c.name == name)
    return bool(await database.transaction(lambda connection: connection.execute(query).rowcount))


async def listed(database: Database) -> list[Row]:
    """Return all accounts by name.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = staff_accounts.select().order_by(staff_accounts.c.name)
    return await database.transaction(lambda connection: list(connection.execute(query).fetchall()))


async def find(database: Database, name: str) -> Row | None:
    """Return the account of a name, or None.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = staff_accounts.select().where(staff_accounts.c.name == name)
    return await database.transaction(lambda connection: connection.execute(query).first())


async def count_try(
    database: Database, name: str, now: float, most_failures: int, locked_seconds: float
) -> Row | None:
    """Count a try to sign in; return the account, or None where it may not be tried.

    One statement looks and counts, so that of many tries at once none is overlooked.

    Args:
        database: where it is.
        name: of the account.
        now: seconds since 1970.
        most_failures: with so many in a row it is locked.
        locked_seconds: for so long.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    table = staff_accounts
    # a lock that is over starts afresh
    failures = sa.case((table.c.locked_until > 0, 1), else_=table.c.failures + 1)
    counted = (
        table.update()
        .where(table.c.name == name, table.c.locked_until <= now)
        .values(
            failures=failures,
            locked_until=sa.case((failures >= most_failures, now + locked_seconds), else_=0.0),
        )
    )

    def attempt(connection: Connection) -> Row | None:
        if not connection.execute(counted).rowcount:
            return None
        return connection.execute(table.select().where(table.c.name == name)).first()

    return await database.transaction(attempt)
