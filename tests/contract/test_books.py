"""The books of requested lines in a real PostgreSQL, as reconcile_returns keeps them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine, make_url, text

from include.winddown.adapters.events import SHIPPED, read_event
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.events import EventStore
from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.questions import ask_rows, ask_state
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.effects import Accepted, AcceptedLine, Event, effect_key
from include.winddown.domain.exits import Exit
from include.winddown.domain.movements import Document, check_balance, explain_change, move
from include.winddown.runtime import doors
from include.winddown.steps.balance import RETURNING
from include.winddown.steps.exit_end import fees_of
from include.winddown.steps.reconcile_returns import match
from tests.contract.intents import intent

IDS = count()
LINES = (
    AcceptedLine(sku="SKU-1", condition="sellable", requested_qty=10, accepted_qty=8),
    AcceptedLine(sku="SKU-3", condition="sellable", requested_qty=6, accepted_qty=6),
)
PLACES = (
    *("received_ok", "received_damaged", "received_wrong", "lost", "cancelled", "disposed", "compensated"),
    *("in_transit", "unresolved"),
)


def event(source: str, kind: str, qty: int = 0, sku: str = "SKU-1", days_ago: int = 3) -> Event:
    return Event(
        source=source,
        event_id=f"b-{next(IDS)}",
        request_no="RR-1",
        kind=kind,
        sku=sku,
        condition="sellable" if sku else "",
        qty=qty,
        happened_at=datetime.now(UTC) - timedelta(days=days_ago),
        raw={},
    )


@pytest.fixture
def books(
    engine: Engine, database_url: str, approved_plan_id: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EventStore]:
    """An exit with stock, one confirmed request of two lines, and the connection that the steps use."""
    url = make_url(database_url)
    given = {"conn_type": "postgres", "host": url.query["host"], "login": "postgres", "schema": url.database}
    monkeypatch.setenv("AIRFLOW_CONN_WINDDOWN_DB", json.dumps(given))
    doors.database.cache_clear()
    opening = Document(system="snapshot", doc="s", moved_at=datetime(2026, 11, 8, tzinfo=UTC))
    stock = move(opening, ("SUPPLY", "STOCK"), [("SKU-1", 20), ("SKU-3", 6)], "opening stock")
    MovementStore(engine).book("demo-1", stock)
    key = effect_key("demo-1", "return_request", "d" * 64, "001")
    EffectLedger(engine).intend(intent(key, plan_id=approved_plan_id))
    accepted = Accepted(request_no="RR-1", lines=LINES)
    EffectLedger(engine).record_request(key, None, "WH-2-standard-001", "WH-2", accepted, "found")
    yield EventStore(engine)
    doors.database().dispose()
    doors.database.cache_clear()


def shown(engine: Engine) -> dict[str, dict[str, int]]:
    """The places of each line that hold pieces, as the view shows them; they add up to what was asked back."""
    with engine.connect() as connection:
        rows = connection.execute(text("select * from booked_line order by sku")).mappings().all()
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        places = {name: int(row[f"{name}_qty"]) for name in PLACES if row[f"{name}_qty"]}
        assert sum(places.values()) == row["requested_qty"], dict(row)
        found[row["sku"]] = places
    return found


def movements(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("select * from movement where source_system = 'match' order by movement_id")
        )
        return list(rows.mappings())


def test_the_books_show_what_the_match_says(books: EventStore, engine: Engine) -> None:
    """Each line's places add up to what was asked back, before and after anything is known."""
    assert shown(engine) == {"SKU-1": {"cancelled": 2, "unresolved": 8}, "SKU-3": {"unresolved": 6}}
    books.add(
        "demo-1",
        [
            event("desk", "shipped", 7),
            event("desk", "disposed", 1),
            event("dock", "received_ok", 4),
            event("dock", "received_damaged", 1),
            event("desk", "lost", 2, "SKU-3"),
            event("dock", "count_closed", sku=""),
        ],
    )
    told = match("demo-1")
    assert (told["requested"], told["lost"], told["disposed"], told["discrepancies"]) == (16, 4, 1, 5)
    sku_1 = {"received_ok": 4, "received_damaged": 1, "lost": 2, "cancelled": 2, "disposed": 1}
    assert shown(engine) == {"SKU-1": sku_1, "SKU-3": {"lost": 2, "unresolved": 4}}
    totals = check_balance(MovementStore(engine).balance("demo-1").to_pandas())
    assert (totals["SUPPLY"], totals["STOCK"], totals["LOST"], totals["IN_REMOVAL"]) == (-26, 12, 4, 4)


def test_a_second_match_moves_nothing_and_late_goods_move_back(books: EventStore, engine: Engine) -> None:
    """Nothing new: no movement. Lost pieces that turn up are received; the old movements stay."""
    books.add(
        "demo-1",
        [event("desk", "shipped", 8), event("dock", "received_ok", 6), event("dock", "count_closed", sku="")],
    )
    match("demo-1")
    before = movements(engine)
    match("demo-1")
    assert movements(engine) == before
    books.add("demo-1", [event("dock", "received_ok", 2, days_ago=1)])
    match("demo-1")
    (late,) = movements(engine)[len(before) :]
    assert (late["from_node"], late["to_node"], late["qty"], late["request_id"]) == (
        "LOST",
        "RECEIVED",
        2,
        before[0]["request_id"],
    )
    assert shown(engine)["SKU-1"] == {"received_ok": 8, "cancelled": 2}


def test_snapshots_and_splits_read_the_books(books: EventStore, engine: Engine) -> None:
    """What waits in the warehouse is committed; what was lost on a return is told apart from the shelves."""
    books.add(
        "demo-1", [event("desk", "shipped", 5), event("desk", "cancelled", 1), event("desk", "lost", 1)]
    )
    match("demo-1")
    committed = ask_rows(engine, "split_committed", exit_id="demo-1")
    (line,) = [row for row in committed if row["sku"] == "SKU-1"]
    assert (line["warehouse_id"], line["committed_qty"]) == ("WH-2", 1)
    returning = {
        row["sku"]: row["lost_qty"] for row in ask_rows(engine, "balance_returning", exit_id="demo-1")
    }
    assert returning["SKU-1"] == 1


@pytest.mark.parametrize(("there_qty", "lost_qty"), [(14, 0), (14, 1)])
def test_the_next_snapshot_is_explained_by_the_books(
    books: EventStore, engine: Engine, there_qty: int, lost_qty: int
) -> None:
    """Of 20 pieces five were sent and one was lost; whether the warehouse lists that one or not, nothing is missing."""
    books.add(
        "demo-1", [event("desk", "shipped", 5), event("desk", "cancelled", 1), event("desk", "lost", 1)]
    )
    match("demo-1")
    shelves = [("SKU-1", "sellable", there_qty), ("SKU-1", "lost", lost_qty), ("SKU-3", "sellable", 6)]
    stock = pa.table(dict(zip(("sku", "condition", "on_hand_qty"), zip(*shelves, strict=True), strict=True)))
    no_orders = pa.table(
        {
            "posting_number": pa.array([], pa.string()),
            "sku": pa.array([], pa.string()),
            "status": pa.array([], pa.string()),
            "ordered_qty": pa.array([], pa.int64()),
        }
    )
    account = run_bulk(
        "balance_account",
        {
            "stock": stock,
            "orders": no_orders,
            "orders_before": no_orders,
            "balance": MovementStore(engine).balance("demo-1"),
            "lost_on_returns": ask_state(engine, "balance_returning", RETURNING, exit_id="demo-1"),
        },
        {"left": ["delivered"]},
    ).to_pandas()
    snapshot = Document(system="snapshot", doc="s-2", moved_at=datetime.now(UTC))
    assert explain_change(account, snapshot, 0) == []


def test_what_waits_for_an_end_is_followed(books: EventStore, engine: Engine) -> None:
    """An open count, then an open claim; settled, the exit is left alone."""
    assert ask_rows(engine, "follow_open")
    events = [
        event("desk", "shipped", 8),
        event("dock", "received_ok", 7),
        event("desk", "shipped", 6, "SKU-3"),
    ]
    books.add("demo-1", [*events, event("dock", "count_closed", sku="")])
    match("demo-1")
    assert ask_rows(engine, "follow_open")
    books.add("demo-1", [event("dock", "received_ok", 1), event("dock", "received_ok", 6, "SKU-3")])
    match("demo-1")
    assert ask_rows(engine, "follow_open") == []


def told_fee(number: str, amount: str | None, currency: str) -> Event:
    """A fee as the partner's API tells it."""
    item = {
        "event_id": number,
        "request_no": "RR-1",
        "kind": "fee",
        "sku": "",
        "condition": "",
        "quantity": 0,
        "happened_at": "2026-11-20T10:00:00Z",
        "amount": amount,
        "currency": currency,
    }
    return read_event(Part(item, "events[0]"), SHIPPED)


def test_fees_that_the_partner_tells_are_held_against_the_expected(
    books: EventStore, merchant_exit: Exit
) -> None:
    """The newest edition counts; another currency is a finding of the match and is never added up here."""
    assert [fee.booked_minor for fee in fees_of(merchant_exit)] == [None]
    books.add("demo-1", [told_fee("f-1", "12.50", "RUB"), told_fee("f-2", "7.00", "RUB")])
    books.add("demo-1", [told_fee("f-2", "8.00", "RUB"), told_fee("f-3", "99.00", "USD")])
    books.add("demo-1", [told_fee("f-4", None, "")])
    [fee] = fees_of(merchant_exit)
    assert (fee.warehouse_id, fee.booked_minor) == ("WH-2", 2050)
    assert fee.difference_minor == 2050 - fee.expected_minor
