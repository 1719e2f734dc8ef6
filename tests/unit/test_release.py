"""A release says the same version wherever it says one, and the newest section of the changelog is of it."""

import json
import re
import tomllib

import send_guide
from tests.conftest import ROOT


def test_the_version_is_the_same_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    bill = json.loads((ROOT / "docs" / "sbom.cdx.json").read_text())
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    released = re.findall(
        r"^## (\d+\.\d+\.\d+) \(\d+ \w+ \d{4}\)$", (ROOT / "CHANGELOG.md").read_text(), re.M
    )
    assert send_guide.__version__ == version
    assert bill["metadata"]["component"]["version"] == version
    assert f'image.version="{version}"' in dockerfile
    assert released[0] == version
