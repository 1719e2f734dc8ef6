"""The questions we measure with must not stand in the training examples, nor nearly so."""

import re
from pathlib import Path

import pytest
import yaml

from send_guide.content import Content
from send_guide.content.checks import sentence_keys
from send_guide.content.loader import SHORT_TURNS
from send_guide.editing.leakage import copies
from send_guide.measuring.questions import read_questions

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests" / "questions").rglob("*.jsonl"))
NAMES = ["/".join(path.parts[-2:]) for path in FILES]


def alike(one: str, other: str) -> bool:
    return bool(set(sentence_keys(one)) & set(sentence_keys(other)))


@pytest.fixture(scope="module")
def examples(content: Content) -> list[tuple[str, str]]:
    """(intent, example) of every training example, small talk included.

    Short turns are looked up word for word, and whoever says "ok" says "ok": they are no questions.
    """
    found = []
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        if path.name == SHORT_TURNS:
            continue
        for block in yaml.safe_load(path.read_text())["nlu"]:
            for line in str(block.get("examples", "")).splitlines():
                text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", line.removeprefix("- "))
                found.append((block.get("intent", "").removeprefix("ask/"), text))
    told = (content.stories, content.clear_danger, content.possible_danger)
    return found + [
        (key, story.text) for group in told for key, stories in group.items() for story in stories
    ]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_question_stands_in_the_training_examples(path: Path, examples: list[tuple[str, str]]) -> None:
    assert [copy for copy in copies(examples, read_questions(path)) if copy.exact] == []


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_question_is_one_word_away_from_an_example_of_its_answer(
    path: Path, examples: list[tuple[str, str]]
) -> None:
    assert [copy for copy in copies(examples, read_questions(path)) if not copy.exact] == []


def test_copies_are_told_from_questions_that_are_only_alike() -> None:
    question = {"q": "who has to appoint the senco here", "answers": ["schools.appoint-senco"]}
    examples = [
        ("schools.appoint-senco", "Who has to appoint the SENCO here?"),
        ("schools.appoint-senco", "who has to appoint a senco here"),
        ("governors.senco", "who has to appoint a senco here"),
        ("schools.appoint-senco", "which of them picks the senco"),
    ]
    assert [(copy.example, copy.exact) for copy in copies(examples, [question])] == [
        (examples[0][1], True),
        (examples[1][1], False),
    ]


def test_a_sentence_with_one_word_changed_is_seen() -> None:
    assert alike("who has to appoint the senco here", "Who has to appoint a senco here?")
    assert alike("who has to appoint the senco", "who has to appoint the senco now")
    assert not alike("who has to appoint the senco", "who pays for the senco's training course")
    assert not alike("what is iass", "what is senco")
