"""Own stock told to the marketplace: what is added to what stands there, in groups, and what stands afterwards."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from include.winddown.domain.errors import MarketplaceRefused, OutcomeUnknown, PersonNeeded, shorten
from include.winddown.domain.stands import Came, Stand

KIND = "own_stock"
"""Of an effect."""

GROUP_MOST = 100
"""So many products a call, and so many in an effect."""

ONLY_FBP = "CB_DELIVERY_ONLY_FBP"
"""Such a product may be sold from a partner's warehouse only, so it cannot be moved to the own one."""

TOO_MANY = "TOO_MANY_REQUESTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """
    One product in the own warehouse.

    Attributes:
        qty: pieces that came back fit for sale and were not told yet.
        base_qty, base_reserved_qty: what stood there before; free pieces, and pieces kept for orders.
    """

    sku: str
    offer_id: str
    qty: int
    base_qty: int = 0
    base_reserved_qty: int = 0

    @property
    def target_qty(self) -> int:
        """Free pieces to tell."""
        return self.base_qty + self.qty


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What the marketplace shows of one product in one warehouse."""

    free_qty: int
    reserved_qty: int


class Sight(StrEnum):
    """What stands of an item: its target, the base it may be told from, or something that somebody else told."""

    DONE = "done"
    BASE = "base"
    CONFLICT = "conflict"


NOTHING = Stands(free_qty=0, reserved_qty=0)


def see(item: Item, stands: Stands) -> Sight:
    """
    Judge what stands of an item.

    Orders may have taken pieces since it was told, so what they took counts as standing.
    """
    taken_qty = max(stands.reserved_qty - item.base_reserved_qty, 0)
    if stands.free_qty <= item.target_qty <= stands.free_qty + taken_qty:
        return Sight.DONE
    return Sight.BASE if stands.free_qty == item.base_qty else Sight.CONFLICT


def left_to_tell(
    received: Mapping[str, int], told: Mapping[str, int], offers: Mapping[str, str]
) -> tuple[list[Item], list[str]]:
    """
    Name what came back fit for sale and was not told yet.

    Args:
        received: SKU → pieces in the books as received.
        told: SKU → pieces that earlier effects have told.
        offers: SKU → the merchant's article.

    Returns:
        Items by SKU, and the SKUs that have no article.
    """
    left = {sku: qty - told.get(sku, 0) for sku, qty in sorted(received.items())}
    items = [
        Item(sku=sku, offer_id=offers[sku], qty=qty) for sku, qty in left.items() if qty > 0 and sku in offers
    ]
    return items, [sku for sku, qty in left.items() if qty > 0 and sku not in offers]


def digest_of(delivery: Mapping[str, object], items: Iterable[Item]) -> str:
    """Name what a person is asked to set up: the delivery and every piece, in 64 digits."""
    lines = [f"{one.sku}|{one.offer_id}|{one.qty}" for one in items]
    return hashlib.sha256(f"{sorted(delivery.items())}|{lines}".encode()).hexdigest()


def groups_of(items: Sequence[Item]) -> list[Sequence[Item]]:
    """Cut items into groups that one call takes."""
    return [items[first : first + GROUP_MOST] for first in range(0, len(items), GROUP_MOST)]


def what_became(
    items: Sequence[Item], stands: Mapping[str, Stands], errors: Mapping[str, str]
) -> dict[str, str]:
    """
    Tell what became of each product: done, not_movable, refused or conflict.

    Args:
        items: that were to be told.
        stands: SKU → what the marketplace shows.
        errors: SKU → the marketplace's words where it refused.

    Returns:
        SKU → the word, with the marketplace's own after a colon.
    """
    return {one.sku: _became(one, stands.get(one.sku, NOTHING), errors.get(one.sku, "")) for one in items}


def _became(item: Item, stands: Stands, error: str) -> str:
    if see(item, stands) is Sight.DONE:
        return "done"
    if ONLY_FBP in error:
        return "not_movable"
    if error:
        return f"refused: {error}"
    return f"conflict: {stands.free_qty} pieces stand there, not {item.target_qty}"


def check_told(came: Mapping[str, Came]) -> None:
    """
    Go on only when every group of own stock was told.

    Raises:
        PersonNeeded: of some a person has to say what became of them.
        MarketplaceRefused: the marketplace refuses us; nothing of those groups was told.
        OutcomeUnknown: some are not told yet; the next try goes on.
    """
    by_stand: dict[Stand, list[str]] = {}
    for group, (stand, detail) in came.items():
        by_stand.setdefault(stand, []).append(f"{group} ({detail})")
    if unclear := by_stand.get(Stand.ESCALATED):
        msg = f"{len(unclear)} groups of own stock need a person: {shorten(unclear, 5)}. Settle them with the DAG settle_effect"
        raise PersonNeeded(msg)
    if refused := by_stand.get(Stand.REFUSED):
        msg = f"the marketplace refuses {len(refused)} groups of own stock: {shorten(refused, 5)}. Mend the writer's key"
        raise MarketplaceRefused(msg)
    if waiting := by_stand.get(Stand.WAITING):
        msg = f"{len(waiting)} groups of own stock are not settled yet: {shorten(waiting, 5)}. The next try goes on"
        raise OutcomeUnknown(msg)
