"""Whose exit the journey drives: the demo merchant's, or the one in a folder of file exports."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from include.local.errors import LocalError
from include.winddown.domain.errors import shorten

WEEKS = timedelta(weeks=12)

POLICY: Mapping[str, object] = {"gate_confirm_after_minutes": 0}
"""Nobody watching a demo waits four hours for a second read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """
    An exit and the snapshots to take of it.

    Attributes:
        form: the params of the DAG open_exit.
        days: dated sub-folders in order; empty for a marketplace that is asked live.
    """

    form: Mapping[str, object]
    days: tuple[str, ...] = ()

    @property
    def has_clerk(self) -> bool:
        """Whether the warehouse answers by documents."""
        return self.form["desk_conn"] == "documents_desk"

    @property
    def exit_id(self) -> str:
        """The exit's id."""
        return str(self.form["exit_id"])


def demo_subject(today: date, desk: str = "partner_api") -> Subject:
    """The demo merchant, twelve weeks before the deadline; a desk of documents makes an exit of its own."""
    has_api = desk == "partner_api"
    form = {
        "exit_id": "demo" if has_api else "demo-documents",
        "merchant": "Demo merchant",
        "marketplace_conn": "demo_marketplace",
        "desk_conn": "demo_desk" if has_api else "documents_desk",
        "dock_conn": "demo_dock",
        "destination": "OWN-WH-1",
        "currency": "RUB",
        "opened_on": today.isoformat(),
        "deadline_on": (today + WEEKS).isoformat(),
        "policy": dict(POLICY),
    }
    return Subject(form=form)


def exports_subject(folder: Path) -> Subject:
    """
    The merchant of a folder of exports: catalogue.csv and one sub-folder a day.

    Raises:
        LocalError: the folder is not laid out like that; says what is missing.
    """
    if not folder.is_dir():
        msg = f"INPUT={folder} is not a folder; give one that holds catalogue.csv and YYYY-MM-DD/"
        raise LocalError(msg)
    days = sorted(path.name for path in folder.iterdir() if path.is_dir() and _is_day(path.name))
    if not days:
        found = shorten(sorted(path.name for path in folder.iterdir())) or "nothing"
        msg = f"{folder} has no sub-folder named like a day (YYYY-MM-DD) with stock.csv and orders.csv; it has {found}"
        raise LocalError(msg)
    form = {
        "exit_id": slug(folder.name),
        "merchant": folder.name,
        "marketplace_conn": "exports_marketplace",
        "desk_conn": "exports_desk",
        "dock_conn": "exports_dock",
        "destination": "OWN-WH-1",
        "currency": _currency(folder / "catalogue.csv"),
        "opened_on": days[0],
        "deadline_on": (date.fromisoformat(days[-1]) + WEEKS).isoformat(),
        "policy": dict(POLICY),
    }
    return Subject(form=form, days=tuple(days))


def slug(name: str) -> str:
    """Turn a folder's name into an exit id."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return plain if len(plain) > 1 else f"exit-{plain}".strip("-")


def _is_day(name: str) -> bool:
    try:
        return date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False


def _currency(catalogue: Path) -> str:
    try:
        with catalogue.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            first = next(csv.DictReader(file), {})
    except OSError as unreadable:
        msg = f"{catalogue} cannot be read ({unreadable.strerror}); the exports need it beside the days"
        raise LocalError(msg) from unreadable
    if not first.get("currency"):
        msg = f"{catalogue} names no currency in its first row; add the column `currency`, as in GBP"
        raise LocalError(msg)
    return str(first["currency"]).strip()
