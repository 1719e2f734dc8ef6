"""What browsers and odd addresses make of the staff's pages, and how many passwords are looked at at once."""

import asyncio
import threading

import pytest

from send_guide.staff import accounts
from send_guide.storage.database import Database
from send_guide.storage.migrations import upgrade
from tests.helpline.conftest import EDITOR, PASSWORD, Helpline, Person

FILES = [f"/{part}/{part}.{kind}" for part in ("helpline", "editor") for kind in ("js", "css")]


@pytest.fixture
def editor(person: Person) -> Person:
    person.signs_in(EDITOR)
    return person


@pytest.mark.parametrize("path", FILES)
def test_a_browser_takes_files_for_what_they_say_they_are(editor: Person, path: str) -> None:
    answer = editor.opens(path)
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("number", ["2147483647", "2147483648", "9223372036854775808", "9" * 400, "0"])
@pytest.mark.parametrize("page", ["", "/trial", "/patch"])
def test_a_change_whose_number_is_too_large_is_not_there(editor: Person, number: str, page: str) -> None:
    assert editor.opens(f"/editor/changes/{number}{page}").status_code == 404


def test_one_password_is_looked_at_at_a_time(helpline: Helpline, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(helpline.database, seconds=10)
    upgrade(database)
    at_work, most = 0, 0
    lock, right = threading.Lock(), accounts._verify

    def verify(hashed: str | None, password: str) -> bool:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        found = right(hashed, password)
        with lock:
            at_work -= 1
        return found

    async def eight_sign_in() -> list[accounts.Account | None]:
        return await asyncio.gather(*(accounts.check(database, f"nobody-{n}", PASSWORD) for n in range(8)))

    monkeypatch.setattr(accounts, "_verify", verify)
    assert asyncio.run(eight_sign_in()) == [None] * 8
    assert most == 1
    database.close()
