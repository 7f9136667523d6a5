"""Prices and fees of Ozon, from a server that answers as documented and from the sandbox."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from include.winddown.adapters.marketplaces.ozon_fees import PRICES, read_fees
from include.winddown.adapters.ports import Pull
from include.winddown.domain.errors import ContractBroken, FileRefused
from include.winddown.domain.exits import Policy
from include.winddown.domain.side_frames import FEES
from tests.contract.documented import RECORDED
from tests.contract.sandbox_server import Sandbox, running
from tests.contract.test_ozon import rows_of
from tests.contract.test_ozon_union import peer_of
from tests.contract.tiny_server import Answer, tiny

COMMISSIONS = {
    "sales_percent_fbp": 19.1,
    "sales_percent_fbo": 14,
    "fbo_direct_flow_trans_min_amount": 19.32,
    "fbo_direct_flow_trans_max_amount": 45.7,
    "fbo_deliv_to_customer_amount": 25,
    "surcharge_of_tomorrow": 3,
}


def priced(offer_id: str = "A", **changes: Any) -> dict[str, Any]:
    """A product of the price list, with a field nobody knows."""
    price = {"price": 273, "min_price": 250.5, "currency_code": "RUB"} | changes.pop("price", {})
    told = {"product_id": 1, "offer_id": offer_id, "acquiring": 2.73, "field_of_tomorrow": 1}
    return told | {"price": price, "commissions": COMMISSIONS} | changes


def fees_from(
    *items: dict[str, Any] | bytes, scheme: str = "fbp", policy: Policy | None = None
) -> tuple[list[dict[str, Any]], Pull]:
    """Read a price list; the totals have the SKUs 1 and 2, of the offers A and B."""
    totals = [
        {"offer_id": offer, "stocks": [{"type": scheme, "present": 3, "reserved": 0, "sku": sku}]}
        for offer, sku in (("A", "1"), ("B", 2))
    ]

    def answer(path: str, body: dict[str, Any]) -> Answer:
        here = body["filter"]["visibility"] == "ALL" and not body["cursor"]
        rows = list(items) if path == PRICES.path else totals
        given = rows if here else []
        return Answer(body={"items": given, "cursor": "c" if given else "", "total_items": len(given)})

    with tiny(answer) as server:
        pull = Pull(frame=FEES, batches=())
        pull.batches = read_fees(peer_of(server), policy or Policy(), pull)
        return rows_of(pull), pull


def test_of_goods_at_partners_the_commission_is_told_and_no_delivery():
    """Amounts are exact in kopecks, the percentage in basis points; what is not told is missing, not zero."""
    (row, _), pull = fees_from(priced(), priced("B"))
    assert row == {
        "sku": "1",
        "offer_id": "A",
        "scheme": "fbp",
        "price_minor": 27300,
        "min_price_minor": 25050,
        "currency": "RUB",
        "commission_bp": 1910,
        "delivery_minor": None,
        "haul_min_minor": None,
        "haul_max_minor": None,
        "acquiring_minor": 273,
    }
    assert (pull.notes, pull.bad_rows) == ([], [])


def test_of_goods_in_the_marketplaces_warehouses_haulage_and_delivery_are_told():
    """The scheme is found from the totals, and its own fees are taken."""
    (row, _), _ = fees_from(priced(), priced("B"), scheme="fbo")
    names = ("commission_bp", "delivery_minor", "haul_min_minor", "haul_max_minor")
    assert (row["scheme"], *(row[name] for name in names)) == ("fbo", 1400, 2500, 1932, 4570)


@pytest.mark.parametrize("commissions", [None, {}, {"sales_percent_fbp": None}])
def test_what_is_not_told_is_missing(commissions: object):
    """Left out or null is missing; a floor of 0 is none."""
    (row, _), pull = fees_from(
        priced(commissions=commissions, acquiring=None, price={"min_price": 0}), priced("B")
    )
    assert (row["commission_bp"], row["acquiring_minor"], row["min_price_minor"]) == (None, None, None)
    assert pull.notes == []


def test_fees_finer_than_money_are_rounded_up_and_named():
    """No fee is thought smaller than it is, and nothing is rounded silently."""
    (row, _), pull = fees_from(priced(acquiring=4.0951), priced("B"))
    assert row["acquiring_minor"] == 410
    assert pull.notes == [
        "1 fees are told to more than two decimals and were rounded up: 1 (acquiring_minor 4.0951)"
    ]


def test_a_commission_of_nothing_and_a_missing_product_are_named():
    """Ozon tells 0 too where it has nothing to tell; of a SKU without a price nothing is made up."""
    rows, pull = fees_from(priced(commissions={"sales_percent_fbp": 0}), priced("Z"))
    assert [(row["sku"], row["commission_bp"]) for row in rows] == [("1", 0)]
    assert pull.notes == [
        "1 products have a commission of 0 under fbp; look at the tariff before it is relied on: 1",
        "1 products of the totals have no price in the list of prices: 2",
    ]


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        ({"price": {"price": 0}}, "price_minor"),
        ({"price": {"price": 9.999}}, "price_minor"),
        ({"price": {"min_price": -1}}, "min_price_minor"),
        ({"price": {"currency_code": "BTC"}}, "currency"),
        ({"acquiring": -0.5}, "acquiring_minor"),
        ({"commissions": {"sales_percent_fbp": 100.01}}, "commission_bp"),
    ],
)
def test_a_product_that_cannot_be_right_goes_to_quarantine(bad: dict[str, Any], column: str):
    """It is named; the rest is used, and rows in = rows good + rows bad."""
    policy = Policy(rows_bad_max_pct=100)
    rows, pull = fees_from(priced(**bad), priced("B"), policy=policy)
    assert [row["sku"] for row in rows] == ["2"]
    assert [(one.column, one.reason.partition(":")[0]) for one in pull.bad_rows] == [(column, "sku 1")]
    (source,) = pull.sources
    assert (source.rows_in, source.rows_ok, source.rows_bad) == (2, 1, 1)
    with pytest.raises(FileRefused, match=r"F_BAD_ROWS: .*1 of 2 products are not usable"):
        fees_from(priced(**bad), priced("B"))


def test_a_price_list_without_prices_breaks_the_contract():
    """A documented field that is gone stops the read and is named with its path."""
    item = priced()
    del item["price"]["price"]
    with pytest.raises(ContractBroken, match=r"\[0\]\.price\.price is 'missing'"):
        fees_from(item)


def test_the_documented_example_is_read():
    """The recorded answer gives the row that it says."""
    (item,) = RECORDED[PRICES.path]["response"]["items"]
    (row,), _ = fees_from(json.loads(json.dumps(item)) | {"offer_id": "A"})
    assert (row["price_minor"], row["commission_bp"], row["acquiring_minor"]) == (49900, 1500, 1000)


@pytest.fixture(scope="module", params=["fbp", "fbo"])
def world(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with running("--seed", "3", "--size", "30", "--scheme", request.param) as started:
        yield started


def test_the_fees_of_the_sandbox_are_read_through_every_page(world: Sandbox):
    """Every product has its price and its commission, archived ones too; money agrees with the catalogue."""
    pull = world.calm().ozon().fees()
    assert pull
    kept: list[bytes] = []
    pull.keep_raw = kept.append
    fees = {row["sku"]: row for row in rows_of(pull)}
    prices = {row["sku"]: row["price_minor"] for row in rows_of(world.ozon().catalogue())}
    assert {sku: row["price_minor"] for sku, row in fees.items()} == prices
    assert {row["commission_bp"] for row in fees.values()} <= {1910, 1700, 1450, 1200}
    is_told = {row["scheme"]: row["delivery_minor"] is not None for row in fees.values()}
    assert is_told in ({"fbp": False}, {"fbo": True})
    assert (pull.notes, pull.bad_rows) == ([], [])
    assert json.loads(kept[0])["items"]
