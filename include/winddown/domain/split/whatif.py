"""What a plan would come to under other terms: each change alone, solved anew."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from include.winddown.domain.policy import Policy
from include.winddown.domain.split.aside import set_aside
from include.winddown.domain.split.engine import hold_losses
from include.winddown.domain.split.listings import Response
from include.winddown.domain.split.money import goods_of
from include.winddown.domain.split.place import place_pieces
from include.winddown.domain.split.weeks import weeks_until
from include.winddown.domain.what_if import AS_IT_IS, Case


class Outcome(NamedTuple):
    """
    What becomes of the free pieces in one case.

    Attributes:
        change: the case's name; empty for the plan as it is.
        plan_minor: expected net; None when the case cannot be, because its deadline has passed.
        return_qty, keep_qty, dispose_qty: pieces returned now, left on sale, disposed of now.
    """

    change: str
    plan_minor: int | None
    return_qty: int
    keep_qty: int
    dispose_qty: int


def try_cases(
    stock: pd.DataFrame,
    demand: pd.DataFrame,
    response: Response,
    days_left: int,
    policy: Policy,
    cases: Iterable[Case],
) -> list[Outcome]:
    """
    Solve the free stock of some SKUs in each case.

    Args:
        stock: all rows of some SKUs, as engine.split_stock takes it.
        demand: one row a SKU, as it takes that.
        response: of the buyers.
        days_left: from the snapshot to the deadline.
        policy: the economics.
        cases: of what_if.read_cases.

    Returns:
        The plan as it is, then one outcome a case, in their order; without cases nothing is solved.
        Outcomes of several parts of a plan may be added up by add_outcomes.
    """
    asked = list(cases)
    if not asked:
        return []
    free = set_aside(stock, policy).free
    return [_try(case, free, demand, response, days_left, policy) for case in (AS_IT_IS, *asked)]


def _try(
    case: Case, free: pd.DataFrame, demand: pd.DataFrame, response: Response, days_left: int, policy: Policy
) -> Outcome:
    if days_left + case.days_more <= 0:
        return Outcome(case.name, None, 0, 0, 0)
    if free.empty:
        return Outcome(case.name, 0, 0, 0, 0)
    changed = case.policy(policy)
    weeks = weeks_until(days_left + case.days_more, changed)
    worth = free.assign(resale_minor=free["resale_minor"] * case.salvage_pct // 100)
    rated = demand.assign(rate=demand["rate"] * case.rate_pct / 100)
    goods = goods_of(worth, rated, response.share, weeks, changed)
    placed = hold_losses(goods, place_pieces(goods, response, weeks.clock), changed)
    return Outcome(
        change=case.name,
        plan_minor=int(np.rint(placed.found.value).sum()),
        return_qty=int(placed.returned.sum()),
        keep_qty=int(placed.kept.sum()),
        dispose_qty=int(placed.disposed.sum()),
    )


def add_outcomes(parts: Iterable[Sequence[Outcome]]) -> list[Mapping[str, object]]:
    """
    Add the outcomes of a plan's parts up, case by case.

    Args:
        parts: of try_cases, all with the same cases.

    Returns:
        One row a case: the fields of Outcome and difference_minor, to the plan as it is; both amounts
        are None when the case cannot be.
    """
    rows: list[Mapping[str, object]] = []
    base = 0
    for same in zip(*parts, strict=True):
        first = same[0]
        amounts = [one.plan_minor for one in same]
        total = None if None in amounts else sum(amount or 0 for amount in amounts)
        pieces = [sum(one[at] for one in same) for at in (2, 3, 4)]
        base = base if rows else total or 0
        found = Outcome(first.change, total, *pieces)
        rows.append(found._asdict() | {"difference_minor": None if total is None else total - base})
    return rows
