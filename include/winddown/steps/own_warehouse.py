"""What a watch finds: its tables asked, and each judged by the rules of the domain."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.watch_days import WatchDay
from include.winddown.domain.assortment import Advice, Article, advise
from include.winddown.domain.carriers import CarrierCost, Charge, own_order_minor
from include.winddown.domain.errors import NoSnapshot
from include.winddown.domain.frames import CATALOGUE, Frame
from include.winddown.domain.own_demand import Demand, Inbound, Sold, own_stock_of
from include.winddown.domain.own_frames import (
    INBOUND,
    INVOICES,
    OWN_POSTINGS,
    OWN_RETURNS,
    OWN_STOCK,
    TARIFFS,
)
from include.winddown.domain.own_stock import Cover, judge_all
from include.winddown.domain.policy import Policy
from include.winddown.domain.service import Service
from include.winddown.domain.tariffs import Tariff
from include.winddown.domain.watch_rules import Watch
from include.winddown.steps.gather import snapshots

DAY = timedelta(days=1)
Row = dict[str, Any]


def rows_of(day: WatchDay, frame: Frame) -> list[Row]:
    """The rows of a frame; none where it was not read."""
    return list(table_or_empty(day, frame).to_pylist())


def table_or_empty(day: WatchDay, frame: Frame) -> pa.Table:
    """The table of a frame; without rows where it was not read."""
    table = day.table(frame.name)
    return arrow_schema(frame).empty_table() if table is None else table


def ask_demand(day: WatchDay, past: Sequence[WatchDay], rules: Watch) -> list[Demand]:
    """What every SKU sold in two windows, with the days on which its shelf was empty left out."""
    relations = {
        "own_stock": table_or_empty(day, OWN_STOCK),
        "own_postings": table_or_empty(day, OWN_POSTINGS),
        "empty_days": _empty_days(day, past, rules.dead_after_days),
    }
    values = {
        "now": day.at,
        "short_days": rules.window_days,
        "long_days": max(rules.window_days, rules.dead_after_days),
        "known_days": _known_days(relations["own_postings"], day, past),
    }
    return [_demand(row) for row in run_bulk("watch_demand", relations, values).to_pylist()]


def ask_service(day: WatchDay, rules: Watch) -> list[Service]:
    """How orders were delivered lately."""
    relations = {"own_postings": table_or_empty(day, OWN_POSTINGS)}
    found = run_bulk("watch_service", relations, {"now": day.at, "days": rules.window_days})
    return [Service(**row) for row in found.to_pylist()]


def ask_before(exit_id: str) -> tuple[int, int, int] | None:
    """Orders, grams and money of the scheme that was left, by its last snapshot."""
    try:
        snapshot_id = snapshots().latest_valid(exit_id).snapshot_id
        paths = {name: snapshots().paths(snapshot_id, name) for name in ("orders", "fees", "catalogue")}
    except NoSnapshot:
        return None
    if not all(paths.values()):
        return None
    row = run_bulk("watch_before", paths).to_pylist()[0]
    return (row["orders_qty"], row["weight_g"], row["paid_minor"])


def cover_all(demands: Sequence[Demand], day: WatchDay, rules: Watch) -> list[Cover]:
    """How every SKU stands, the most urgent first."""
    usual = Inbound(on_order_qty=0, lead_days=rules.lead_days)
    told = {row.pop("sku"): Inbound(**row) for row in rows_of(day, INBOUND)}
    return judge_all((own_stock_of(one, told.get(one.sku, usual)) for one in demands), rules.cover())


def ask_pace(day: WatchDay, past: Sequence[WatchDay], rules: Watch) -> list[tuple[str, int, int]]:
    """SKU, pieces sold, and the days on sale in which they were: the window that tells each one's pace."""
    at_once = Inbound(on_order_qty=0, lead_days=1)
    stocks = (own_stock_of(one, at_once) for one in ask_demand(day, past, rules))
    return [(stock.sku, stock.sold_qty or 0, stock.days) for stock in stocks]


def sized(day: WatchDay) -> set[str]:
    """The SKUs with size and weight: a product without is kept out of the catalogue."""
    return set(_goods(day)["sku"].to_pylist())


def charges_of(day: WatchDay) -> list[Charge]:
    """Every parcel on an invoice."""
    return [Charge(**_without_currency(row)) for row in rows_of(day, INVOICES)]


def tariffs_of(day: WatchDay) -> list[Tariff]:
    """Every price of a contract."""
    return [Tariff(**_without_currency(row)) for row in rows_of(day, TARIFFS)]


def advise_all(
    day: WatchDay,
    covers: Sequence[Cover],
    demands: Sequence[Demand],
    costs: Sequence[CarrierCost],
    policy: Policy,
) -> list[Advice]:
    """What to drop, raise and lower, in the order of the covers."""
    goods = {row["sku"]: row for row in _goods(day).to_pylist()}
    sold = {one.sku: one.long.qty for one in demands}
    returned = _returned(day, policy.watch.dead_after_days)
    carried_minor = own_order_minor((one.provider, one.parcels_qty, one.amount_minor) for one in costs)
    articles = (
        Article(
            sku=cover.sku,
            verdict=cover.verdict,
            cover_days=cover.cover_days,
            sold_qty=sold[cover.sku],
            returned_qty=None if returned is None else returned[cover.sku],
            price_minor=goods.get(cover.sku, {}).get("price_minor"),
            unit_cost_minor=goods.get(cover.sku, {}).get("unit_cost_minor"),
            carried_minor=carried_minor,
            fee_bp=policy.fees.commission_bp + policy.fees.acquiring_bp,
        )
        for cover in covers
    )
    return [advise(article, policy.watch) for article in articles]


def as_table(items: Sequence[Any], **more: Mapping[str, object]) -> pa.Table:
    """Items of one dataclass as a table; more = columns by the items' key, looked up by sku."""
    rows = [asdict(item) | {name: values.get(item.sku) for name, values in more.items()} for item in items]
    return pa.Table.from_pylist(rows)


def _goods(day: WatchDay) -> pa.Table:
    return table_or_empty(day, CATALOGUE).select(["sku", "price_minor", "unit_cost_minor"])


def _demand(row: Row) -> Demand:
    recent, long = (
        Sold(qty=row[f"{span}_qty"], days=row[f"{span}_days"], spread=row[f"{span}_spread"])
        for span in ("short", "long")
    )
    return Demand(
        sku=row["sku"], offer_id=row["offer_id"], free_qty=row["free_qty"], recent=recent, long=long
    )


def _known_days(postings: pa.Table, day: WatchDay, past: Sequence[WatchDay]) -> int:
    """Since when the own warehouse is known to sell: its first posting or the first watch, in whole days."""
    first = pc.min(postings["ordered_at"]).as_py()
    known = [at for at in (first and first.astimezone(UTC), past[0].at if past else None) if at]
    return max(0, -((min(known) - day.at) // DAY)) if known else 0


def _empty_days(day: WatchDay, past: Sequence[WatchDay], most: int) -> pa.Table:
    """On which days, counted back, each SKU's shelf was seen empty."""
    seen = [_empty_on(one, (day.at - one.at) // DAY) for one in past if day.at - one.at < most * DAY]
    return pa.concat_tables([*seen, _empty_on(day, 0)])


def _empty_on(day: WatchDay, day_no: int) -> pa.Table:
    stock = table_or_empty(day, OWN_STOCK)
    free = pa.table({"sku": stock["sku"], "qty": pc.subtract(stock["present_qty"], stock["reserved_qty"])})
    summed = free.group_by("sku").aggregate([("qty", "sum")])
    empty = summed.filter(pc.less_equal(summed["qty_sum"], 0)).select(["sku"])
    return empty.append_column("day_no", pa.array([day_no] * empty.num_rows, pa.int32()))


def _returned(day: WatchDay, days: int) -> Counter[str] | None:
    """Pieces that came back by SKU; a claim that does not say how many is one. None = returns are not told."""
    table = day.table(OWN_RETURNS.name)
    if table is None:
        return None
    found: Counter[str] = Counter()
    for row in table.to_pylist():
        if day.at - row["returned_at"].astimezone(UTC) < days * DAY:
            found[row["sku"]] += row["returned_qty"] or 1
    return found


def _without_currency(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "currency"}
