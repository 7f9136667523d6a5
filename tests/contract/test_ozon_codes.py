"""Ozon's warehouse ids and a partner's own codes for them, against the sandbox."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from include.winddown.adapters.ports import Pull
from include.winddown.adapters.schemas import arrow_schema
from tests.contract.sandbox_server import Sandbox, running

READS = ("orders", "supplies")


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "3") as started:
        started.faults(supply_orders=6)
        yield started


def table_of(pull: Pull) -> pa.Table:
    return pa.Table.from_batches(list(pull.batches), arrow_schema(pull.frame))


def codes_of(world: Sandbox) -> dict[str, str]:
    """A code for every warehouse that orders or supplies name."""
    told = {place for name in READS for place in places(table_of(getattr(world.ozon(), name)()))}
    return {place: f"code of {place}" for place in sorted(told) if place.isdecimal()}


def places(table: pa.Table) -> set[str]:
    return {place for place in table.column("warehouse_id").to_pylist() if place is not None}


@pytest.mark.parametrize("name", READS)
def test_rows_name_warehouses_as_the_partner_does(world: Sandbox, name: str):
    """Every id that has a code is told by it, every other cell is as before, and nothing is noted."""
    codes = codes_of(world)
    plain: Any = getattr(world.ozon(), name)()
    renamed: Any = getattr(world.ozon(warehouses=codes), name)()
    before, after = table_of(plain), table_of(renamed)
    assert codes
    assert [codes.get(one, one) for one in before.column("warehouse_id").to_pylist()] == after.column(
        "warehouse_id"
    ).to_pylist()
    assert before.drop_columns("warehouse_id") == after.drop_columns("warehouse_id")
    assert places(before) & set(codes)
    assert not any("have no code" in note for note in renamed.notes)


@pytest.mark.parametrize("name", READS)
def test_an_id_without_a_code_is_kept_and_reported(world: Sandbox, name: str):
    """What the mapping misses stays as Ozon tells it, and a note names it."""
    codes = codes_of(world)
    missing = min(places(table_of(getattr(world.ozon(), name)())) & set(codes))
    del codes[missing]
    pull = getattr(world.ozon(warehouses=codes or {"1": "elsewhere"}), name)()
    assert missing in places(table_of(pull))
    (note,) = [note for note in pull.notes if "have no code" in note]
    assert missing in note


def test_without_a_mapping_ids_stay_as_they_are(world: Sandbox):
    """No setting, no change and no note."""
    pull = world.ozon().orders()
    assert any(place.isdecimal() for place in places(table_of(pull)))
    assert not any("have no code" in note for note in pull.notes)
