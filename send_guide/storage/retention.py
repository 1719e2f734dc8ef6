"""Deletes what has been kept long enough: every hour while the service runs, and by command."""

from __future__ import annotations

import asyncio
import logging
import time

from prometheus_client import Counter

from send_guide.settings import Settings
from send_guide.storage import (
    answer_changes,
    asked_needs,
    audit_log,
    case_notes,
    conversations,
    feedback,
    inbox,
    one_time_links,
    return_codes,
    staff_sessions,
    text_conversations,
    tombstones,
)
from send_guide.storage.base import HOUR
from send_guide.storage.database import Database, DatabaseUnavailableError

logger = logging.getLogger(__name__)
PURGED = Counter("send_guide_purged", "What was deleted because of its age", ["kind"])
RULES = (
    conversations.RETENTION,
    conversations.UNREADABLE_RETENTION,
    inbox.RETENTION,
    feedback.RETENTION,
    text_conversations.RETENTION,
    text_conversations.ANSWERED_RETENTION,
    one_time_links.RETENTION,
    return_codes.RETENTION,
    tombstones.RETENTION,
    case_notes.RETENTION,
    audit_log.RETENTION,
    answer_changes.RETENTION,
    asked_needs.RETENTION,
    staff_sessions.RETENTION,
)
"""Not among them: accounts, which people remove, who has opted out of text messages, what was published."""


async def purge_once(database: Database, settings: Settings, now: float | None = None) -> dict[str, int]:
    """Delete what is too old; return how many of each kind.

    Args:
        database: what is cleaned.
        settings: how long each kind is kept.
        now: seconds since 1970; the clock's time where left out.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    now = time.time() if now is None else now
    gone = {rule.kind: await rule.delete(database, settings, now) for rule in RULES}
    await database.forget_deleted()
    for kind, number in gone.items():
        PURGED.labels(kind).inc(number)
    return gone


async def purge_always(database: Database, settings: Settings, every: float = HOUR) -> None:
    """Delete what is too old, now and then again.

    Args:
        database: what is cleaned.
        settings: how long each kind is kept.
        every: seconds in between.
    """
    while True:
        try:
            logger.info("purge.done", extra={"gone": await purge_once(database, settings)})
        except DatabaseUnavailableError:
            logger.error("purge.failed", extra={"error": "DatabaseUnavailableError"})
        await asyncio.sleep(every)
