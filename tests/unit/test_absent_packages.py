"""Rasa runs without TensorFlow and other packages that it imports and nothing here calls."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

RASA = """
import rasa.core.agent, rasa.core.channels, rasa.core.test, rasa.nlu.test, rasa.core.training.interactive
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
print("imported")
"""


def says(program: str, **environment: str) -> str:
    """Run a program as any Python of this environment would, and return its last word."""
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=environment)
    return done.stdout.split()[-1]


def test_rasa_finds_all_that_it_imports_in_any_python_of_the_environment() -> None:
    assert says(RASA) == "imported"


STORE = """
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig
print(type(TrackerStore.create(None)).__name__)
try:
    TrackerStore.create(EndpointConfig(type="SQL", dialect="no-such-database"))
except Exception as error:
    print(type(error).__name__)
"""


def test_rasas_own_stores_work_and_say_when_they_cannot() -> None:
    assert says(STORE) == "NoSuchModuleError"  # of SQLAlchemy, past what Rasa is ready to catch of boto's


@pytest.mark.parametrize(
    ("first", "word"),
    [
        ("", "installed"),
        ("from send_guide.rasa_adapter.absent_packages import leave_out_tensorflow as o; o()", "Absent"),
    ],
    ids=["rasa", "service"],
)
def test_tensorflow_is_used_where_it_is_installed_but_not_by_the_service(
    tmp_path: Path, first: str, word: str
) -> None:
    (tmp_path / "tensorflow.py").write_text("WHERE = 'installed'\n")
    program = f"{first}\nimport tensorflow\nprint(getattr(tensorflow.WHERE, '__name__', tensorflow.WHERE))"
    assert says(program, PYTHONPATH=str(tmp_path)) == word
