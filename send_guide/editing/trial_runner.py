"""Trials that editors have begun: one at a time, in a process of its own, noted where all replicas see it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import time
from pathlib import Path

from sanic.request import Request

from send_guide.content.loader import data_directory
from send_guide.editing import changes
from send_guide.editing.cli import KEPT
from send_guide.editing.drafts import Draft
from send_guide.editing.trial import Trial
from send_guide.editing.trial_worker import Task, tried
from send_guide.editing.worker import UnderWay, keep_alive
from send_guide.settings import Settings
from send_guide.storage.database import Database, DatabaseUnavailableError

logger = logging.getLogger(__name__)

ENDED = "The trial ended before it was done. You can start it again."
MOST_TRAINED = 3
"""Trials whose models are kept, so that they can be asked."""
EVERY = 0.5
"""Seconds between two notes of how far a trial is."""


class Trials:
    """Runs one trial after another."""

    def __init__(self, database: Database, settings: Settings) -> None:
        """Note what becomes of trials in ``database``."""
        self._database, self._settings = database, settings
        self._one_at_a_time = asyncio.Semaphore(1)
        self._under_way = UnderWay()

    async def begin(self, who: str, draft: Draft, model: Path) -> int:
        """Keep a draft, begin its trial where ways of asking change, and return its number.

        Args:
            who: who made it.
            draft: the change.
            model: the archive of the model in service.

        Raises:
            DatabaseUnavailableError: the database does not answer.
        """
        trying = draft.asks_otherwise
        number = await changes.begin(self._database, who, draft, changes.WAITING if trying else None)
        if trying:
            trained = trained_folder(number)
            task = Task(draft, model, data_directory(), self._settings.questions, KEPT, trained)
            _make_room()
            self._under_way.begin(self.run(number, task))
        return number

    async def stop(self) -> None:
        """End what is under way."""
        await self._under_way.stop()

    async def run(self, number: int, task: Task) -> None:
        """Try a change out and note what is shown; what goes wrong is noted in words."""
        alive = asyncio.create_task(
            keep_alive(lambda: changes.touch(self._database, number), changes.STALE / 4)
        )
        try:
            async with self._one_at_a_time:
                progress, trial = await self._follow(number, task)
                await changes.note(self._database, number, progress, trial)
        except DatabaseUnavailableError as error:
            logger.error("trial.not_noted", extra={"error": type(error).__name__})
        finally:
            alive.cancel()

    async def _follow(self, number: int, task: Task) -> tuple[str | None, Trial | None]:
        """Return why a trial ended, or None and what it has shown; note meanwhile how far it is."""
        noted = 0.0
        async with contextlib.aclosing(tried(task)) as lines:
            async for line in lines:
                if "trial" in line:
                    return None, Trial.from_dict(line["trial"])
                if "error" in line:
                    return str(line["error"]), None
                if time.monotonic() - noted > EVERY:
                    noted = time.monotonic()
                    await changes.note(self._database, number, f"{line['doing']} ({line['share']:.0%})")
        return ENDED, None


def trained_folder(number: int) -> Path:
    """Return the folder of the model that the trial of a change has trained, if it is still kept."""
    return KEPT / f"change-{number}"


def _make_room() -> None:
    """Take away the models of older trials: one is about 30 MB."""
    folders = sorted(KEPT.glob("change-*"), key=lambda folder: folder.stat().st_mtime)
    for old in folders[: max(0, len(folders) - MOST_TRAINED + 1)]:
        shutil.rmtree(old, ignore_errors=True)


def trials_of(request: Request) -> Trials:
    """Return the trials of the application that a request has come to."""
    found: Trials = request.app.ctx.trials
    return found
