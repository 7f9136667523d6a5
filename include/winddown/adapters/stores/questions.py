"""Questions to PostgreSQL that join several tables: one statement a file, rows as Arrow."""

from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine, text

SQL = Path(__file__).parents[2] / "sql" / "state"

ARROW_OF_PYTHON = {str: pa.string(), int: pa.int64(), bool: pa.bool_()}


def ask_state(engine: Engine, statement: str, columns: dict[str, type], **values: object) -> pa.Table:
    """
    Ask one statement of sql/state.

    Args:
        engine: winddown's database.
        statement: the file's name without its ending.
        columns: name and Python type of the columns to return, so that an empty answer has them too.
        values: the statement's bind parameters.

    Returns:
        The rows, in the grain the file's first comment declares.
    """
    schema = pa.schema([pa.field(name, ARROW_OF_PYTHON[kind]) for name, kind in columns.items()])
    rows = ask_rows(engine, statement, **values)
    return pa.Table.from_pylist(rows, schema=schema)


def ask_rows(engine: Engine, statement: str, **values: object) -> list[dict[str, Any]]:
    """Ask one statement of sql/state and take the rows as dictionaries."""
    sql = (SQL / f"{statement}.sql").read_text(encoding="utf-8")
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(sql), values).mappings()]
