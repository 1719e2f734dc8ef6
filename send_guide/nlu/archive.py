"""What was learnt, out of a model archive, without the rest of the model: quick to open, no agent."""

from __future__ import annotations

import json
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from send_guide.errors import SendGuideError
from send_guide.nlu import sentence_encoder
from send_guide.nlu.analysis import Analyser
from send_guide.nlu.classifiers import Models
from send_guide.nlu.decide import Thresholds

FILES = ("encoder.onnx", "tokenizer.json", "model.json", "model.npz")


class BadArchiveError(SendGuideError):
    """The archive is missing or holds nothing that was learnt."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no trained model in {path}: run `make train` first")


def open_analyser(model: Path) -> tuple[Analyser, Thresholds]:
    """Return what reads messages, and the thresholds, of a model archive.

    Raises:
        BadArchiveError: there is none.
    """
    with tempfile.TemporaryDirectory(prefix="send-guide-") as place:
        folder = Path(place)
        try:
            with tarfile.open(model) as archive:
                settings = _thresholds(json.loads(_read(archive, "metadata.json")))
                for name in FILES:
                    (folder / name).write_bytes(_read(archive, f"*AnswerSelector*/{name}"))
        except (OSError, tarfile.TarError, KeyError, ValueError) as error:
            raise BadArchiveError(model) from error
        encoder, models = sentence_encoder.Encoder(folder), Models.load(folder)
        return Analyser(encoder, models, settings.suspicious_at), settings


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


def _thresholds(metadata: dict[str, Any]) -> Thresholds:
    """Return the thresholds from what Rasa keeps of a model's graph.

    Raises:
        KeyError: it has no selector.
    """
    for name, node in metadata["predict_schema"]["nodes"].items():
        if name.startswith("run_") and "AnswerSelector" in name:
            known = {key: value for key, value in node["config"].items() if key in Thresholds.model_fields}
            return Thresholds.model_validate(known)
    raise KeyError("AnswerSelector")
