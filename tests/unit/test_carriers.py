"""What carriers charge, against contract and against each other."""

from datetime import date

import pytest

from include.winddown.domain.carriers import (
    Charge,
    cheapest,
    cost_before,
    cost_by_carrier,
)
from include.winddown.domain.tariffs import Tariff

TODAY = date(2026, 11, 20)


def tariff(provider: str = "Swift", weight_to_g: int = 1_000, **changes: object) -> Tariff:
    known = {"zone": "Moscow", "order_minor": 10_000, "kg_minor": 2_000}
    return Tariff(provider=provider, weight_to_g=weight_to_g, **{**known, **changes})


def charge(weight_g: int = 500, amount_minor: int = 11_000, **changes: object) -> Charge:
    known = {"provider": "Swift", "invoice_no": "I-1", "posting_number": None, "zone": "Moscow"}
    return Charge(weight_g=weight_g, amount_minor=amount_minor, **{**known, "shipped_on": TODAY, **changes})


@pytest.mark.parametrize(("weight_g", "price"), [(1, 10_002), (500, 11_000), (501, 11_002), (1_000, 12_000)])
def test_a_kilogram_is_charged_by_the_gram_and_rounded_up(weight_g, price):
    """No price is thought smaller than it is."""
    assert tariff().price(weight_g) == price


def test_a_carrier_is_held_against_its_contract():
    """Only parcels with a tariff of that day, zone and weight; one charged twice is counted."""
    charges = [
        charge(posting_number="P-1"),
        charge(posting_number="P-1"),
        charge(amount_minor=12_100),
        charge(weight_g=9_000, amount_minor=50_000),
        charge(zone="Nowhere", amount_minor=1),
        charge(provider="FBP", amount_minor=8_000),
    ]
    partner, swift = cost_by_carrier(charges, [tariff()])
    assert (swift.parcels_qty, swift.priced_qty, swift.twice_qty) == (5, 3, 1)
    assert (swift.billed_minor, swift.contract_minor) == (34_100, 33_000)
    assert swift.over_pct == pytest.approx(100 / 30)
    assert (partner.provider, partner.over_pct, partner.order_minor, partner.kg_minor) == (
        "FBP",
        None,
        8_000,
        16_000,
    )


def test_a_newer_tariff_counts_from_its_day():
    """What was shipped before is priced as it was then."""
    old = tariff(until_on=date(2026, 10, 31))
    new = tariff(order_minor=20_000, from_on=date(2026, 11, 1))
    (cost,) = cost_by_carrier([charge(shipped_on=date(2026, 10, 31)), charge()], [old, new])
    assert cost.contract_minor == 11_000 + 21_000


def test_the_cheapest_is_named_for_every_zone_and_band():
    """With the second, with whoever carries there now, and with what changing would have saved."""
    tariffs = [
        tariff(),
        tariff("Steady", order_minor=9_000, kg_minor=2_500),
        tariff(weight_to_g=5_000),
        tariff("Steady", until_on=date(2026, 1, 1), zone="Far"),
        tariff("FBP", order_minor=1),
    ]
    light, heavy = cheapest([charge(), charge(800, 12_000), charge(provider="FBP")], tariffs, TODAY)
    assert (light.zone, light.weight_to_g, light.provider, light.price_minor) == (
        "Moscow",
        1_000,
        "Steady",
        11_500,
    )
    assert (light.next_provider, light.next_minor, light.used) == ("Swift", 12_000, "Swift")
    assert light.saved_minor == (11_000 - 10_250) + (12_000 - 11_000)
    assert (heavy.provider, heavy.next_provider, heavy.used, heavy.saved_minor) == ("Swift", None, None, 0)


@pytest.mark.parametrize(
    ("charges", "told", "fee", "expected"),
    [
        (
            [charge(provider="FBP", amount_minor=8_000)],
            (9, 9, 9),
            7,
            (8_000, 16_000, "the partner's invoices"),
        ),
        ([charge()], (10, 5_000, 1_000), 7, (100, 200, "the fees of the last snapshot")),
        ([], (0, 0, 0), 700, (700, None, "fees.sale_fee_minor of the policy")),
        ([], None, 0, (None, None, "not known")),
    ],
)
def test_what_it_cost_before_is_taken_from_the_best_source(charges, told, fee, expected):
    """The partner's own invoices first; without any source it is not known, and not zero."""
    before = cost_before(cost_by_carrier(charges, []), told, fee)
    assert (before.order_minor, before.kg_minor, before.source) == expected
