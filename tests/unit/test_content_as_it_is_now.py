"""Editors see what a file holds now, and nobody else waits while it is read."""

import asyncio
import shutil
from pathlib import Path

import pytest

from send_guide.content import latest
from send_guide.content.latest import content_now, latest_content
from tests.conftest import ROOT

SENCO = "schools.appoint-senco"


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


def test_a_chat_goes_on_while_an_editors_page_reads_the_content(data: Path) -> None:
    """The event loop turns while the content is read; on the loop itself it would not turn once."""
    turned = 0

    async def chat() -> None:
        nonlocal turned
        while True:
            await asyncio.sleep(0.001)
            turned += 1

    async def page_of_an_editor() -> int:
        chatting = asyncio.create_task(chat())
        await asyncio.sleep(0)
        assert SENCO in (await content_now()).answers
        chatting.cancel()
        return turned

    assert asyncio.run(page_of_an_editor()) > 10
    assert latest._KEPT[data][1] is latest_content(data)


def test_editors_pages_read_the_content_no_other_way() -> None:
    editing = ROOT / "send_guide" / "editing"
    pages = [*editing.glob("*pages.py"), editing / "blueprint.py"]
    assert [page.name for page in pages if "read_content" in page.read_text(encoding="utf-8")] == []
