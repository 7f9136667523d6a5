"""The own warehouse against demand: days of cover, when to order again, what runs out, what lies dead."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

RUNS_OUT = "runs_out"
REORDER = "reorder"
FINE = "fine"
TOO_MUCH = "too_much"
DEAD = "dead"
UNKNOWN = "unknown"
VERDICTS = (RUNS_OUT, REORDER, UNKNOWN, FINE, TOO_MUCH, DEAD)
"""The most urgent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStock:
    """
    One SKU in the own warehouse.

    Attributes:
        free_qty: pieces that may be sold; None = not known.
        on_order_qty: pieces that are on their way from the supplier.
        sold_qty: pieces sold in the days looked at; None = not known.
        days: how many days were looked at in which it could be sold; 0 = none.
        daily_spread: standard deviation of a day's sales, pieces.
        lead_days: from an order to the supplier until it can be sold.
    """

    sku: str
    free_qty: int | None
    on_order_qty: int
    sold_qty: int | None
    days: int
    daily_spread: float
    lead_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverRules:
    """
    When stock is too little or too much.

    Attributes:
        service_factor: standard deviations kept as a reserve; 1.645 = 95 of 100 lead times without a stock-out.
        cover_days_max: more cover than that is too much.
        dead_after_days: nothing sold in so many days on sale = dead.
    """

    service_factor: float = 1.645
    cover_days_max: int = 120
    dead_after_days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """
    How one SKU stands.

    Attributes:
        cover_days: days the free pieces last at this pace; None = it does not sell, or is not known.
        reorder_qty: at so many pieces, those on order included, it has to be ordered again; None = not known.
        verdict: one of VERDICTS.
        why: in one sentence.
    """

    sku: str
    cover_days: float | None
    reorder_qty: int | None
    verdict: str
    why: str


def judge_cover(stock: OwnStock, rules: CoverRules) -> Cover:
    """Judge one SKU; what is not known is said to be so, and never taken for zero."""
    if stock.free_qty is None or stock.sold_qty is None or stock.days < 1:
        why = "its stock, its sales or its days on sale are not known"
        return Cover(sku=stock.sku, cover_days=None, reorder_qty=None, verdict=UNKNOWN, why=why)
    if stock.sold_qty <= 0:
        return _unsold(stock, stock.free_qty, rules)
    pace = stock.sold_qty / stock.days
    cover_days = stock.free_qty / pace
    reserve = rules.service_factor * stock.daily_spread * math.sqrt(stock.lead_days)
    reorder_qty = math.ceil(pace * stock.lead_days + reserve)
    verdict, why = _verdict(stock, cover_days, reorder_qty, rules)
    return Cover(sku=stock.sku, cover_days=cover_days, reorder_qty=reorder_qty, verdict=verdict, why=why)


def judge_all(stocks: Iterable[OwnStock], rules: CoverRules) -> list[Cover]:
    """Judge every SKU, the most urgent first: by verdict, then by days of cover, then by SKU."""
    found = [judge_cover(stock, rules) for stock in stocks]
    return sorted(
        found,
        key=lambda one: (
            VERDICTS.index(one.verdict),
            math.inf if one.cover_days is None else one.cover_days,
            one.sku,
        ),
    )


def _unsold(stock: OwnStock, free_qty: int, rules: CoverRules) -> Cover:
    is_dead = free_qty > 0 and stock.days >= rules.dead_after_days
    why = f"nothing sold in {stock.days} days on sale, {free_qty} pieces lie there"
    verdict = DEAD if is_dead else FINE
    return Cover(sku=stock.sku, cover_days=None, reorder_qty=0, verdict=verdict, why=why)


def _verdict(stock: OwnStock, cover_days: float, reorder_qty: int, rules: CoverRules) -> tuple[str, str]:
    coming = (stock.free_qty or 0) + stock.on_order_qty
    lasts = f"{stock.free_qty} pieces last {cover_days:.0f} days"
    if cover_days < stock.lead_days and coming <= reorder_qty:
        return RUNS_OUT, f"{lasts}, and a new order takes {stock.lead_days}"
    if coming <= reorder_qty:
        return (
            REORDER,
            f"{coming} pieces with those on order are at or below the reorder point of {reorder_qty}",
        )
    if cover_days > rules.cover_days_max:
        return TOO_MUCH, f"{lasts}, more than {rules.cover_days_max}"
    return FINE, f"{lasts}, and the reorder point is {reorder_qty} pieces"
