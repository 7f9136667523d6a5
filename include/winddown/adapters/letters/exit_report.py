"""The report of an exit that is over, as one page of HTML."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from include.winddown.domain.amounts import grouped_amount

FOLDER = Path(__file__).parent / "templates"


def write_report(facts: Mapping[str, Any]) -> str:
    """Write the page; whatever stands in the facts is shown as text."""
    pages = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["amount"] = _amount
    return pages.get_template("exit_report.html").render(facts)


def _amount(minor: int | None) -> str:
    if minor is None:
        return "not told"
    return grouped_amount(minor)
