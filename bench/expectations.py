"""
One million stock rows judged by GX over one pass, against the same predicates by hand in DuckDB.

The import of GX is paid once per process and left out of both sides.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from bench.embedded import peak_mb
from include.winddown.adapters.stores.expectations import judge
from include.winddown.domain.expectations import frame_expectations
from include.winddown.domain.frames import STOCK

ROWS = 1_000_000
ROUNDS = 5
RATIO_MAX = 2.0

STOCK_ROWS = """
copy (
    select
        'MSK-' || i % 3 as warehouse_id,
        'SKU-' || lpad((i // 3)::text, 8, '0') as sku,
        'OFFER-' || i // 3 as offer_id,
        'sellable' as condition,
        1 + i % 40 as on_hand_qty,
        i % 2 as reserved_qty,
        timestamptz '2026-01-05 12:00:00+00' as counted_at
    from range({rows}) as numbers (i)
) to '{path}' (format parquet, compression zstd)
"""

BY_HAND = r"""
select
    count(*),
    (
        select count(*)
        from (
            select 1 from read_parquet($path)
            group by warehouse_id, sku, condition
            having count(*) > 1
        )
    ),
    count(*) filter (warehouse_id is null),
    count(*) filter (not regexp_matches(warehouse_id, '[^\s\pZ\pC]')),
    count(*) filter (sku is null),
    count(*) filter (not regexp_matches(sku, '[^\s\pZ\pC]')),
    count(*) filter (offer_id is null),
    count(*) filter (not regexp_matches(offer_id, '[^\s\pZ\pC]')),
    count(*) filter (condition is null),
    count(*) filter (
        condition not in ('sellable', 'damaged_by_seller', 'damaged_by_warehouse', 'lost')
    ),
    count(*) filter (on_hand_qty is null),
    count(*) filter (on_hand_qty not between 0 and 1000000),
    count(*) filter (reserved_qty is null),
    count(*) filter (reserved_qty not between 0 and 1000000),
    count(*) filter (counted_at is null),
    count(*) filter (reserved_qty > on_hand_qty),
    count(*) filter (condition <> 'sellable' and reserved_qty <> 0)
from read_parquet($path)
"""


def run() -> list[dict[str, object]]:
    """
    Measure in processes of their own.

    Returns:
        One row: measured and compared_with in seconds (median), peak_mb of a process that judges once.
    """
    with tempfile.TemporaryDirectory(prefix="winddown-bench-") as folder:
        path = str(Path(folder) / "stock.parquet")
        duckdb.connect().execute(STOCK_ROWS.format(rows=ROWS, path=path))
        timed = _child("time", path)
        peak = _child("peak", path)
    return [
        {
            "name": "judge 1 M stock rows",
            "measured": timed["judged"],
            "compared_with": timed["by_hand"],
            "ratio": timed["judged"] / timed["by_hand"],
            "limit": RATIO_MAX,
            "peak_mb": peak["mb"],
        }
    ]


def _child(what: str, path: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.expectations", what, path]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _time(path: str) -> dict[str, float]:
    _judge(path)
    pairs = [(_seconds(lambda: _judge(path)), _seconds(lambda: _by_hand(path))) for _ in range(ROUNDS)]
    judged, by_hand = zip(*pairs, strict=True)
    return {"judged": statistics.median(judged), "by_hand": statistics.median(by_hand)}


def _peak(path: str) -> dict[str, float]:
    _judge(path)
    return {"mb": peak_mb()}


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _judge(path: str) -> None:
    judge({"stock": [path]}, frame_expectations(STOCK)).raise_if_failed("the bench")


def _by_hand(path: str) -> None:
    with duckdb.connect(config={"threads": 2}) as connection:
        [row] = connection.execute(BY_HAND, {"path": path}).fetchall()
    if row != (ROWS, *(0,) * (len(row) - 1)):
        msg = f"the bench counts bad rows in good ones: {row}"
        raise RuntimeError(msg)


if __name__ == "__main__":
    print(json.dumps({"time": _time, "peak": _peak}[sys.argv[1]](sys.argv[2])))
