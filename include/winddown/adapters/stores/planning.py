"""What a plan is made from, read by the same statements whether it lies in a snapshot or in files."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa

from include.winddown.adapters.stores.bulk import Relation, run_bulk
from include.winddown.domain.policy import Policy
from include.winddown.domain.split.full_price import still_on_ladder
from include.winddown.domain.split.history import Past, look_back, read_past, week_values
from include.winddown.domain.split.weeks import DAYS_A_WEEK

RANGE_ROWS = 500_000
"""About so many stock rows are one piece of work; memory is sized by it."""


NO_FULL_PRICES = pa.table({"sku": pa.array([], pa.string()), "full_minor": pa.array([], pa.int64())})
"""Nothing was marked down: every ladder begins at today's price."""


def full_prices_of(catalogue: Relation, changed: pa.Table, policy: Policy) -> pa.Table:
    """
    Read which products still stand on the ladder of the price before their first markdown.

    Args:
        catalogue: of the snapshot.
        changed: sku and full_minor of every product whose price this exit has changed.
        policy: the ladder.

    Returns:
        sku and full_minor; see full_price.still_on_ladder.
    """
    if not changed.num_rows:
        return NO_FULL_PRICES
    lowered = run_bulk("split_lowered", {"catalogue": catalogue, "changed": changed}).to_pandas()
    share = 1 - np.array(policy.prices.steps_pct()) / 100
    return pa.Table.from_pandas(
        still_on_ladder(lowered, share), schema=NO_FULL_PRICES.schema, preserve_index=False
    )


def past_of(relations: Mapping[str, Relation], counted_at: datetime, policy: Policy) -> Past:
    """
    Read what past weeks tell of every SKU with stock.

    Args:
        relations: stock, orders, catalogue and full_prices.
        counted_at: when the stock was counted.
        policy: how far to look back, and what is believed of demand.
    """
    counted = {name: relations[name] for name in ("stock", "orders")}
    first = run_bulk("snapshot_taken", counted).to_pylist()[0]["first_ordered_at"]
    days_known = (counted_at - first).days + 1 if first else 0
    window = look_back(days_known, policy.demand.history_weeks * DAYS_A_WEEK)
    belief = policy.demand.of("")
    mild_pct = 100 - policy.demand.rate_max_discount_pct
    values = week_values(window, mild_pct, belief, policy.prices.was_days())
    rows = run_bulk("split_weeks", relations, {"until": counted_at} | values)
    columns = {name: rows.column(name).to_numpy(zero_copy_only=False) for name in rows.column_names}
    return read_past(columns, window, belief)


def ranges_of(stock: Relation) -> list[dict[str, object]]:
    """Cut the SKUs into ranges of about RANGE_ROWS stock rows; without stock there is one, empty."""
    ranges: list[dict[str, object]] = run_bulk(
        "split_ranges", {"stock": stock}, {"rows_most": RANGE_ROWS}
    ).to_pylist()
    return ranges or [{"part_no": 1, "first_sku": "", "last_sku": ""}]


def stock_of(relations: Mapping[str, Relation], part: Mapping[str, object], policy: Policy) -> pd.DataFrame:
    """
    Read one range's stock with catalogue, fees and promises; see engine.split_stock.

    Args:
        relations: stock, catalogue, fees, full_prices and committed.
        part: first_sku and last_sku.
        policy: what a piece without a resale value is taken to fetch.
    """
    bounds = {name: part[name] for name in ("first_sku", "last_sku")}
    default = {"resale_default_pct": policy.returns.resale_default_pct}
    return run_bulk("split_stock", relations, bounds | default).to_pandas()
