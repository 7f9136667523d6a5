"""The gate fails closed."""

import pytest

from include.winddown.domain.errors import GateBlocked
from include.winddown.domain.gate import (
    PASSABLE_STATUSES,
    PendingLine,
    ReservedStock,
    decide,
    pass_or_stop,
)


def line(status: str, posting: str = "P-1", sku: str = "A1", qty: int = 2) -> PendingLine:
    return PendingLine(posting_number=posting, status=status, warehouse_id="WH-1", sku=sku, qty=qty)


@pytest.mark.parametrize("status", PASSABLE_STATUSES)
def test_a_passable_status_does_not_block(status):
    """Delivered, cancelled and what has left the warehouse let stock leave."""
    assert decide([line(status)], []).cleared


@pytest.mark.parametrize(
    "status", ["awaiting_packaging", "arbitration", "", "Delivered", "delivered ", "brand_new"]
)
def test_any_other_status_blocks(status):
    """Pending and unknown statuses block, also those that only look like a known one."""
    verdict = decide([line(status)], [])
    assert not verdict.cleared
    assert verdict.blocking_orders == ("P-1",)
    assert verdict.blocking_skus == ("A1",)


def test_reserved_stock_blocks_without_any_order():
    """A warehouse that still reserves pieces blocks even when no pending order is known."""
    verdict = decide([], [ReservedStock(warehouse_id="WH-1", sku="A1", qty=1)])
    assert not verdict.cleared
    assert verdict.reserved_qty == 1


def test_an_unread_order_row_blocks():
    """A row in quarantine could be a pending order."""
    verdict = decide([], [], unread_rows=1)
    assert not verdict.cleared
    assert "1 order rows are in quarantine" in verdict.sentence()


def test_the_stop_names_the_postings_and_the_way_out():
    """A blocked gate raises one error that names the postings, how many they are and what to do."""
    verdict = decide([line("awaiting_deliver", posting=f"P-{n:02}") for n in range(12)], [])
    with pytest.raises(
        GateBlocked, match=r"12 postings with 24 pieces.*P-00.*and 2 more.*take a new snapshot"
    ):
        pass_or_stop(verdict)


def test_a_posting_is_counted_once():
    """Two lines of one posting are one blocking posting and the sum of their pieces."""
    verdict = decide([line("awaiting_deliver"), line("awaiting_deliver", sku="B2", qty=3)], [])
    assert verdict.statuses == {"awaiting_deliver": 1}
    assert verdict.pending_qty == 5
