"""One million stock rows landed as a snapshot, against pyarrow writing the same columns as Parquet."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from upath import UPath

from bench.embedded import child, compare, peer, report, seconds_of, show
from include.winddown.adapters.ports import Pull, Source
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.database import engine_of
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.exits import Exit, Policy
from include.winddown.domain.frames import STOCK

ROWS = 1_000_000
BATCH_ROWS = 50_000
ROUNDS = 7
RATIO_MAX = 2.0
EXIT_ID = "bench-1"


def run() -> list[dict[str, object]]:
    """
    Measure in processes of their own, alternating.

    Returns:
        One row: measured (rows, files, checksums and manifest) and compared_with in seconds
        (median), peak_mb of a landing process.
    """
    with peer() as there:
        stock = there.folder / "stock.arrow"
        _prepare(there.url, stock)
        rounds = [
            (
                child("bench.landing", "land", str(stock), str(there.folder / "store"), there.url),
                child("bench.landing", "write", str(stock), str(there.folder / "bare.parquet")),
            )
            for _ in range(ROUNDS)
        ]
    return [compare("land 1 M stock rows as a snapshot / pyarrow writes them as Parquet", rounds, RATIO_MAX)]


def _prepare(url: str, stock: Path) -> None:
    merchant_exit = Exit(
        exit_id=EXIT_ID,
        merchant="bench",
        marketplace_conn="m",
        desk_conn="d",
        dock_conn="k",
        destination="own",
        currency="RUB",
        opened_on=date(2026, 1, 1),
        deadline_on=date(2026, 6, 1),
        policy=Policy(),
    )
    engine = engine_of(url)
    ExitStore(engine).add(merchant_exit)
    engine.dispose()
    with pa.OSFile(str(stock), "wb") as sink, pa.ipc.new_stream(sink, arrow_schema(STOCK)) as writer:
        for first in range(0, ROWS, BATCH_ROWS):
            writer.write_batch(_batch(np.arange(first, first + BATCH_ROWS)))


def _batch(numbers: np.ndarray) -> pa.RecordBatch:
    """Make rows as a marketplace gives them: warehouses mixed, every SKU in three of them."""
    chance = np.random.default_rng(int(numbers[0]))
    columns = {
        "warehouse_id": [f"WH-{number % 3}" for number in numbers],
        "sku": [str(100_000_000 + number // 3 * 7) for number in numbers],
        "offer_id": [f"ART-{number // 3:07}" for number in numbers],
        "condition": chance.choice(["sellable", "damaged_by_warehouse"], len(numbers), p=[0.97, 0.03]),
        "on_hand_qty": chance.poisson(12, len(numbers)),
        "reserved_qty": np.zeros(len(numbers), "int64"),
        "counted_at": [datetime(2026, 1, 8, 6, tzinfo=UTC)] * len(numbers),
    }
    return pa.record_batch(columns, schema=arrow_schema(STOCK))


def _read(stock: str) -> Iterator[pa.RecordBatch]:
    with pa.OSFile(stock) as source:
        yield from pa.ipc.open_stream(source)


def _land(stock: str, root: str, url: str) -> None:
    engine = engine_of(url)
    store = SnapshotStore(engine, UPath(root))
    snapshot_id = store.begin(EXIT_ID, None)
    source = Source(name="stock", sha256="0" * 64, size_bytes=1, rows_in=ROWS, rows_ok=ROWS, rows_bad=0)
    pull = Pull(frame=STOCK, batches=_read(stock), sources=[source])
    report(seconds_of(lambda: store.land(snapshot_id, pull)))
    engine.dispose()


def _write(stock: str, path: str) -> None:
    report(seconds_of(lambda: pq.write_table(pa.Table.from_batches(_read(stock)), path, compression="zstd")))


if __name__ == "__main__":
    if sys.argv[1:]:
        {"land": _land, "write": _write}[sys.argv[1]](*sys.argv[2:])
    else:
        show(run())
