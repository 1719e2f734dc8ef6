"""Fuzz for a time: ``python -m tests.fuzz --minutes 60``. What was found is written to ``build/fuzz.txt``."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

WHAT = ("tests/fuzz", "tests/web/test_the_api_is_what_its_description_says.py")
FINDINGS = Path("build/fuzz.txt")


def fuzz(seconds: float, what: Sequence[str]) -> int:
    """Run the tests with one seed after the other; return how many runs found something.

    Args:
        seconds: how long; a run that has begun is brought to its end, so that it leaves no server behind.
        what: files or folders of tests.
    """
    found, runs, end = 0, 0, time.monotonic() + seconds
    environment = os.environ | {"SEND_GUIDE_FUZZ": "many", "SEND_GUIDE_FUZZ_REQUESTS": "5000"}
    FINDINGS.parent.mkdir(exist_ok=True)
    FINDINGS.write_text("")
    while time.monotonic() < end:
        runs += 1
        seed = time.time_ns() % 2**32
        command = [sys.executable, "-m", "pytest", *what, f"--hypothesis-seed={seed}", "--tb=short"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            found += 1
            with FINDINGS.open("a") as findings:
                findings.write(f"== seed {seed}\n{done.stdout}\n{done.stderr}\n")
    print(f"{runs} runs, {found} of them with findings" + (f": see {FINDINGS}" if found else ""))
    return found


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("what", nargs="*", default=WHAT)
    given = options.parse_args()
    sys.exit(1 if fuzz(given.minutes * 60, given.what) else 0)
