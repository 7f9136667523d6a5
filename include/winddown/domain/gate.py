"""May stock leave? Only when no order still needs it, nothing comes in, and a second read agrees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from include.winddown.domain.drain import Forecast
from include.winddown.domain.errors import GateBlocked, shorten
from include.winddown.domain.exits import Policy

TERMINAL_STATUSES = ("delivered", "cancelled")
IN_TRANSIT_STATUSES = ("delivering", "driver_pickup", "sent_by_seller", "client_arbitration")
"""Goods have left the warehouse: they do not block a removal, they do block the closing."""

PASSABLE_STATUSES = TERMINAL_STATUSES + IN_TRANSIT_STATUSES
"""Every other status blocks, unknown ones included (Ozon Seller API notes, section 5.3)."""

LEFT_STATUSES = ("delivered", *IN_TRANSIT_STATUSES)
"""The goods are out of the warehouse, so they count as sold."""

CLOSED_SUPPLY_STATUSES = ("COMPLETED", "REJECTED_AT_SUPPLY_WAREHOUSE", "CANCELLED", "CANCELLED_BY_SELLER")
"""Nothing more comes in by these; every other status blocks, unknown ones included."""


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
class OpenSupply:
    """
    An inbound supply that may still bring goods.

    Attributes:
        can_be_cancelled: yes, no or unknown.
        listed_in: drafts, orders or archive; archived with a status nobody knows, it blocks too.
    """

    supply_id: str
    status: str
    warehouse_id: str | None
    units_qty: int
    can_be_cancelled: str
    listed_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """
    What the gate saw in an earlier valid snapshot.

    Attributes:
        taken_at: when its stock was counted, aware.
        blocking_skus: SKUs that were blocked.
        blocks_all: whether something blocked that belongs to no SKU: a supply, an unread row.
    """

    snapshot_id: str
    taken_at: datetime
    blocking_skus: tuple[str, ...]
    blocks_all: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GateVerdict:
    """
    The answer of the gate.

    Attributes:
        cleared: true when nothing blocks and a second read agrees.
        blocking_orders: posting numbers, sorted.
        blocking_skus: SKUs of those postings and of reserved stock, sorted.
        pending_qty: pieces in blocking postings.
        reserved_qty: pieces the warehouses still reserve.
        unread_rows: order rows in quarantine; each could be a pending order.
        statuses: how many blocking postings are in which status, as the marketplace says it.
        blocking_supplies: inbound supplies that are not closed.
        supplies_known: whether the marketplace tells its inbound supplies at all.
        passes: whether the plan may go on; with hold_back also while some SKUs are blocked.
        held: SKU → why its free units are held; only with hold_back.
        reasons: blocked SKU → what blocks it.
        confirmed_by: the earlier snapshot that agrees; empty when none is needed or there is none.
        second_read_at: ISO time from which a second read counts; empty when none is awaited.
        in_transit_qty: postings on their way to a buyer; they block the closing later.
        in_transit_orders: the oldest of them.
        forecast: when the last blocking posting leaves; None when nothing is known.
    """

    cleared: bool
    blocking_orders: tuple[str, ...]
    blocking_skus: tuple[str, ...]
    pending_qty: int
    reserved_qty: int
    unread_rows: int
    statuses: dict[str, int]
    blocking_supplies: tuple[OpenSupply, ...] = ()
    supplies_known: bool = True
    passes: bool = False
    held: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    confirmed_by: str = ""
    second_read_at: str = ""
    in_transit_qty: int = 0
    in_transit_orders: tuple[str, ...] = ()
    forecast: Forecast | None = None

    @property
    def blocks_all(self) -> bool:
        """Whether something blocks that belongs to no SKU, so that no part of the stock may go."""
        return bool(self.blocking_supplies or self.unread_rows)

    @property
    def is_clear(self) -> bool:
        """Whether nothing blocks in this one snapshot."""
        return not (self.blocking_orders or self.reserved_qty or self.blocks_all)


def decide(
    pending: Iterable[PendingLine],
    reserved: Iterable[ReservedStock],
    unread_rows: int = 0,
    supplies: Iterable[OpenSupply] = (),
) -> GateVerdict:
    """
    Judge one snapshot by itself.

    Args:
        pending: the lines whose status is not passable; lines that are passable are ignored.
        reserved: stock kept for orders; rows of 0 pieces are ignored.
        unread_rows: order rows that could not be read.
        supplies: inbound supplies; closed ones are ignored.
    """
    blocking = [line for line in pending if line.status not in PASSABLE_STATUSES]
    kept = [stock for stock in reserved if stock.qty > 0]
    open_ones = tuple(one for one in supplies if one.status not in CLOSED_SUPPLY_STATUSES)
    status_of = {line.posting_number: line.status for line in blocking}
    statuses: dict[str, int] = {}
    for status in status_of.values():
        statuses[status] = statuses.get(status, 0) + 1
    reasons = _reasons(blocking, kept)
    is_clear = not (blocking or kept or open_ones or unread_rows)
    return GateVerdict(
        cleared=is_clear,
        passes=is_clear,
        blocking_orders=tuple(sorted(status_of)),
        blocking_skus=tuple(sorted(reasons)),
        pending_qty=sum(line.qty for line in blocking),
        reserved_qty=sum(stock.qty for stock in kept),
        unread_rows=unread_rows,
        statuses=statuses,
        blocking_supplies=tuple(sorted(open_ones, key=lambda one: one.supply_id)),
        reasons=reasons,
    )


def confirm(verdict: GateVerdict, taken_at: datetime, earlier: Iterable[Read], policy: Policy) -> GateVerdict:
    """
    Hold a verdict against earlier reads and the policy.

    One read is not proof: an order placed a moment before sales stopped may not be listed yet. So
    an earlier snapshot, counted at least `gate_confirm_after_minutes` before, and everything read
    since must have been clear too. With hold_back that is asked SKU by SKU.

    Args:
        verdict: of decide.
        taken_at: when the stock of this snapshot was counted, aware.
        earlier: reads of earlier valid snapshots, in any order.
        policy: of the exit.
    """
    by_sku = policy.gate_policy == "hold_back"
    if verdict.blocks_all or not (by_sku or verdict.is_clear):
        return replace(verdict, cleared=False, passes=False)
    after = timedelta(minutes=policy.gate_confirm_after_minutes)
    since = _agreeing(earlier, taken_at, by_sku=by_sku)
    witness = next((read for read in since if after and read.taken_at <= taken_at - after), None)
    if after and witness is None:
        first = min([read.taken_at for read in since], default=taken_at)
        due = (first + after).isoformat(timespec="minutes")
        return replace(verdict, cleared=False, passes=False, second_read_at=due)
    held = _held(verdict, since, witness) if by_sku else {}
    return replace(
        verdict,
        cleared=verdict.is_clear and not held,
        passes=True,
        held=held,
        confirmed_by=witness.snapshot_id if witness else "",
    )


def pass_or_stop(verdict: GateVerdict, sentence: str) -> None:
    """
    Let a verdict through that allows a plan.

    Raises:
        GateBlocked: names the postings, the SKUs, the supplies and the way out.
    """
    if not verdict.passes:
        raise GateBlocked(sentence)


def _agreeing(earlier: Iterable[Read], taken_at: datetime, *, by_sku: bool) -> list[Read]:
    """The reads before this one, newest first, up to the first that does not agree."""
    agreeing: list[Read] = []
    for read in sorted(earlier, key=lambda read: read.taken_at, reverse=True):
        if read.taken_at >= taken_at:
            continue
        if read.blocks_all or (read.blocking_skus and not by_sku):
            break
        agreeing.append(read)
    return agreeing


def _held(verdict: GateVerdict, since: Sequence[Read], witness: Read | None) -> dict[str, str]:
    held: dict[str, str] = {}
    for read in since:
        if witness and read.taken_at >= witness.taken_at:
            seen = f"Blocked on {read.taken_at:%Y-%m-%d %H:%M} UTC: held until a second clear read."
            held.update(dict.fromkeys(read.blocking_skus, seen))
    return {**held, **{sku: f"Held back: {reason}." for sku, reason in verdict.reasons.items()}}


def _reasons(blocking: Iterable[PendingLine], kept: Iterable[ReservedStock]) -> dict[str, str]:
    postings: dict[str, set[str]] = {}
    pieces: dict[str, int] = {}
    for line in blocking:
        postings.setdefault(line.sku, set()).add(line.posting_number)
    for stock in kept:
        pieces[stock.sku] = pieces.get(stock.sku, 0) + stock.qty
    reasons = {sku: f"pending in {shorten(sorted(numbers), 3)}" for sku, numbers in postings.items()}
    for sku, qty in pieces.items():
        both = f"{reasons[sku]}, " if sku in reasons else ""
        reasons[sku] = f"{both}{qty} pieces reserved"
    return reasons
