"""What the pages for people who work on this name is there: files, tests, links from page to page."""

import re
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FILE = re.compile(
    r"`((?:[\w.@-]+/)+[\w.@-]*\.(?:py|md|ya?ml|json|conf|js|css|html|jsonl|service)"
    r"|(?:docs|tests|send_guide|deploy|benchmarks|data|actions)/[\w./@-]*[\w/])`"
)
"""In a page, what looks like a file or folder of ours."""
MADE = ("tests/questions/held-out", "storage/", "models/", "results/")
"""What is not there in a fresh copy: made by a command, or kept apart."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_a_page_names_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {name for name in FILE.findall(text) if not name.startswith(MADE)}
    below = (ROOT, ROOT / "send_guide", ROOT / "send_guide/channels", page.parent)
    assert sorted(name for name in named if not any((folder / name).exists() for folder in below)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    ours = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in ours if not (page.parent / link).exists()] == []


def test_tests_that_a_page_names_are_there() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = {name for source in sources for name in re.findall(r"def (test_\w+)", source)}
    named = {name for page in PAGES for name in re.findall(r"`(test_\w+)`", page.read_text(encoding="utf-8"))}
    assert len(named) >= 50
    assert sorted(named - there) == []


def test_no_page_and_no_picture_names_a_place_on_the_machine_that_made_it() -> None:
    places = (str(ROOT), sysconfig.get_path("stdlib"), str(Path.home()))
    made = [path for path in (ROOT / "docs").rglob("*") if path.suffix in (".md", ".svg", ".json")]
    assert made
    assert [path.name for path in made if any(f"{one}/" in path.read_text() for one in places)] == []
