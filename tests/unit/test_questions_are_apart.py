"""The questions we measure with must not stand in the training examples, nor nearly so."""

import re
from pathlib import Path

import pytest
import yaml

from send_guide.content.checks import sentence_keys
from send_guide.evaluation import read_questions

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests" / "questions").rglob("*.jsonl"))
NAMES = ["/".join(path.parts[-2:]) for path in FILES]


def alike(one: str, other: str) -> bool:
    return bool(set(sentence_keys(one)) & set(sentence_keys(other)))


@pytest.fixture(scope="module")
def examples() -> list[tuple[str, str]]:
    """(intent, example) of every training example, small talk included."""
    found = []
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        for block in yaml.safe_load(path.read_text())["nlu"]:
            for line in str(block.get("examples", "")).splitlines():
                text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", line.removeprefix("- "))
                found.append((block.get("intent", ""), text))
    return found


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_question_stands_in_the_training_examples(path: Path, examples: list[tuple[str, str]]) -> None:
    known = {sentence_keys(text)[0]: text for _, text in examples}
    # emoji and other alphabets have no words to compare
    keys = [(sentence_keys(line["q"])[0], line["q"]) for line in read_questions(path)]
    copies = [question for key, question in keys if key and key in known]
    assert copies == []


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_question_is_one_word_away_from_an_example_of_its_answer(
    path: Path, examples: list[tuple[str, str]]
) -> None:
    known: dict[str, dict[frozenset[str], str]] = {}
    for intent, text in examples:
        for key in sentence_keys(text):
            known.setdefault(intent.removeprefix("ask/"), {})[key] = text
    copies = [
        f"{line['q']!r} is nearly {known[answer_id][key]!r}"
        for line in read_questions(path)
        for answer_id in line.get("answers", [])
        for key in sentence_keys(line["q"])
        if key in known.get(answer_id, {})
    ]
    assert copies == []


def test_a_sentence_with_one_word_changed_is_seen() -> None:
    assert alike("who has to appoint the senco here", "Who has to appoint a senco here?")
    assert alike("who has to appoint the senco", "who has to appoint the senco now")
    assert not alike("who has to appoint the senco", "who pays for the senco's training course")
    assert not alike("what is iass", "what is senco")
