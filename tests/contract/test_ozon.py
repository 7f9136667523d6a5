"""The marketplace Ozon over HTTP, against the sandbox."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from include.winddown.adapters.http import PeerDown
from include.winddown.adapters.ports import Pull
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.errors import BadConnection, ContractBroken, FileRefused, MarketplaceRefused
from include.winddown.domain.frames import CATALOGUE, ORDERS, STOCK
from tests.contract.sandbox_server import QUICK, Sandbox, running

NOTHING_LISTENS = "http://127.0.0.1:9"
READS = ("catalogue", "orders")


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "3") as started:
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


def rows_of(pull: Pull) -> list[dict[str, Any]]:
    batches = list(pull.batches)
    assert all(batch.schema == arrow_schema(pull.frame) for batch in batches)
    return pa.Table.from_batches(batches, arrow_schema(pull.frame)).to_pylist()


def costs_without(sandbox: Sandbox, count: int) -> bytes:
    """The cost sheet with its first rows missing."""
    header, *lines = sandbox.http.get("/world/costs.csv").text.splitlines(keepends=True)
    return "".join([header, *lines[count:]]).encode()


def test_the_catalogue_has_every_product_archived_ones_too(sandbox: Sandbox):
    """ALL leaves the archived out, so both lists are read; sizes come sorted, ids as text."""
    pull = sandbox.ozon().catalogue()
    rows = rows_of(pull)
    assert pull.frame is CATALOGUE
    assert len({row["sku"] for row in rows}) == len(rows) == sandbox.truth()["products"]
    assert {row["sku"] for row in rows} == {row["sku"] for row in sandbox.stock()}
    assert all(row["length_mm"] >= row["width_mm"] >= row["height_mm"] >= 60 for row in rows)
    assert {row["currency"] for row in rows} == {"RUB"}


def test_the_catalogue_has_ozons_category(sandbox: Sandbox):
    """Products of one kind share a category, told as text."""
    rows = rows_of(sandbox.ozon().catalogue())
    kinds = {(row["category"], row["name"].partition(",")[0].split(" ", 1)[1]) for row in rows}
    assert len({category for category, _ in kinds}) == len({kind for _, kind in kinds}) == len(kinds) > 1
    assert all(category.isdigit() for category, _ in kinds)


def test_the_catalogue_is_joined_with_the_cost_sheet(sandbox: Sandbox):
    """Costs, resale values and classes are those of the merchant's sheet, in kopecks exactly."""
    sheet = csv.DictReader(io.StringIO(sandbox.http.get("/world/costs.csv").text))
    expected = {
        row["sku"]: (
            int(Decimal(row["unit_cost"]) * 100),
            int(Decimal(row["resale_value"]) * 100),
            row["handling_class"],
        )
        for row in sheet
    }
    rows = rows_of(sandbox.ozon().catalogue())
    found = {row["sku"]: (row["unit_cost_minor"], row["resale_minor"], row["handling_class"]) for row in rows}
    assert found == expected


def test_every_read_is_accounted_for(sandbox: Sandbox):
    """A source has its digest and size, and rows in = rows good + rows bad."""
    pulls = [getattr(sandbox.ozon(), name)() for name in (*READS, "stock")]
    for pull in pulls:
        rows = rows_of(pull)
        (source,) = pull.sources
        assert source.rows_in == source.rows_ok + source.rows_bad
        assert (source.rows_ok, source.rows_bad) == (len(rows), len(pull.bad_rows))
        assert len(source.sha256) == 64
        assert source.size_bytes > 1000


def test_stock_is_the_partners_report(sandbox: Sandbox):
    """Every shelf of the report is a row, in our words for its condition."""
    pull = sandbox.ozon().stock()
    rows = rows_of(pull)
    assert pull.frame is STOCK
    assert sum(row["on_hand_qty"] for row in rows) == sandbox.truth()["units_on_hand"]
    assert {row["condition"] for row in rows} > {"sellable", "damaged_by_seller"}


def test_orders_are_read_through_every_page(sandbox: Sandbox):
    """All postings of all pages come, each line once, with exact money and aware times."""
    pull = sandbox.ozon().orders()
    rows = rows_of(pull)
    assert pull.frame is ORDERS
    assert len({row["posting_number"] for row in rows}) == sandbox.truth()["orders"] > 1000
    assert len({(row["posting_number"], row["line_no"]) for row in rows}) == len(rows)
    assert {row["status"] for row in rows} <= {"delivered", "delivering", "cancelled"}
    prices = {row["sku"]: row["price_minor"] for row in rows_of(sandbox.ozon().catalogue())}
    assert {row["price_minor"] for row in rows} <= set(prices.values())


@pytest.mark.fault("F8", "S2")
def test_an_order_dated_after_our_clock_is_not_hidden(sandbox: Sandbox):
    """A clock that runs behind hides no order."""
    behind = datetime.now(UTC) - timedelta(days=20)
    rows = rows_of(sandbox.ozon(now=behind).orders())
    assert len({row["posting_number"] for row in rows}) == sandbox.truth()["orders"]


@pytest.mark.fault("F20", "S2")
def test_pending_and_unheard_of_orders_come_as_they_are():
    """An unknown status is kept as text, for the gate to block on."""
    with running("--seed", "4", "--size", "10") as world:
        planted = world.faults(pending_orders=2, unknown_status_orders=1)["planted_orders"]
        rows = {row["posting_number"]: row["status"] for row in rows_of(world.ozon().orders())}
    statuses = sorted(rows[number] for number in planted)
    assert statuses == ["awaiting_packaging", "awaiting_packaging", "awaiting_teleport"]


@pytest.mark.fault("F13", "S2")
@pytest.mark.fault("F14", "S2")
@pytest.mark.fault("F16", "S2")
@pytest.mark.fault("F17", "S2")
@pytest.mark.parametrize("fault", ["throttle_429", "error_500", "drop", "garbled_200", "hang"])
@pytest.mark.parametrize("name", READS)
def test_a_read_survives_a_passing_fault(sandbox: Sandbox, name: str, fault: str):
    """Throttling, a server error, a cut, garbage and silence are borne once, and nothing is lost."""
    whole = rows_of(getattr(sandbox.ozon(), name)())
    sandbox.faults(ozon={fault: 1})
    assert rows_of(getattr(sandbox.ozon(), name)()) == whole


@pytest.mark.parametrize("name", READS)
def test_a_marketplace_that_is_down_is_named(sandbox: Sandbox, name: str):
    """After the last try the error is transient and says where and what to check."""
    sandbox.faults(ozon={"down": True})
    with pytest.raises(PeerDown, match=rf"marketplace at {sandbox.address}.*status 503.*check that it is up"):
        rows_of(getattr(sandbox.ozon(), name)())


@pytest.mark.fault("F22", "S2")
def test_nothing_listening_is_a_marketplace_that_is_down(sandbox: Sandbox):
    """No connection is transient too."""
    with pytest.raises(PeerDown, match=NOTHING_LISTENS):
        rows_of(sandbox.ozon(address=NOTHING_LISTENS).orders())


@pytest.mark.fault("F21", "S2")
@pytest.mark.parametrize("name", READS)
def test_a_wrong_key_is_refused_with_what_to_do(sandbox: Sandbox, name: str):
    """A refused key is no transient error; the message quotes the reason and says the fix."""
    ozon = sandbox.ozon(api_key="wrong-key")
    with pytest.raises(MarketplaceRefused, match=r"403.*Invalid Api-Key.*check that Client-Id") as refused:
        rows_of(getattr(ozon, name)())
    assert "wrong-key" not in str(refused.value)


def test_a_blank_key_is_refused_before_anything_is_sent(sandbox: Sandbox):
    """A blank key names the header, not a value."""
    with pytest.raises(BadConnection, match="Api-Key for the marketplace"):
        rows_of(sandbox.ozon(api_key="").orders())


@pytest.mark.parametrize("name", READS)
def test_line_99_a_redirect_of_the_marketplace_ends_the_read(sandbox: Sandbox, name: str):
    """Whoever stands in between gets neither keys nor questions; no try follows."""
    sandbox.faults(ozon={"redirect_307": 1})
    with pytest.raises(
        BadConnection, match=r"the marketplace at .* sends POST .*and nothing is sent on: give the"
    ):
        rows_of(getattr(sandbox.ozon(), name)())


@pytest.mark.parametrize("name", READS)
def test_a_200_that_is_an_error_is_an_error(sandbox: Sandbox, name: str):
    """A retired method answers 200 with code and message; that is no empty list."""
    sandbox.faults(ozon={"obsolete_200": 1})
    with pytest.raises(MarketplaceRefused, match="obsolete method"):
        rows_of(getattr(sandbox.ozon(), name)())


@pytest.mark.fault("F19", "S2")
@pytest.mark.parametrize("fault", ["repeat_page", "stuck_cursor"])
def test_a_list_that_does_not_move_on_is_not_used(sandbox: Sandbox, fault: str):
    """A page that repeats or a cursor that stays breaks the contract instead of losing orders."""
    sandbox.faults(ozon={fault: True})
    with pytest.raises(ContractBroken, match="incomplete"):
        rows_of(sandbox.ozon().orders())


@pytest.mark.fault("F20", "S2")
@pytest.mark.parametrize(("name", "field"), [("catalogue", "price"), ("orders", "status")])
def test_a_missing_field_is_named_with_its_path(sandbox: Sandbox, name: str, field: str):
    """A reply without a documented field stops the read; the path says where."""
    sandbox.faults(ozon={"missing_field": True})
    with pytest.raises(ContractBroken, match=rf"\[0\]\.{field} is 'missing'"):
        rows_of(getattr(sandbox.ozon(), name)())


def test_a_product_without_cost_goes_to_quarantine(sandbox: Sandbox):
    """One product that lacks its cost is kept out and named; the rest is used."""
    pull = sandbox.ozon(costs=costs_without(sandbox, 1)).catalogue()
    rows = rows_of(pull)
    (bad,) = pull.bad_rows
    assert len(rows) == sandbox.truth()["products"] - 1
    assert (bad.column, bad.code) == ("unit_cost_minor", "R_SKU")
    assert "the cost sheet has no usable row" in bad.reason


def test_too_many_products_without_cost_refuse_the_catalogue(sandbox: Sandbox):
    """Above the policy's limit nothing of the catalogue is used."""
    with pytest.raises(FileRefused, match=r"F_BAD_ROWS: .* 5 of 60 products are not usable"):
        rows_of(sandbox.ozon(costs=costs_without(sandbox, 5)).catalogue())


def test_a_broken_cost_sheet_is_refused(sandbox: Sandbox):
    """A cost sheet of the wrong columns is a refused file, not a catalogue without costs."""
    with pytest.raises(FileRefused, match=r"costs\.csv"):
        rows_of(sandbox.ozon(costs=b"sku,price\n1,2\n").catalogue())


def test_no_secret_is_shown(sandbox: Sandbox):
    """Neither key is in the text of the adapter."""
    ozon = sandbox.ozon(limits=replace(QUICK, attempts=1))
    shown = repr(ozon) + repr(ozon.peer)
    assert sandbox.greeting["api_key"] not in shown
    assert sandbox.greeting["client_id"] not in shown


@pytest.mark.parametrize(("name", "file"), [("stock", "stock-report.csv"), ("catalogue", "costs.csv")])
def test_files_are_handed_on_as_they_came(sandbox: Sandbox, name: str, file: str):
    """The partner's report and the cost sheet are given to whoever keeps them, byte for byte."""
    ozon = sandbox.ozon()
    taken: list[tuple[str, bytes]] = []
    pull = getattr(ozon, name)()
    pull.keep_file = lambda title, content: taken.append((title, content.read()))
    assert rows_of(pull)
    assert taken == [(file, {"stock": ozon.stock_report(), "catalogue": ozon.costs}[name])]
