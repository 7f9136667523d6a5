"""Events, and the legs the match reads from them, in a real PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.match.run import run_match
from include.winddown.adapters.stores.discrepancies import DiscrepancyStore
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.events import EventStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.match_legs import legs_of
from include.winddown.domain.effects import Accepted, AcceptedLine, Event, effect_key
from include.winddown.domain.exits import Exit
from include.winddown.domain.match.keep import rows_to_keep
from include.winddown.domain.match.settings import Match
from include.winddown.steps.report import summarise
from tests.contract.intents import intent

IDS = count()
ASKED = Accepted(
    request_no="RR-1",
    lines=(
        AcceptedLine(sku="SKU-1", condition="sellable", requested_qty=10, accepted_qty=8),
        AcceptedLine(sku="SKU-3", condition="sellable", requested_qty=6, accepted_qty=6),
    ),
)


def event(kind: str, sku: str = "SKU-1", qty: int = 0, **changes: Any) -> Event:
    values = {
        "source": "desk" if kind == "shipped" else "dock",
        "event_id": f"e-{next(IDS)}",
        "request_no": "RR-1",
        "kind": kind,
        "sku": sku,
        "condition": "sellable" if sku else "",
        "qty": qty,
        "happened_at": datetime(2026, 11, 9, tzinfo=UTC),
        "raw": {"quantity": qty},
    }
    return Event(**{**values, **changes})


@pytest.fixture
def events(engine: Engine, exit_id: str) -> EventStore:
    assert exit_id == "demo-1"
    return EventStore(engine)


@pytest.fixture
def requested(engine: Engine, events: EventStore, approved_plan_id: str) -> EventStore:
    """Events beside one confirmed request of two lines."""
    key, ledger = effect_key("demo-1", "return_request", "d" * 64, "001"), EffectLedger(engine)
    ledger.intend(intent(key, plan_id=approved_plan_id))
    ledger.record_request(key, None, "WH-2-standard-001", "WH-2", ASKED, "found")
    return events


def lines(engine: Engine, exit_id: str = "demo-1") -> dict[tuple[str, str], tuple[int, ...]]:
    """Requested, shipped, received good and damaged, and under way, of each line of the match."""
    chunks: list[pa.Table] = []
    run_match(legs_of(engine, exit_id), Match(), datetime(2026, 11, 12, tzinfo=UTC), chunks.append)
    names = ("requested_qty", "shipped_qty", "received_ok_qty", "received_damaged_qty", "in_transit_qty")
    return {
        (row["request_no"], row["sku"]): tuple(row[name] for name in names)
        for row in pa.concat_tables(chunks).to_pylist()
    }


def strays(engine: Engine, exit_id: str = "demo-1") -> list[tuple[str, str, int]]:
    """What was told and belongs to no line, as request, SKU and pieces."""
    legs = legs_of(engine, exit_id)
    found = run_match(legs, Match(), datetime(2026, 11, 12, tzinfo=UTC), lambda _: None).found
    rows = found.loc[found["class"].isin(["unexpected", "parked"]), ["request_no", "sku", "qty"]]
    return sorted(rows.itertuples(index=False, name=None))


@pytest.mark.fault("F3", "S11")
@pytest.mark.fault("F5", "S11")
@pytest.mark.fault("F6", "S11")
@pytest.mark.fault("F10", "S11")
@pytest.mark.fault("F23", "S11")
def test_each_event_is_kept_once(events: EventStore) -> None:
    """Reading the same list again adds nothing; only new events are counted."""
    first, second = event("shipped", qty=3), event("received_ok", qty=3)
    assert events.add("demo-1", [first]) == 1
    assert events.add("demo-1", iter([first, second])) == 1
    assert events.add("demo-1", []) == 0


def test_a_restated_event_is_a_newer_edition(requested: EventStore, engine: Engine) -> None:
    """What a reporter says anew stands beside what it said before; the newest counts, once."""
    first = event("shipped", qty=3, carton_id="C1", tracking_no="1Z")
    requested.add("demo-1", [first])
    assert requested.add("demo-1", [replace(first, qty=5), replace(first, qty=5)]) == 1
    assert lines(engine)["RR-1", "SKU-1"][1] == 5
    with engine.connect() as connection:
        rows = connection.execute(text("select version, qty, carton_id from event order by version")).all()
    assert [tuple(row) for row in rows] == [(1, 3, "C1"), (2, 5, "C1")]


def test_the_match_reads_what_is_stored(requested: EventStore, engine: Engine) -> None:
    """The three legs of an exit give its discrepancies, with our id of the request."""
    requested.add(
        "demo-1", [event("shipped", qty=8), event("received_ok", qty=7), event("count_closed", sku="")]
    )
    requested.add("demo-1", [event("received_ok", sku="SKU-9", qty=2)])
    now = datetime(2026, 11, 12, tzinfo=UTC)
    found = run_match(legs_of(engine, "demo-1"), Match(), now, lambda _: None).found
    request_id = requested.requests("demo-1")[0]["request_id"]
    kept = rows_to_keep(found, {"RR-1": request_id}, "RUB")
    assert [(row["request_id"], row["kind"], row["sku"], row["qty"]) for row in kept] == [
        (request_id, "not_accepted", "SKU-1", 2),
        (request_id, "short", "SKU-1", 1),
        (request_id, "unexpected", "SKU-9", 2),
    ]
    DiscrepancyStore(engine).replace("demo-1", kept)
    assert len(DiscrepancyStore(engine).of("demo-1")) == 3


def test_sources_do_not_share_ids(events: EventStore) -> None:
    """Desk and dock number their events on their own, and so do two exits' partners."""
    desk = event("shipped", qty=3, event_id="1")
    assert events.add("demo-1", [desk, event("received_ok", qty=3, event_id="1")]) == 2


def test_two_exits_do_not_share_ids(events: EventStore, engine: Engine, merchant_exit: Exit) -> None:
    """An event of one exit never hides one of another."""
    ExitStore(engine).add(replace(merchant_exit, exit_id="demo-2"))
    one = event("shipped", qty=3)
    assert (events.add("demo-1", [one]), events.add("demo-2", [one])) == (1, 1)


def test_many_events_are_kept_in_one_go(events: EventStore, engine: Engine) -> None:
    """More events than one chunk holds arrive complete."""
    assert events.add("demo-1", (event("shipped", qty=1) for _ in range(5_001))) == 5_001
    assert legs_of(engine, "demo-1").shipped.num_rows == 5_001


@pytest.mark.fault("F1", "S11")
@pytest.mark.fault("F2", "S11")
@pytest.mark.fault("F9", "S11")
@pytest.mark.fault("F12", "S11")
@pytest.mark.fault("F25", "S11")
def test_a_read_that_breaks_off_keeps_nothing(events: EventStore, engine: Engine) -> None:
    """Half a page is no page: the next read starts from the same place."""

    def broken() -> Iterator[Event]:
        yield event("shipped", qty=3)
        message = "connection reset"
        raise OSError(message)

    with pytest.raises(OSError, match="reset"):
        events.add("demo-1", broken())
    assert legs_of(engine, "demo-1").shipped.num_rows == 0


def test_lines_without_events_are_zero(requested: EventStore, engine: Engine) -> None:
    """What was requested is there before anything was shipped."""
    assert requested.requests("demo-1")[0]["warehouse_id"] == "WH-2"
    assert lines(engine) == {("RR-1", "SKU-1"): (10, 0, 0, 0, 0), ("RR-1", "SKU-3"): (6, 0, 0, 0, 0)}


def test_events_add_up_by_line(requested: EventStore, engine: Engine) -> None:
    """Partial shipments and counts are summed; what was not sent is not touched by them."""
    requested.add(
        "demo-1",
        [
            event("shipped", qty=5),
            event("shipped", qty=3),
            event("received_ok", qty=6),
            event("received_damaged", qty=1),
        ],
    )
    assert lines(engine) == {("RR-1", "SKU-1"): (10, 8, 6, 1, 1), ("RR-1", "SKU-3"): (6, 0, 0, 0, 0)}


@pytest.mark.fault("F24", "S11", "S12")
def test_events_of_no_line_are_shown(requested: EventStore, engine: Engine) -> None:
    """A SKU nobody asked for and a request nobody made keep their number and their pieces."""
    requested.add(
        "demo-1",
        [event("received_ok", sku="SKU-9", qty=2), event("received_ok", request_no="RR-77", qty=4)],
    )
    assert strays(engine) == [("RR-1", "SKU-9", 2), ("RR-77", "SKU-1", 4)]


def test_requests_of_another_exit_at_the_same_desk_are_not_strays(
    requested: EventStore, engine: Engine, merchant_exit: Exit
) -> None:
    """One desk serves two exits: each sees the events of its own requests."""
    ExitStore(engine).add(replace(merchant_exit, exit_id="demo-2"))
    requested.add("demo-2", [event("shipped", qty=3), event("shipped", request_no="RR-77", qty=1)])
    assert strays(engine, "demo-2") == [("RR-77", "SKU-1", 1)]
    told = summarise(engine, "demo-2")["requests"]
    assert (told["created"], told["units_shipped"], told["units_received"]) == (0, 1, 0)


def test_requests_are_listed(requested: EventStore) -> None:
    """What the desk keeps for an exit, by its number."""
    (one,) = requested.requests("demo-1")
    assert (one["request_no"], one["shipment_no"], one["warehouse_id"]) == (
        "RR-1",
        "WH-2-standard-001",
        "WH-2",
    )


@pytest.mark.parametrize(
    "forbidden",
    [
        {"source": "rumour"},
        {"kind": ""},
        {"qty": -1},
        {"kind": "completed"},
        {"kind": "short_closed"},
        {"amount_minor": 100},
    ],
)
def test_forbidden_events_are_stopped_by_constraints_alone(
    events: EventStore, forbidden: dict[str, Any]
) -> None:
    """An unknown reporter, no kind, less than nothing, goods at the end of a request, nobody's decision."""
    with pytest.raises(IntegrityError, match="check constraint"):
        events.add("demo-1", [replace(event("shipped", qty=1), **forbidden)])


@pytest.mark.parametrize("statement", ["update event set qty = 9", "delete from event"])
def test_an_event_stays_as_it_came(events: EventStore, engine: Engine, statement: str) -> None:
    """Evidence is never edited."""
    events.add("demo-1", [event("shipped", qty=1)])
    with engine.begin() as connection, pytest.raises(IntegrityError, match="append-only"):
        connection.execute(text(statement))
