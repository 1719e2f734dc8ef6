"""The service runs without TensorFlow; Rasa as it comes loads it."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

LOAD = """
import sys
from importlib.util import find_spec
if {left_out}:
    from send_guide.rasa_adapter.no_tensorflow import leave_out
    leave_out()
import rasa.core.agent
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
print(bool(getattr(sys.modules["tensorflow"], "__file__", None)))
"""


@pytest.mark.parametrize("left_out", [False, True])
def test_tensorflow_is_loaded_by_rasa_and_not_by_the_service(left_out: bool) -> None:
    command = [sys.executable, "-W", "ignore", "-c", LOAD.format(left_out=left_out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == str(not left_out)


DRAW = """
from send_guide.rasa_adapter.no_tensorflow import leave_out
leave_out()
import tensorflow
from matplotlib.figure import Figure
Figure().add_subplot().bar([0, 1], [2, 3])
print("drawn")
"""


def test_pictures_are_drawn_where_tensorflow_is_left_out() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DRAW], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.split()[-1:] == ["drawn"], done.stderr
