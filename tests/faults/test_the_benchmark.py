"""What ``make faults`` measures it keeps, whatever else breaks; and it says what it needs."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import attacker, breaking, faults
from benchmarks.breaking import AS_SHIPPED, Fault, Place
from benchmarks.needs import FOUND
from tests.servers import Service


def alone(place: Place) -> None:
    """One process over SQLite: enough to count with."""
    (place.folder / "0").mkdir()
    place.database = f"sqlite:///{place.folder}/conversations.db"
    place.settings = {"DATABASE_URL": place.database}
    place.url = f"http://127.0.0.1:{place.start(0).wait().port}/webhooks/rest/webhook"


def does_not_start(_: Place) -> None:
    pytest.fail("waited in vain")


def cannot_be_broken(_: Place) -> None:
    raise OSError("no room | left")


def columns(page: Path) -> dict[str, list[str]]:
    """The lines of the table by their first column."""
    lines = [line.strip("| ").split("|") for line in page.read_text().splitlines() if line.startswith("| ")]
    return {line[0].strip(): [column.strip() for column in line[1:]] for line in lines}


def test_what_was_measured_stays_when_another_fault_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = {
        "first": Fault("the first", alone, cannot_be_broken, ()),
        "second": Fault("the second", does_not_start, needs=()),
    }
    monkeypatch.setattr(faults, "FAULTS", cases)
    page = tmp_path / "faults.md"
    faults.measure_all(["second", "first"], 4, 2, page)
    faults.measure_all(["second"], 4, 2, page)
    found = columns(page)
    assert found["the first"][:7] == ["4", "0", "0", "0", "0", "0", "0"]
    assert "broke off: OSError: no room / left" in found["the first"][-1]
    assert set(found["the second"][:-1]) == {""}
    assert "broke off: Failed: waited in vain" in found["the second"][-1]
    assert len({len(line) for line in found.values()}) == 1  # no row is longer than the table


def test_a_server_that_is_not_there_is_named_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    page = tmp_path / "faults.md"
    monkeypatch.setattr(sys, "argv", ["faults", "--fault", "none", "disk", "--out", str(page)])
    with pytest.raises(SystemExit) as ended:
        faults.main()
    named = str(ended.value.code).partition(": ")[2].split(", ")
    assert {"nginx", "redis-server", "the right to mount a file system"} <= set(named)
    assert not page.exists()


def test_every_fault_names_what_there_is_to_need() -> None:
    assert {need for fault in breaking.FAULTS.values() for need in fault.needs} <= set(FOUND)


def test_the_page_says_how_much_longer_families_wait_beside_an_attacker(tmp_path: Path) -> None:
    row: dict[str, Any] = dict.fromkeys(("lost", "doubled", "out_of_order", "stuck", "told", "again"), 0)
    row |= {"conversations": 9, "p50": 0.1, "p95": 0.2, "p99": 0.3, "longest": 0.4, "broke_off": ""}
    row |= {"day": "1 May 2026", "cores": 2, "clients": 16, "others": 0.1, "attacker": None}
    came = {attacker.ATTACKS[0].title: {"400": 30}}
    beside = row | {"p95": 0.3, "attacker": {"seconds": 10.0, "processor": 2.0, "came": came}}
    page = tmp_path / "faults.md"
    faults.write({"unattacked": row, "attacked": beside}, page)
    assert "**1.50 times**" in page.read_text()
    assert columns(page)["1"] == [attacker.ATTACKS[0].title, "10", "3.0", "400: 30"]
    assert json.loads(page.with_suffix(".json").read_text())["attacked"]["p95"] == 0.3


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("shipped"), **AS_SHIPPED).wait()
    yield running
    running.stop()


REFUSED: dict[Any, set[str]] = {
    attacker.malformed_length: {"400"},
    attacker.raw_byte: {"400"},
    attacker.letters_that_grow: {"200", "204"},
    attacker.pages: {"200"},
    attacker.danger: {"told what to do"},
    attacker.long_reading: {"200"},
    attacker.chunks_without_end: {"403", "413", attacker.HUNG_UP},
}


@pytest.mark.parametrize("attack", attacker.ATTACKS, ids=lambda attack: attack.once.__name__)
def test_an_attack_does_what_it_says_and_is_answered(shipped: Service, attack: attacker.Attack) -> None:
    async def three_times() -> set[str]:
        long = await attacker.begin_long(shipped.port)
        laptop = attacker.laptop_of(attack.address, shipped.port, shipped.port, long)
        async with laptop.http:
            return {await attack.once(laptop, number) for number in range(3)}

    assert asyncio.run(three_times()) <= REFUSED[attack.once]
