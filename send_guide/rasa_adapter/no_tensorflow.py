"""Keeps TensorFlow out of the service: 280 MB and seconds of every start for what is never called.

Rasa imports it for its neural components as soon as its default recipe is read, whatever the pipeline
holds (``rasa/utils/train_utils.py``, ``rasa/utils/tensorflow``). Ours holds none (design decision 4), so
that names are all that is needed. Rasa's own commands, which may train such components, are not touched.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

ABSENT = ("tensorflow", "keras", "tensorflow_text", "tensorflow_hub")


class _Name(ABCMeta):
    """What a name of an absent package stands for: a class to inherit from, with any attribute."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent

    def __getitem__(cls, _: Any) -> Any:
        return Absent


class Absent(metaclass=_Name):
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
    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:
        absent = name.partition(".")[0] in ABSENT
        return ModuleSpec(name, self, is_package=True) if absent else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = _Module(spec.name)
        module.__path__ = []  # a package: anything may be imported from it
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is nothing in it."""


def leave_out() -> None:
    """Have TensorFlow's names stand for nothing from now on; does nothing where it is loaded already."""
    if "tensorflow" not in sys.modules and not any(isinstance(found, _Importer) for found in sys.meta_path):
        sys.meta_path.insert(0, _Importer())
