"""An exit: one merchant leaving one marketplace's warehouses by one date, under one policy."""

import re
from dataclasses import dataclass
from datetime import date

from include.winddown.domain.errors import BadExit, BadParam
from include.winddown.domain.frames import CURRENCIES
from include.winddown.domain.policy import Policy

__all__ = ["Exit", "Policy", "read_day"]

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
        approvers: user names of those who may approve its plans; none = everybody who may approve here.
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
    approvers: tuple[str, ...] = ()

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
        if len({name.casefold() for name in self.approvers}) < len(self.approvers):
            msg = f"exit {self.exit_id}: an approver is named twice in {', '.join(self.approvers)}; name each once"
            raise BadExit(msg)
        if self.deadline_on <= self.opened_on:
            msg = (
                f"exit {self.exit_id}: the deadline {self.deadline_on} is not after {self.opened_on},"
                " the day the exit opens; give a later deadline"
            )
            raise BadExit(msg)
