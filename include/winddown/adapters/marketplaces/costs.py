"""The merchant's own cost sheet: what no marketplace knows."""

import logging
from dataclasses import dataclass
from datetime import datetime

from include.winddown.adapters.files.layouts import Feed, Layout
from include.winddown.adapters.files.reader import read_table
from include.winddown.adapters.ports import Pull
from include.winddown.domain.exits import Policy
from include.winddown.domain.side_frames import COSTS

log = logging.getLogger(__name__)

NAME = "costs.csv"
LAYOUT = Layout(
    name="cost sheet",
    feeds={
        "sku": Feed(source="sku"),
        "unit_cost_minor": Feed(source="unit_cost"),
        "resale_minor": Feed(source="resale_value"),
        "handling_class": Feed(source="handling_class"),
        "currency": Feed(source="currency"),
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one piece costs, fetches (None = not known) and how it is handled; money in the minor unit of the currency."""

    unit_cost_minor: int
    resale_minor: int | None
    handling_class: str
    currency: str


def read_costs(sheet: bytes, policy: Policy, now: datetime, beside: Pull | None = None) -> dict[str, Cost]:
    """
    Read the cost sheet.

    Args:
        sheet: CSV with sku, unit_cost, resale_value, handling_class, currency; grain: one row a SKU.
        policy: how many bad rows are borne.
        now: aware.
        beside: the pull that needs the costs; it keeps the sheet among its raw files.

    Returns:
        Costs by SKU. A bad row leaves its SKU out, and the product then misses its cost.

    Raises:
        FileRefused: the sheet as a whole is not usable.
    """
    pull = read_table(sheet, NAME, COSTS, LAYOUT, policy, now)
    if beside is not None:
        pull.keep_file = beside.keep_file
    costs: dict[str, Cost] = {}
    for batch in pull.batches:
        for row in batch.to_pylist():
            sku = row.pop("sku")
            costs[sku] = Cost(**row)
    for bad in pull.bad_rows:
        log.warning("%s row %d, %s: %s (%s)", bad.file, bad.row_no, bad.column, bad.reason, bad.code)
    return costs
