"""What a text means for the medium: hundreds of them, each with its label."""

from pathlib import Path

import pytest
import yaml

from send_guide.channels.texts.commands import command, machine

LABELLED = yaml.safe_load(Path(__file__).with_name("labelled-texts.yml").read_text())
TEXTS = [
    pytest.param(label, text, id=f"{label}: {text}") for label, texts in LABELLED.items() for text in texts
]


@pytest.mark.parametrize(("label", "text"), TEXTS)
def test_each_is_taken_for_what_it_is(label: str, text: str) -> None:
    taken = command(text) or ("machine" if machine(text) else "person")
    assert taken == label


def test_nothing_stands_under_two_labels() -> None:
    every = [text for texts in LABELLED.values() for text in texts]
    assert len(every) == len(set(every))
