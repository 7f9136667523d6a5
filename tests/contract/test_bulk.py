"""DuckDB over what the snapshot store holds, wherever that is."""

import uuid

import duckdb
import pyarrow as pa
import pytest
from sqlalchemy import Engine
from upath import UPath

from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.snapshots import SnapshotStore
from tests.contract.pulls import stock_pull


@pytest.mark.parametrize("kind", ["folder", "object storage"])
def test_a_snapshot_is_read_where_it_lies(engine: Engine, exit_id: str, tmp_path, kind: str) -> None:
    """The same rows come back from a local folder and from an address that only fsspec can open."""
    root = UPath(tmp_path / "store") if kind == "folder" else UPath(f"memory:///{uuid.uuid4().hex}")
    snapshots = SnapshotStore(engine, root)
    snapshot_id = snapshots.begin(exit_id, None)
    rows = snapshots.land(snapshot_id, stock_pull())
    there = run_bulk("freeze_stock", {"stock": snapshots.paths(snapshot_id, "stock")})
    assert there.num_rows == rows
    assert snapshots.warehouses(snapshot_id) == sorted(set(there["warehouse_id"].to_pylist()))


def test_an_unnamed_value_is_refused() -> None:
    """A statement takes exactly the values it names."""
    stock = pa.table({"warehouse_id": ["A"], "sku": ["1"], "reserved_qty": [2]})
    assert run_bulk("gate_reserved", {"stock": stock}).to_pylist() == [
        {"warehouse_id": "A", "sku": "1", "qty": 2}
    ]
    with pytest.raises(duckdb.BinderException, match="Expected 0, got 1"):
        run_bulk("gate_reserved", {"stock": stock}, {"surplus": 1})
