"""How a watch keeps what it read and shows what it found."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from include.winddown.adapters.ports import BadRow, Pull
from include.winddown.adapters.stores.watch_days import WatchDay
from include.winddown.domain.carriers import Before, CarrierCost
from include.winddown.domain.errors import BadConnection, FileRefused
from include.winddown.domain.own_alerts import Reading
from include.winddown.domain.own_stock import DEAD, REORDER, RUNS_OUT, TOO_MUCH, Cover
from include.winddown.domain.service import Service

NOT_TOLD = "the marketplace does not tell it; nothing is concluded from that"
HEADINGS = {
    "alerts": "Needs attention",
    "stock_outs": "Runs out, or to be ordered again",
    "overstock": "Too much",
    "dead": "Dead stock",
    "stock": "All articles: cover and reorder points",
    "service": "Delivery: promised against actual days",
    "carriers": "Carriers: per order and kilogram, against contract and the scheme before",
    "cheapest": "Cheapest carrier by zone and weight band",
    "assortment": "Assortment and prices: suggestions",
    "problems": "Not used, and not known",
    "bad_rows": "Rows kept out",
}
"""Sheet of the report → heading on its page."""

FOUND = ("stock", "service", "carriers", "cheapest", "assortment")
LISTS = {"stock_outs": (RUNS_OUT, REORDER), "overstock": (TOO_MUCH,), "dead": (DEAD,)}
"""Sheet → the verdicts of the articles on it."""

Row = dict[str, Any]


def land(
    day: WatchDay, name: str, open_pull: Callable[[], Pull | None], bad_rows: list[BadRow]
) -> dict[str, str]:
    """Keep what is read under a name; gives why it is not used, if it is not."""
    try:
        pull = open_pull()
    except BadConnection as unusable:
        return {name: str(unusable)}
    if pull is None:
        return {name: NOT_TOLD}
    try:
        day.land(name, pull.frame, pull.batches)
    except FileRefused as refused:
        return {name: str(refused)}
    finally:
        bad_rows += pull.bad_rows
    return {}


def service_row(one: Service) -> Row:
    """One row of delivery for people."""
    return asdict(one) | {"late_pct": _rounded(one.late_pct), "cancelled_pct": _rounded(one.cancelled_pct)}


def carrier_row(one: CarrierCost, before: Before) -> Row:
    """One row of a carrier for people, beside what delivery cost before."""
    return asdict(one) | {
        "order_minor": one.order_minor,
        "kg_minor": one.kg_minor,
        "over_contract_pct": _rounded(one.over_pct),
        "before_order_minor": before.order_minor,
        "before_kg_minor": before.kg_minor,
        "before_is_from": before.source,
    }


def found_of(
    covers: Iterable[Cover],
    services: Sequence[Service],
    costs: Sequence[CarrierCost],
    before: Before,
    readings: Sequence[Reading],
) -> Row:
    """The facts that later tasks and `rejoin` read."""
    judged = sum(one.judged_qty for one in services)
    late = sum(one.late_qty for one in services)
    return {
        "verdicts": dict(Counter(cover.verdict for cover in covers)),
        "postings_qty": sum(one.postings_qty - one.cancelled_qty for one in services),
        "late_pct": _rounded(100 * late / judged) if judged else None,
        "carriers": [asdict(one) for one in costs],
        "before": asdict(before),
        "readings": [asdict(one) for one in readings],
    }


def tables_of(
    day: WatchDay, facts: Mapping[str, Any], readings: Sequence[Reading], new: Collection[str]
) -> dict[str, pa.Table]:
    """Every table of the report, by its name there."""
    open_ones = [one for one in readings if one.level]
    alerts = [
        {"level": one.level, "is": "new" if one.key in new else "told before", "what": one.sentence}
        for one in sorted(open_ones, key=lambda one: (one.key not in new, -(one.level or 0), one.key))
    ]
    unknown = {**facts["problems"], **({"chats": facts["chats"]["why"]} if facts["chats"]["why"] else {})}
    tables = {name: found for name in FOUND if (found := day.table(f"found_{name}")) is not None}
    if "stock" in tables:
        tables |= {name: _of(tables["stock"], verdicts) for name, verdicts in LISTS.items()}
    return tables | {
        "alerts": pa.Table.from_pylist(alerts),
        "problems": pa.Table.from_pylist([{"what": name, "why": why} for name, why in unknown.items()]),
        "bad_rows": pa.Table.from_pylist(facts["bad_rows"]),
    }


def _of(stock: pa.Table, verdicts: Sequence[str]) -> pa.Table:
    return stock.filter(pc.is_in(stock["verdict"], pa.array(verdicts))) if stock.num_rows else stock


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)
