"""What the way home was expected to cost, and what was charged: by example."""

from include.winddown.domain.policy import Policy
from include.winddown.domain.return_fees import Sent, compare_fees, expect, word_fees

POLICY = Policy.of(
    {
        "freight": {
            "weight_max_g": 10_000,
            "volume_max_ml": 100_000,
            "usable_fill_pct": 70,
            "container_minor": 500,
            "opening_minor": 200,
            "minimum_minor": 900,
        },
        "returns": {"pick_minor": 10},
    }
)


def sent(warehouse_id: str = "WH-1", **changes: object) -> Sent:
    fields = {"shipment_no": "S-1", "handling_class": "standard", "units_qty": 4, "weight_g": 9_000}
    return Sent(**{"warehouse_id": warehouse_id, "volume_ml": 1_000} | fields | changes)


def test_containers_are_whole_and_the_least_is_charged():
    """One container is below the minimum; volume that fits only by the usable fill begins another one."""
    assert expect(sent(), POLICY) == 900 + 40
    assert expect(sent(volume_ml=70_001), POLICY) == 200 + 2 * 500 + 40
    assert expect(sent(weight_g=20_001), POLICY) == 200 + 3 * 500 + 40


def test_what_nobody_told_is_not_nothing():
    """A warehouse without a bill differs from one that charged nothing; one that charged alone is listed too."""
    fees = compare_fees([sent(), sent(shipment_no="S-2"), sent("WH-2")], {"WH-2": 0, "WH-3": 150}, POLICY)
    assert [
        (one.warehouse_id, one.expected_minor, one.booked_minor, one.difference_minor) for one in fees
    ] == [
        ("WH-1", 1_880, None, None),
        ("WH-2", 940, 0, -940),
        ("WH-3", 0, 150, 150),
    ]
    assert word_fees(fees, "RUB")[:2] == [
        "WH-1: 8 pieces in 2 shipments, expected 18.80 RUB, booked not told",
        "WH-2: 4 pieces in 1 shipments, expected 9.40 RUB, booked 0.00",
    ]
