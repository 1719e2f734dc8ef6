"""Deletes what has been kept long enough: every hour while the service runs, and by command."""

from __future__ import annotations

import asyncio
import logging
import time

from prometheus_client import Counter

from send_guide.settings import Settings
from send_guide.store.tracker_store import StoreAwayError, WindowedTrackerStore

logger = logging.getLogger(__name__)
HOUR = 3600.0
DAY = 86_400.0
PURGED = Counter("send_guide_purged", "What was deleted because of its age", ["kind"])


async def purge_once(store: WindowedTrackerStore, settings: Settings) -> dict[str, int]:
    """Delete what is too old now; return how many of each kind."""
    now = time.time()
    gone = await store.purge(now - settings.keep_days * DAY, now - settings.keep_answered_days * DAY)
    for kind, number in gone.items():
        PURGED.labels(kind).inc(number)
    return gone


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
        except StoreAwayError:
            logger.error("purge.failed", extra={"error": "StoreAwayError"})
        await asyncio.sleep(every)
