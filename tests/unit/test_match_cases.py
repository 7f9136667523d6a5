"""The edge cases of the field, 1 to 25; each keeps the number it has in the project's list."""

from datetime import timedelta

from include.winddown.domain.match.claims import Closure, close_claim
from tests.match_kit import ASKED_AT, DAY, asked, closed, counted, match, told


def test_01_split_shipment():
    """Two parcels of one line add up, and its count is over only when both are."""
    sent = [told(4, shipment_no="S1"), told(6, shipment_no="S2")]
    got = [counted(4, shipment_no="S1"), closed(shipment_no="S1")]
    half = match([asked()], sent, got)
    assert half.line() == {"requested": 10, "received_ok": 4, "in_transit": 6}
    whole = match([asked()], sent, [*got, counted(5, shipment_no="S2"), closed(shipment_no="S2")])
    assert whole.line() == {"requested": 10, "received_ok": 9, "lost": 1}


def test_02_cumulative_report():
    """Of a counter that says 4 and later 10 the newest counts: 10, not 14."""
    sent = [told(4, measure="total"), told(10, day=3, measure="total")]
    assert match([asked()], sent).lines[0]["shipped_qty"] == 10


def test_03_same_report_twice():
    """A report loaded twice changes nothing; the repeats are counted."""
    report = [told(4, event_id="e1", report_no="X"), told(6, event_id="e2", report_no="X")]
    twice = match([asked()], report * 2)
    assert twice.lines == match([asked()], report).lines
    assert [row["repeats"] for row in twice.result.repeats.to_pylist()] == [2]


def test_04_overlapping_windows():
    """Of one event in two overlapping reports the one seen last counts."""
    sent = [
        told(4, event_id="e1", version=1),
        told(4, event_id="e1", version=2, day=3),
        told(6, event_id="e2"),
    ]
    assert match([asked()], sent).line() == {"requested": 10, "in_transit": 10}


def test_05_restated_history():
    """A row that changes or vanishes in a newer edition is replaced, and a person hears of it."""
    first = [told(4, event_id="e1", report_no="X"), told(6, event_id="e2", report_no="X")]
    second = [told(3, event_id="e1", report_no="X", version=2)]
    restated = match([asked()], [*first, *second])
    assert restated.lines[0]["shipped_qty"] == 3
    assert restated.notes() == [("restated", 3), ("vanished", 6)]


def test_06_same_carton_scanned_twice():
    """Two scans without id of one carton within seconds are one; with ids each counts."""
    scans = [counted(5, carton_id="C1"), counted(5, carton_id="C1")]
    scans[1]["happened_at"] += timedelta(seconds=7)
    once = match([asked()], [told()], scans)
    assert once.line() == {"requested": 10, "received_ok": 5, "in_transit": 5}
    assert once.notes() == [("scanned_again", 5)]
    named = [scan | {"event_id": name} for scan, name in zip(scans, ("s1", "s2"), strict=True)]
    assert match([asked()], [told()], named).line() == {"requested": 10, "received_ok": 10}


def test_07_equal_cartons():
    """Two cartons with the same content are two cartons."""
    cartons = [counted(5, carton_id="C1"), counted(5, carton_id="C2")]
    assert match([asked()], [told()], cartons).line() == {"requested": 10, "received_ok": 10}


def test_08_receipt_handed_in_twice():
    """A second receipt of the same content for one shipment is refused, and the first stays."""
    first = counted(10, shipment_no="S1", report_no="RC-1", event_id="a")
    second = first | {"report_no": "RC-2", "event_id": "b"}
    twice = match([asked()], [told(shipment_no="S1")], [first, second])
    assert twice.line() == {"requested": 10, "received_ok": 10}
    assert twice.notes() == [("resubmitted", 10)]
    partial = second | {"qty": 2}
    assert match([asked(12)], [told(12, shipment_no="S1")], [first, partial]).line()["received_ok"] == 12


def test_09_partial_receipt():
    """Two of ten stay under way; no balance is made up."""
    partial = match([asked()], [told()], [counted(8)])
    assert partial.line() == {"requested": 10, "received_ok": 8, "in_transit": 2}
    assert partial.found() == []


def test_10_over_receipt():
    """Twenty-five of fifteen are received in full; ten are overage, and nothing is short."""
    over = match([asked(15)], [told(15)], [counted(25), closed()])
    assert over.line() == {"requested": 15, "received_ok": 25, "overage": 10}
    assert over.found("stake") == [("overage", "A", 10, "review")]


def test_11_receipt_without_request():
    """What nobody asked for is unexpected and waits for a person."""
    stray = match([asked()], [], [counted(3, "B", request_no="R9")])
    assert stray.found("request_no", "claim") == [("unexpected", "B", 3, "R9", "no_claim")]


def test_12_unidentified_surplus():
    """Pieces without SKU keep their carton; their value is unknown, which is not zero."""
    (row,) = match([asked()], [], [counted(3, None, carton_id="BX-7")]).result.found.to_dict("records")
    assert (row["class"], row["qty"], row["detail"]) == ("unidentified", 3, "carton BX-7")
    assert (
        row["value_minor"] is None
        or row["value_minor"] != row["value_minor"]
        or str(row["value_minor"]) == "<NA>"
    )


def test_13_wrong_item():
    """A short and B over on one request are linked as a swap candidate; both stay open."""
    swapped = match([asked(), asked(5, "B")], [told(), told(5, "B")], [counted(8), counted(7, "B"), closed()])
    assert swapped.found() == [("short", "A", 2), ("overage", "B", 2)]
    (swap,) = swapped.result.swaps
    assert (swap.short_sku, swap.over_sku, swap.qty) == ("A", "B", 2)


def test_14_damaged_on_arrival():
    """Damaged pieces were received; asked back as sellable, they are claimed."""
    damaged = match([asked()], [told()], [counted(9), counted(1, kind="received_damaged"), closed()])
    assert damaged.line() == {"requested": 10, "received_ok": 9, "received_damaged": 1}
    assert damaged.found("claim", "value_minor") == [("damaged", "A", 1, "open", 150)]
    known = match(
        [asked(1, condition="damaged_by_warehouse")],
        [told(1)],
        [counted(1, kind="received_damaged", condition="damaged_by_warehouse"), closed()],
    )
    assert known.found() == []


def test_15_partly_damaged():
    """One line may arrive in two conditions; a count says which."""
    mixed = match([asked(3)], [told(3)], [counted(2), counted(1, condition="damaged_by_warehouse"), closed()])
    assert mixed.line() == {"requested": 3, "received_ok": 2, "received_damaged": 1}


def test_16_concealed_damage():
    """Damage found three days later moves pieces from good to damaged; received stays what it was."""
    late = match([asked()], [told()], [counted(), closed(), counted(2, day=11, kind="concealed_damage")])
    assert late.line() == {"requested": 10, "received_ok": 8, "received_damaged": 2}
    ((_, _, qty, until),) = late.found("claim_until_on")
    assert (qty, until) == (2, (ASKED_AT + (11 + 15) * DAY).date())


def test_17_lost_in_transit():
    """Pieces without a scan are lost after the days of the policy, and not a day earlier."""
    sent = [told()]
    before = match([asked()], sent, now=ASKED_AT + 15 * DAY)
    after = match([asked()], sent, now=ASKED_AT + 16 * DAY)
    assert (before.line(), before.found()) == ({"requested": 10, "in_transit": 10}, [])
    assert (after.line(), after.found("claim")) == (
        {"requested": 10, "lost": 10},
        [("lost_in_transit", "A", 10, "open")],
    )


def test_18_late_receipt():
    """What arrives after the count was closed lowers the loss, and is noted."""
    late = match([asked()], [told()], [counted(7), closed(), counted(2, day=12)])
    assert late.line() == {"requested": 10, "received_ok": 9, "lost": 1}
    assert late.notes() == [("after_close", 2)]


def test_19_found_after_reimbursement():
    """Paid and found is to be repaid; taken back without the goods is claimed again: two closures."""
    sent = [told(), told(1, day=12, kind="compensated")]
    found = match([asked()], sent, [counted(9), closed(), counted(1, day=14)])
    assert found.found("stake") == [("found_after_compensation", "A", 1, "repay")]
    back = [*sent, told(1, day=15, kind="reversed")]
    with_stock = match([asked()], back, [counted(9), closed(), counted(1, day=14)])
    without = match([asked()], back, [counted(9), closed()])
    assert (with_stock.found(), with_stock.line()) == ([], {"requested": 10, "received_ok": 10})
    assert (without.found(), without.line()) == (
        [("reversed", "A", 1)],
        {"requested": 10, "received_ok": 9, "lost": 1},
    )
    assert close_claim(cash_minor=-150, stock_qty=1) is Closure.REVERSED_FOR_STOCK
    assert close_claim(cash_minor=-150, stock_qty=0) is Closure.REVERSED_WITHOUT_STOCK


def test_20_partly_cancelled():
    """What was cancelled is not missing; the rest is the base."""
    part = match([asked(cancelled_qty=4)], [told(6)], [counted(6), closed()])
    assert (part.line(), part.found()) == ({"requested": 10, "received_ok": 6, "cancelled": 4}, [])


def test_21_all_cancelled_but_completed():
    """A completed request of which everything was cancelled is a cancelled one."""
    none = match([asked(cancelled_qty=10, status="Completed")])
    assert (none.line(), none.found()) == ({"requested": 10, "cancelled": 10}, [])


def test_22_completed_and_nowhere():
    """Completed, and nothing sent, destroyed or cancelled for the rest: the identity is broken."""
    broken = match([asked(cancelled_qty=3, status="completed")])
    assert broken.found("stake") == [("identity_broken", "A", 7, "claim")]
    assert broken.line() == {"requested": 10, "cancelled": 3, "unresolved": 7}


def test_23_nothing_sent_for_long():
    """A request without news for the days of the policy is stuck."""
    assert match([asked()], now=ASKED_AT + 29 * DAY).found() == []
    assert match([asked()], now=ASKED_AT + 30 * DAY).found() == [("stuck", "A", 10)]


def test_24_disposal_order():
    """Of a disposal nothing is expected to arrive, and what was destroyed is as asked for."""
    order = match(
        [asked(order_type="Disposal")], [told(kind="disposed"), told(kind="completed", qty=0, sku=None)]
    )
    assert (order.line(), order.found()) == ({"requested": 10, "disposed": 10}, [])


def test_25_disposed_without_consent():
    """Asked back and destroyed is a claim."""
    gone = match([asked()], [told(7), told(3, kind="утилизирована")], [counted(7), closed()])
    assert gone.found("stake") == [("disposed_without_consent", "A", 3, "claim")]
