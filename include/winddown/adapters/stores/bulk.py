"""DuckDB over Parquet files and Arrow tables: joins and sums of many rows, in bounded memory."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, TypeAlias

import duckdb
import fsspec
import pyarrow as pa

if TYPE_CHECKING:
    from upath import UPath

SQL = Path(__file__).parents[2] / "sql" / "bulk"

Relation: TypeAlias = pa.Table | Sequence[str]
"""An Arrow table, or the paths of Parquet files of one schema."""


def run_bulk(
    statement: str, relations: Mapping[str, Relation], values: Mapping[str, object] | None = None
) -> pa.Table:
    """
    Run one statement of sql/bulk over named relations.

    Args:
        statement: the file's name without its ending.
        relations: the tables the statement reads, by name.
        values: the bind parameters the statement names; others are not allowed.

    Returns:
        The rows, in the grain the file's first comment declares.
    """
    text = (SQL / f"{statement}.sql").read_text(encoding="utf-8")
    with open_duckdb() as connection:
        for name, relation in relations.items():
            attach(connection, name, relation)
        return connection.sql(text, params=dict(values or {})).to_arrow_table()


def address(path: "UPath") -> str:
    """Name a file as run_bulk reads it: a local path, or an address that fsspec knows."""
    return path.path if path.protocol in ("", "file", "local") else str(path)


def open_duckdb() -> duckdb.DuckDBPyConnection:
    """Open an in-memory database that never downloads anything, stays below 1 GB and spills to disk."""
    return duckdb.connect(
        config={
            "temp_directory": gettempdir(),
            "memory_limit": "1GB",
            "threads": 2,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


def attach(connection: duckdb.DuckDBPyConnection, name: str, relation: Relation) -> None:
    """Make a relation readable under a name."""
    if isinstance(relation, pa.Table):
        connection.register(name, relation)
        return
    for protocol in {path.partition("://")[0] for path in relation if "://" in path}:
        if not connection.filesystem_is_registered(protocol):
            connection.register_filesystem(fsspec.filesystem(protocol))
    connection.read_parquet(list(relation)).create_view(name)
