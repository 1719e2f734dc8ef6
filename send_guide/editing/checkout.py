"""What is published, as commits of a git checkout, where the council keeps ``data/`` in one."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from pathlib import Path

from send_guide.content.loader import installed_data
from send_guide.errors import SendGuideError

SECONDS = 60
"""How long git, and the hooks of the checkout, may take for one step."""
COMMITTER = "SEND Guide"
THE_SAME = "SEND_GUIDE_CHECKOUT is what the service runs from; it must be another checkout"


class NotCommittedError(SendGuideError):
    """Git, or what stands in the checkout, refuses a change; the checkout is as it was."""


class Checkout:
    """Commits differences to a checkout of the project."""

    def __init__(self, folder: Path) -> None:
        """Take its folder."""
        self._folder = folder

    async def commit(self, patch: str, author: str, message: str) -> None:
        """Put a difference into the files of the checkout and commit them alone.

        Args:
            patch: the difference, files named as in the checkout.
            author: who made it.
            message: why.

        Raises:
            NotCommittedError: git is missing or refuses, or the files are not those that were changed.
        """
        await asyncio.to_thread(self._commit, patch, author, message)

    def _commit(self, patch: str, author: str, message: str) -> None:
        if (self._folder / "data").resolve() == installed_data().resolve():
            raise NotCommittedError(THE_SAME)  # its next start would begin with other files
        paths = re.findall(r"^\+\+\+ b/(.+)$", patch, re.M)
        name = re.sub(r"[<>\x00-\x1f]", "", author)
        self._git("apply", "--index", given=patch)
        try:
            self._git("commit", "--quiet", f"--author={name} <>", f"--message={message}", "--", *paths)
        except NotCommittedError:
            self._git("apply", "--index", "--reverse", given=patch)
            raise

    def _git(self, *arguments: str, given: str = "") -> None:
        command = ["git", "-C", str(self._folder), *arguments]
        environment = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
        environment |= {
            "GIT_COMMITTER_NAME": COMMITTER,
            "GIT_COMMITTER_EMAIL": "",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C.UTF-8",
        }
        try:
            done = subprocess.run(
                command, input=given, env=environment, capture_output=True, text=True, timeout=SECONDS
            )
        except OSError as error:
            raise NotCommittedError("git is not installed") from error
        except subprocess.TimeoutExpired as error:
            raise NotCommittedError(f"git took more than {SECONDS} seconds") from error
        if done.returncode:
            said = (done.stderr or done.stdout).strip()
            raise NotCommittedError(said or f"git {arguments[0]} ended with {done.returncode}")
