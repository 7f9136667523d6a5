"""The first split rule, by example."""

import pandas as pd
import pytest

from include.winddown.domain.errors import DeadlinePassed, UnitsLost
from include.winddown.domain.exits import Policy
from include.winddown.domain.split import Horizon, horizon, split_stock

POLICY = Policy()
CLOCK = Horizon(weeks_left=10.0, history_days=28)


def stock(**changes) -> pd.DataFrame:
    row = {
        "warehouse_id": "WH-1",
        "sku": "A1",
        "offer_id": "a-1",
        "name": "Lamp",
        "condition": "sellable",
        "on_hand_qty": 100,
        "reserved_qty": 0,
        "committed_qty": 0,
        "sold_qty": 0,
        "length_mm": 100,
        "width_mm": 100,
        "height_mm": 100,
        "weight_g": 500,
        "handling_class": "standard",
        "price_minor": 1999,
        "currency": "RUB",
        "unit_cost_minor": 900,
        "resale_minor": 700,
    }
    return pd.DataFrame([row | changes])


def dispositions(lines: pd.DataFrame) -> dict[str, int]:
    return {row.disposition: row.planned_qty for row in lines.itertuples()}


@pytest.mark.parametrize(
    ("sold_qty", "expected"),
    [(0, "return"), (19, "return"), (20, "markdown"), (400, "markdown")],
)
def test_cover_decides_between_return_and_markdown(sold_qty, expected):
    """100 pieces go back when they last longer than 2 x 10 weeks; 20 sold in 4 weeks is exactly 20 weeks."""
    assert dispositions(split_stock(stock(sold_qty=sold_qty), CLOCK, POLICY)) == {expected: 100}


def test_only_a_markdown_gets_a_new_price():
    """The new price is the policy's discount off, in minor units, and no other line has one."""
    marked = split_stock(stock(sold_qty=400), CLOCK, POLICY)
    returned = split_stock(stock(), CLOCK, POLICY)
    assert marked["new_price_minor"].tolist() == [1399]
    assert returned["new_price_minor"].isna().all()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("damaged_by_seller", "dispose"), ("damaged_by_warehouse", "return"), ("lost", "hold")],
)
def test_condition_decides_before_cover(condition, expected):
    """Damaged stock follows the policy, lost stock is held for a claim."""
    assert dispositions(split_stock(stock(condition=condition, sold_qty=400), CLOCK, POLICY)) == {
        expected: 100
    }


def test_reserved_and_committed_units_are_held():
    """What an order or an approved return already needs is not planned a second time."""
    lines = split_stock(stock(reserved_qty=30, committed_qty=20), CLOCK, POLICY)
    assert dispositions(lines) == {"hold": 50, "return": 50}
    held = lines.loc[lines["disposition"] == "hold", "why"].item()
    assert held == "30 reserved for orders and 20 already on approved returns."


def test_units_the_gate_holds_back_are_held_whatever_their_condition():
    """The reason is the gate's; reserved pieces of the SKU share the line."""
    rows = pd.concat([stock(reserved_qty=10), stock(condition="damaged_by_seller")], ignore_index=True)
    lines = split_stock(rows.assign(held_because="Held back: pending in P-1."), CLOCK, POLICY)
    assert lines["disposition"].tolist() == ["hold", "hold"]
    assert lines["planned_qty"].tolist() == [100, 100]
    assert all("pending in P-1" in why for why in lines["why"])


def test_more_spoken_for_than_there_stops():
    """A negative free quantity names the SKU, the numbers and the fix."""
    with pytest.raises(
        UnitsLost, match=r"A1 in WH-1 \(100 there, 0 reserved, 120 on approved returns\).*follow_returns"
    ):
        split_stock(stock(committed_qty=120), CLOCK, POLICY)


def test_a_piece_larger_than_a_shipment_is_held():
    """It cannot be packed, so it is held with the reason; reserved pieces of it share the line."""
    lines = split_stock(stock(length_mm=2000, width_mm=1000, height_mm=1000, reserved_qty=10), CLOCK, POLICY)
    assert dispositions(lines) == {"hold": 100}
    assert "special transport" in lines["why"].item()
    assert "10 reserved" in lines["why"].item()


def test_every_line_says_why():
    """The sentence carries the numbers it rests on."""
    lines = split_stock(stock(sold_qty=40), CLOCK, POLICY)
    assert lines["why"].item() == (
        "100 pieces last 10.0 weeks at 10.0 a week, within 2 x 10.0 weeks left: sold on at -30 %."
    )


def test_a_deadline_not_after_the_snapshot_stops():
    """Zero days left is too late."""
    with pytest.raises(DeadlinePassed, match="3 days before the snapshot"):
        horizon(-3, 28, POLICY)


def test_history_is_what_is_known_and_no_more_than_the_policy():
    """A week of orders is a week, not a thin month."""
    assert horizon(70, 7, POLICY) == Horizon(weeks_left=10.0, history_days=7)
    assert horizon(70, 400, POLICY).history_days == 28
