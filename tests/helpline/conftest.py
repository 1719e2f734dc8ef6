"""A running service with accounts, and a person at a browser without a screen."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import browser  # noqa: F401 - a fixture
from tests.servers import COMMAND, ROOT, Service

ADVISER, EDITOR = "ann", "ed"
PASSWORD = "three words together"


def staff(database: str, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    """Run ``send-guide staff`` with a database."""
    import os

    return subprocess.run(
        [*COMMAND, "staff", *arguments],
        cwd=ROOT,
        env=os.environ | {"SEND_GUIDE_DATABASE_URL": database},
        input=typed,
        capture_output=True,
        text=True,
    )


class Helpline(Service):
    """A service with an adviser and an editor, and its database."""

    def __init__(self, folder: Path, port: int | None = None, /, **settings: str) -> None:
        self.database = f"sqlite:///{folder}/conversations.db"
        for name, role in ((ADVISER, "adviser"), (EDITOR, "editor")):
            made = staff(self.database, "add", name, "--role", role, typed=PASSWORD + "\n")
            assert made.returncode == 0, made.stderr
        limits = {"PER_SIGN_IN": "1000/minute", "PER_ADDRESS": "100000/minute"}
        super().__init__(folder, port, **{**limits, **settings})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def rows(self, query: str, **values: object) -> list[tuple[object, ...]]:
        """Look into, or change, the database."""
        engine = sa.create_engine(self.database)
        try:
            with engine.begin() as connection:
                result = connection.execute(sa.text(query), values)
                return [tuple(row) for row in result] if result.returns_rows else []
        finally:
            engine.dispose()

    def audit(self) -> list[tuple[object, ...]]:
        """Return who did what to what, oldest first."""
        return self.rows("SELECT who, what, about FROM audit_log ORDER BY number")


class Person:
    """Somebody with a browser: cookies are kept, redirects followed."""

    def __init__(self, helpline: Helpline) -> None:
        self.http = httpx.Client(
            base_url=helpline.url, headers={"Accept": "text/html"}, follow_redirects=True, timeout=60
        )

    def opens(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.opens(path).text)
        assert found, f"no token on {path}"
        return found.group(1)

    def sends(self, path: str, csrf: str | None = None, **fields: str) -> httpx.Response:
        """Send a form of the console, with its token."""
        token = self.token("/helpline") if csrf is None else csrf
        return self.http.post(path, data={"csrf": token, **fields})

    def signs_in(self, name: str = ADVISER, password: str = PASSWORD) -> httpx.Response:
        token = self.token("/sign-in")
        return self.http.post("/sign-in", data={"csrf": token, "name": name, "password": password})


@pytest.fixture(scope="session")
def helpline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpline]:
    running = Helpline(tmp_path_factory.mktemp("helpline")).wait()
    yield running
    running.stop()


@pytest.fixture
def person(helpline: Helpline) -> Iterator[Person]:
    somebody = Person(helpline)
    yield somebody
    somebody.http.close()


def sign_in_by_keyboard(page: Page, url: str, name: str = ADVISER) -> None:
    page.goto(f"{url}/helpline")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#q")).to_be_focused()


@pytest.fixture
def page(helpline: Helpline, browser: Browser) -> Iterator[Page]:  # noqa: F811
    """A desktop browser at the console, an adviser signed in; a script that fails fails the test."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1366, "height": 768})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=helpline.url)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    sign_in_by_keyboard(opened, helpline.url)
    yield opened
    context.close()
    assert not problems
