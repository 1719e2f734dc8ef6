"""The examples that a model is trained on, read as Rasa reads them."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.data import get_data_files, is_nlu_file
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import TEXT

from send_guide.domain.text import normalise


def examples_of(data: Path) -> tuple[list[str], list[str]]:
    """Return texts and labels as training has them, in its order.

    Args:
        data: the folder of the content.
    """
    paths = get_data_files([str(data / "nlu")], is_nlu_file)
    examples = [one for one in training_data_from_paths(paths, "en").intent_examples if one.get(TEXT)]
    return [normalise(one.get(TEXT)) for one in examples], [one.get_full_intent() for one in examples]
