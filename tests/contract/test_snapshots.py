"""Snapshots on a local folder, with their manifest in a real PostgreSQL."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import IntegrityError
from upath import UPath

from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.adapters.stores.tables import snapshot_file
from include.winddown.domain.errors import NoSnapshot, SnapshotDamaged, SnapshotIsFinal
from tests.contract.pulls import TAKEN_AT, stock_pull


@pytest.mark.fault("F3", "S1", "S2")
@pytest.mark.fault("F7", "S1")
def test_a_valid_snapshot_is_never_written_again(
    snapshots: SnapshotStore, pulling: str, engine: Engine
) -> None:
    """Not by the store, and not behind its back."""
    snapshots.land(pulling, stock_pull())
    snapshots.seal(pulling, TAKEN_AT)
    with pytest.raises(SnapshotIsFinal, match="is valid and never written again"):
        snapshots.land(pulling, stock_pull())
    with pytest.raises(SnapshotIsFinal):
        snapshots.refuse(pulling, "changed my mind")
    for statement in (
        "update snapshot set taken_at = now()",
        "delete from snapshot",
        "update snapshot_file set rows = 0",
        "delete from snapshot_file",
        "insert into snapshot_source select snapshot_id, frame, 2, name, sha256, 1, 1, 1, 0 from snapshot_source",
    ):
        with engine.begin() as connection, pytest.raises(IntegrityError, match=r"never written|append-only"):
            connection.execute(text(statement))


@pytest.mark.fault("F10", "S1", "S2")
def test_sealing_twice_is_a_no_op(snapshots: SnapshotStore, pulling: str) -> None:
    """A retried task may seal again; another time of taking is refused."""
    snapshots.land(pulling, stock_pull())
    snapshots.seal(pulling, TAKEN_AT)
    snapshots.seal(pulling, TAKEN_AT)
    with pytest.raises(SnapshotIsFinal):
        snapshots.seal(pulling, TAKEN_AT + timedelta(days=1))
    assert snapshots.get(pulling).taken_at == TAKEN_AT


def test_a_refused_snapshot_leaves_the_one_before_in_force(
    snapshots: SnapshotStore, pulling: str, exit_id: str
) -> None:
    """Refusing is final, may be repeated, and changes nothing for the plan."""
    snapshots.land(pulling, stock_pull())
    snapshots.seal(pulling, TAKEN_AT)
    second = snapshots.begin(exit_id, None)
    snapshots.refuse(second, "stock is negative")
    snapshots.refuse(second, "stock is negative")
    assert snapshots.get(second).state == "refused"
    assert snapshots.latest_valid(exit_id).snapshot_id == pulling
    with pytest.raises(SnapshotIsFinal, match="is refused"):
        snapshots.seal(second, TAKEN_AT)


def test_the_snapshot_sealed_last_is_in_force(snapshots: SnapshotStore, exit_id: str) -> None:
    """The newer one counts as soon as it is sealed, and not before."""
    first, second = snapshots.begin(exit_id, None), snapshots.begin(exit_id, None)
    snapshots.seal(second, TAKEN_AT)
    assert snapshots.latest_valid(exit_id).snapshot_id == second
    snapshots.seal(first, TAKEN_AT)
    assert snapshots.latest_valid(exit_id).snapshot_id == first


def test_sources_are_those_of_valid_snapshots(snapshots: SnapshotStore, pulling: str, exit_id: str) -> None:
    """A file counts as imported once its snapshot is in force."""
    snapshots.land(pulling, stock_pull())
    assert snapshots.sources(exit_id) == []
    snapshots.seal(pulling, TAKEN_AT)
    assert [source.sha256 for source in snapshots.sources(exit_id)] == ["a" * 64]


def test_without_a_snapshot_it_says_what_to_do(snapshots: SnapshotStore, exit_id: str) -> None:
    """The messages name the exit or the snapshot, and the DAG to run."""
    with pytest.raises(NoSnapshot, match="run the DAG take_snapshot with exit_id demo-1"):
        snapshots.latest_valid(exit_id)
    with pytest.raises(NoSnapshot, match="no snapshot 'nope'"):
        snapshots.get("nope")


def test_a_changed_file_is_found(snapshots: SnapshotStore, pulling: str) -> None:
    """A flipped byte or a missing file breaks the checksum; the message names the file."""
    snapshots.land(pulling, stock_pull())
    snapshots.verify(pulling)
    changed, gone, _ = (Path(path) for path in snapshots.paths(pulling, "stock"))
    changed.write_bytes(changed.read_bytes()[:-1] + b"\0")
    gone.unlink()
    with pytest.raises(SnapshotDamaged, match=f"stock/{changed.name}, stock/{gone.name}"):
        snapshots.verify(pulling)


@pytest.mark.fault("F1", "S1", "S2")
@pytest.mark.fault("F25", "S1", "S2")
def test_sealing_sweeps_what_a_killed_landing_left(
    snapshots: SnapshotStore, pulling: str, tmp_path: Path
) -> None:
    """Files nobody refers to go when the snapshot is sealed; the others stay."""
    snapshots.land(pulling, stock_pull())
    orphan = tmp_path / "store" / "demo-1" / pulling / "stock" / "00000-dead.parquet"
    orphan.write_bytes(b"half")
    snapshots.seal(pulling, TAKEN_AT)
    assert not orphan.exists()
    snapshots.verify(pulling)


def test_remote_stores_give_addresses(engine: Engine, exit_id: str) -> None:
    """A store that is not a local folder is read through fsspec by its address."""
    store = SnapshotStore(engine, UPath("memory://bucket/winddown"))
    snapshot_id = store.begin(exit_id, None)
    store.land(snapshot_id, stock_pull())
    path = store.paths(snapshot_id, "stock", "WH-1")[0]
    assert path.startswith("memory://bucket/winddown/demo-1/")
    with UPath(path).open("rb") as source:
        assert pq.read_table(pa.BufferReader(source.read())).num_rows == 10
    store.verify(snapshot_id)
    store.seal(snapshot_id, TAKEN_AT)


@pytest.mark.parametrize(
    "forbidden",
    [{"sha256": "abc"}, {"rows": -1}, {"size_bytes": 0}],
)
def test_forbidden_files_are_stopped_by_constraints_alone(
    engine: Engine, pulling: str, forbidden: dict[str, object]
) -> None:
    """A manifest row without a checksum, with fewer than no rows, or of an empty file."""
    row = {
        "snapshot_id": pulling,
        "path": "stock/x.parquet",
        "frame": "stock",
        "rows": 1,
        "size_bytes": 1,
        "sha256": "a" * 64,
    }
    with engine.begin() as connection, pytest.raises(IntegrityError, match="check constraint"):
        connection.execute(insert(snapshot_file).values(row | forbidden))
