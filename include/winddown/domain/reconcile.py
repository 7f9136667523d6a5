"""The three-way match: what was requested, what was shipped, what was received."""

import numpy as np
import pandas as pd

from include.winddown.domain.frames import MATCHES

DISCREPANCY_KINDS = ("missing", "damaged", "overage", "not_accepted", "unexpected")


def match_returns(legs: pd.DataFrame) -> pd.DataFrame:
    """
    Match the three legs line by line.

    Args:
        legs: one row per (request_id, warehouse_id, sku, condition) of known requests with
            requested_qty, accepted_qty, shipped_qty, received_ok_qty, received_damaged_qty
            [pcs] and is_closed (the dock has finished counting that request).

    Returns:
        frames.MATCHES; on every row requested_qty is accounted for in full. Overage is what was
        counted beyond what was sent, and what was sent beyond what was agreed.
    """
    received = legs["received_ok_qty"] + legs["received_damaged_qty"]
    absent = np.maximum(legs["shipped_qty"] - received, 0)
    beyond = np.maximum(received - legs["shipped_qty"], 0) + np.maximum(
        legs["shipped_qty"] - legs["accepted_qty"], 0
    )
    closed = legs["is_closed"].astype(bool)
    matches = legs.assign(
        in_transit_qty=np.where(closed, 0, absent),
        missing_qty=np.where(closed, absent, 0),
        overage_qty=beyond,
        not_accepted_qty=legs["requested_qty"] - legs["accepted_qty"],
        not_shipped_qty=np.maximum(legs["accepted_qty"] - legs["shipped_qty"], 0),
    )
    return matches[list(MATCHES.names)].sort_values(list(MATCHES.grain), kind="stable", ignore_index=True)


def find_discrepancies(matches: pd.DataFrame, unit_costs: pd.DataFrame) -> pd.DataFrame:
    """
    List what a person must look at.

    Args:
        matches: frames.MATCHES.
        unit_costs: one row per sku with unit_cost_minor [minor units per piece].

    Returns:
        One row per (request_id, sku, condition, kind) with qty [pcs > 0] and
        value_minor = qty × purchase cost, sorted.
    """
    columns = {
        "missing": "missing_qty",
        "damaged": "received_damaged_qty",
        "overage": "overage_qty",
        "not_accepted": "not_accepted_qty",
    }
    keys = ["request_id", "sku", "condition"]
    long = matches.melt(id_vars=keys, value_vars=list(columns.values()), var_name="kind", value_name="qty")
    found = long.loc[long["qty"] > 0].assign(
        kind=lambda rows: rows["kind"].map({column: kind for kind, column in columns.items()})
    )
    valued = found.merge(unit_costs, on="sku", how="left", validate="many_to_one")
    cost = valued["unit_cost_minor"].fillna(0).astype("int64")
    named = valued.assign(qty=valued["qty"].astype("int64"), value_minor=valued["qty"].astype("int64") * cost)
    return named[[*keys, "kind", "qty", "value_minor"]].sort_values([*keys, "kind"], ignore_index=True)


def find_unexpected(strays: pd.DataFrame) -> pd.DataFrame:
    """
    List what arrived without a line that asked for it.

    Args:
        strays: one row per (request_no, sku, condition) of events no return line explains,
            with received_ok_qty and received_damaged_qty [pcs].

    Returns:
        The columns of find_discrepancies, kind 'unexpected', worth 0 until a person values it.
    """
    qty = strays["received_ok_qty"] + strays["received_damaged_qty"]
    rows = strays.assign(request_id=strays["request_no"], kind="unexpected", qty=qty, value_minor=0)
    return rows.loc[qty > 0, ["request_id", "sku", "condition", "kind", "qty", "value_minor"]]


def units_of(matches: pd.DataFrame) -> dict[str, int]:
    """Sum the legs up: units requested, accepted, shipped, received, in transit and missing."""
    names = ("requested", "accepted", "shipped", "received_ok", "received_damaged", "in_transit", "missing")
    return {name: int(matches[f"{name}_qty"].sum()) for name in names}
