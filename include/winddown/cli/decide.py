"""The plan itself: the same statements and the same pure functions as the DAG's tasks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import pyarrow as pa

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.planning import NO_FULL_PRICES, past_of, ranges_of, stock_of
from include.winddown.cli.gather import Gathered
from include.winddown.domain.findings import Finding, find_odd
from include.winddown.domain.frames import PLAN_LINES
from include.winddown.domain.plan import check_units
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.policy import Policy
from include.winddown.domain.split.engine import split_stock
from include.winddown.domain.split.estimate import estimate_demand
from include.winddown.domain.split.weeks import weeks_until
from include.winddown.domain.split.whatif import add_outcomes, try_cases
from include.winddown.domain.what_if import Case

_NOTHING_PROMISED = pa.schema(
    [
        pa.field("warehouse_id", pa.string()),
        pa.field("sku", pa.string()),
        pa.field("condition", pa.string()),
        pa.field("committed_qty", pa.int64()),
    ]
).empty_table()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """
    A plan.

    Attributes:
        lines: frames.PLAN_LINES.
        decisions: plan_frames.DECISIONS.
        charge_minor: freight of today's returns, where it goes by the container.
        outcomes: of the what-if cases, see whatif.add_outcomes.
    """

    lines: pd.DataFrame
    decisions: pd.DataFrame
    charge_minor: int
    outcomes: list[Mapping[str, object]]


def decide(
    gathered: Gathered,
    deadline_on: date,
    policy: Policy,
    cases: Sequence[Case],
    tell: Callable[[float], None],
) -> Decided:
    """
    Plan the whole stock, and solve it anew in each what-if case.

    Args:
        gathered: the input.
        deadline_on: last day in the warehouses.
        policy: the economics.
        cases: what may be different.
        tell: hears which share of the work is done.

    Raises:
        DeadlinePassed: the deadline is not after the day of the count.
        UnitsLost: more units are reserved than are there.
    """
    counted_on = gathered.counted_at.date()
    days_left = (deadline_on - counted_on).days
    weeks = weeks_until(days_left, policy)
    relations = {
        "stock": gathered.stock,
        "orders": gathered.orders,
        "catalogue": gathered.catalogue,
        "fees": gathered.fees,
        "committed": _NOTHING_PROMISED,
        "full_prices": NO_FULL_PRICES,
    }
    demand = estimate_demand(past_of(relations, gathered.counted_at, policy), policy)
    ranges = ranges_of(gathered.stock)
    parts, tried = [], []
    for number, part in enumerate(ranges, start=1):
        stock = stock_of(relations, part, policy)
        parts.append(split_stock(stock, demand.listings, demand.response, weeks, policy, counted_on))
        tried.append(try_cases(stock, demand.listings, demand.response, days_left, policy, cases))
        tell(number / len(ranges))
    lines = _joined([part.lines for part in parts], list(PLAN_LINES.names))
    check_units(gathered.stock.to_pandas(), lines)
    return Decided(
        lines=lines,
        decisions=_joined([part.decisions for part in parts], list(DECISIONS.names)),
        charge_minor=sum(part.charge_minor for part in parts),
        outcomes=add_outcomes(tried),
    )


def find_odd_products(gathered: Gathered, policy: Policy) -> list[tuple[int, Finding]]:
    """Name what is odd in products that have stock, each with its row in the catalogue's file."""
    since = gathered.counted_at - timedelta(weeks=policy.demand.history_weeks)
    numbered = gathered.catalogue.append_column("row_no", gathered.catalogue_row_nos)
    products = run_bulk(
        "plan_products",
        {"stock": gathered.stock, "orders": gathered.orders, "catalogue": numbered, "fees": gathered.fees},
        {"since": since},
    ).to_pandas()
    row_nos = dict(zip(products["sku"], products["row_no"], strict=True))
    has_fees = gathered.fees.num_rows > 0
    found = (odd for odd in find_odd(products, policy) if has_fees or odd.code != "no_fee")
    return [(int(row_nos[odd.sku]), odd) for odd in found]


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)


def plan_tables(lines: pd.DataFrame, decisions: pd.DataFrame) -> dict[str, pa.Table]:
    """The plan's rows in their declared Arrow types."""
    return {
        frame.name: pa.Table.from_pandas(rows, schema=arrow_schema(frame), preserve_index=False)
        for frame, rows in ((PLAN_LINES, lines), (DECISIONS, decisions))
    }
