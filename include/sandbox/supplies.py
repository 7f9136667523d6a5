"""Goods on their way into a partner's warehouse: drafts, orders, and what became of them."""

from datetime import timedelta
from random import Random
from typing import Any

from include.sandbox.shelves import add
from include.sandbox.state import State, iso, shelf

TYPES = {"direct": "DIRECT_BY_SELLER", "drop-off": "DROP_OFF", "pick-up": "PICK_UP"}
CANCELLABLE = ("READY_TO_SUPPLY", "FILLING_DELIVERY_DETAILS")
# what a supply order is after so many days
JOURNEY = (
    (1, "READY_TO_SUPPLY"),
    (3, "IN_TRANSIT_TO_STORAGE_WAREHOUSE"),
    (4, "ACCEPTANCE_AT_STORAGE_WAREHOUSE"),
)


def plant(state: State, count: int, kind: str) -> list[str]:
    """Open so many supplies, of kind order or draft, of ten pieces each; give their ids."""
    ids = []
    for _ in range(count):
        number = 1 + len(state.supplies)
        chance = Random(f"{state.seed}|supply|{number}")
        product = chance.choice(state.products)
        state.supplies.append(
            {
                "id": 40_000_000 + number,
                "supply_id": f"{chance.getrandbits(128):032x}",
                "kind": kind,
                "type": list(TYPES.values())[number % len(TYPES)],
                "status": "READY_TO_SUPPLY" if kind == "order" else "NEW",
                "warehouse_id": product.warehouses[0],
                "sku": product.sku,
                "qty": 10,
                "created_at": iso(state.now),
                "born_on": state.day,
                "cancelling": "STATUS_UNSPECIFIED",
                "cancel_error": "",
                "row_version": 1,
            }
        )
        ids.append(state.supplies[-1]["supply_id"])
    return ids


def remember(state: State, count: int) -> None:
    """Write down supplies that arrived before the world began; their pieces are on the shelves already."""
    plant(state, count, "archive")
    for number, supply in enumerate(state.supplies[-count:], start=1):
        supply["status"] = "COMPLETED"
        supply["created_at"] = iso(state.now - timedelta(days=60 + 9 * number))


def cancel(supply: dict[str, Any]) -> str:
    """Ask the partner to cancel a supply order; gives what is against it, empty when it was asked."""
    if supply["status"] not in CANCELLABLE:
        supply["cancelling"], supply["cancel_error"] = "NOT_CANCELED", "ACCEPTANCE_ALREADY_STARTED"
        return "ACCEPTANCE_ALREADY_STARTED"
    supply["cancelling"] = "CONFIRMATION"
    supply["row_version"] += 1
    return ""


def delete(state: State, supply: dict[str, Any]) -> None:
    """Take a draft away."""
    supply |= {"kind": "deleted", "deleted_at": iso(state.now), "cancelling": "CANCELED"}
    supply["row_version"] += 1


def move_supplies(state: State) -> None:
    """Let every supply order go one day further; what arrives is put on the shelf."""
    for supply in state.supplies:
        if supply["kind"] != "order":
            continue
        if supply["cancelling"] == "CONFIRMATION":
            supply |= {"kind": "archive", "status": "CANCELLED_BY_SELLER", "cancelling": "CANCELED"}
            continue
        age = state.day - supply["born_on"]
        supply["status"] = next((status for until, status in JOURNEY if age < until), "COMPLETED")
        if supply["status"] == "COMPLETED":
            supply["kind"] = "archive"
            key = shelf(supply["warehouse_id"], supply["sku"])
            add(state.on_hand, key, supply["qty"])
            add(state.initial, key, supply["qty"])
