"""Gather what the split needs: demand of the whole exit, then stock, catalogue and fees of a range of SKUs."""

import pandas as pd
import pyarrow as pa

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.questions import ask_state
from include.winddown.adapters.stores.snapshots import Snapshot
from include.winddown.domain.policy import Policy
from include.winddown.domain.side_frames import FEES
from include.winddown.domain.split.estimate import Demand, estimate_demand
from include.winddown.domain.split.history import look_back, read_past, week_values
from include.winddown.domain.split.listings import Response
from include.winddown.domain.split.weeks import DAYS_A_WEEK
from include.winddown.runtime import doors
from include.winddown.steps.gate import held_skus
from include.winddown.steps.gather import snapshots, taken_at

ALL = "all"
"""Name of the parts of a plan that serve every range: demand and response."""

RANGE_ROWS = 500_000
"""About so many stock rows are one piece of work; memory is sized by it."""

COMMITTED = {"warehouse_id": str, "sku": str, "condition": str, "committed_qty": int}


def demand_of(snapshot: Snapshot, policy: Policy) -> Demand:
    """Learn the demand of every SKU with stock from all known orders."""
    now = taken_at(snapshot)
    paths = {name: snapshots().paths(snapshot.snapshot_id, name) for name in ("stock", "orders", "catalogue")}
    bounds = run_bulk("snapshot_taken", {name: paths[name] for name in ("stock", "orders")}).to_pylist()[0]
    first = bounds["first_ordered_at"]
    window = look_back((now - first).days + 1 if first else 0, policy.demand.history_weeks * DAYS_A_WEEK)
    belief = policy.demand.of("")
    values = week_values(window, 100 - policy.demand.rate_max_discount_pct, belief)
    rows = run_bulk("split_weeks", paths, {"until": now} | values)
    columns = {name: rows.column(name).to_numpy(zero_copy_only=False) for name in rows.column_names}
    return estimate_demand(read_past(columns, window, belief), policy)


def ranges_of(snapshot: Snapshot) -> list[dict[str, object]]:
    """Cut the SKUs into ranges of about RANGE_ROWS stock rows; an exit without stock has one, empty."""
    stock = snapshots().paths(snapshot.snapshot_id, "stock")
    ranges: list[dict[str, object]] = run_bulk(
        "split_ranges", {"stock": stock}, {"rows_most": RANGE_ROWS}
    ).to_pylist()
    return ranges or [{"part_no": 1, "first_sku": "", "last_sku": ""}]


def stock_of(snapshot: Snapshot, part: dict[str, str], policy: Policy) -> pd.DataFrame:
    """Gather one range's stock with catalogue, fees and promises; see engine.split_stock."""
    store, number = snapshots(), snapshot.snapshot_id
    committed = ask_state(doors.database(), "split_committed", COMMITTED, exit_id=part["exit_id"])
    fees = store.paths(number, "fees") if store.has(number, "fees") else arrow_schema(FEES).empty_table()
    stock = run_bulk(
        "split_stock",
        {
            "stock": store.paths(number, "stock"),
            "catalogue": store.paths(number, "catalogue"),
            "fees": fees,
            "committed": committed,
        },
        {
            "first_sku": part["first_sku"],
            "last_sku": part["last_sku"],
            "resale_default_pct": policy.returns.resale_default_pct,
        },
    )
    rows = stock.to_pandas()
    held = held_skus(number)
    return rows.assign(held_because=[held.get(sku, "") for sku in rows["sku"]])


def response_table(response: Response) -> pa.Table:
    """Write a response as rows: category, step, share, lift, doubt."""
    categories, steps = response.lift.shape
    return pa.table(
        {
            "category": [category for category in range(categories) for _ in range(steps)],
            "share": list(response.share) * categories,
            "lift": response.lift.ravel(),
            "doubt": response.doubt.ravel(),
        }
    )


def response_of(table: pa.Table) -> Response:
    """Read what response_table wrote."""
    rows = table.to_pandas()
    steps = int((rows["category"] == 0).sum())
    share = rows["share"].to_numpy()[:steps].copy()
    return Response(
        share,
        rows["lift"].to_numpy().reshape(-1, steps).copy(),
        rows["doubt"].to_numpy().reshape(-1, steps).copy(),
    )
