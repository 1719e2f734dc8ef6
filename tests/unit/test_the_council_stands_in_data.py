"""Another council changes files in data/ and nothing else."""

from pathlib import Path

import pytest

from send_guide.content import Content, load_content
from send_guide.rasa_adapter.importer import ContentImporter
from tests.conftest import ROOT
from tests.unit.test_broken_content_is_refused import change, complaints, data

__all__ = ["data"]

OURS = ("bromley", "020 8461", "0300 303 8671", "orpington")
"""Words that only our council's data may hold. Tests and documents speak of the council they are about."""
CODE = ("send_guide", "actions", "deploy", "*.yml", "Makefile", "pyproject.toml")


def test_no_code_page_or_setting_names_the_council() -> None:
    files = [path for part in CODE for found in ROOT.glob(part) for path in (found, *found.rglob("*"))]
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
        for word in OURS
        if word in path.read_bytes().decode("utf-8", "replace").lower()
    ]
    assert found == [], "write {council.place}, or read data/council.yml (docs/another-council.md)"


def test_words_speak_of_the_place(content: Content) -> None:
    assert "special needs in Bromley" in content.words["greet"].text
    assert not [name for name, words in content.words.items() if "{" in words.text + (words.short or "")]


def test_the_examples_are_read_once() -> None:
    importer = ContentImporter(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data" / "nlu")]
    )
    assert importer.get_nlu_data("en") is importer.get_nlu_data("en")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("advice: iass", "advice: aunt", "council.yml:2: council: advice names 'aunt', which does not exist"),
        ("[senco.parents]", "[senco.nobody]", "council: speak_to names 'senco.nobody'"),
        ("{iass.web}", "{iass.fax}", "council: no {iass.fax} in contacts.yml"),
        ("place: Wexcombe, ", "", "council: place: Field required"),
        ("council:", "counsel:", "the file holds no 'council'"),
    ],
)
def test_a_slip_in_the_council_is_named(data: Path, old: str, new: str, message: str) -> None:
    change(data / "council.yml", old, new)
    assert message in complaints(data)


def test_a_source_names_the_council_s_own_offer(data: Path) -> None:
    answer = load_content(data).answers["senco.parents"]
    assert str(answer.source) == "Wexcombe Offer, SENCOs should, point 6"


def test_a_step_names_the_offer_too(content: Content) -> None:
    sources = [str(step.says.source) for step in content.steps.values() if step.says.source.offer]
    assert sources
    assert all(source.startswith("Bromley Area Wide Offer, ") for source in sources)
