"""Lets Rasa run without large packages that it imports and this service never calls.

Rasa imports TensorFlow as soon as its default recipe is read, whatever the pipeline holds
(``rasa/utils/train_utils.py``, ``rasa/utils/tensorflow``), and the libraries of Telegram, DynamoDB and
plots as soon as a channel, a tracker store or a test is. Nothing here uses them (design decision 10), so
they are not installed, and names that stand for nothing are enough: 1.2 GB, and seconds of every start.

``send-guide-absent-packages.pth``, which is installed with this package, calls :func:`stand_in` in every
Python of the environment, so that ``rasa train``, ``rasa test`` and the others work too. A package that is
installed all the same is used: ``make starter`` needs TensorFlow.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

TENSORFLOW = ("tensorflow", "keras", "tensorflow_text", "tensorflow_hub")
ABSENT = (*TENSORFLOW, "aiogram", "boto3", "botocore", "matplotlib")


class _Name(ABCMeta):
    """What a name of an absent package stands for: a class to inherit from, with any attribute."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent

    def __getitem__(cls, _: Any) -> Any:
        return Absent


class Absent(Exception, metaclass=_Name):  # noqa: N818 - some names are of errors that Rasa is ready to catch
    """Everything in an absent package. As a decorator it leaves what it decorates as it is."""

    def __new__(cls, *given: Any, **_: Any) -> Any:
        """Return what is decorated, or another name that stands for nothing."""
        if len(given) == 1 and callable(given[0]):
            return given[0]
        return Absent


class _Module(ModuleType):
    @staticmethod
    def is_tensor(_: object) -> bool:
        """Return that nothing is a tensor: other libraries (matplotlib) ask, where they find the name."""
        return False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent


class _Importer(MetaPathFinder, Loader):
    def __init__(self, packages: Sequence[str]) -> None:
        self._packages = packages

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:
        absent = name.partition(".")[0] in self._packages
        return ModuleSpec(name, self, is_package=True) if absent else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = _Module(spec.name)
        module.__path__ = []  # a package: anything may be imported from it
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is nothing in it."""


def stand_in() -> None:
    """Have names stand for nothing where their package is not installed: the last place that is looked at."""
    sys.meta_path.append(_Importer(ABSENT))


def leave_out_tensorflow() -> None:
    """Have TensorFlow's names stand for nothing even where it is installed, unless it is loaded already."""
    if "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _Importer(TENSORFLOW))
