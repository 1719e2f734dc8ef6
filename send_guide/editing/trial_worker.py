"""A trial in a process of its own (``worker.py``).

``python -m send_guide.editing.trial_worker`` takes a :class:`Task` and writes lines such as
``{"share": 0.4, "doing": "Training"}``, at last ``{"trial": {...}}`` or ``{"error": "..."}``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from send_guide.editing.drafts import Draft
from send_guide.editing.worker import Write, lines_of, work


@dataclass(frozen=True)
class Task:
    """What to try out, and with what.

    Attributes:
        draft: the change.
        model: the model archive in service.
        data: the folder of the content.
        questions: the folder of the questions.
        kept: the folder of what is kept from one trial to the next.
        trained: the folder for the model with the change.
    """

    draft: Draft
    model: Path
    data: Path
    questions: Path
    kept: Path
    trained: Path


def tried(task: Task) -> AsyncGenerator[dict[str, Any], None]:
    """Return what yields what a trial in a process of its own writes; the process ends with the iteration."""
    return lines_of("send_guide.editing.trial_worker", asdict(task))


def main() -> None:
    """Do the task of standard input."""
    work(lambda task, write: write({"trial": _trial(task, write)}))


def _trial(task: dict[str, Any], write: Write) -> dict[str, Any]:
    from send_guide.content.loader import read_content
    from send_guide.editing.changes import draft_from
    from send_guide.editing.trial import Places, run_trial
    from send_guide.editing.yaml_patch import edited_folder

    draft, names = draft_from(task["draft"]), ("model", "data", "questions", "kept", "trained")
    model, data, questions, kept, trained = (Path(task[name]) for name in names)
    with edited_folder(data, draft) as folder:
        content, _ = read_content(folder)
        places = Places(model, data, folder, questions, kept, trained)
        trial = run_trial(
            places,
            draft,
            content,
            lambda share, doing: write({"share": round(share, 3), "doing": doing}),
        )
    return trial.as_dict()


if __name__ == "__main__":
    main()
