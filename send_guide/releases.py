"""What is in service: what was installed, or what editors have published since, in every replica.

A published release is a folder ``<number>`` of ``SEND_GUIDE_RELEASES`` with a content and the model that was
trained on it. Which one counts stands in the database (``storage/publications.py``): each process looks
there, loads content and model as one :class:`~send_guide.services.Release`, and has what comes next begin
with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import shutil
import time
from pathlib import Path

from sanic import Sanic

from send_guide.content.loader import get_content, installed_data, load_content, take_in_hand
from send_guide.errors import SendGuideError
from send_guide.privacy.redaction import redact
from send_guide.rasa_adapter.application import load_engine
from send_guide.service import Guide
from send_guide.services import Release, Services
from send_guide.storage import publications
from send_guide.storage.database import DatabaseUnavailableError
from send_guide.storage.publications import Publication, Switch

logger = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds after which a process looks again what is in service."""
LATER = 30.0
"""Seconds after which what could not be loaded is tried again."""
RECENT = 3600.0
"""Seconds for which what is out of service is kept in any case: a replica may be slow to follow."""
KEPT = 5
"""Versions that are kept however old they are, the newest ones."""
STALE = 120.0
"""Seconds after which who publishes and says nothing has stopped."""
DATA, MODEL = "data", "model.tar.gz"
"""What is in the folder of a release."""


class BrokenReleaseError(SendGuideError):
    """The folder of a release is missing, or is not as it was published."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not what was published: is SEND_GUIDE_RELEASES the same everywhere?")


class Releases:
    """Brings what is published into service in this process."""

    def __init__(self, shared: Services) -> None:
        """Take where everything is."""
        self._shared = shared
        self.folder = shared.settings.releases
        self.base = base_of(installed_data(), shared.settings.model)
        self._look = asyncio.Event()

    async def begin(self) -> None:
        """Load what is in service; where that is broken, what was installed: it answers until it is mended.

        Raises:
            CannotStartError: what was installed cannot be loaded.
        """
        await self.clear()
        if not await self._catch_up():
            self._shared.current = await self._loaded(None)

    async def follow(self) -> None:
        """Look now and then what is in service, and load it where it is something else."""
        while True:
            self._look.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), EVERY)
            if not await self._catch_up():
                await asyncio.sleep(LATER)

    def look_now(self) -> None:
        """Look at once: this process has published something."""
        self._look.set()

    async def _catch_up(self) -> bool:
        """Load what is in service where it is not loaded yet; return whether it is now."""
        try:
            _, wanted = await publications.current(self._shared.database, self.base)
            if self._shared.settings.actions_url is not None:
                wanted = None  # the server of the actions says what was installed
            current = self._shared.current
            if current is None or current.number != (wanted.number if wanted else None):
                self._shared.current = await self._loaded(wanted)
                logger.info("release.in_service", extra={"publication": self._shared.current.number})
            return True
        except DatabaseUnavailableError:
            return self._shared.current is not None  # looked at again as always
        except Exception as error:  # noqa: BLE001 - whatever it is, what is in service goes on answering
            logger.error("release.not_loaded", extra={"error": type(error).__name__})
            return False

    async def _loaded(self, wanted: Publication | None) -> Release:
        """Load a release in a thread: whoever asks something meanwhile is answered."""
        return await asyncio.to_thread(self._load, wanted)

    def _load(self, wanted: Publication | None) -> Release:
        model, number = self._shared.settings.model, wanted.number if wanted else None
        if wanted is not None:
            folder = self.folder / str(number)
            model = folder / MODEL
            if digest_of(folder) != wanted.digest:
                raise BrokenReleaseError(folder)
        content = load_content(self.data_of(number))
        take_in_hand(content)  # of this thread alone
        return Release(asyncio.run(self._guide(model)), content, model, number)

    async def _guide(self, model: Path) -> Guide:
        shared = self._shared
        guide = Guide(await load_engine(shared.settings, model, shared.database, shared.locks))
        question = get_content().council.ready_question
        redact(question)  # the first message should not wait for the language model to load
        await guide.understand(question)
        return guide

    def data_of(self, number: int | None) -> Path:
        """Return the folder of the content of a publication; None is what was installed."""
        return installed_data() if number is None else self.folder / str(number) / DATA

    def has(self, number: int | None) -> bool:
        """Return whether a publication can be loaded; None is what was installed."""
        return number is None or (self.folder / str(number)).is_dir()

    async def clear(self) -> None:
        """Take away old versions, and what was never brought into service where nobody builds it any more."""
        try:
            known = await publications.everything(self._shared.database)
            switches = await publications.switches(self._shared.database)
        except DatabaseUnavailableError:
            return
        stale = time.time() - STALE
        kept = {str(number) for number in needed(known, switches, time.time() - RECENT)}
        built = {str(one.number) for one in known if one.state == "building" and one.touched >= stale}
        ours = {str(one.number) for one in known}  # what else lies there is not ours to delete
        for folder in self.folder.glob("*"):
            number = folder.name.partition(".")[0]
            if number in ours and number not in built and folder.name not in kept:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def needed(known: list[Publication], switches: list[Switch], since: float) -> set[int]:
    """Return the numbers of the publications whose folders are kept.

    They are the newest, what was in service since a moment wherever it is installed, and what was in service
    before what is now, so that one press goes back.

    Args:
        known: all publications, the newest first.
        switches: all switches, the newest first.
        since: the moment, seconds since 1970.
    """
    published = {one.number: one for one in known if one.state == "published"}
    found = set(list(published)[:KEPT])
    past = set()
    for one in switches:
        if one.base in past:
            continue
        if one.at < since:  # it was in service at that moment, what came before it was not
            past.add(one.base)
        if one.publication in published:
            found |= {one.publication, published[one.publication].before or one.publication}
    return found


def base_of(data: Path, model: Path) -> str:
    """Return how what was installed is named in the history: what is published counts for it alone."""
    return hashlib.sha256((digest_of(data) + digest_of(model)).encode()).hexdigest()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, or of all files of a folder and their names."""
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
        whole.update(f"{file.relative_to(path).as_posix()} {found}\n".encode())
    return whole.hexdigest()


def add_releases(app: Sanic, shared: Services) -> Releases:
    """Return the releases of an application; each request has to its end what was in service as it came."""
    releases = Releases(shared)

    @app.on_request
    async def take_in_hand_what_is_in_service(_: object) -> None:
        shared.take_in_hand()

    return releases
