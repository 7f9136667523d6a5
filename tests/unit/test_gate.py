"""The gate fails closed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from include.winddown.domain.drain import Forecast
from include.winddown.domain.errors import GateBlocked
from include.winddown.domain.exits import Policy
from include.winddown.domain.gate import (
    CLOSED_SUPPLY_STATUSES,
    PASSABLE_STATUSES,
    OpenSupply,
    PendingLine,
    Read,
    ReservedStock,
    confirm,
    decide,
    pass_or_stop,
)
from include.winddown.domain.gate_words import archive_notes, verdict_sentence


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
    told = (
        "1 order rows are in quarantine and could be pending orders: correct them at their source. Then take"
    )
    assert told in verdict_sentence(verdict)


def test_the_stop_names_the_postings_and_the_way_out():
    """A blocked gate raises one error that names the postings, how many they are and what to do."""
    verdict = decide([line("awaiting_deliver", posting=f"P-{n:02}") for n in range(12)], [])
    with pytest.raises(
        GateBlocked, match=r"12 postings with 24 pieces.*P-00.*and 2 more.*take a new snapshot"
    ):
        pass_or_stop(verdict, verdict_sentence(verdict))


def test_a_posting_is_counted_once():
    """Two lines of one posting are one blocking posting and the sum of their pieces."""
    verdict = decide([line("awaiting_deliver"), line("awaiting_deliver", sku="B2", qty=3)], [])
    assert verdict.statuses == {"awaiting_deliver": 1}
    assert verdict.pending_qty == 5


NOW = datetime(2026, 11, 8, 12, tzinfo=UTC)
STRICT = Policy()
HOLD_BACK = Policy(gate_policy="hold_back")
AT_ONCE = Policy(gate_confirm_after_minutes=0)


def read(hours_ago: float, *skus: str, blocks_all: bool = False) -> Read:
    return Read(
        snapshot_id=f"s-{hours_ago}",
        taken_at=NOW - timedelta(hours=hours_ago),
        blocking_skus=skus,
        blocks_all=blocks_all,
    )


def supply(status: str, can_be_cancelled: str = "yes", listed_in: str = "orders") -> OpenSupply:
    return OpenSupply(
        supply_id="S-1",
        status=status,
        warehouse_id=None,
        units_qty=7,
        can_be_cancelled=can_be_cancelled,
        listed_in=listed_in,
    )


@pytest.mark.parametrize("status", CLOSED_SUPPLY_STATUSES)
def test_a_closed_supply_does_not_block(status):
    """Nothing more comes in by it."""
    assert decide([], [], supplies=[supply(status)]).cleared


@pytest.mark.parametrize("status", ["READY_TO_SUPPLY", "IN_TRANSIT_TO_STORAGE_WAREHOUSE", "", "completed"])
def test_an_open_supply_blocks_the_whole_exit(status):
    """Its goods are still to come, and of which SKUs is not told: hold_back waits too."""
    seen = decide([], [], supplies=[supply(status)])
    for policy in (STRICT, HOLD_BACK, AT_ONCE):
        assert not confirm(seen, NOW, [read(5)], policy).passes


@pytest.mark.parametrize(
    ("can", "way"), [("yes", "cancel it"), ("no", "cannot be cancelled, wait"), ("unknown", "see in")]
)
def test_a_supply_is_named_with_what_can_be_done(can, way):
    """It is cancelled while that is possible."""
    sentence = verdict_sentence(decide([], [], supplies=[supply("READY_TO_SUPPLY", can)]))
    assert "1 inbound supplies with 7 pieces are open: S-1 (READY_TO_SUPPLY; " + way in sentence


@pytest.mark.parametrize("status", ["LOST_IN_TELEPORT", "READY_TO_SUPPLY", ""])
def test_an_archived_supply_of_unknown_status_blocks_and_says_why(status):
    """The archive alone is no proof that nothing more comes in; people hear it when it is read, and at the gate."""
    told = f"S-1 (archived as {status}, which nobody knows to be final; see in the cabinet)"
    assert told in verdict_sentence(decide([], [], supplies=[supply(status, "no", "archive")]))
    (note,) = archive_notes([("S-1", status), ("S-2", "COMPLETED")])
    assert (
        f"1 supplies are archived with a status nobody knows to be final, so they block the gate: S-1 ({status});"
        in note
    )


@pytest.mark.parametrize("status", ["COMPLETED", "REJECTED_AT_SUPPLY_WAREHOUSE", "CANCELLED_BY_SELLER"])
def test_an_archived_supply_never_blocks(status):
    """What the marketplace documents as finished is over, and nobody need hear of it."""
    assert decide([], [], supplies=[supply(status, "no", "archive")]).cleared
    assert archive_notes([("S-1", status)]) == []


def test_the_whole_message_fits_a_note():
    """Everything blocks at once, with long names: the way out is not cut off (a note has 1,000 signs)."""
    seen = decide(
        [line("awaiting_deliver", posting=f"0123456789-{n:04}-1", sku=f"16000000{n:02}") for n in range(40)],
        [ReservedStock(warehouse_id="W", sku=f"16000000{n:02}", qty=3) for n in range(40)],
        unread_rows=17,
        supplies=[
            replace(supply("IN_TRANSIT_TO_STORAGE_WAREHOUSE", "no"), supply_id=f"S-{n}") for n in range(9)
        ],
    )
    full = replace(
        seen,
        in_transit_qty=500,
        in_transit_orders=("0123456789-0001-1",) * 100,
        forecast=Forecast(likely_on="2026-11-11", late_on="2026-11-14", known_qty=9_999, stuck_qty=0),
    )
    sentence = verdict_sentence(full)
    assert sentence.index("then take a new snapshot.") < 1_000


def test_the_first_clear_read_says_when_the_second_is_due():
    """One read is no proof; the message names the time and the setting."""
    verdict = confirm(decide([], []), NOW, [], STRICT)
    assert not verdict.cleared
    assert verdict.second_read_at == "2026-11-08T16:00+00:00"
    with pytest.raises(GateBlocked, match=r"2026-11-08T16:00\+00:00 or later.*gate_confirm_after_minutes"):
        pass_or_stop(verdict, verdict_sentence(verdict))


def test_the_due_time_counts_from_the_first_clear_read():
    """A second read that comes too early does not put the time off."""
    verdict = confirm(decide([], []), NOW, [read(1), read(2)], STRICT)
    assert verdict.second_read_at == "2026-11-08T14:00+00:00"


@pytest.mark.parametrize(
    ("earlier", "cleared"),
    [
        ([read(4)], True),
        ([read(3.99)], False),
        ([read(1), read(5)], True),
        ([read(5), read(1, "A1")], False),
        ([read(5, blocks_all=True)], False),
        ([read(-5)], False),
    ],
)
def test_two_clear_reads_far_enough_apart_open_the_gate(earlier, cleared):
    """Everything read between the two must have been clear; a later count is no earlier one."""
    assert confirm(decide([], []), NOW, earlier, STRICT).cleared is cleared


def test_without_a_waiting_time_one_read_is_enough():
    """Zero minutes: nobody waits."""
    verdict = confirm(decide([], []), NOW, [read(1, "A1")], AT_ONCE)
    assert (verdict.cleared, verdict.confirmed_by) == (True, "")


def test_strict_waits_for_every_sku():
    """One pending posting stops the whole exit, whatever was clear before."""
    assert not confirm(decide([line("awaiting_deliver")], []), NOW, [read(5)], STRICT).passes


def test_hold_back_holds_the_blocked_skus_and_lets_the_rest_go():
    """The reason names the postings; the verdict is still not cleared."""
    seen = decide([line("awaiting_deliver")], [ReservedStock(warehouse_id="W", sku="B2", qty=3)])
    verdict = confirm(seen, NOW, [read(5)], HOLD_BACK)
    assert (verdict.passes, verdict.cleared) == (True, False)
    assert verdict.held == {"A1": "Held back: pending in P-1.", "B2": "Held back: 3 pieces reserved."}
    pass_or_stop(verdict, verdict_sentence(verdict))


def test_hold_back_asks_for_the_second_read_sku_by_sku():
    """A SKU that was blocked in the read before is held until a second clear read."""
    verdict = confirm(decide([], []), NOW, [read(1, "C3"), read(5, "D4"), read(9, "E5")], HOLD_BACK)
    assert sorted(verdict.held) == ["C3", "D4"]
    assert not confirm(decide([], []), NOW, [], HOLD_BACK).passes
