"""Which folders of published versions are kept, and which go."""

import asyncio
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from send_guide.rasa_adapter.locks import LocalLocks
from send_guide.rate_limits import RateLimits
from send_guide.releases import Releases
from send_guide.services import Services
from send_guide.settings import Settings
from send_guide.storage.database import Database
from send_guide.storage.publications import in_service, publications
from tests.servers import database

HOUR = 3600.0


class Past:
    """A database and a folder of what was published, as they are after many years."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.url = folder / "releases", f"sqlite:///{folder}/guide.db"
        self.database: Database = database(self.url)
        self.number = 0

    def has_published(self, count: int) -> None:
        """Publish versions, each on top of the one before."""
        for number in range(1, count + 1):
            (self.folder / str(number) / "data").mkdir(parents=True)
            values = {
                "number": number,
                "change": number,
                "approved_by": "eve",
                "approved": 0.0,
                "state": "published",
                "touched": 0.0,
                "before": number - 1 or None,
                "digest": "",
            }
            self._insert(publications, values)

    def came_into_service(self, *numbers: int | None, base: str = "ours", hours_ago: float = 1000) -> None:
        """Bring versions into service, one after the other."""
        for number in numbers:
            self.number += 1
            at = time.time() - hours_ago * HOUR
            values = {"number": self.number, "base": base, "publication": number, "who": "ed", "at": at}
            self._insert(in_service, values)

    def _insert(self, table: sa.Table, values: dict[str, object]) -> None:
        asyncio.run(self.database.transaction(lambda it: it.execute(table.insert().values(**values))))

    def left(self) -> list[int]:
        """Clear, and return the numbers of the folders that are left."""
        settings = Settings(releases=self.folder, model=Path(__file__))
        services = Services(settings, self.database, LocalLocks(), RateLimits(settings))
        asyncio.run(Releases(services).clear())
        return sorted(int(folder.name) for folder in self.folder.iterdir())


@pytest.fixture
def past(tmp_path: Path) -> Past:
    made = Past(tmp_path)
    made.has_published(12)
    return made


def test_the_newest_five_are_kept(past: Past) -> None:
    past.came_into_service(*range(1, 13))
    assert past.left() == [8, 9, 10, 11, 12]


def test_what_is_in_service_is_kept_and_the_one_before_it(past: Past) -> None:
    """Somebody has gone back a long way."""
    past.came_into_service(*range(1, 13), *range(11, 3, -1))
    assert past.left() == [3, 4, 8, 9, 10, 11, 12]


def test_what_another_installation_has_in_service_is_kept(past: Past) -> None:
    """A new release of the program beside the old one, as in an upgrade."""
    past.came_into_service(1, 2, base="theirs")
    past.came_into_service(*range(3, 13))
    assert past.left() == [1, 2, 8, 9, 10, 11, 12]


def test_what_a_slow_replica_may_still_load_is_kept(past: Past) -> None:
    past.came_into_service(1, 2, 3, 4)
    past.came_into_service(*range(5, 13), hours_ago=0)
    assert past.left() == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]


def test_what_is_not_ours_is_left_alone(past: Past) -> None:
    (past.folder / "77").mkdir()
    past.came_into_service(*range(1, 13))
    assert 77 in past.left()
