"""docs/operate.md names every metric that is counted and every secret that can be set."""

import re

from pydantic import SecretStr

from send_guide.settings import Settings
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "operate.md").read_text()


def test_every_metric_is_explained() -> None:
    counted = set()
    for path in (ROOT / "send_guide").rglob("*.py"):
        counted |= set(re.findall(r'(?:Counter|Histogram|Gauge)\(\s*"(send_guide_\w+)"', path.read_text()))
    assert len(counted) >= 6
    assert [name for name in sorted(counted) if name not in PAGE] == []


def test_every_secret_can_be_rotated() -> None:
    secrets = {
        f"SEND_GUIDE_{name.upper()}"
        for name, field in Settings.model_fields.items()
        if SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ()))
    }
    assert len(secrets) >= 3
    assert [name for name in sorted(secrets) if f"`{name}`" not in PAGE] == []
