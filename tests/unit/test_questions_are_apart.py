"""The questions we measure with must not stand in the training examples, nor nearly so."""

from pathlib import Path

import pytest

from send_guide.content import Content
from send_guide.content.checks import sentence_keys
from send_guide.evaluation import read_questions

FILES = sorted((Path(__file__).parents[1] / "questions").glob("*.jsonl"))


def alike(one: str, other: str) -> bool:
    return bool(set(sentence_keys(one)) & set(sentence_keys(other)))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_no_question_is_a_training_example_or_one_word_away(path: Path, content: Content) -> None:
    examples = {
        key: example.text
        for found in content.examples.values()
        for example in found
        for key in sentence_keys(example.text)
    }
    copies = [
        f"{line['q']!r} is nearly {examples[key]!r}"
        for line in read_questions(path)
        for key in sentence_keys(line["q"])
        if key in examples
    ]
    assert copies == []


def test_a_sentence_with_one_word_changed_is_seen() -> None:
    assert alike("who has to appoint the senco here", "Who has to appoint a senco here?")
    assert alike("who has to appoint the senco", "who has to appoint the senco now")
    assert not alike("who has to appoint the senco", "who pays for the senco's training course")
    assert not alike("what is iass", "what is senco")
