"""What an article of the own warehouse sold, over two windows, and which of them tells its pace."""

from dataclasses import dataclass

from include.winddown.domain.own_stock import OwnStock

MIN_DAYS_OF_PACE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """
    Sales of one SKU in one window.

    Attributes:
        qty: pieces; days: in which it could be sold; spread: standard deviation of a day's pieces.
    """

    qty: int
    days: int
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """
    One SKU.

    Attributes:
        free_qty: pieces that may be sold; None = not known.
        recent, long: what it sold in the policy's window, and in the days after which stock is dead.
    """

    sku: str
    offer_id: str
    free_qty: int | None
    recent: Sold
    long: Sold


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """What is on its way from the supplier, and how long an order takes."""

    on_order_qty: int
    lead_days: int


def own_stock_of(demand: Demand, inbound: Inbound) -> OwnStock:
    """
    Choose the window that tells the pace: the recent one, unless too little was sold or too few days count.

    What sold nothing lately is judged by the long window, so that a slow article is not called dead too soon.
    """
    is_telling = demand.recent.qty > 0 and demand.recent.days >= MIN_DAYS_OF_PACE
    window = demand.recent if is_telling else demand.long
    return OwnStock(
        sku=demand.sku,
        free_qty=demand.free_qty,
        on_order_qty=inbound.on_order_qty,
        sold_qty=window.qty,
        days=window.days,
        daily_spread=window.spread,
        lead_days=inbound.lead_days,
    )
