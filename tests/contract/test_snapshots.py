"""Snapshots on a local folder, with their manifest in a real PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import IntegrityError
from upath import UPath

from include.winddown.adapters.ports import BadRow, Pull, Source
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.landing import GROUP_ROWS
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.adapters.stores.tables import quarantine, snapshot_file, snapshot_source
from include.winddown.domain.errors import FileRefused, NoSnapshot, SnapshotDamaged, SnapshotIsFinal
from include.winddown.domain.frames import CATALOGUE, ORDERS, STOCK

TAKEN_AT = datetime(2026, 11, 8, 6, tzinfo=UTC)
WAREHOUSES = ("WH-1", "../../WH 2", "склад")


def stock(rows: int, warehouses: tuple[str, ...] = WAREHOUSES) -> pa.Table:
    return pa.table(
        {
            "warehouse_id": [warehouses[number % len(warehouses)] for number in range(rows)],
            "sku": [f"SKU-{number}" for number in range(rows)],
            "offer_id": [f"ART-{number}" for number in range(rows)],
            "condition": ["sellable"] * rows,
            "on_hand_qty": list(range(rows)),
            "reserved_qty": [0] * rows,
            "counted_at": [TAKEN_AT] * rows,
        },
        schema=arrow_schema(STOCK),
    )


def stock_pull(rows: int = 30, bad: int = 0) -> Pull:
    source = Source(
        name="stock.csv", sha256="a" * 64, size_bytes=10, rows_in=rows + bad, rows_ok=rows, rows_bad=bad
    )
    bad_rows = [
        BadRow(file="stock.csv", row_no=number, column="sku", code="R_SKU", value="=1+1", reason="not an id")
        for number in range(bad)
    ]
    batches = stock(rows).to_batches(max_chunksize=7)
    return Pull(frame=STOCK, batches=batches, sources=[source], bad_rows=bad_rows)


def breaking(pull: Pull, error: Exception) -> Pull:
    def batches() -> Iterator[pa.RecordBatch]:
        yield from pull.batches
        raise error

    return Pull(frame=pull.frame, batches=batches(), sources=pull.sources, bad_rows=pull.bad_rows)


def read(paths: list[str]) -> pa.Table:
    return pa.concat_tables([pq.read_table(path) for path in paths])


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def pulling(snapshots: SnapshotStore, exit_id: str) -> str:
    return snapshots.begin(exit_id, "2026-11-08")


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


def test_a_failed_retry_leaves_the_first_landing(snapshots: SnapshotStore, pulling: str) -> None:
    """What stood before the failure still stands."""
    snapshots.land(pulling, stock_pull(30))
    with pytest.raises(OSError, match="reset"):
        snapshots.land(pulling, breaking(stock_pull(9), OSError("connection reset")))
    assert read(snapshots.paths(pulling, "stock")).num_rows == 30
    snapshots.verify(pulling)


def test_a_manifest_that_cannot_be_written_takes_its_files_back(
    snapshots: SnapshotStore, pulling: str, tmp_path: Path
) -> None:
    """A source whose counts do not add up is stopped by the database, and no file stays."""
    pull = stock_pull(30)
    pull.sources = [Source(name="s", sha256="b" * 64, size_bytes=1, rows_in=31, rows_ok=30, rows_bad=0)]
    with pytest.raises(IntegrityError, match="nothing_dropped"):
        snapshots.land(pulling, pull)
    assert files_below(tmp_path) == []


def test_a_refused_file_keeps_its_bad_rows(snapshots: SnapshotStore, pulling: str, engine: Engine) -> None:
    """What a person has to mend stays in quarantine; the rows themselves are not used."""
    refused = FileRefused("F_BAD", "60 of 90 rows are bad")
    with pytest.raises(FileRefused):
        snapshots.land(pulling, breaking(stock_pull(30, bad=60), refused))
    with pytest.raises(NoSnapshot, match="has no stock yet"):
        snapshots.paths(pulling, "stock")
    with engine.connect() as connection:
        assert len(connection.execute(select(quarantine)).all()) == 60


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


def test_a_catalogue_is_one_file(snapshots: SnapshotStore, pulling: str) -> None:
    """A frame without a warehouse is not split."""
    snapshots.land(pulling, Pull(frame=CATALOGUE, batches=[]))
    assert len(snapshots.paths(pulling, "catalogue")) == 1


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
