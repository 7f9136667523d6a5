"""Rows landed as Parquet on a local folder, with their manifest in a real PostgreSQL."""

import gc
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.ports import Pull, Source
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.landing import GROUP_ROWS
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.adapters.stores.tables import quarantine, snapshot_file, snapshot_source
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused, NoSnapshot
from include.winddown.domain.frames import CATALOGUE, ORDERS, STOCK
from tests.contract.pulls import WAREHOUSES, breaking, files_below, read, stock, stock_pull


def test_rows_come_back_as_they_were_landed(snapshots: SnapshotStore, pulling: str) -> None:
    """Every row and every type survives; there is one file a warehouse."""
    assert snapshots.land(pulling, stock_pull(30)) == 30
    paths = snapshots.paths(pulling, "stock")
    assert len(paths) == 3
    assert read(paths).sort_by("on_hand_qty") == stock(30)


def test_a_warehouse_can_be_read_alone(snapshots: SnapshotStore, pulling: str) -> None:
    """Mapped tasks read the files of their own warehouse, whatever its name is."""
    snapshots.land(pulling, stock_pull(30))
    assert snapshots.warehouses(pulling) == sorted(WAREHOUSES)
    for warehouse_id in WAREHOUSES:
        alone = read(snapshots.paths(pulling, "stock", warehouse_id))
        assert set(alone["warehouse_id"].to_pylist()) == {warehouse_id}
    assert snapshots.paths(pulling, "stock", "WH-9") == []


def test_names_from_the_data_never_become_paths(
    snapshots: SnapshotStore, pulling: str, tmp_path: Path
) -> None:
    """A warehouse called ../../WH 2 stays inside the snapshot's folder."""
    snapshots.land(pulling, stock_pull(30))
    inside = tmp_path / "store" / "demo-1" / pulling / "stock"
    assert {path.parent for path in files_below(tmp_path)} == {inside}


def test_an_empty_frame_is_a_file_without_rows(snapshots: SnapshotStore, pulling: str) -> None:
    """No orders is a fact, not a missing file."""
    assert snapshots.land(pulling, Pull(frame=ORDERS, batches=[])) == 0
    assert read(snapshots.paths(pulling, "orders")) == arrow_schema(ORDERS).empty_table()


def test_the_manifest_says_what_was_read(
    snapshots: SnapshotStore, pulling: str, engine: Engine, exit_id: str
) -> None:
    """Files with rows and checksums, sources with counts, bad rows in quarantine."""
    snapshots.land(pulling, stock_pull(30, bad=2))
    with engine.connect() as connection:
        files = connection.execute(select(snapshot_file)).all()
        rows = connection.execute(select(quarantine).order_by(quarantine.c.row_no)).all()
    assert sum(file.rows for file in files) == 30
    assert [(row.exit_id, row.snapshot_id, row.frame, row.row_no, row.value) for row in rows] == [
        (exit_id, pulling, "stock", 0, "=1+1"),
        (exit_id, pulling, "stock", 1, "=1+1"),
    ]
    source = snapshots.sources_of(pulling)[0]
    assert (source.name, source.rows_in, source.rows_ok, source.rows_bad) == ("stock.csv", 32, 30, 2)


@pytest.mark.fault("F3", "S1", "S2")
@pytest.mark.fault("F5", "S1", "S2")
@pytest.mark.fault("F6", "S1", "S2")
def test_landing_again_replaces(
    snapshots: SnapshotStore, pulling: str, tmp_path: Path, engine: Engine
) -> None:
    """A retried task leaves what the first try would have left: no old file, no double row."""
    snapshots.land(pulling, stock_pull(30, bad=2))
    snapshots.land(pulling, stock_pull(9, bad=1))
    assert read(snapshots.paths(pulling, "stock")).num_rows == 9
    assert len(files_below(tmp_path)) == 3
    assert len(snapshots.sources_of(pulling)) == 1
    with engine.connect() as connection:
        assert len(connection.execute(select(quarantine)).all()) == 1


@pytest.mark.fault("F1", "S1", "S2")
@pytest.mark.fault("F2", "S1", "S2")
@pytest.mark.fault("F9", "S1", "S2")
@pytest.mark.fault("F12", "S1", "S2")
@pytest.mark.fault("F25", "S1", "S2")
@pytest.mark.parametrize("error", [OSError("connection reset"), KeyboardInterrupt()])
def test_a_failure_in_the_middle_leaves_nothing(
    snapshots: SnapshotStore, pulling: str, tmp_path: Path, engine: Engine, error: Exception
) -> None:
    """Neither a file nor a row of the manifest stays, however the read ends."""
    with pytest.raises(type(error)):
        snapshots.land(pulling, breaking(stock_pull(30, bad=2), error))
    assert files_below(tmp_path) == []
    with engine.connect() as connection:
        for table in (snapshot_file, snapshot_source, quarantine):
            assert connection.execute(select(table)).all() == []


@pytest.mark.fault("F4", "S1")
@pytest.mark.fault("F6", "S1", "S2")
def test_a_failed_retry_leaves_the_first_landing(snapshots: SnapshotStore, pulling: str) -> None:
    """What stood before the failure still stands."""
    snapshots.land(pulling, stock_pull(30))
    with pytest.raises(OSError, match="reset"):
        snapshots.land(pulling, breaking(stock_pull(9), OSError("connection reset")))
    assert read(snapshots.paths(pulling, "stock")).num_rows == 30
    snapshots.verify(pulling)


@pytest.mark.fault("F9", "S1", "S2")
@pytest.mark.fault("F12", "S1", "S2")
def test_a_manifest_that_cannot_be_written_takes_its_files_back(
    snapshots: SnapshotStore, pulling: str, tmp_path: Path
) -> None:
    """A source whose counts do not add up is stopped by the database, and no file stays."""
    pull = stock_pull(30)
    pull.sources = [Source(name="s", sha256="b" * 64, size_bytes=1, rows_in=31, rows_ok=30, rows_bad=0)]
    with pytest.raises(IntegrityError, match="nothing_dropped"):
        snapshots.land(pulling, pull)
    assert files_below(tmp_path) == []


@pytest.mark.fault("F18", "S1")
@pytest.mark.fault("F20", "S1")
def test_a_refused_file_keeps_its_bad_rows(snapshots: SnapshotStore, pulling: str, engine: Engine) -> None:
    """What a person has to mend stays in quarantine; the rows themselves are not used."""
    refused = FileRefused("F_BAD", "60 of 90 rows are bad")
    with pytest.raises(FileRefused):
        snapshots.land(pulling, breaking(stock_pull(30, bad=60), refused))
    with pytest.raises(NoSnapshot, match="has no stock yet"):
        snapshots.paths(pulling, "stock")
    with engine.connect() as connection:
        assert len(connection.execute(select(quarantine)).all()) == 60


def test_small_pieces_are_gathered_into_row_groups(snapshots: SnapshotStore, pulling: str) -> None:
    """Many small batches of many warehouses end in few row groups, and every row arrives."""
    table = stock(40_000, tuple(f"WH-{number}" for number in range(20)))
    snapshots.land(pulling, Pull(frame=STOCK, batches=table.to_batches(max_chunksize=100)))
    paths = snapshots.paths(pulling, "stock")
    assert [pq.ParquetFile(path).num_row_groups for path in paths] == [1] * 20
    assert read(paths).sort_by("on_hand_qty") == table


def test_full_row_groups_leave_no_empty_file(snapshots: SnapshotStore, pulling: str) -> None:
    """When the last row fills its group there is nothing left to write, and no file of nothing."""
    table = stock(2 * GROUP_ROWS, ("WH-1", "WH-2"))
    snapshots.land(pulling, Pull(frame=STOCK, batches=table.to_batches(max_chunksize=50_000)))
    assert read(snapshots.paths(pulling, "stock")).num_rows == 2 * GROUP_ROWS
    assert snapshots.warehouses(pulling) == ["WH-1", "WH-2"]
    assert len(snapshots.paths(pulling, "stock")) == 2


def test_a_catalogue_is_one_file(snapshots: SnapshotStore, pulling: str) -> None:
    """A frame without a warehouse is not split."""
    snapshots.land(pulling, Pull(frame=CATALOGUE, batches=[]))
    assert len(snapshots.paths(pulling, "catalogue")) == 1


def test_garbage_is_collected_as_usual_after_a_landing(snapshots: SnapshotStore, pulling: str) -> None:
    """It is seldom while rows come in, and that ends with them, also when they break off."""
    usual, during = gc.get_threshold(), []
    pull = stock_pull(3)

    def rows():
        during.append(gc.get_threshold())
        yield from pull.batches
        raise FileRefused(Code.F_TRUNC, "cut")

    with pytest.raises(FileRefused):
        snapshots.land(pulling, Pull(frame=STOCK, batches=rows()))
    assert during[0][0] == 100 * usual[0]
    assert gc.get_threshold() == usual
