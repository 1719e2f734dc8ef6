"""The bill of materials says what is installed, and nothing about where from."""

import json
import subprocess
import sys

from deploy.sbom import listed, locked
from tests.conftest import ROOT

LOCK, BILL = ROOT / "requirements.lock", ROOT / "docs" / "sbom.cdx.json"


def test_it_lists_what_is_locked_and_nothing_else() -> None:
    assert listed(json.loads(BILL.read_text())) == locked(LOCK), "run `make sbom`"


def test_nearly_every_package_says_its_licence() -> None:
    parts = json.loads(BILL.read_text())["components"]
    silent = [part["name"] for part in parts if not part.get("licenses")]
    assert len(silent) <= 8, silent


def test_a_package_that_is_missing_is_named() -> None:
    bill = json.loads(BILL.read_text())
    bill["components"] = [part for part in bill["components"] if part["name"] != "aiohttp"]
    done = subprocess.run(
        [sys.executable, "deploy/sbom.py", "requirements.lock"],
        cwd=ROOT, input=json.dumps(bill), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "do not agree on: aiohttp" in done.stderr
