"""The books of units, by example."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from include.winddown.domain.errors import UnitsLost
from include.winddown.domain.movements import (
    Document,
    check_balance,
    explain_change,
    open_books,
)

SNAPSHOT = Document(system="snapshot", doc="S2", moved_at=datetime(2026, 1, 2, tzinfo=UTC))


def account(**changes) -> pd.DataFrame:
    row = {
        "sku": "A1",
        "stock_qty": 90,
        "lost_booked_qty": 0,
        "lost_returning_qty": 0,
        "awaiting_qty": 10,
        "sold_qty": 0,
        "there_qty": 100,
        "lost_qty": 0,
    }
    return pd.DataFrame([row | changes])


def routes(rows) -> dict[str, int]:
    return {f"{row['from_node']}>{row['to_node']}": row["qty"] for row in rows}


def test_opening_books_what_is_there_and_what_is_lost():
    """The first snapshot is the supply."""
    rows = open_books(pd.DataFrame([{"sku": "A1", "there_qty": 7, "lost_qty": 2}]), SNAPSHOT)
    assert routes(rows) == {"SUPPLY>STOCK": 7, "SUPPLY>LOST": 2}


def test_units_awaiting_shipment_are_still_there():
    """Accepted and not shipped pieces explain why the warehouse holds more than the books' stock."""
    assert explain_change(account(), SNAPSHOT, 0) == []


def test_sales_explain_a_smaller_stock():
    """Pieces that left on orders move to SOLD."""
    assert routes(explain_change(account(there_qty=95, sold_qty=5), SNAPSHOT, 0)) == {"STOCK>SOLD": 5}


def test_lost_and_found_explain_themselves():
    """What the warehouse reports lost leaves the stock; what it finds comes back."""
    assert routes(explain_change(account(there_qty=97, lost_qty=3), SNAPSHOT, 0)) == {"STOCK>LOST": 3}
    assert routes(explain_change(account(there_qty=103, lost_booked_qty=3), SNAPSHOT, 0)) == {"LOST>STOCK": 3}


@pytest.mark.parametrize("there_qty", [99, 101])
def test_one_unexplained_piece_stops(there_qty):
    """A piece that vanished or appeared stops the run and names the SKU."""
    with pytest.raises(UnitsLost, match=f"A1 \\(expected 100, there {there_qty}\\)"):
        explain_change(account(there_qty=there_qty), SNAPSHOT, 0)


def test_within_the_tolerance_it_is_an_adjustment():
    """A tolerated difference is booked with its reason, never swallowed."""
    assert routes(explain_change(account(there_qty=99), SNAPSHOT, 1)) == {"STOCK>ADJUST": 1}


@pytest.mark.parametrize(("there_qty", "booked"), [(97, {}), (94, {"STOCK>LOST": 3})])
def test_a_piece_lost_on_a_return_is_lost_once(there_qty, booked):
    """The warehouse lists three as lost: those lost on a return already, unless the stock lacks three more."""
    stock = account(stock_qty=97, awaiting_qty=0, lost_returning_qty=3, lost_qty=3, there_qty=there_qty)
    assert routes(explain_change(stock, SNAPSHOT, 0)) == booked


def test_a_place_with_less_than_nothing_stops():
    """Books that do not add up are named."""
    balance = pd.DataFrame(
        [
            {"sku": "A1", "node": "SUPPLY", "qty": -5},
            {"sku": "A1", "node": "STOCK", "qty": -1},
            {"sku": "A1", "node": "SOLD", "qty": 6},
        ]
    )
    with pytest.raises(UnitsLost, match="A1 has -1 in STOCK"):
        check_balance(balance)
