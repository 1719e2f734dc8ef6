"""The trained selector out of a model archive, without the rest of the model: quick to open, no agent."""

from __future__ import annotations

import json
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from send_guide.errors import SendGuideError
from send_guide.understanding import minilm
from send_guide.understanding.model import Models
from send_guide.understanding.selector import AnswerSelector

FILES = ("encoder.onnx", "tokenizer.json", "model.json", "model.npz")


class BadArchiveError(SendGuideError):
    """The archive is missing or holds no trained selector."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no trained model in {path}: run `make train` first")


def open_selector(model: Path) -> AnswerSelector:
    """Return the trained selector of a model archive.

    Raises:
        BadArchiveError: there is none.
    """
    with tempfile.TemporaryDirectory(prefix="send-guide-") as place:
        folder = Path(place)
        try:
            with tarfile.open(model) as archive:
                settings = _settings(json.loads(_read(archive, "metadata.json")))
                for name in FILES:
                    (folder / name).write_bytes(_read(archive, f"*AnswerSelector*/{name}"))
        except (OSError, tarfile.TarError, KeyError, ValueError) as error:
            raise BadArchiveError(model) from error
        return AnswerSelector.of(settings, minilm.Encoder(folder), Models.load(folder))


def _read(archive: tarfile.TarFile, pattern: str) -> bytes:
    """Return the content of the one file whose path ends like ``pattern``.

    Raises:
        KeyError: there is none.
    """
    for member in archive.getmembers():
        if member.isfile() and Path(member.name).match(pattern):
            found = archive.extractfile(member)
            if found:
                return found.read()
    raise KeyError(pattern)


def _settings(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return the selector's settings from what Rasa keeps of a model's graph.

    Raises:
        KeyError: it has no selector.
    """
    for name, node in metadata["predict_schema"]["nodes"].items():
        if name.startswith("run_") and "AnswerSelector" in name:
            return dict(node["config"])
    raise KeyError("AnswerSelector")


def loaded_selector(agent: Any) -> AnswerSelector:
    """Return the trained selector of a loaded agent: the very one that answers people.

    Rasa has no way to ask a loaded model for a component; the names are those of Rasa 3.6.21.

    Args:
        agent: a ``rasa.core.agent.Agent``.
    """
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    return next(node._component for node in nodes if isinstance(node._component, AnswerSelector))
