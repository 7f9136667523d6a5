"""Gather what the split needs: demand of the whole exit, then stock, catalogue and fees of a range of SKUs."""

import pandas as pd
import pyarrow as pa

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores import planning
from include.winddown.adapters.stores.bulk import Relation
from include.winddown.adapters.stores.questions import ask_state
from include.winddown.adapters.stores.snapshots import Snapshot
from include.winddown.domain.policy import Policy
from include.winddown.domain.side_frames import FEES
from include.winddown.domain.split.estimate import Demand, estimate_demand
from include.winddown.domain.split.listings import Response
from include.winddown.runtime import doors
from include.winddown.steps.gate import held_skus
from include.winddown.steps.gather import snapshots, taken_at

ALL = "all"
"""Name of the parts of a plan that serve every range: demand and response."""

CHANGED = {"sku": str, "full_minor": int}
COMMITTED = {"warehouse_id": str, "sku": str, "condition": str, "committed_qty": int}


def demand_of(snapshot: Snapshot, exit_id: str, policy: Policy) -> Demand:
    """Learn the demand of every SKU with stock from all known orders."""
    relations = {
        name: snapshots().paths(snapshot.snapshot_id, name) for name in ("stock", "orders", "catalogue")
    }
    relations["full_prices"] = _full_prices(relations["catalogue"], exit_id, policy)
    return estimate_demand(planning.past_of(relations, taken_at(snapshot), policy), policy)


def ranges_of(snapshot: Snapshot) -> list[dict[str, object]]:
    """Cut the SKUs of a snapshot into pieces of work."""
    return planning.ranges_of(snapshots().paths(snapshot.snapshot_id, "stock"))


def stock_of(snapshot: Snapshot, part: dict[str, str], policy: Policy) -> pd.DataFrame:
    """Gather one range's stock with catalogue, fees, promises and what the gate holds back."""
    store, number = snapshots(), snapshot.snapshot_id
    fees = store.paths(number, "fees") if store.has(number, "fees") else arrow_schema(FEES).empty_table()
    catalogue = store.paths(number, "catalogue")
    relations = {
        "stock": store.paths(number, "stock"),
        "catalogue": catalogue,
        "full_prices": _full_prices(catalogue, part["exit_id"], policy),
        "fees": fees,
        "committed": ask_state(doors.database(), "split_committed", COMMITTED, exit_id=part["exit_id"]),
    }
    rows = planning.stock_of(relations, part, policy)
    held = held_skus(number)
    return rows.assign(held_because=[held.get(sku, "") for sku in rows["sku"]])


def _full_prices(catalogue: Relation, exit_id: str, policy: Policy) -> pa.Table:
    changed = ask_state(doors.database(), "split_full_prices", CHANGED, exit_id=exit_id)
    return planning.full_prices_of(catalogue, changed, policy)


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
