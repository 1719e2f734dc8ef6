"""Each fix, and the defect without it. A fresh process has Rasa as it came."""

import subprocess
import sys

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from send_guide.rasa_adapter import patches
from tests.conftest import ROOT

STORE_DEFECT = """
import asyncio
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
FIX
class Away(InMemoryTrackerStore):
    async def retrieve(self, sender_id):
        raise ConnectionError("away")
agent = Agent(domain=Domain.empty(), tracker_store=Away(Domain.empty()))
try:
    print("silent", asyncio.run(agent.tracker_store.retrieve("mum")))
except ConnectionError:
    print("said")
"""
EVENT_DEFECT = """
import rasa.shared.utils.common as common
calls = []
walk = common.all_subclasses
common.all_subclasses = lambda cls: (cls.__name__ == "Event" and calls.append(1)) or walk(cls)
from rasa.shared.core.events import Event
FIX
for _ in range(10):
    Event.resolve_by_type("user")
print(len(calls))
"""
SCHEMA_DEFECT = """
import jsonschema
from rasa.core.actions.action import RemoteAction
FIX
calls = []
check = jsonschema.Draft202012Validator.check_schema.__func__
for validator in (jsonschema.Draft202012Validator, jsonschema.Draft7Validator, jsonschema.Draft4Validator):
    validator.check_schema = classmethod(lambda cls, schema, *a, **k: calls.append(1) or check(cls, schema))
action = RemoteAction("action_answer", None)
for _ in range(5):
    action._validate_action_result({"events": [], "responses": []})
print(len(calls))
"""


def outcome(program: str, fixed: bool) -> str:
    fix = "from send_guide.rasa_adapter import patches; patches.apply()" if fixed else ""
    command = [sys.executable, "-W", "ignore", "-c", program.replace("FIX", fix)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("program", "stock", "fixed"),
    [
        (STORE_DEFECT, "silent None", "said"),
        (EVENT_DEFECT, "10", "1"),
        (SCHEMA_DEFECT, "5", "0"),
    ],
    ids=[
        "a store that is away is not hidden",
        "event classes are looked up once",
        "the schema is a constant",
    ],
)
def test_the_defect_is_there_without_the_fix_and_gone_with_it(program: str, stock: str, fixed: str) -> None:
    assert outcome(program, fixed=False) == stock
    assert outcome(program, fixed=True) == fixed


def test_another_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rasa.__version__", "3.7.0")
    with pytest.raises(patches.WrongRasaError, match=r"3\.7\.0 is installed; these fixes are for 3\.6\.21"):
        patches.apply()


def test_no_store_means_memory() -> None:
    assert isinstance(patches._store_as_it_is(None, Domain.empty()), InMemoryTrackerStore)
