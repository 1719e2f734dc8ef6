"""Where a saved change stands on its way into service."""

from __future__ import annotations

import time
from dataclasses import dataclass

from send_guide.editing.changes import Change
from send_guide.releases import STALE
from send_guide.storage import publications
from send_guide.storage.database import Database
from send_guide.storage.publications import Publication

ENDED = "Publishing ended before it was done. What the guide says has not changed."


@dataclass(frozen=True)
class Standing:
    """Where a saved change stands on its way into service, and what somebody can do about it.

    Attributes:
        publication: its newest one, if there is any.
        state: of that; empty where nobody has approved it, failed where who published it has stopped.
        progress: what is being done, or why it failed.
        is_theirs: whether they made it, and somebody else has to approve it.
        can_approve: whether they can.
        can_publish: whether they can.
        in_service: whether what is in service has it.
    """

    publication: Publication | None
    state: str
    progress: str
    is_theirs: bool
    can_approve: bool
    can_publish: bool
    in_service: bool

    def __str__(self) -> str:
        """Return it in a few words."""
        if self.state == "published":
            return "in service" if self.in_service else "not in service any more"
        return IN_WORDS[self.state]


IN_WORDS = {
    "": "not approved yet",
    "approved": "approved",
    "building": "being published",
    "failed": "could not be published",
}
"""States of a :class:`Standing` that is not published."""


class Standings:
    """Where saved changes stand."""

    def __init__(self, newest: dict[int, Publication], in_service: set[int], approvals: int) -> None:
        """Take the newest publication of each change, and the numbers of those that are in service."""
        self._newest, self._in_service, self._approvals = newest, in_service, approvals

    @classmethod
    async def read(cls, database: Database, base: str, approvals: int) -> Standings:
        """Read where they stand now.

        Args:
            database: where publications are kept.
            base: what was installed.
            approvals: the people that a change needs: 2, or 1 alone.

        Raises:
            DatabaseUnavailableError: the database does not answer.
        """
        _, now = await publications.current(database, base)
        known = {one.number: one for one in reversed(await publications.everything(database))}
        in_service = set()
        while now is not None:  # what it was built on is in it
            in_service.add(now.number)
            now = known.get(now.before or 0)
        return cls({one.change: one for one in known.values()}, in_service, approvals)

    def of(self, change: Change, who: str) -> Standing:
        """Return where a saved change stands for somebody."""
        found = self._newest.get(change.number)
        state, progress = (found.state, found.progress or "") if found else ("", "")
        if found and state == "building" and not is_building(found):
            state, progress = "failed", ENDED
        alone, can_begin = self._approvals == 1, state in ("", "published")
        return Standing(
            found,
            state,
            progress,
            is_theirs=change.who == who and not alone,
            can_approve=can_begin and not alone and change.who != who,
            can_publish=state in ("approved", "failed") or (alone and can_begin),
            in_service=found is not None and found.number in self._in_service,
        )


def is_building(publication: Publication) -> bool:
    """Return whether somebody is building a publication now."""
    return publication.state == "building" and time.time() - publication.touched < STALE
