"""
One million plan lines written by binary COPY, against psql's bare COPY of the same rows from a CSV file.

Twice: into the plan's own table with its key, checks and guard on both sides, and, harder, against
psql filling a table of the same columns with neither key nor constraint.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from sqlalchemy import text

from bench.embedded import Peer, child, compare, peer, report, seconds_of, show
from include.winddown.adapters.stores.database import copy_into, engine_of
from include.winddown.adapters.stores.tables import plan_line

ROWS = 1_000_000
BATCH_ROWS = 50_000
ROUNDS = 5
RATIO_MAX = 2.0
INTEGERS = [
    "line_no",
    "planned_qty",
    "weight_g",
    "volume_ml",
    "price_minor",
    "new_price_minor",
    "unit_cost_minor",
    "resale_minor",
]

HEAD = """
insert into exit values ('bench-1', 'bench', 'm', 'd', 'k', 'own', 'RUB', '2026-01-01', '2026-06-01', '{}');
insert into snapshot (snapshot_id, exit_id) values ('bench-snapshot', 'bench-1');
"""
PLAN = """
insert into plan (plan_id, exit_id, snapshot_id, digest, summary, state)
values ('{plan_id}', 'bench-1', 'bench-snapshot', repeat('0', 64), '{{}}', 'proposed');
update plan set state = 'superseded' where plan_id = '{plan_id}';
"""


def run() -> list[dict[str, object]]:
    """
    Measure in processes of their own, alternating.

    Returns:
        Two rows: measured and compared_with in seconds (median), peak_mb of the writing process.
    """
    with peer() as there:
        _prepare(there)
        own, bare = [], []
        for number in range(ROUNDS):
            written = child("bench.plan_copy", "copy", _rows(there, f"ours-{number}", "arrow"), there.url)
            own.append((written, _psql(there, "plan_line", f"theirs-{number}")))
            bare.append((written, _psql(there, "plain", f"theirs-{number}")))
    bare_name = "write 1 M plan lines / psql COPY into a table without key or constraint"
    return [
        compare("write 1 M plan lines / psql COPY into the same table", own, RATIO_MAX),
        compare(bare_name, bare, RATIO_MAX),
    ]


def _prepare(there: Peer) -> None:
    engine = engine_of(there.url)
    with engine.begin() as connection:
        connection.exec_driver_sql(HEAD)
        connection.exec_driver_sql("create table plain (like plan_line)")
        for number in range(ROUNDS):
            for owner in ("ours", "theirs"):
                connection.exec_driver_sql(PLAN.format(plan_id=f"{owner}-{number}"))
    engine.dispose()
    for number in range(ROUNDS):
        _write_arrow(Path(_rows(there, f"ours-{number}", "arrow")), f"ours-{number}")
        _write_csv(Path(_rows(there, f"theirs-{number}", "csv")), f"theirs-{number}")


def _rows(there: Peer, plan_id: str, kind: str) -> str:
    return str(there.folder / f"{plan_id}.{kind}")


def _schema() -> pa.Schema:
    return pa.schema([(c.name, pa.int64() if c.name in INTEGERS else pa.string()) for c in plan_line.columns])


def _batches(plan_id: str) -> Iterator[pa.RecordBatch]:
    for first in range(0, ROWS, BATCH_ROWS):
        numbers = np.arange(first, first + BATCH_ROWS)
        chance = np.random.default_rng(first)
        texts = {
            "plan_id": [plan_id] * BATCH_ROWS,
            "warehouse_id": chance.choice(["WH-1", "WH-2", "WH-3"], BATCH_ROWS),
            "sku": [str(100_000_000 + number * 7) for number in numbers],
            "offer_id": [f"ART-{number:07}" for number in numbers],
            "name": [f"Кружка белая № {number}, 330 мл" for number in numbers],
            "condition": ["sellable"] * BATCH_ROWS,
            "disposition": chance.choice(["return", "markdown", "hold"], BATCH_ROWS),
            "handling_class": ["standard"] * BATCH_ROWS,
            "currency": ["RUB"] * BATCH_ROWS,
            "why": [f"stock lasts {number % 60} weeks, {number % 11} are left" for number in numbers],
        }
        integers = {name: chance.integers(1, 100_000, BATCH_ROWS) for name in INTEGERS} | {"line_no": numbers}
        yield pa.record_batch({**texts, **integers}, schema=_schema())


def _write_arrow(path: Path, plan_id: str) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, _schema()) as writer:
        for batch in _batches(plan_id):
            writer.write_batch(batch)


def _write_csv(path: Path, plan_id: str) -> None:
    options = arrow_csv.WriteOptions(include_header=False)
    with arrow_csv.CSVWriter(str(path), _schema(), write_options=options) as writer:
        for batch in _batches(plan_id):
            writer.write_batch(batch)


def _copy(path: str, url: str) -> None:
    engine = engine_of(url)
    with engine.connect() as connection:
        connection.execute(text("checkpoint"))
    with pa.OSFile(path) as source:
        reader = pa.ipc.open_stream(source)

        def write() -> None:
            with engine.begin() as connection:
                copy_into(connection, plan_line, reader)

        report(seconds_of(write))
    engine.dispose()


def _psql(there: Peer, table: str, plan_id: str) -> dict[str, float]:
    command = [there.psql, there.url, "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--command"]
    subprocess.run([*command, "checkpoint"], check=True)
    copy = f"\\copy {table} from '{_rows(there, plan_id, 'csv')}' (format csv)"
    taken = seconds_of(lambda: subprocess.run([*command, copy], check=True))
    return {"seconds": taken, "peak_mb": 0.0}


if __name__ == "__main__":
    if sys.argv[1:]:
        _copy(*sys.argv[2:])
    else:
        show(run())
