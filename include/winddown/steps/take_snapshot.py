"""Take a snapshot of stock, orders and catalogue, and judge it before anybody relies on it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from include.winddown.adapters.ports import Marketplace, Pull
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.expectations import judge
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.adapters.stores.tallies import ExpectationStore
from include.winddown.domain.errors import NothingToDo, WinddownError
from include.winddown.domain.exits import read_day
from include.winddown.domain.expectations import frame_expectations, snapshot_expectations
from include.winddown.domain.frames import SUPPLIES, TOTALS
from include.winddown.domain.side_frames import FEES
from include.winddown.domain.sources import FileFact, judge_source
from include.winddown.runtime import doors
from include.winddown.runtime.stations import SNAPSHOT, announce, started_by, tell
from include.winddown.steps.compare import compare_snapshot
from include.winddown.steps.gather import check_own_cabinet, exit_of, landed_at, snapshots

FRAMES = ("catalogue", "stock", "orders")
OPTIONAL = (TOTALS, SUPPLIES, FEES)

Key = dict[str, Any]
"""exit_id, snapshot_id, as_of ('' = the latest) and replace: what travels between these tasks."""


def choose_exits(exit_id: str) -> list[str]:
    """Name the exits of this run: the one asked for, or every one whose stock is being taken out."""
    exits = ExitStore(doors.database())
    chosen = [exits.get(exit_id).exit_id] if exit_id else exits.leaving_ids()
    if not chosen:
        msg = "no exit is open whose stock may go; open one with the DAG open_exit"
        raise NothingToDo(msg)
    return chosen


def begin(exit_id: str, as_of: str, replace: str) -> Key:
    """Begin a snapshot once the key is found fit; nothing refers to it until it is published."""
    if as_of:
        read_day("as_of", as_of)
    merchant_exit = exit_of(exit_id)
    if not doors.reads_files(merchant_exit):
        check_own_cabinet(merchant_exit)
        tell(doors.marketplace(merchant_exit, as_of or None).check_access())
    snapshot_id = snapshots().begin(exit_id, as_of or None, started_by())
    return {"exit_id": exit_id, "snapshot_id": snapshot_id, "as_of": as_of, "replace": replace == "True"}


def pull_catalogue(key: Key) -> int:
    """Land the catalogue."""
    return _pull(key, lambda marketplace: marketplace.catalogue())


def pull_stock(key: Key) -> int:
    """Land the stock."""
    return _pull(key, lambda marketplace: marketplace.stock())


def pull_orders(key: Key) -> int:
    """Land the orders."""
    return _pull(key, lambda marketplace: marketplace.orders())


def pull_totals(key: Key) -> int:
    """Land the marketplace's own stock totals, if it tells them."""
    return _pull(key, lambda marketplace: marketplace.totals(), "stock totals")


def pull_supplies(key: Key) -> int:
    """Land the inbound supplies, if the marketplace tells them."""
    return _pull(key, lambda marketplace: marketplace.supplies(), "inbound supplies")


def pull_fees(key: Key) -> int:
    """Land the marketplace's prices and fees, if it tells them."""
    return _pull(key, lambda marketplace: marketplace.fees(), "fees")


def validate(key: Key) -> Key:
    """Judge what has landed; a snapshot that fails is refused and the one before stays in force."""
    try:
        _refuse_repeats(key)
        _judge(key)
    except WinddownError as refused:
        snapshots().refuse(key["snapshot_id"], str(refused))
        raise
    return key


def compare(key: Key) -> Key:
    """Say what this snapshot tells otherwise than the marketplace's totals and the snapshot before."""
    compare_snapshot(key["exit_id"], key["snapshot_id"])
    return key


def publish(key: Key) -> str:
    """Put the snapshot in force and tell the plan."""
    snapshot_id = str(key["snapshot_id"])
    snapshots().seal(snapshot_id, landed_at(snapshot_id))
    announce(SNAPSHOT, key["exit_id"], snapshot_id=snapshot_id)
    return snapshot_id


def _pull(key: Key, read: Callable[[Marketplace], Pull | None], what: str = "") -> int:
    pull = read(doors.marketplace(exit_of(key["exit_id"]), key["as_of"] or None))
    if pull is None:
        tell(f"this marketplace does not tell {what}; nothing to land")
        return 0
    rows = snapshots().land(key["snapshot_id"], pull)
    bad = len(pull.bad_rows)
    tell(f"{pull.frame.name}: {rows} rows landed, {bad} in quarantine, from {len(pull.sources)} sources")
    for note in pull.notes:
        tell(note)
    return rows


def _refuse_repeats(key: Key) -> None:
    """Stop at files that came in before, of another merchant, or that tell a known day differently."""
    merchant_exit, store = exit_of(key["exit_id"]), snapshots()
    fresh = store.sources_of(key["snapshot_id"])
    known = {(source.frame, source.sha256) for source in store.sources(merchant_exit.exit_id)}
    taken_on = landed_at(key["snapshot_id"]).date()
    facts = ask_rows(
        doors.database(), "validate_known", exit_id=key["exit_id"], merchant=merchant_exit.merchant
    )
    for source in (source for source in fresh if source.frame == "stock"):
        repeated = judge_source(
            [FileFact(**fact) for fact in facts],
            FileFact(
                name=source.name,
                sha256=source.sha256,
                table=source.frame,
                cabinet=merchant_exit.merchant,
                period_on=taken_on,
                size_bytes=source.size_bytes,
                rows=source.rows_in,
            ),
            cabinet=merchant_exit.merchant,
            period_on=date.fromisoformat(key["as_of"]) if key["as_of"] else taken_on,
            replace=key["replace"] or not doors.reads_files(merchant_exit),
        )
        if repeated and {(source.frame, source.sha256) for source in fresh} <= known:
            raise NothingToDo(repeated.sentence)


def _judge(key: Key) -> None:
    exit_id, snapshot_id = key["exit_id"], key["snapshot_id"]
    optional = [one for one in OPTIONAL if snapshots().has(snapshot_id, one.name)]
    judgement = judge(
        {name: snapshots().paths(snapshot_id, name) for name in (*FRAMES, *(one.name for one in optional))},
        (
            *snapshot_expectations(taken_at=landed_at(snapshot_id), currency=exit_of(exit_id).currency),
            *(expectation for one in optional for expectation in frame_expectations(one)),
        ),
    )
    ExpectationStore(doors.database()).add(exit_id, "snapshot", snapshot_id, judgement.rows())
    tell(judgement.summary())
    judgement.raise_if_failed(f"snapshot {snapshot_id}")
