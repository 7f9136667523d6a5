"""Follow, count, match, balance: what was requested, shipped and received, and where every unit is."""

from collections import Counter
from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa

from include.winddown.adapters.match.run import run_match
from include.winddown.adapters.stores.discrepancies import DiscrepancyStore
from include.winddown.adapters.stores.events import EventStore
from include.winddown.adapters.stores.expectations import judge
from include.winddown.adapters.stores.match_legs import legs_of
from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.tallies import ExpectationStore
from include.winddown.domain.expectations import reconciliation_expectations
from include.winddown.domain.match.books import BOOKED_LINES, SYSTEM, place_lines, rebook
from include.winddown.domain.match.keep import rows_to_keep
from include.winddown.domain.match.lines import units_of
from include.winddown.domain.movements import Document, check_balance
from include.winddown.runtime import doors
from include.winddown.runtime.stations import RECONCILIATION, announce, tell
from include.winddown.steps.gather import exit_of, table_of


def follow(exit_id: str) -> int:
    """Keep what the return desk says it shipped, each event once."""
    return _keep(exit_id, "desk")


def count(exit_id: str) -> int:
    """Keep what the own dock counted, each count once."""
    return _keep(exit_id, "dock")


def match(exit_id: str) -> dict[str, int]:
    """Hold the three legs against each other; list what does not fit, and book where each piece is."""
    merchant_exit, engine, now = exit_of(exit_id), doors.database(), datetime.now(UTC)
    ids = {row["request_no"]: row["request_id"] for row in EventStore(engine).requests(exit_id)}
    placed: list[pa.Table] = []
    units: Counter[str] = Counter()

    def take(chunk: pa.Table) -> None:
        lines = chunk.to_pandas()
        placed.append(table_of(place_lines(lines, ids), BOOKED_LINES))
        units.update(units_of(lines))

    result = run_match(legs_of(engine, exit_id), merchant_exit.policy.match, now, take)
    _judge(exit_id, pa.concat_tables(placed))
    rows = rows_to_keep(result.found, ids, merchant_exit.currency)
    DiscrepancyStore(engine).replace(exit_id, rows)
    moved = sum(_book(exit_id, part.to_pandas(), now) for part in placed)
    tell(f"{result.notes.num_rows} notes on single events, {len(result.swaps)} swap candidates")
    tell(f"{moved} movements booked")
    return dict(units) | {"discrepancies": len(rows)}


def balance(exit_id: str) -> dict[str, int]:
    """Check that no unit was lost or invented."""
    totals = check_balance(MovementStore(doors.database()).balance(exit_id).to_pandas())
    tell(f"units by place: {totals}")
    announce(RECONCILIATION, exit_id)
    return totals


def _judge(exit_id: str, placed: pa.Table) -> None:
    """Stop before anything is booked that does not add up."""
    judgement = judge({BOOKED_LINES.name: placed}, reconciliation_expectations())
    ExpectationStore(doors.database()).add(exit_id, "reconciliation", exit_id, judgement.rows())
    tell(judgement.summary())
    judgement.raise_if_failed(f"reconciliation of {exit_id}")


def _book(exit_id: str, placed: pd.DataFrame, now: datetime) -> int:
    """Book a part of the lines; a part is a commit of its own, and the next run books what is missing."""
    document = Document(system=SYSTEM, doc=exit_id, moved_at=now)
    requests = placed["request_id"].unique().tolist()
    return MovementStore(doors.database()).rebook(
        exit_id, requests, lambda booked: rebook(placed, booked.to_pandas(), document)
    )


def _keep(exit_id: str, door: str) -> int:
    merchant_exit = exit_of(exit_id)
    source = doors.desk(merchant_exit) if door == "desk" else doors.dock(merchant_exit)
    fresh = EventStore(doors.database()).add(exit_id, source.events())
    tell(f"{fresh} new events from the {door}")
    return fresh
