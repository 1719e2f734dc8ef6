"""Changes that are published, and what was in service when, as rows.

What they mean stands in ``editing/publishing.py`` and ``releases.py``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from send_guide.storage.base import metadata
from send_guide.storage.database import Database

State = Literal["approved", "building", "published", "failed"]

publications = sa.Table(
    "publications",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("change", sa.Integer, nullable=False, index=True),
    sa.Column("approved_by", sa.String(64), nullable=False),
    sa.Column("approved", sa.Float, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("touched", sa.Float, nullable=False),
    sa.Column("progress", sa.Text),
    sa.Column("before", sa.Integer),
    sa.Column("digest", sa.String(64)),
)
"""Saved changes that somebody has approved; one a change and time that it is published.

change: the number of the saved change, which says who made it, why, and the difference.
approved, touched: seconds since 1970.
progress: what is being done, why it failed, or what else there is to know.
before: the publication that it was built on; none for what was installed.
digest: SHA-256 of the folder, once it is published.
"""

in_service = sa.Table(
    "in_service",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("base", sa.String(64), nullable=False),
    sa.Column("publication", sa.Integer),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
"""What came into service, one row a switch: the newest row of a base counts. Rows are never changed.

base: SHA-256 of what was installed: what was published on something else is left out of service.
publication: none for what was installed.
at: seconds since 1970.
"""


@dataclass(frozen=True)
class Publication:
    """A change that is published; see :data:`publications`."""

    number: int
    change: int
    approved_by: str
    approved: float
    state: str
    touched: float
    progress: str | None
    before: int | None
    digest: str | None


@dataclass(frozen=True)
class Switch:
    """Something that came into service; see :data:`in_service`."""

    number: int
    base: str
    publication: int | None
    who: str
    at: float


async def approve(database: Database, change: int, who: str) -> None:
    """Write down that somebody approves a saved change; nothing where it is approved or published already.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    now = time.time()
    values = {"change": change, "approved_by": who, "approved": now, "touched": now, "state": "approved"}

    def done(connection: Connection) -> None:
        if (latest := _latest(connection, change)) is None or latest.state == "published":
            connection.execute(publications.insert().values(**values))

    await database.transaction(done)


async def latest(database: Database, change: int) -> Publication | None:
    """Return the newest publication of a change, or None.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    row = await database.transaction(lambda connection: _latest(connection, change))
    return _publication(row) if row else None


async def find(database: Database, number: int) -> Publication | None:
    """Return a publication, or None.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = publications.select().where(publications.c.number == number)
    row = await database.transaction(lambda connection: connection.execute(query).first())
    return _publication(row) if row else None


async def everything(database: Database) -> list[Publication]:
    """Return all publications, the newest first.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = publications.select().order_by(publications.c.number.desc())
    rows = await database.transaction(lambda connection: connection.execute(query).fetchall())
    return [_publication(row) for row in rows]


async def claim(database: Database, number: int, before: int | None, stale: float) -> bool:
    """Begin to build a publication; return whether nobody is building one already.

    Args:
        database: where it is kept.
        number: which one.
        before: the publication that it is built on.
        stale: the moment before which who builds was last heard of who builds no more, seconds since 1970.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    columns, values = publications.c, {"state": "building", "before": before, "progress": None}
    building = sa.select(columns.number).where(columns.state == "building", columns.touched >= stale)
    nobodys = sa.or_(columns.state != "building", columns.touched < stale)  # also where two press at once
    mine = publications.update().where(columns.number == number, columns.state != "published", nobodys)

    def done(connection: Connection) -> bool:
        if connection.execute(building).first():
            return False
        return bool(connection.execute(mine.values(touched=time.time(), **values)).rowcount)

    return await database.transaction(done)


async def note(database: Database, number: int, progress: str | None, state: State = "building") -> None:
    """Write down how far a publication that is being built is, or why it failed.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    mine = publications.c.number == number, publications.c.state == "building"  # what is in service stays so
    query = publications.update().where(*mine).values(touched=time.time(), progress=progress, state=state)
    await database.transaction(lambda connection: connection.execute(query))


async def touch(database: Database, number: int) -> None:
    """Write down that a publication is still being built.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = publications.update().where(publications.c.number == number).values(touched=time.time())
    await database.transaction(lambda connection: connection.execute(query))


async def tell(database: Database, number: int, words: str) -> None:
    """Write down what else there is to know of a publication that is in service, or was.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = publications.update().where(publications.c.number == number).values(progress=words)
    await database.transaction(lambda connection: connection.execute(query))


async def switches(database: Database, base: str | None = None) -> list[Switch]:
    """Return what came into service, on one base or on any, the newest first.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    query = in_service.select().order_by(in_service.c.number.desc())
    if base is not None:
        query = query.where(in_service.c.base == base)
    rows = await database.transaction(lambda connection: connection.execute(query).fetchall())
    return [Switch(*row) for row in rows]


async def current(database: Database, base: str) -> tuple[Switch | None, Publication | None]:
    """Return what is in service: the newest switch and its publication, None where it is what was installed.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """

    def found(connection: Connection) -> tuple[Switch | None, Publication | None]:
        query = in_service.select().where(in_service.c.base == base).order_by(in_service.c.number.desc())
        row = connection.execute(query.limit(1)).first()
        if row is None:
            return None, None
        mine = publications.select().where(publications.c.number == row.publication)
        kept = connection.execute(mine).first()
        return Switch(*row), _publication(kept) if kept else None

    return await database.transaction(found)


async def switch(
    database: Database,
    base: str,
    publication: int | None,
    who: str,
    *,
    instead: int,
    digest: str | None = None,
) -> bool:
    """Bring something into service in one transaction; return False where somebody else was quicker.

    Args:
        database: where it is kept.
        base: what was installed.
        publication: what comes into service; None for what was installed.
        who: who brings it.
        instead: the number of the switch that it takes the place of; 0 where there is none.
        digest: of a publication that is new.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    columns = in_service.c
    newest = sa.select(sa.func.max(columns.number))
    mine = publications.update().where(publications.c.number == publication)

    def done(connection: Connection) -> bool:
        if (connection.execute(newest.where(columns.base == base)).scalar() or 0) != instead:
            return False
        values = {"base": base, "publication": publication, "who": who, "at": time.time()}
        number = (connection.execute(newest).scalar() or 0) + 1
        try:  # two that are as quick as each other make the same number, and one of them may not
            connection.execute(in_service.insert().values(number=number, **values))
        except sa.exc.IntegrityError:
            return False
        if digest is not None:
            published = {"state": "published", "digest": digest, "progress": None}
            connection.execute(mine.values(**published))
        return True

    return await database.transaction(done)


def _latest(connection: Connection, change: int) -> Row | None:
    query = publications.select().where(publications.c.change == change)
    return connection.execute(query.order_by(publications.c.number.desc()).limit(1)).first()


def _publication(row: Row) -> Publication:
    return Publication(*row)
