"""Follow, count, match, balance: what was requested, shipped and received, and where every unit is."""

from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa

from include.winddown.adapters.match.run import run_match
from include.winddown.adapters.stores.discrepancies import DiscrepancyStore
from include.winddown.adapters.stores.events import EventStore
from include.winddown.adapters.stores.expectations import judge
from include.winddown.adapters.stores.match_legs import legs_of
from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.questions import ask_state
from include.winddown.adapters.stores.tallies import ExpectationStore
from include.winddown.domain.expectations import reconciliation_expectations
from include.winddown.domain.frames import MATCHES
from include.winddown.domain.match.keep import rows_to_keep
from include.winddown.domain.movements import Document, book_received, check_balance
from include.winddown.domain.reconcile import match_returns, units_of
from include.winddown.runtime import doors
from include.winddown.runtime.stations import RECONCILIATION, announce, tell
from include.winddown.steps.gather import exit_of, table_of

BOOKED = {"request_id": str, "sku": str, "condition": str, "booked_qty": int}


def follow(exit_id: str) -> int:
    """Keep what the return desk says it shipped, each event once."""
    return _keep(exit_id, "desk")


def count(exit_id: str) -> int:
    """Keep what the own dock counted, each count once."""
    return _keep(exit_id, "dock")


def match(exit_id: str) -> dict[str, int]:
    """Hold the three legs against each other, list what does not fit, and until when it may be claimed."""
    matches = _matches(exit_id)
    judgement = judge({"matches": table_of(matches, MATCHES)}, reconciliation_expectations())
    engine = doors.database()
    ExpectationStore(engine).add(exit_id, "reconciliation", exit_id, judgement.rows())
    tell(judgement.summary())
    judgement.raise_if_failed(f"reconciliation of {exit_id}")
    merchant_exit = exit_of(exit_id)
    result = run_match(legs_of(engine, exit_id), merchant_exit.policy.match, datetime.now(UTC), _no_lines)
    ids = {row["request_no"]: row["request_id"] for row in EventStore(engine).requests(exit_id)}
    rows = rows_to_keep(result.found, ids, merchant_exit.currency)
    DiscrepancyStore(engine).replace(exit_id, rows)
    tell(f"{result.notes.num_rows} notes on single events, {len(result.swaps)} swap candidates")
    return units_of(matches) | {"discrepancies": len(rows)}


def balance(exit_id: str) -> dict[str, int]:
    """Book what was received and check that no unit was lost or invented."""
    matches = _matches(exit_id)
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


def _matches(exit_id: str) -> pd.DataFrame:
    """The sums of each requested line."""
    rows = EventStore(doors.database()).legs(exit_id).to_pandas()
    return match_returns(rows.loc[rows["request_id"].notna()])


def _no_lines(_chunk: pa.Table) -> None:
    pass
