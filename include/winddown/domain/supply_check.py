"""What partner warehouses say of a supply offered to them, summed up over all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """
    What one partner's warehouse says of products offered to it.

    Attributes:
        way: how they would be brought.
        approved: SKUs it would take.
        rejected: SKU → reasons, as the platform names them.
        why: nothing is known, for people; empty when the check was made.
    """

    warehouse_id: str
    way: str
    approved: tuple[str, ...]
    rejected: Mapping[str, tuple[str, ...]]
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """
    What all warehouses say together.

    Attributes:
        ready_qty: products that at least one would take; None = none of the warehouses could be asked.
        rejected: SKU → reasons, of products that no warehouse would take.
        unasked: warehouse → why it could not be asked.
    """

    ready_qty: int | None
    rejected: Mapping[str, tuple[str, ...]]
    unasked: Mapping[str, str]


def sum_up(taken: Sequence[Taken]) -> Checked:
    """Sum up what every warehouse said."""
    approved = {sku for one in taken for sku in one.approved}
    reasons: dict[str, tuple[str, ...]] = {}
    for one in taken:
        for sku, why in one.rejected.items():
            if sku not in approved:
                reasons[sku] = tuple(dict.fromkeys((*reasons.get(sku, ()), *why)))
    unasked = {one.warehouse_id: one.why for one in taken if one.why}
    is_known = any(not one.why for one in taken)
    return Checked(ready_qty=len(approved) if is_known else None, rejected=reasons, unasked=unasked)


def rows_of(taken: Sequence[Taken], pieces: Mapping[str, int]) -> Iterator[dict[str, object]]:
    """Give a row for each warehouse and SKU offered to it, for people."""
    for one in taken:
        for sku in sorted(pieces):
            answer = "yes" if sku in one.approved else "no"
            yield {
                "sku": sku,
                "pieces_qty": pieces[sku],
                "warehouse_id": one.warehouse_id,
                "is_taken": "not known" if one.why else answer,
                "why": one.why or ", ".join(one.rejected.get(sku, ())),
            }
