"""Publishing a saved change: checked, trained on, and brought into service, or nothing at all.

A release is built in a folder under a name that nobody looks for. It gets its own name when it is whole, and
counts when one row says so. Whoever is killed in between leaves what was in service there, and a folder that
goes with the next start.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import time
import uuid
from pathlib import Path

from sanic.request import Request

from send_guide.content.latest import latest_content
from send_guide.editing.changes import Change, changed_lines, unified
from send_guide.editing.checkout import Checkout, NotCommittedError
from send_guide.editing.contact_changes import PREFIX, UnknownContactError, confirmed_in
from send_guide.editing.drafts import UnknownAnswerError
from send_guide.editing.standing import ENDED
from send_guide.editing.worker import UnderWay, keep_alive, lines_of
from send_guide.editing.yaml_patch import NotEditedError, edited_files
from send_guide.errors import SendGuideError
from send_guide.rasa_adapter.training import can_train
from send_guide.releases import DATA, MODEL, STALE, Releases, digest_of
from send_guide.services import Release
from send_guide.settings import Settings
from send_guide.storage import audit_log, publications
from send_guide.storage.database import Database, DatabaseUnavailableError
from send_guide.storage.publications import Publication

logger = logging.getLogger(__name__)

ELSEWHERE = "Nothing can be published here: actions run in a server of their own, with words of their own."
NO_TRAINING = "Nothing can be published here: what training needs is not installed."
NO_FOLDER = "Nothing can be published here: the folder of published versions cannot be written to."
OTHERS = "Another change is being published just now. Wait until it is, then publish this one."
MEANWHILE = "Another change came into service meanwhile. Publish this one again: it is built on that then."
GONE = "The version before is not kept any more. Publish a change that says it as it was."
NO_FIT = "This change does not fit any more: the same words have changed meanwhile. Take it up again."
NOT_COMMITTED = "Git has not committed it; put it into the files by hand. Git says: {}"
FAILED = "Publishing failed ({}). What the guide says has not changed."


class NotPublishedError(SendGuideError):
    """A change is not published; what was in service is in service."""


class Publishing:
    """Publishes one change after another, and goes back."""

    def __init__(self, database: Database, settings: Settings, releases: Releases) -> None:
        """Take where publications are kept, and what brings them into service."""
        self._database, self._settings, self._releases = database, settings, releases
        self._under_way = UnderWay()
        self._checkout = Checkout(settings.checkout) if settings.checkout else None

    @property
    def base(self) -> str:
        """What was installed, as the history names it."""
        return self._releases.base

    @property
    def why_not(self) -> str:
        """Why nothing can be published here, in words; empty where it can."""
        if self._settings.actions_url is not None:
            return ELSEWHERE
        if not can_train():
            return NO_TRAINING
        folder = self._releases.folder.absolute()
        there = next(part for part in (folder, *folder.parents) if os.access(part, os.F_OK))
        return "" if there.is_dir() and os.access(there, os.W_OK) else NO_FOLDER

    async def begin(self, publication: Publication, change: Change, release: Release, who: str) -> None:
        """Begin to publish an approved change on top of what is in service.

        Args:
            publication: of the change.
            change: the saved change.
            release: what is in service.
            who: who publishes it.

        Raises:
            NotPublishedError: another one is being published, or something else has come into service.
            DatabaseUnavailableError: the database does not answer.
        """
        switch, now = await publications.current(self._database, self.base)
        if (now.number if now else None) != release.number:
            raise NotPublishedError(MEANWHILE)
        if not await publications.claim(
            self._database, publication.number, release.number, time.time() - STALE
        ):
            raise NotPublishedError(OTHERS)
        instead = switch.number if switch else 0
        self._under_way.begin(self._publish(publication.number, change, release, who, instead))

    def can_go_back(self, now: Publication) -> bool:
        """Return whether what was in service before a publication is still there."""
        return self._releases.has(now.before)

    async def go_back(self, who: str, instead: int) -> None:
        """Bring the version before the one in service back into service.

        Args:
            who: who goes back.
            instead: the number of the switch that they saw: pressed twice, it goes back once.

        Raises:
            NotPublishedError: something else has come into service, or there is no version before.
            DatabaseUnavailableError: the database does not answer.
        """
        switch, now = await publications.current(self._database, self.base)
        if switch is None or now is None or switch.number != instead:
            raise NotPublishedError(MEANWHILE)
        if not self._releases.has(now.before):
            raise NotPublishedError(GONE)
        if not await publications.switch(self._database, self.base, now.before, who, instead=instead):
            raise NotPublishedError(MEANWHILE)
        self._releases.look_now()
        before = f"version {now.before}" if now.before else "what was installed"
        folder = self._releases.data_of(now.before)
        await self._commit(now, self._releases.data_of(now.number), folder, who, f"Back to {before}")

    async def stop(self) -> None:
        """End what is under way."""
        await self._under_way.stop()

    async def _publish(self, number: int, change: Change, release: Release, who: str, instead: int) -> None:
        """Build a release and bring it into service; what goes wrong is noted in words."""
        alive = asyncio.create_task(keep_alive(lambda: publications.touch(self._database, number), STALE / 4))
        problem = ENDED
        part = self._releases.folder / f"{number}.{uuid.uuid4().hex}.part"
        try:
            await self._build(number, part, change, release)
            await self._bring(number, part, who, instead)
            problem = ""
            await self._releases.clear()
            await audit_log.note(self._database, who, "published a change", change.name)
            published = await publications.find(self._database, number)
            assert published is not None
            people = f"Approved by {published.approved_by}, published by {who}."
            folders = release.content.folder, self._releases.data_of(number)
            await self._commit(published, *folders, change.who, f"{change.reason}\n\n{people}")
        except SendGuideError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, what is in service stays
            logger.error("publishing.failed", extra={"error": type(error).__name__})
            problem = FAILED.format(type(error).__name__)
        finally:
            alive.cancel()
            if problem:
                shutil.rmtree(part, ignore_errors=True)
                with contextlib.suppress(DatabaseUnavailableError):
                    await publications.note(self._database, number, problem, "failed")

    async def _commit(
        self, publication: Publication, before: Path, after: Path, author: str, message: str
    ) -> None:
        """Commit what is in service, or out of it again; what git refuses is noted, and undoes nothing."""
        if self._checkout is None:
            return
        try:
            patch = await asyncio.to_thread(between, before, after)
            await self._checkout.commit(patch, author, message)
        except (NotCommittedError, OSError) as error:
            logger.error("publishing.not_committed", extra={"error": type(error).__name__})
            await publications.tell(self._database, publication.number, NOT_COMMITTED.format(error))

    async def _build(self, number: int, part: Path, change: Change, release: Release) -> None:
        """Make the folder of a release: the content with the change in it, and a model trained on it."""
        await publications.note(self._database, number, "Putting the change in")
        copying = asyncio.ensure_future(
            asyncio.to_thread(put_in, change, release.content.folder, part / DATA)
        )
        try:
            await asyncio.shield(copying)
        except asyncio.CancelledError:
            await copying  # a thread cannot be stopped: what it makes is taken away once it has ended
            raise
        task = {"data": part / DATA, "model": part / MODEL}
        async with contextlib.aclosing(lines_of("send_guide.editing.build_worker", task)) as lines:
            async for line in lines:
                if "error" in line:
                    raise NotPublishedError(str(line["error"]).replace(f"{part}/", ""))
                if "done" in line:
                    return
                await publications.note(self._database, number, str(line["doing"]))
        raise NotPublishedError(ENDED)

    async def _bring(self, number: int, part: Path, who: str, instead: int) -> None:
        """Give a whole release its name, and have it count from now on."""
        digest = await asyncio.to_thread(digest_of, part)
        folder = self._releases.folder / str(number)
        mine = await publications.find(self._database, number)
        if mine is None or mine.state != "building":  # given up for dead, and published by somebody else
            raise NotPublishedError(MEANWHILE)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)  # one that never counted
        await asyncio.to_thread(part.rename, folder)
        if not await publications.switch(
            self._database, self.base, number, who, instead=instead, digest=digest
        ):
            raise NotPublishedError(MEANWHILE)
        self._releases.look_now()


def put_in(change: Change, data: Path, folder: Path) -> None:
    """Copy a content with a saved change in it.

    Args:
        change: the change.
        data: the folder of the content.
        folder: the folder to make.

    Raises:
        NotPublishedError: the change is not any more the difference that was approved.
    """
    content, draft = latest_content(data), change.draft
    try:
        if draft.answer.startswith(PREFIX):
            files = confirmed_in(content, draft)
        else:
            files = edited_files(content, draft)
    except (UnknownAnswerError, UnknownContactError, NotEditedError) as error:
        raise NotPublishedError(NO_FIT) from error
    if changed_lines(unified(data, files)) != changed_lines(change.patch or ""):
        raise NotPublishedError(NO_FIT)
    shutil.copytree(data, folder)
    for path, (_, after) in files.items():
        (folder / path.relative_to(data)).write_text(after, encoding="utf-8")


def between(before: Path, after: Path) -> str:
    """Return the difference of the files of two contents, as they are called in a working copy."""
    names = [path.relative_to(after) for path in sorted(after.rglob("*.yml"))]
    both = {before / name: ((before / name).read_text(), (after / name).read_text()) for name in names}
    return unified(before, {path: texts for path, texts in both.items() if texts[0] != texts[1]})


def publishing_of(request: Request) -> Publishing:
    """Return what publishes in the application that a request has come to."""
    found: Publishing = request.app.ctx.publishing
    return found
