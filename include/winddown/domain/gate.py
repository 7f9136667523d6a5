"""May stock leave? Only when no order still needs it."""

from collections.abc import Iterable
from dataclasses import dataclass

from include.winddown.domain.errors import GateBlocked, shorten

TERMINAL_STATUSES = ("delivered", "cancelled")
IN_TRANSIT_STATUSES = ("delivering", "driver_pickup", "sent_by_seller", "client_arbitration")
"""Goods have left the warehouse: they do not block a removal, they do block the closing."""

PASSABLE_STATUSES = TERMINAL_STATUSES + IN_TRANSIT_STATUSES
"""Every other status blocks, unknown ones included (Ozon Seller API notes, section 5.3)."""

LEFT_STATUSES = ("delivered", *IN_TRANSIT_STATUSES)
"""The goods are out of the warehouse, so they count as sold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLine:
    """An order line whose goods may still have to leave; grain (posting_number, warehouse_id, sku)."""

    posting_number: str
    status: str
    warehouse_id: str
    sku: str
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedStock:
    """Pieces of a SKU that the warehouse keeps for orders; grain (warehouse_id, sku)."""

    warehouse_id: str
    sku: str
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GateVerdict:
    """
    The answer of the gate.

    Attributes:
        cleared: true when nothing blocks.
        blocking_orders: posting numbers, sorted.
        blocking_skus: SKUs of those postings and of reserved stock, sorted.
        pending_qty: pieces in blocking postings.
        reserved_qty: pieces the warehouses still reserve.
        unread_rows: order rows in quarantine; each could be a pending order.
        statuses: how many blocking postings are in which status, as the marketplace says it.
    """

    cleared: bool
    blocking_orders: tuple[str, ...]
    blocking_skus: tuple[str, ...]
    pending_qty: int
    reserved_qty: int
    unread_rows: int
    statuses: dict[str, int]

    def sentence(self) -> str:
        """Say for people what blocks and what to do about it."""
        if self.cleared:
            return "No order is pending and no unit is reserved: stock may leave."
        parts = []
        if self.blocking_orders:
            counts = ", ".join(f"{count} {status}" for status, count in sorted(self.statuses.items()))
            parts.append(
                f"{len(self.blocking_orders)} postings with {self.pending_qty} pieces are pending ({counts}):"
                f" {shorten(self.blocking_orders)}"
            )
        if self.reserved_qty:
            parts.append(f"{self.reserved_qty} pieces are reserved, of SKUs {shorten(self.blocking_skus)}")
        if self.unread_rows:
            parts.append(f"{self.unread_rows} order rows are in quarantine and could be pending orders")
        return (
            "; ".join(parts)
            + ". Wait until they have left or are cancelled, stop sales (archive the product or ask the partner),"
            " then take a new snapshot."
        )


def decide(
    pending: Iterable[PendingLine], reserved: Iterable[ReservedStock], unread_rows: int = 0
) -> GateVerdict:
    """
    Judge one snapshot.

    Args:
        pending: the lines whose status is not passable; lines that are passable are ignored.
        reserved: stock kept for orders; rows of 0 pieces are ignored.
        unread_rows: order rows that could not be read.
    """
    blocking = [line for line in pending if line.status not in PASSABLE_STATUSES]
    kept = [stock for stock in reserved if stock.qty > 0]
    status_of = {line.posting_number: line.status for line in blocking}
    statuses: dict[str, int] = {}
    for status in status_of.values():
        statuses[status] = statuses.get(status, 0) + 1
    return GateVerdict(
        cleared=not blocking and not kept and not unread_rows,
        blocking_orders=tuple(sorted(status_of)),
        blocking_skus=tuple(sorted({line.sku for line in blocking} | {stock.sku for stock in kept})),
        pending_qty=sum(line.qty for line in blocking),
        reserved_qty=sum(stock.qty for stock in kept),
        unread_rows=unread_rows,
        statuses=statuses,
    )


def pass_or_stop(verdict: GateVerdict) -> None:
    """Let a cleared verdict through.

    Raises:
        GateBlocked: names the postings, the SKUs and the way out.
    """
    if not verdict.cleared:
        raise GateBlocked(verdict.sentence())
