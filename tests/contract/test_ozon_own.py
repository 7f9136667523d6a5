"""The own warehouses at Ozon, against the sandbox: every row once, days of delivery, what a key may not read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from include.winddown.adapters.marketplaces import ozon_own
from include.winddown.adapters.marketplaces.ozon_own import OzonOwn
from include.winddown.domain.errors import MarketplaceRefused
from tests.contract.sandbox_server import Sandbox, running


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "20", "--size", "20") as started:
        started.faults(own_sales_days=60)
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


def own_of(sandbox: Sandbox) -> OzonOwn:
    now = datetime.fromisoformat(sandbox.truth()["now"])
    return OzonOwn(peer=sandbox.ozon().peer, now=now)


def rows_of(pull) -> list[dict]:
    rows = [row for batch in pull.batches for row in batch.to_pylist()]
    assert sum(source.rows_ok for source in pull.sources) == len(rows)
    return rows


def test_the_own_stock_is_told_apart_from_the_partners(sandbox: Sandbox):
    """Only what lies in own warehouses has a row, with its offer and its pieces."""
    rows = rows_of(own_of(sandbox).stock())
    assert len(rows) == 10
    assert {row["scheme"] for row in rows} == {"rfbs"}
    assert min(row["present_qty"] for row in rows) == 0 < max(row["present_qty"] for row in rows)
    assert len({row["sku"] for row in rows}) == 10


def test_postings_come_once_with_their_dates(sandbox: Sandbox):
    """Over several pages; a delivery has its day within the days asked for, and none before."""
    rows = rows_of(own_of(sandbox).postings(90, 28))
    assert len(rows) > 200
    assert len({row["posting_number"] for row in rows}) == len(rows)
    now = datetime.fromisoformat(sandbox.truth()["now"])
    recent = [row for row in rows if row["delivered_on"]]
    assert {row["status"] for row in recent} == {"delivered"}
    assert min(row["delivered_on"] for row in recent) >= (now - timedelta(days=28)).date()
    for row in recent:
        assert row["ordered_at"].date() < row["delivered_on"] <= now.date()
        assert row["ordered_at"] < row["promised_at"]
        assert row["shipped_at"].date() <= row["delivered_on"]
    dated = {row["posting_number"] for row in recent}
    others = [row for row in rows if row["status"] == "delivered" and row["posting_number"] not in dated]
    assert others
    assert max(row["ordered_at"] for row in others) < now - timedelta(days=25)
    waiting = [row for row in rows if row["status"] == "awaiting_packaging"]
    assert all(row["shipped_at"] is None for row in waiting)
    assert {row["zone"] for row in rows} == {"Moscow", "Saint Petersburg", "Novosibirsk"}
    assert {row["provider"] for row in rows} == {"Swift", "Steady"}


def test_the_day_of_a_delivery_is_that_of_the_world(sandbox: Sandbox):
    """A list of one day's changes holds exactly what was delivered on it."""
    own = own_of(sandbox)
    now = own.now
    rows = rows_of(own.postings(90, 5))
    days = sorted({row["delivered_on"] for row in rows if row["delivered_on"]})
    assert days[0] >= (now - timedelta(days=5)).date()
    assert days[-1] <= date.fromordinal(now.toordinal())


@pytest.mark.parametrize("limit", [1, 7])
def test_returns_of_both_schemes_are_read_to_their_end(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, limit: int
):
    """The lists go on after the id of the last row; small pages give the same rows as large ones."""
    own = own_of(sandbox)
    whole = rows_of(own.returns(90))
    assert {row["scheme"] for row in whole} == {"fbs", "rfbs"}
    assert {row["returned_qty"] for row in whole if row["scheme"] == "fbs"} == {1}
    assert {row["returned_qty"] for row in whole if row["scheme"] == "rfbs"} == {None}
    for name in ("RFBS_RETURNS", "FBS_RETURNS"):
        monkeypatch.setattr(ozon_own, name, replace(getattr(ozon_own, name), limit=limit))
    assert rows_of(own.returns(90)) == whole
    assert len(rows_of(own.returns(10))) < len(whole)


def test_only_chats_with_buyers_are_counted(sandbox: Sandbox):
    """A chat with the support is none."""
    assert own_of(sandbox).chats().unread_qty == 2


def test_a_key_that_may_not_read_chats_stops_nothing(sandbox: Sandbox):
    """It is not known then, and why; the stock is read all the same."""
    sandbox.faults(key={"roles": ["Product", "Posting FBS"]})
    own = own_of(sandbox)
    chats = own.chats()
    assert chats.unread_qty is None
    assert "missing a required role" in chats.why
    assert rows_of(own.stock())


def test_a_refused_key_stops_the_read(sandbox: Sandbox):
    """Nothing is taken for empty."""
    sandbox.faults(key={"refused": "offer_not_signed"})
    with pytest.raises(MarketplaceRefused, match="Offer not signed"):
        rows_of(own_of(sandbox).postings(30, 7))


def test_a_world_without_own_sales_has_none(sandbox: Sandbox):
    """Zero rows are a fact; so is a window before the first sale."""
    own = OzonOwn(peer=own_of(sandbox).peer, now=datetime(2020, 1, 1, tzinfo=UTC))
    assert rows_of(own.postings(30, 0)) == []
