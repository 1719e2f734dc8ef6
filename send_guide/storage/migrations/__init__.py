"""Brings the tables of a database to what this release needs, by Alembic.

The rule that lets replicas of two releases run at once: a revision only adds (tables, columns with a default
or without a value, indexes). What nothing uses any more is dropped one release later.
"""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from send_guide.storage.database import Database

logger = logging.getLogger(__name__)
logging.getLogger("alembic").setLevel(logging.WARNING)  # it says at every start which database it is
FOLDER = Path(__file__).parent
_UPGRADING = 7363
"""Number of the lock that a PostgreSQL session holds while it changes tables; any would do."""


def upgrade(database: Database) -> tuple[str | None, str | None]:
    """Bring the tables to the newest revision, in one transaction; replicas do it in turn.

    A database of release 0.1 has its tables and no revision: the first revision makes what is missing and
    leaves the rest as it is. A database of a newer release stays as it is, so that a replica of the release
    before can start again while others are upgraded.

    Returns:
        The revision before and after; None: without one.

    Raises:
        DatabaseUnavailableError: the database does not answer; nothing is changed.
    """
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}

    def bring_up(connection: Connection) -> tuple[str | None, str | None]:
        _one_at_a_time(connection)
        before = revision(connection)
        if before is not None and before not in known:
            logger.warning("database.newer", extra={"revision": before})
            return before, before
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return before, revision(connection)

    return database.transact(bring_up)


def revision(connection: Connection) -> str | None:
    """Return the revision of a database, or None where it has none."""
    found: str | None = MigrationContext.configure(connection).get_current_revision()
    return found


def _one_at_a_time(connection: Connection) -> None:
    """Hold a lock until the transaction ends; wait for it as long as it takes."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADING})")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
