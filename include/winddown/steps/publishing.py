"""Tell the marketplace what came home: once, through the ledger, under the plan that brought it back."""

from typing import TYPE_CHECKING, Any

from include.winddown.adapters.marketplaces.shelf_port import ShelfDesk
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.effects import Effect, EffectLedger
from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.adapters.stores.snapshots import Snapshot
from include.winddown.adapters.stores.standing import StandingPlans
from include.winddown.domain.effects import effect_key
from include.winddown.domain.errors import OutcomeUnknown
from include.winddown.domain.publish import (
    KIND,
    NOTHING,
    Item,
    Stands,
    check_told,
    groups_of,
    left_to_tell,
    what_became,
)
from include.winddown.runtime import doors
from include.winddown.steps.corridor import standing_plan
from include.winddown.steps.gather import snapshots
from include.winddown.steps.guard import check_ledger
from include.winddown.steps.stock_bringing import StockBringing

if TYPE_CHECKING:
    from include.winddown.domain.stands import Came


def items_to_tell(exit_id: str, snapshot: Snapshot) -> tuple[list[Item], list[str]]:
    """Name the pieces that came back fit for sale and were not told yet, and the SKUs without an article."""
    books = MovementStore(doors.database()).balance(exit_id).to_pylist()
    received = {row["sku"]: row["qty"] for row in books if row["node"] == "RECEIVED" and row["qty"] > 0}
    told = ask_rows(doors.database(), "publish_told", exit_id=exit_id)
    paths = {"catalogue": snapshots().paths(snapshot.snapshot_id, "catalogue")}
    offers = {row["sku"]: row["offer_id"] for row in run_bulk("publish_offers", paths).to_pylist()}
    return left_to_tell(received, {row["sku"]: row["told_qty"] for row in told}, offers)


def has_plan(exit_id: str) -> bool:
    """Tell whether a plan of the exit was ever approved."""
    return StandingPlans(doors.database()).latest(exit_id) is not None


def publish(
    exit_id: str, digest: str, items: list[Item], warehouse_id: str, desk: ShelfDesk
) -> dict[str, str]:
    """
    Tell own stock and read it back.

    Args:
        exit_id: whose.
        digest: of what a person was shown; part of every key, so that another try finds the same effects.
        items: what is added to what stands there.
        warehouse_id: of the own warehouse.
        desk: where it is told.

    Returns:
        SKU → what became of it, see what_became.

    Raises:
        PersonNeeded, MarketplaceRefused, OutcomeUnknown: see check_told.
    """
    check_ledger()
    ledger = EffectLedger(doors.database())
    keys = {
        effect_key(exit_id, KIND, digest, f"{number:05}"): group
        for number, group in enumerate(groups_of(items), start=1)
    }
    effects = [_intended(ledger, key, exit_id, group, warehouse_id, desk) for key, group in keys.items()]
    came: dict[str, Came] = {one.effect_key[:12]: StockBringing(ledger, desk, one).go() for one in effects}
    check_told(came)
    return _read_back([ledger.get(one.effect_key) for one in effects], warehouse_id, desk)


def _intended(
    ledger: EffectLedger, key: str, exit_id: str, group: Any, warehouse_id: str, desk: ShelfDesk
) -> Effect:
    """Write a group down with what stands before it; one that is written down already keeps what it says."""
    try:
        return ledger.get(key)
    except OutcomeUnknown:
        read = desk.stands([one.sku for one in group], warehouse_id)
    if not read.complete:
        msg = f"own stock cannot be read: {read.detail}; nothing was told, the next try goes on"
        raise OutcomeUnknown(msg)
    _, covering_id = standing_plan(exit_id)
    account = desk.manner.account
    ledger.intend(
        {
            "effect_key": key,
            "exit_id": exit_id,
            "kind": KIND,
            "plan_id": covering_id,
            "account": account,
            "conflict_key": f"{account}|{KIND}|{warehouse_id}",
            "request": {
                "warehouse_id": warehouse_id,
                "items": [_as_request(one, read.stands.get(one.sku, NOTHING)) for one in group],
            },
        }
    )
    return ledger.get(key)


def _as_request(item: Item, stands: Stands) -> dict[str, Any]:
    return {
        "sku": item.sku,
        "offer_id": item.offer_id,
        "qty": item.qty,
        "base_qty": stands.free_qty,
        "base_reserved_qty": stands.reserved_qty,
    }


def _read_back(effects: list[Effect], warehouse_id: str, desk: ShelfDesk) -> dict[str, str]:
    became: dict[str, str] = {}
    for one in effects:
        items = [Item(**item) for item in one.request["items"]]
        read = desk.stands([item.sku for item in items], warehouse_id)
        if not read.complete:
            msg = f"own stock cannot be read back: {read.detail}; the next try reads it again"
            raise OutcomeUnknown(msg)
        became |= what_became(items, read.stands, (one.reply or {}).get("errors", {}))
    return became
