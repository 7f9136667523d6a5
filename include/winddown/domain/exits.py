"""An exit: one merchant leaving one marketplace's warehouses by one date, under one policy."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date

from include.winddown.domain.errors import BadExit, BadParam, BadPolicy
from include.winddown.domain.frames import CURRENCIES

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EXIT_ID = re.compile(r"^[a-z0-9][a-z0-9-]{1,39}$")


def read_day(name: str, value: object) -> date:
    """
    Read a date that somebody typed in.

    Raises:
        BadParam: it is no date, or written in another way; names the field.
    """
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError as wrong:
        raise _no_day(name, value) from wrong
    raise _no_day(name, value)


def _no_day(name: str, value: object) -> BadParam:
    return BadParam(f"{name} is {value!r}; write a date as YYYY-MM-DD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """
    The thresholds of one exit; where each default comes from is in docs/policy.md.

    Attributes:
        history_days: sales of so many days before the snapshot make the demand rate.
        cover_multiple: return when the weeks of cover exceed so many times the weeks left.
        discount_pct: how far a markdown lowers the price.
        damaged_by_seller, damaged_by_warehouse: return or dispose.
        shipment_weight_max_g: heaviest shipment.
        shipment_volume_max_ml: largest shipment, inner volume.
        usable_fill_pct: share of that volume that can really be filled.
        unexplained_max_qty: pieces per SKU that may appear or vanish before the run stops.
        rows_bad_max: bad rows after which a whole file is refused.
        rows_bad_max_pct: the same as a share of the file.
        approval_minutes: how long a plan waits for its answer; a later one does not count.
        gate_policy: strict = the whole exit waits for the gate; hold_back = the units of blocked SKUs
            are held and the rest goes on.
        gate_confirm_after_minutes: two clear reads at least so far apart open the gate; 0 = one is enough.
        stock_difference_max_qty: pieces per SKU by which the warehouses' report and the
            marketplace's totals may differ before the plan stops.
        language: en, zh or ru; in which the sentences of a plan and the question about it are written.
    """

    history_days: int = 28
    cover_multiple: int = 2
    discount_pct: int = 30
    damaged_by_seller: str = "dispose"
    damaged_by_warehouse: str = "return"
    shipment_weight_max_g: int = 500_000
    shipment_volume_max_ml: int = 1_728_000
    usable_fill_pct: int = 70
    unexplained_max_qty: int = 0
    rows_bad_max: int = 50
    rows_bad_max_pct: int = 2
    approval_minutes: int = 4_320
    gate_policy: str = "strict"
    gate_confirm_after_minutes: int = 240
    stock_difference_max_qty: int = 0
    language: str = "en"

    def __post_init__(self) -> None:
        """Refuse a value out of range; the message names the setting and the range."""
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                msg = f"policy setting {name} is {value!r}; give a whole number from {low} to {high}"
                raise BadPolicy(msg)
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                given = " or ".join(map(repr, choices))
                msg = f"policy setting {name} is {getattr(self, name)!r}; give {given}"
                raise BadPolicy(msg)

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> "Policy":
        """Build a policy from named settings; an unknown name is an error, not a default."""
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(settings) - known)
        if unknown:
            msg = f"unknown policy setting {unknown[0]!r}; known are {', '.join(sorted(known))}"
            raise BadPolicy(msg)
        return cls(**settings)  # type: ignore[arg-type]

    def settings(self) -> dict[str, object]:
        """The settings by name, ready for JSON."""
        return asdict(self)


_RANGES = {
    "history_days": (1, 366),
    "cover_multiple": (1, 100),
    "discount_pct": (1, 90),
    "shipment_weight_max_g": (1_000, 100_000_000),
    "shipment_volume_max_ml": (1_000, 1_000_000_000),
    "usable_fill_pct": (10, 100),
    "unexplained_max_qty": (0, 1_000_000),
    "rows_bad_max": (0, 1_000_000),
    "rows_bad_max_pct": (0, 100),
    "approval_minutes": (1, 43_200),
    "gate_confirm_after_minutes": (0, 43_200),
    "stock_difference_max_qty": (0, 1_000_000),
}

_CHOICES = {
    "damaged_by_seller": ("return", "dispose"),
    "damaged_by_warehouse": ("return", "dispose"),
    "gate_policy": ("strict", "hold_back"),
    "language": ("en", "zh", "ru"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """
    One exit.

    Attributes:
        exit_id: lower-case letters, digits and hyphens; also the partition key of its DAG runs.
        merchant: the merchant's name, for people.
        marketplace_conn, desk_conn, dock_conn: ids of the Airflow connections it works through.
        destination: the own warehouse the returns go to.
        currency: of every amount in this exit.
        opened_on: business day on which it began.
        deadline_on: last day in the marketplace's warehouses.
        policy: the thresholds.
    """

    exit_id: str
    merchant: str
    marketplace_conn: str
    desk_conn: str
    dock_conn: str
    destination: str
    currency: str
    opened_on: date
    deadline_on: date
    policy: Policy

    def __post_init__(self) -> None:
        """Refuse values no exit can have; the message says what to give instead."""
        if not EXIT_ID.fullmatch(self.exit_id):
            msg = (
                f"exit id {self.exit_id!r}: use 2 to 40 lower-case letters, digits and hyphens, as in demo-1"
            )
            raise BadExit(msg)
        if self.currency not in CURRENCIES:
            msg = f"exit {self.exit_id}: currency {self.currency!r} is not one of {', '.join(CURRENCIES)}"
            raise BadExit(msg)
        if self.deadline_on <= self.opened_on:
            msg = (
                f"exit {self.exit_id}: the deadline {self.deadline_on} is not after {self.opened_on},"
                " the day the exit opens; give a later deadline"
            )
            raise BadExit(msg)
