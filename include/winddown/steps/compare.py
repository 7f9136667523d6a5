"""Hold a landed snapshot against the marketplace's totals and against the snapshot before."""

import pyarrow as pa

from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.comparisons import ComparisonStore
from include.winddown.domain.compare import (
    LAST_STEP,
    LEFT_STEP,
    STATUS_STEPS,
    check_differences,
    differences_sentence,
    restatement_sentence,
)
from include.winddown.domain.errors import NoSnapshot
from include.winddown.domain.exits import Exit
from include.winddown.runtime import doors
from include.winddown.runtime.stations import tell
from include.winddown.steps.gather import landed_at, snapshots, taken_at

STEPS = pa.table({"status": list(STATUS_STEPS), "step": list(STATUS_STEPS.values())})


def compare_snapshot(exit_id: str, snapshot_id: str) -> None:
    """Keep and tell what the snapshot says otherwise; it is still being taken."""
    _compare_stock(snapshot_id)
    _compare_orders(exit_id, snapshot_id)
    for sentence in comparison_notes(snapshot_id):
        tell(sentence)


def comparison_notes(snapshot_id: str) -> list[str]:
    """Say in sentences what a snapshot tells otherwise; none when it agrees."""
    store = ComparisonStore(doors.database())
    sentences = (
        differences_sentence(store.differences(snapshot_id)),
        restatement_sentence(store.restated(snapshot_id)),
    )
    return [sentence for sentence in sentences if sentence]


def stop_at_differences(merchant_exit: Exit, snapshot_id: str) -> None:
    """Stop when stock report and totals are further apart than the policy bears."""
    differences = ComparisonStore(doors.database()).differences(snapshot_id)
    check_differences(differences, merchant_exit.policy.stock_difference_max_qty)


def _compare_stock(snapshot_id: str) -> None:
    store = snapshots()
    if store.has(snapshot_id, "totals"):
        sides = {name: store.paths(snapshot_id, name) for name in ("stock", "totals")}
        ComparisonStore(doors.database()).keep_differences(snapshot_id, run_bulk("compare_stock", sides))


def _compare_orders(exit_id: str, snapshot_id: str) -> None:
    store = snapshots()
    try:
        before = store.latest_valid(exit_id)
    except NoSnapshot:
        return  # the first snapshot restates nothing
    sides = {
        "earlier": store.paths(before.snapshot_id, "orders"),
        "newer": store.paths(snapshot_id, "orders"),
        "steps": STEPS,
    }
    until = min(taken_at(before), landed_at(snapshot_id))
    rows = run_bulk("restate_orders", sides, {"until": until, "left_step": LEFT_STEP, "last_step": LAST_STEP})
    ComparisonStore(doors.database()).keep_restatements(snapshot_id, before.snapshot_id, rows)
