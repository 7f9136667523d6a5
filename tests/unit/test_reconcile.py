"""The three-way match, by example."""

import pandas as pd

from include.winddown.domain.reconcile import match_returns, units_of


def leg(**changes) -> pd.DataFrame:
    row = {
        "request_id": "R1",
        "warehouse_id": "WH-1",
        "sku": "A1",
        "condition": "sellable",
        "requested_qty": 10,
        "accepted_qty": 10,
        "shipped_qty": 10,
        "received_ok_qty": 10,
        "received_damaged_qty": 0,
        "is_closed": True,
    }
    return pd.DataFrame([row | changes])


def only(matches: pd.DataFrame) -> dict[str, int]:
    row = matches.iloc[0]
    return {
        name[: -len("_qty")]: int(row[name])
        for name in matches.columns
        if name.endswith("_qty") and row[name]
    }


def test_all_arrived():
    """Nothing to complain about leaves nothing but the legs."""
    matches = match_returns(leg())
    assert only(matches) == {"requested": 10, "accepted": 10, "shipped": 10, "received_ok": 10}


def test_not_counted_yet_is_in_transit_not_missing():
    """Missing is said only once the dock has closed the count."""
    assert only(match_returns(leg(received_ok_qty=4, is_closed=False)))["in_transit"] == 6
    matches = match_returns(leg(received_ok_qty=4))
    assert only(matches)["missing"] == 6


def test_damaged_is_received_and_reported():
    """A damaged piece arrived: nothing is missing."""
    assert "missing" not in only(match_returns(leg(received_ok_qty=9, received_damaged_qty=1)))


def test_more_than_sent_is_overage():
    """Pieces beyond what was sent stand apart and do not hide others that are missing elsewhere."""
    assert only(match_returns(leg(received_ok_qty=12)))["overage"] == 2


def test_partly_accepted():
    """What the desk did not agree to was never on the way."""
    matches = match_returns(leg(accepted_qty=7, shipped_qty=7, received_ok_qty=7))
    assert only(matches)["not_accepted"] == 3


def test_legs_are_summed_for_people():
    """The totals are those of the rows."""
    assert units_of(match_returns(leg(received_ok_qty=8, received_damaged_qty=1)))["missing"] == 1
