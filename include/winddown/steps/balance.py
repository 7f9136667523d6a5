"""Keep the books of units: opening, what each snapshot changed, and the check that nothing is lost."""

import pyarrow as pa

from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.questions import ask_rows, ask_state
from include.winddown.adapters.stores.snapshots import Snapshot
from include.winddown.domain.exits import Exit
from include.winddown.domain.gate import LEFT_STATUSES
from include.winddown.domain.movements import Document, check_balance, explain_change, open_books
from include.winddown.runtime import doors
from include.winddown.steps.gather import snapshots, taken_at

RETURNING = {"sku": str, "lost_qty": int, "compensated_qty": int}


def bring_books_up_to_date(merchant_exit: Exit, snapshot: Snapshot) -> dict[str, int]:
    """
    Book what a snapshot says, once.

    The first snapshot that passes the gate opens the books; each later one is explained by
    what was sold, shipped and lost since, or stops the run.

    Returns:
        Pieces per node.
    """
    movements = MovementStore(doors.database())
    document = Document(system="snapshot", doc=snapshot.snapshot_id, moved_at=taken_at(snapshot))
    before = ask_rows(doors.database(), "balance_booked", exit_id=merchant_exit.exit_id)
    stock = {"stock": snapshots().paths(snapshot.snapshot_id, "stock")}
    if not before:
        rows = open_books(run_bulk("balance_stock", stock).to_pandas(), document)
    elif before[0]["snapshot_id"] == snapshot.snapshot_id:
        rows = []
    else:
        account = _account(merchant_exit.exit_id, snapshot, str(before[0]["snapshot_id"]))
        rows = explain_change(account.to_pandas(), document, merchant_exit.policy.unexplained_max_qty)
    movements.book(merchant_exit.exit_id, rows)
    return check_balance(movements.balance(merchant_exit.exit_id).to_pandas())


def _account(exit_id: str, snapshot: Snapshot, booked_id: str) -> pa.Table:
    engine, store = doors.database(), snapshots()
    return run_bulk(
        "balance_account",
        {
            "stock": store.paths(snapshot.snapshot_id, "stock"),
            "orders": store.paths(snapshot.snapshot_id, "orders"),
            "orders_before": store.paths(booked_id, "orders"),
            "balance": MovementStore(engine).balance(exit_id),
            "lost_on_returns": ask_state(engine, "balance_returning", RETURNING, exit_id=exit_id),
        },
        {"left": list(LEFT_STATUSES)},
    )
