"""A trial in a process of its own, at low priority, so that nobody who asks a question waits for it.

``python -m send_guide.editing.trial_worker`` reads a :class:`Task` as JSON from standard input and writes one
JSON object a line: ``{"share": 0.4, "doing": "Training"}``, at last ``{"trial": {...}}`` or
``{"error": "..."}``.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from send_guide.editing.drafts import Draft
from send_guide.errors import SendGuideError

LEAST_URGENT = 5
"""Added to the niceness of the process."""
LONGEST_LINE = 8_000_000


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


async def tried(task: Task) -> AsyncGenerator[dict[str, Any], None]:
    """Yield what a trial in a process of its own writes; the process ends with the iteration."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "send_guide.editing.trial_worker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # warnings of libraries; what is wrong comes as a line
        limit=LONGEST_LINE,
        cwd=Path.cwd(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(asdict(task), default=str).encode())
        process.stdin.close()
        async for line in process.stdout:
            yield json.loads(line)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def main() -> None:
    """Do the task of standard input."""
    os.nice(LEAST_URGENT)
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(threads, "1")
    from send_guide.rasa_adapter.absent_packages import leave_out_tensorflow

    leave_out_tensorflow()
    task = json.load(sys.stdin)
    try:
        _write({"trial": _trial(task)})
    except SendGuideError as error:
        _write({"error": str(error)})


def _trial(task: dict[str, Any]) -> dict[str, Any]:
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
            lambda share, doing: _write({"share": round(share, 3), "doing": doing}),
        )
    return trial.as_dict()


def _write(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
