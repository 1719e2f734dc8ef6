"""Editors see what a file holds now, and nobody else waits while it is read."""

import asyncio
import shutil
import threading
from pathlib import Path

import pytest

from send_guide.content import Content, latest
from send_guide.content.files import Problem
from send_guide.content.latest import content_now, latest_content
from send_guide.content.loader import read_content
from tests.conftest import ROOT

SENCO = "schools.appoint-senco"
PATIENCE = 20
"""Seconds after which what should have happened never will."""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the content that nothing has been read of."""
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    monkeypatch.setenv("SEND_GUIDE_DATA", str(folder))
    return folder


def test_what_has_not_changed_is_not_read_again(data: Path) -> None:
    assert latest_content(data) is latest_content(data)


def test_what_has_changed_is_seen_at_once(data: Path) -> None:
    before = latest_content(data)
    file = data / "answers" / "schools.yml"
    changed = file.read_text(encoding="utf-8").replace(before.answers[SENCO].title, "Is there a SENCO?")
    file.write_text(changed, encoding="utf-8")
    assert latest_content(data).answers[SENCO].title == "Is there a SENCO?"
    assert latest_content(ROOT / "data").answers[SENCO].title == before.answers[SENCO].title


def test_a_chat_goes_on_while_an_editors_page_reads_the_content(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content is not read to its end before the chat was answered: on the event loop it never would be."""
    begun, chatted = threading.Event(), threading.Event()
    went_on: list[bool] = []

    def read_meanwhile(folder: Path) -> tuple[Content, list[Problem]]:
        begun.set()
        went_on.append(chatted.wait(PATIENCE))
        return read_content(folder)

    async def page_and_chat() -> Content:
        page = asyncio.create_task(content_now())
        assert await asyncio.to_thread(begun.wait, PATIENCE)
        chatted.set()
        return await page

    monkeypatch.setattr(latest, "read_content", read_meanwhile)
    content = asyncio.run(page_and_chat())
    assert went_on == [True]
    assert SENCO in content.answers
    assert content is latest_content(data)


def test_editors_pages_read_the_content_no_other_way() -> None:
    editing = ROOT / "send_guide" / "editing"
    pages = [*editing.glob("*pages.py"), editing / "blueprint.py"]
    assert [page.name for page in pages if "read_content" in page.read_text(encoding="utf-8")] == []
