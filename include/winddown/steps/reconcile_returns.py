"""Follow, count, match, balance: what was requested, shipped and received, and where every unit is."""

from datetime import UTC, datetime

import pandas as pd

from include.winddown.adapters.stores.events import EventStore
from include.winddown.adapters.stores.expectations import judge
from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.questions import ask_state
from include.winddown.adapters.stores.tallies import DiscrepancyStore, ExpectationStore
from include.winddown.domain.expectations import reconciliation_expectations
from include.winddown.domain.frames import MATCHES
from include.winddown.domain.movements import Document, book_received, check_balance
from include.winddown.domain.reconcile import (
    find_discrepancies,
    find_unexpected,
    match_returns,
    units_of,
)
from include.winddown.runtime import doors
from include.winddown.runtime.stations import RECONCILIATION, announce, tell
from include.winddown.steps.gather import exit_of, table_of

COSTS = {"sku": str, "unit_cost_minor": int}
BOOKED = {"request_id": str, "sku": str, "condition": str, "booked_qty": int}


def follow(exit_id: str) -> int:
    """Keep what the return desk says it shipped, each event once."""
    return _keep(exit_id, "desk")


def count(exit_id: str) -> int:
    """Keep what the own dock counted, each count once."""
    return _keep(exit_id, "dock")


def match(exit_id: str) -> dict[str, int]:
    """Hold the three legs against each other and list what does not fit."""
    matches, strays = _matches(exit_id)
    judgement = judge({"matches": table_of(matches, MATCHES)}, reconciliation_expectations())
    ExpectationStore(doors.database()).add(exit_id, "reconciliation", exit_id, judgement.rows())
    tell(judgement.summary())
    judgement.raise_if_failed(f"reconciliation of {exit_id}")
    costs = ask_state(doors.database(), "match_costs", COSTS, exit_id=exit_id).to_pandas()
    found = pd.concat([find_discrepancies(matches, costs), find_unexpected(strays)], ignore_index=True)
    currency = exit_of(exit_id).currency
    DiscrepancyStore(doors.database()).replace(exit_id, found.assign(currency=currency).to_dict("records"))
    return units_of(matches) | {"discrepancies": len(found)}


def balance(exit_id: str) -> dict[str, int]:
    """Book what was received and check that no unit was lost or invented."""
    matches, _ = _matches(exit_id)
    engine = doors.database()
    movements = MovementStore(engine)
    booked = ask_state(engine, "balance_received", BOOKED, exit_id=exit_id).to_pandas()
    document = Document(system="dock", doc=exit_id, moved_at=datetime.now(UTC))
    movements.book(exit_id, book_received(matches, booked, document))
    totals = check_balance(movements.balance(exit_id).to_pandas())
    tell(f"units by place: {totals}")
    announce(RECONCILIATION, exit_id)
    return totals


def _keep(exit_id: str, door: str) -> int:
    merchant_exit = exit_of(exit_id)
    source = doors.desk(merchant_exit) if door == "desk" else doors.dock(merchant_exit)
    fresh = EventStore(doors.database()).add(exit_id, source.events())
    tell(f"{fresh} new events from the {door}")
    return fresh


def _matches(exit_id: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The matched lines, and what was reported for lines nobody asked for."""
    legs = EventStore(doors.database()).legs(exit_id)
    rows = legs.to_pandas()
    known = rows["request_id"].notna()
    return match_returns(rows.loc[known]), rows.loc[~known]
