"""The three-way match, by example."""

import pandas as pd

from include.winddown.domain.reconcile import find_discrepancies, find_unexpected, match_returns, units_of


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


def found(matches: pd.DataFrame) -> dict[str, tuple[int, int]]:
    costs = pd.DataFrame({"sku": ["A1"], "unit_cost_minor": [150]})
    return {row.kind: (row.qty, row.value_minor) for row in find_discrepancies(matches, costs).itertuples()}


def test_all_arrived():
    """Nothing to complain about leaves no discrepancy."""
    matches = match_returns(leg())
    assert only(matches) == {"requested": 10, "accepted": 10, "shipped": 10, "received_ok": 10}
    assert found(matches) == {}


def test_not_counted_yet_is_in_transit_not_missing():
    """Missing is said only once the dock has closed the count."""
    assert only(match_returns(leg(received_ok_qty=4, is_closed=False)))["in_transit"] == 6
    matches = match_returns(leg(received_ok_qty=4))
    assert found(matches) == {"missing": (6, 900)}


def test_damaged_is_received_and_reported():
    """A damaged piece arrived; it is worth its purchase cost as a discrepancy."""
    assert found(match_returns(leg(received_ok_qty=9, received_damaged_qty=1))) == {"damaged": (1, 150)}


def test_more_than_sent_is_overage():
    """Pieces beyond what was sent stand apart and do not hide others that are missing elsewhere."""
    assert found(match_returns(leg(received_ok_qty=12))) == {"overage": (2, 300)}


def test_partly_accepted():
    """What the desk did not agree to is a discrepancy of its own and was never on the way."""
    matches = match_returns(leg(accepted_qty=7, shipped_qty=7, received_ok_qty=7))
    assert found(matches) == {"not_accepted": (3, 450)}


def test_unexpected_goods_are_listed():
    """A count no line asked for is kept under the number it came with."""
    strays = pd.DataFrame(
        [
            {
                "request_no": "X9",
                "sku": "Z",
                "condition": "sellable",
                "received_ok_qty": 2,
                "received_damaged_qty": 1,
            }
        ]
    )
    assert find_unexpected(strays).to_dict("records") == [
        {
            "request_id": "X9",
            "sku": "Z",
            "condition": "sellable",
            "kind": "unexpected",
            "qty": 3,
            "value_minor": 0,
        }
    ]


def test_legs_are_summed_for_people():
    """The totals are those of the rows."""
    assert units_of(match_returns(leg(received_ok_qty=8, received_damaged_qty=1)))["missing"] == 1
