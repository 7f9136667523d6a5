"""Stock on its way in, for the contract tests of snapshots."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from include.winddown.adapters.ports import BadRow, Pull, Source
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.frames import STOCK

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
