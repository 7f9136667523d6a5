"""One HTML page of tables for people; whatever stands in a table is shown as text and nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import pyarrow as pa
import pyarrow.compute as pc

from include.winddown.adapters.shown_tables import in_currency

PAGE_ROWS_MAX = 500


def write_page(title: str, summary: str, tables: Mapping[str, pa.Table], language: str, cut: str) -> str:
    """
    Write the page.

    Args:
        title: its heading.
        summary: below it, as it stands.
        tables: by heading; those without rows are left out.
        language: of the page, as in <html lang>.
        cut: said of a table of which only the first PAGE_ROWS_MAX rows are shown.
    """
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    template = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True).get_template(
        "shown_page.html"
    )
    return template.render(
        language=language,
        title=title,
        summary=summary,
        tables=[_shown(name, table, cut) for name, table in tables.items() if table.num_rows],
    )


def texts(table: pa.Table) -> pa.Table:
    """Turn columns without any value into text, which every writer knows."""
    for place, column in enumerate(table.schema):
        if pa.types.is_null(column.type) or pa.types.is_large_string(column.type):
            table = table.set_column(place, column.name, table[column.name].cast(pa.string()))
    return table


def plain_times(table: pa.Table) -> pa.Table:
    """Write times as text, because a sheet knows no zone."""
    for place, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type):
            seconds = table[column.name].cast(pa.timestamp("s", "UTC"), safe=False)
            table = table.set_column(place, column.name, pc.strftime(seconds, "%Y-%m-%dT%H:%M:%SZ"))
    return table


def _shown(title: str, table: pa.Table, cut: str) -> dict[str, Any]:
    part = in_currency(table.slice(0, PAGE_ROWS_MAX))
    numbers = [not (pa.types.is_string(one.type) or pa.types.is_date(one.type)) for one in part.schema]
    rows = zip(*(column.to_pylist() for column in part.columns), strict=True)
    return {
        "title": title,
        "cut": cut if table.num_rows > PAGE_ROWS_MAX else "",
        "heads": [
            {"name": name, "number": number} for name, number in zip(part.column_names, numbers, strict=True)
        ],
        "rows": [
            [
                {"text": "" if cell is None else cell, "number": number}
                for cell, number in zip(row, numbers, strict=True)
            ]
            for row in rows
        ],
    }
