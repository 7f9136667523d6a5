"""The sums of each requested line, for the books and their check; what does not fit is found by domain.match."""

import numpy as np
import pandas as pd

from include.winddown.domain.frames import MATCHES


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


def units_of(matches: pd.DataFrame) -> dict[str, int]:
    """Sum the legs up: units requested, accepted, shipped, received, in transit and missing."""
    names = ("requested", "accepted", "shipped", "received_ok", "received_damaged", "in_transit", "missing")
    return {name: int(matches[f"{name}_qty"].sum()) for name in names}
