"""Checks a content and trains a model on it, in a process of its own (``worker.py``).

Writes ``{"doing": "Training"}`` and the like, at last ``{"done": true}`` or ``{"error": "..."}``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from send_guide.channels.content_checks import check_folder
from send_guide.content.files import ContentError
from send_guide.content.loader import project_directory
from send_guide.editing.worker import Write, work
from send_guide.errors import SendGuideError


def main() -> None:
    """Do the task of standard input: ``data``, a folder, and ``model``, the archive to write."""
    work(_build)


def _build(task: dict[str, Any], write: Write) -> None:
    data, model = Path(task["data"]), Path(task["model"])
    write({"doing": "Checking"})
    _, problems = check_folder(data)
    if problems:
        raise ContentError(problems)
    write({"doing": "Training"})
    os.environ["SEND_GUIDE_DATA"] = str(data)  # where training looks for the content
    from send_guide.rasa_adapter import training

    try:
        trained = training.train(project_directory(), data, model)
    except ImportError as error:
        raise SendGuideError(
            "what training needs is not installed: pip install 'send-guide[train]'"
        ) from error
    if not trained or not model.is_file():
        raise SendGuideError("no model was trained: `send-guide train` says why")
    write({"done": True})


if __name__ == "__main__":
    main()
