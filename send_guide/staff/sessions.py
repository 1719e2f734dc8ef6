"""Who is signed in: a random id in a cookie, of which only the hash is kept here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from send_guide.storage import staff_sessions
from send_guide.storage.database import Database

ID_BYTES = 32


@dataclass(frozen=True)
class Staff:
    """Somebody who is signed in.

    Attributes:
        name: of their account.
        role: ``adviser`` or ``editor``.
        csrf: what every form and script of theirs sends along with a change.
    """

    name: str
    role: str
    csrf: str


def derived(secret: str, purpose: str) -> str:
    """Return a value that only who knows ``secret`` can make: 43 letters that need no quoting."""
    made = hmac.digest(secret.encode(), purpose.encode(), "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


async def begin(database: Database, name: str, role: str) -> str:
    """Begin a session; return its id, which is for the browser alone.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    session_id = secrets.token_urlsafe(ID_BYTES)
    await staff_sessions.begin(database, _hash(session_id), name, role)
    return session_id


async def find(database: Database, session_id: str, idle_seconds: float, most_seconds: float) -> Staff | None:
    """Return whose session it is; None where there is none or it is over.

    Args:
        database: where sessions are kept.
        session_id: what the cookie holds.
        idle_seconds: without a request for so long, a session is over.
        most_seconds: a session is over so long after it began.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    row = await staff_sessions.find(database, _hash(session_id), idle_seconds, most_seconds)
    return Staff(row.name, row.role, derived(session_id, "csrf")) if row else None


async def end(database: Database, session_id: str) -> None:
    """End a session, if there is one.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    await staff_sessions.end(database, _hash(session_id))


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode(errors="replace")).hexdigest()
