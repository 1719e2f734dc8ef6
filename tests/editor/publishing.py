"""A small council with two editors, and what they press."""

import html
import re
import shutil
import subprocess
from pathlib import Path
from typing import Self

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.helpline.conftest import PASSWORD, Helpline, Person, staff
from tests.servers import Service, wait_until

LONGEST = 1200.0
"""Seconds that publishing may take here at most."""
MOST_TABS = 200
"""Presses of the key Tab that lead to anything on a page."""


class Council(Helpline):
    """The second borough's service, with two editors: ed and eve."""

    def __init__(self, folder: Path, installed: Path, /, **settings: str) -> None:
        own = {
            "DATA": str(installed / "data"),
            "MODEL": str(installed / "model.tar.gz"),
            "RELEASES": str(folder / "releases"),
            "PER_CONVERSATION": "1000/minute",
            "PER_SIGN_IN": "1000/minute",
        }
        self.folder, self.settings = folder, own | settings
        self.releases = Path(self.settings["RELEASES"])
        self.people = 0
        self.editors: list[Person] = []
        super().__init__(folder, **self.settings)
        assert staff(self.database, "add", "eve", "--role", "editor", typed=PASSWORD + "\n").returncode == 0

    def stop(self) -> int:
        for editor in self.editors:
            editor.http.close()
        return super().stop()

    def is_killed(self) -> None:
        """End at once, as a machine without power does."""
        self.process.kill()
        self.process.wait()

    def starts_again(self) -> Self:
        """Start it again where it was, on the same port: who is signed in stays so."""
        Service.__init__(self, self.folder, self.port, **self.settings)
        return self.wait()

    def says(self, question: str) -> str:
        """Ask as somebody new; return the words of the answer."""
        self.people += 1
        return str(self.asks(f"somebody-{self.people:08}", question)[0]["text"])

    def comes_into_service(self, number: int | None) -> None:
        """Wait until this process answers by a version; None is what was installed."""
        wait_until(lambda: self.loaded()[-1:] == [number], LONGEST)


class GitCheckout:
    """A git repository with the council's ``data/``."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        shutil.copytree(data, folder / "data")
        self.git("init", "--quiet")
        self.git("add", "data")
        self.git("-c", "user.name=Council", "-c", "user.email=", "commit", "--quiet", "--message=Begin")

    def git(self, *arguments: str) -> str:
        """Run git; return what it prints."""
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def refuses(self, words: str) -> None:
        """Have a hook refuse every commit from now on."""
        hook = self.folder / ".git" / "hooks" / "pre-commit"
        hook.write_text(f"#!/bin/sh\necho {words} >&2\nexit 1\n")
        hook.chmod(0o755)


class Editor(Person):
    """An editor at a browser without a script."""

    def __init__(self, council: Council, name: str) -> None:
        super().__init__(council)
        council.editors.append(self)
        self.signs_in(name)

    def sends(self, path: str, csrf: str | None = None, **fields: str) -> httpx.Response:
        """Send a form of the editors' pages, with its token."""
        return super().sends(path, csrf or self.token("/editor/versions"), **fields)

    def saves(self, answer: str, reason: str, **fields: str) -> int:
        """Save a change of the words of an answer; return its number."""
        form = self.opens(f"/editor/answers/{answer}").text
        fields = typed(form) | fields
        made = self.sends(f"/editor/answers/{answer}", **fields, do="go-on")
        assert made.url.path.startswith("/editor/changes/"), made.text
        assert "Publish it" in self.sends(made.url.path, reason=reason).text
        return int(made.url.path.rpartition("/")[2])

    def approves(self, number: int) -> httpx.Response:
        return self.sends(f"/editor/changes/{number}/approve")

    def publishes(self, number: int) -> httpx.Response:
        return self.sends(f"/editor/changes/{number}/publish")

    def goes_back(self, page: str) -> httpx.Response:
        """Press the button of a page of the versions."""
        found = re.search(r'name="instead" value="(\d+)"', page)
        assert found, page
        return self.sends("/editor/versions", instead=found.group(1))


class Keyboard:
    """Somebody at a browser without a mouse."""

    def __init__(self, page: Page, council: Council) -> None:
        self.page, self.council = page, council

    def signs_in(self, name: str) -> Self:
        """Sign in as an editor."""
        self.page.goto(f"{self.council.url}/editor/")
        self.types("Name", name)
        self.types("Password", PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("What people asked")
        return self

    def comes_to(self, place: Locator) -> None:
        """Press Tab until something is reached."""
        expect(place).to_be_visible()
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if place.evaluate("one => one.getRootNode().activeElement === one"):
                return
        raise AssertionError(f"no key leads to {place}")

    def presses(self, name: str) -> None:
        """Press a button."""
        self.comes_to(self.page.get_by_role("button", name=name, exact=True))
        self.page.keyboard.press("Enter")

    def follows(self, name: str) -> None:
        """Follow a link."""
        self.comes_to(self.page.get_by_role("link", name=name, exact=True))
        self.page.keyboard.press("Enter")

    def types(self, label: str, words: str) -> None:
        """Put words in the place of what stands in a field."""
        self.comes_to(self.page.get_by_label(label, exact=True))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)

    def asks(self, question: str) -> None:
        """Open the chat and ask."""
        self.page.goto(self.council.url)
        self.presses("Ask the SEND guide")
        expect(self.page.get_by_label("Your question")).to_be_focused()
        self.page.keyboard.type(question)
        self.page.keyboard.press("Enter")


def typed(form: str) -> dict[str, str]:
    """Return what stands in the fields of the form of an answer, nothing ticked."""
    areas = re.findall(r'<textarea[^>]* name="([a-z_]+)"[^>]*>([^<]*)</textarea>', form)
    inputs = re.findall(r'<input (?!type="checkbox")(?=[^>]*name="([a-z_]+)")(?=[^>]*value="([^"]*)")', form)
    choices = re.findall(r'<select[^>]* name="([a-z_]+)"[^>]*>(.*?)</select>', form, re.S)
    chosen = [(name, re.findall(r"<option selected>([^<]*)<", options)) for name, options in choices]
    first = [(name, values[0]) for name, values in chosen if values]
    return {name: html.unescape(value) for name, value in (*inputs, *areas, *first) if name != "leave_out"}
