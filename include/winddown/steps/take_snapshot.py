"""Take a snapshot of stock, orders and catalogue, and judge it before anybody relies on it."""

from collections.abc import Callable
from datetime import UTC, datetime

from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.tallies import ExpectationStore

from include.winddown.adapters.ports import Marketplace, Pull
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.expectations import judge
from include.winddown.domain.errors import ExpectationsFailed, NothingToDo
from include.winddown.domain.expectations import snapshot_expectations
from include.winddown.domain.sources import already_imported
from include.winddown.runtime import doors
from include.winddown.runtime.stations import SNAPSHOT, announce, tell
from include.winddown.steps.gather import exit_of, snapshots

FRAMES = ("catalogue", "stock", "orders")


def choose_exits(exit_id: str) -> list[str]:
    """Name the exits of this run: the one asked for, or every open one."""
    exits = ExitStore(doors.database())
    chosen = [exits.get(exit_id).exit_id] if exit_id else exits.open_ids()
    if not chosen:
        msg = "no exit is open; open one with the DAG open_exit"
        raise NothingToDo(msg)
    return chosen


def begin(exit_id: str, as_of: str) -> dict[str, str]:
    """Begin a snapshot; nothing refers to it until it is published."""
    snapshot_id = snapshots().begin(exit_id, as_of or None)
    return {"exit_id": exit_id, "snapshot_id": snapshot_id, "as_of": as_of}


def pull_catalogue(key: dict[str, str]) -> int:
    """Land the catalogue."""
    return _pull(key, lambda marketplace: marketplace.catalogue())


def pull_stock(key: dict[str, str]) -> int:
    """Land the stock."""
    return _pull(key, lambda marketplace: marketplace.stock())


def pull_orders(key: dict[str, str]) -> int:
    """Land the orders."""
    return _pull(key, lambda marketplace: marketplace.orders())


def validate(key: dict[str, str]) -> dict[str, str]:
    """Judge what has landed; a snapshot that fails is refused and the one before stays in force."""
    store = snapshots()
    exit_id, snapshot_id = key["exit_id"], key["snapshot_id"]
    repeated = already_imported(store.sources(exit_id), store.sources_of(snapshot_id))
    if repeated:
        store.refuse(snapshot_id, repeated)
        raise NothingToDo(repeated)
    judgement = judge(
        {name: store.paths(snapshot_id, name) for name in FRAMES},
        snapshot_expectations(taken_at=datetime.now(UTC), currency=exit_of(exit_id).currency),
    )
    ExpectationStore(doors.database()).add(exit_id, "snapshot", snapshot_id, judgement.rows())
    tell(judgement.summary())
    try:
        judgement.raise_if_failed(f"snapshot {snapshot_id}")
    except ExpectationsFailed as failed:
        store.refuse(snapshot_id, str(failed))
        raise
    return key


def publish(key: dict[str, str]) -> str:
    """Put the snapshot in force and tell the plan."""
    store = snapshots()
    paths = {name: store.paths(key["snapshot_id"], name) for name in ("stock", "orders")}
    taken_at = run_bulk("snapshot_taken", paths).to_pylist()[0]["taken_at"]
    store.seal(key["snapshot_id"], taken_at.astimezone(UTC))
    announce(SNAPSHOT, key["exit_id"], snapshot_id=key["snapshot_id"])
    return key["snapshot_id"]


def _pull(key: dict[str, str], read: Callable[[Marketplace], Pull]) -> int:
    pull = read(doors.marketplace(exit_of(key["exit_id"]), key["as_of"] or None))
    return snapshots().land(key["snapshot_id"], pull)

