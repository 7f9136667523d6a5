"""
The match of 1 million requested lines with 3 million events, against its joins written by hand.

One line in ten has a discrepancy, one event in seven is told twice. Both read the same Parquet files and write
every line and every discrepancy; CPU seconds are compared, because the two use cores differently. Then the same
files in another order, each given twice: the result must be the same, line by line.
"""

import hashlib
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bench.embedded import child, compare, report, show
from bench.match_world import NOW, make_world, write_world
from include.winddown.adapters.match.joins import Legs
from include.winddown.adapters.match.run import run_match
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.match import frames as match_frames
from include.winddown.domain.match.settings import Match

LINES = 1_000_000
SHEET_LINES = 10_000
ROUNDS = 2
RATIO_MAX = 3.0
PEAK_MAX_MB = 600
LEGS = ("requested", "shipped", "received")

HAND = """
set timezone = 'UTC';
create temp view told as
select 'partner' as leg, * from read_parquet('{folder}/shipped-*.parquet')
union all by name
select 'dock' as leg, * from read_parquet('{folder}/received-*.parquet');
create temp table event as
select leg, request_no, sku, condition, kind, qty, happened_at from told
qualify row_number() over (partition by leg, account_id, event_id order by version desc, happened_at desc) = 1;
create temp table summed as
select request_no, sku, condition,
    sum(qty) filter (where kind = 'shipped') as shipped, sum(qty) filter (where kind = 'cancelled') as cancelled,
    sum(qty) filter (where kind = 'disposed') as disposed, sum(qty) filter (where kind = 'lost') as lost,
    sum(qty) filter (where kind = 'sold') as sold, sum(qty) filter (where kind = 'received_ok') as ok,
    sum(qty) filter (where kind = 'received_damaged') as damaged,
    sum(qty) filter (where kind = 'received_wrong') as wrong,
    sum(qty) filter (where kind = 'concealed_damage') as concealed, max(happened_at) as last_at
from event where kind <> 'count_closed' group by all;
create temp table closed as
select request_no, max(happened_at) as closed_at from event where kind = 'count_closed' group by request_no;
create temp table line as
with joined as (
    select r.request_no, r.sku, r.condition, r.requested_qty, r.unit_cost_minor, last_at, closed_at,
        coalesce(shipped, 0) as shipped, coalesce(disposed, 0) as disposed, coalesce(lost, 0) as lost,
        coalesce(sold, 0) as sold, coalesce(ok, 0) as ok, coalesce(damaged, 0) as damaged,
        coalesce(wrong, 0) as wrong, coalesce(concealed, 0) as concealed,
        r.requested_qty - r.accepted_qty as not_accepted,
        coalesce(cancelled, 0) + r.requested_qty - r.accepted_qty as cancelled
    from read_parquet('{folder}/requested-*.parquet') as r
    left join summed using (request_no, sku, condition) left join closed using (request_no)
)
select *, greatest(shipped - ok - damaged - wrong, 0) as absent,
    closed_at is not null or last_at < timestamptz '2026-04-06' as is_lost,
    greatest(ok + damaged + wrong + cancelled + sold + disposed - requested_qty, 0) as overage
from joined;
copy (select request_no, sku, condition, requested_qty, shipped, ok - concealed as ok, damaged + concealed as damaged,
    wrong, lost + if(is_lost, absent, 0) as lost, cancelled + sold as cancelled, disposed,
    if(is_lost, 0, absent) as in_transit, overage,
    greatest(requested_qty - ok - damaged - wrong - cancelled - sold - disposed - lost - absent, 0) as unresolved
    from line order by request_no, sku, condition) to '{folder}/hand-lines.parquet' (format parquet);
copy (
    select request_no, sku, class, qty, qty * unit_cost_minor as value_minor,
        (clock_at + interval 60 days)::date as claim_until_on
    from (
        select request_no, sku, unit_cost_minor, last_at as clock_at, unnest([
            {{'class': 'short', 'qty': if(closed_at is not null, absent, 0)}},
            {{'class': 'lost_in_transit', 'qty': if(closed_at is null and is_lost, absent, 0)}},
            {{'class': 'lost_by_partner', 'qty': lost}}, {{'class': 'damaged', 'qty': damaged}},
            {{'class': 'concealed_damage', 'qty': concealed}}, {{'class': 'wrong_item', 'qty': wrong}},
            {{'class': 'disposed_without_consent', 'qty': disposed}}, {{'class': 'overage', 'qty': overage}},
            {{'class': 'sold_after_request', 'qty': sold}}, {{'class': 'not_accepted', 'qty': not_accepted}}
        ], recursive := true)
        from line
        where absent + lost + damaged + concealed + wrong + disposed + overage + sold + not_accepted > 0
    ) where qty > 0 order by request_no, sku, class
) to '{folder}/hand-found.parquet' (format parquet);
"""


def run() -> list[dict[str, object]]:
    """
    Measure in processes of their own, alternating.

    Returns:
        Rows: CPU seconds of the match and of the joins by hand; rows that differ when the files come in
        another order and twice; answers that are wrong.
    """
    with tempfile.TemporaryDirectory(prefix="winddown-bench-") as folder:
        child("bench.reconcile", "make", folder)
        rounds = [
            (child("bench.reconcile", "match", folder, "once"), child("bench.reconcile", "hand", folder))
            for _ in range(ROUNDS)
        ]
        again = child("bench.reconcile", "match", folder, "mixed")
        name = "match 1 M requested lines, 3 M events (CPU) / the joins written by hand in DuckDB"
        wrong = sum(ours["wrong"] for ours, _ in rounds) + again["wrong"]
        differs = float(again["digest"] != rounds[0][0]["digest"])
        return [
            compare(name, rounds, RATIO_MAX) | {"peak_max_mb": PEAK_MAX_MB},
            _count("the same files in another order, each twice: results that differ / allowed", differs),
            _count("the answers of 1 M lines: discrepancies with a wrong class or quantity / allowed", wrong),
            _count(
                f"the answer sheet of {SHEET_LINES:,} lines: wrong classes or quantities / allowed", _sheet()
            ),
        ]


def _count(name: str, number: float) -> dict[str, object]:
    return {
        "name": name,
        "measured": number,
        "compared_with": 0.0,
        "ratio": number,
        "limit": 0.0,
        "peak_mb": None,
    }


def _sheet() -> float:
    world = make_world(SHEET_LINES, seed=7)
    legs = Legs(requested=world.requested, shipped=world.shipped, received=world.received)
    return _wrong(run_match(legs, Match(), NOW, lambda _: None).found, world.truth)


def _wrong(found: object, truth: pa.Table) -> float:
    columns = ["request_no", "sku", "class", "qty"]
    told = {tuple(row) for row in found[columns].itertuples(index=False)}  # type: ignore[index]
    right = set(zip(*(truth[name].to_pylist() for name in columns), strict=True))
    return float(len(told ^ right))


def _make(folder: str) -> None:
    world = make_world(LINES, seed=1)
    write_world(world, Path(folder))
    pq.write_table(world.truth, Path(folder) / "truth.parquet")
    report(0)


def _match(folder: str, how: str) -> None:
    names = {leg: sorted(map(str, Path(folder).glob(f"{leg}-*.parquet"))) for leg in LEGS}
    if how == "mixed":
        names = {leg: [*reversed(paths), *paths] for leg, paths in names.items()}
    began = time.process_time()
    with pq.ParquetWriter(Path(folder) / "lines.parquet", arrow_schema(match_frames.LINES)) as writer:

        def take(chunk: pa.Table) -> None:
            writer.write_table(chunk)

        result = run_match(Legs(**names), Match(), NOW, take)
    pq.write_table(pa.Table.from_pandas(result.found, preserve_index=False), Path(folder) / "found.parquet")
    seconds = time.process_time() - began
    digest = hashlib.sha256(result.found.to_csv().encode())
    for batch in pq.ParquetFile(Path(folder) / "lines.parquet").iter_batches():
        digest.update(repr(batch.to_pydict()).encode())
    wrong = _wrong(result.found, pq.read_table(Path(folder) / "truth.parquet"))
    report(seconds, wrong=wrong, digest=float(int(digest.hexdigest()[:12], 16)))


def _hand(folder: str) -> None:
    connection = duckdb.connect(config={"threads": 2})
    began = time.process_time()
    for statement in HAND.format(folder=folder).split(";\n"):
        if statement.strip():
            connection.execute(statement)
    report(time.process_time() - began)


if __name__ == "__main__":
    if sys.argv[1:]:
        {"make": _make, "match": _match, "hand": _hand}[sys.argv[1]](*sys.argv[2:])
    else:
        show(run())
