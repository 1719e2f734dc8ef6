"""Deletes what has been kept long enough: every hour while the service runs, and by command."""

from __future__ import annotations

import asyncio
import logging
import time

import sqlalchemy as sa
from prometheus_client import Counter

from send_guide.rasa_adapter.tracker_store import DatabaseUnavailableError, WindowedTrackerStore
from send_guide.settings import Settings
from send_guide.storage import tables

logger = logging.getLogger(__name__)
MINUTE = 60.0
HOUR = 3600.0
DAY = 86_400.0
PURGED = Counter("send_guide_purged", "What was deleted because of its age", ["kind"])


async def purge_once(store: WindowedTrackerStore, settings: Settings) -> dict[str, int]:
    """Delete what is too old now; return how many of each kind."""
    now = time.time()
    gone = await store.purge(now - settings.keep_days * DAY, now - settings.keep_answered_days * DAY)
    gone |= await _purge_staff(store, settings, now)
    for kind, number in gone.items():
        PURGED.labels(kind).inc(number)
    return gone


async def _purge_staff(store: WindowedTrackerStore, settings: Settings, now: float) -> dict[str, int]:
    """Delete notes of calls, lines of the audit log, drafts and sessions of staff that are too old."""
    notes, log, sessions = tables.case_notes, tables.audit_log, tables.staff_sessions
    drafts = tables.answer_changes
    queries = {
        "notes of calls": notes.delete().where(notes.c.saved < now - settings.keep_note_days * DAY),
        "lines of the audit log": log.delete().where(log.c.at < now - settings.keep_audit_days * DAY),
        "drafts of answers": drafts.delete().where(
            drafts.c.saved.is_(None), drafts.c.touched < now - settings.keep_days * DAY
        ),
        "staff sessions": sessions.delete().where(
            sa.or_(
                sessions.c.seen < now - settings.staff_idle_minutes * MINUTE,
                sessions.c.started < now - settings.staff_hours * HOUR,
            )
        ),
    }
    return await store.transaction(
        lambda connection: {name: connection.execute(query).rowcount for name, query in queries.items()}
    )


async def purge_always(store: WindowedTrackerStore, settings: Settings, every: float = HOUR) -> None:
    """Delete what is too old, now and then again.

    Args:
        store: what is cleaned.
        settings: how long each kind is kept.
        every: seconds in between.
    """
    while True:
        try:
            logger.info("purge.done", extra={"gone": await purge_once(store, settings)})
        except DatabaseUnavailableError:
            logger.error("purge.failed", extra={"error": "DatabaseUnavailableError"})
        await asyncio.sleep(every)
