"""Settings come from the environment and one file; tests never read that of the machine they run on."""

import os
import subprocess
import sys
from pathlib import Path

SAYS = "from send_guide.settings import Settings; print(Settings().keep_days)"


def keep_days(folder: Path, **environment: str) -> str:
    command = [sys.executable, "-c", SAYS]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_file_of_a_developer_is_not_read_in_tests(tmp_path: Path) -> None:
    (tmp_path / "send-guide.env").write_text("SEND_GUIDE_KEEP_DAYS=7\n")
    assert keep_days(tmp_path) == "30"


def test_another_file_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "other.env").write_text("SEND_GUIDE_KEEP_DAYS=8\n")
    assert keep_days(tmp_path, SEND_GUIDE_ENV_FILE="other.env") == "8"


def test_send_guide_env_is_read_where_no_other_is_named(tmp_path: Path) -> None:
    (tmp_path / "send-guide.env").write_text("SEND_GUIDE_KEEP_DAYS=7\n")
    assert keep_days(tmp_path, SEND_GUIDE_ENV_FILE="send-guide.env") == "7"
