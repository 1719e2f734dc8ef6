"""Work in a process of its own, at low priority, so that nobody who asks a question waits for it.

The process is given a line of JSON on its standard input, writes lines of JSON, and ends when the input
ends: whoever began it is gone then.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from send_guide.errors import SendGuideError
from send_guide.storage.database import DatabaseUnavailableError

LEAST_URGENT = 5
"""Added to the niceness of the process."""
LONGEST_LINE = 8_000_000

Write: TypeAlias = Callable[[Mapping[str, Any]], None]


async def lines_of(module: str, task: Mapping[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
    """Yield what ``python -m module`` writes; the process ends with the iteration.

    Args:
        module: the module; its ``main`` calls :func:`work`.
        task: what to do; paths become texts.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "ignore",
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # warnings of libraries; what is wrong comes as a line
        limit=LONGEST_LINE,
        cwd=Path.cwd(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(task, default=str).encode() + b"\n")
        async for line in process.stdout:
            yield json.loads(line)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def keep_alive(touch: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Note now and then that a work is alive, until this is cancelled: training alone can take minutes.

    Args:
        touch: notes it; a database that is away is asked again the next time.
        seconds: between two notes.
    """
    while True:
        await asyncio.sleep(seconds)
        with contextlib.suppress(DatabaseUnavailableError):
            await touch()


class UnderWay:
    """Works that go on after the request that began them; the loop itself keeps no hold on them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin one."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End all of them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def work(do: Callable[[dict[str, Any], Write], None]) -> None:
    """Do the task of standard input; what is wrong with it is written as ``{"error": "..."}``.

    Args:
        do: does it, and writes with what it is given; what else prints goes to standard error.
    """
    os.nice(LEAST_URGENT)
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(threads, "1")
    from send_guide.rasa_adapter.absent_packages import leave_out_tensorflow

    leave_out_tensorflow()
    task, out = json.loads(sys.stdin.readline()), sys.stdout
    threading.Thread(target=_end_with_input, daemon=True).start()

    def write(line: Mapping[str, Any]) -> None:
        out.write(json.dumps(line) + "\n")
        out.flush()

    with contextlib.redirect_stdout(sys.stderr):
        try:
            do(task, write)
        except SendGuideError as error:
            write({"error": str(error)})


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(1)
