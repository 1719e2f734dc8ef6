"""What handlers share has a type, and what can be checked for types is."""

import tomllib
from importlib.metadata import version

from tests.conftest import ROOT

MYPY = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]


def test_what_handlers_share_is_reached_by_functions_that_say_its_type() -> None:
    """Sanic's ``app.ctx`` takes and gives anything: a slip in a name is found when a person meets it."""
    reached = {
        path.relative_to(ROOT / "send_guide").as_posix(): text.count("request.app.ctx.")
        for path in (ROOT / "send_guide").rglob("*.py")
        if "request.app.ctx." in (text := path.read_text(encoding="utf-8"))
    }
    assert reached == {
        "services.py": 1,
        "staff/auth.py": 1,
        "editing/trial_runner.py": 1,
        "editing/publishing.py": 1,
    }


def test_tests_and_benchmarks_are_checked_as_the_guide_is() -> None:
    assert {"send_guide", "actions", "benchmarks", "tests"} <= set(MYPY["files"])
    assert MYPY["strict"]


def test_packages_that_have_stubs_are_checked_with_them() -> None:
    ignored = [
        name for rule in MYPY["overrides"] if rule.get("ignore_missing_imports") for name in rule["module"]
    ]
    for package, stubs in {
        "yaml": "types-PyYAML",
        "requests": "types-requests",
        "jsonschema": "types-jsonschema",
        "dateutil": "types-python-dateutil",
    }.items():
        assert f"{package}.*" not in ignored
        assert version(stubs)
