"""Everything that is known of an exit, as files beside its snapshots: one CSV a table, and an index with checksums."""

import gzip
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, Select, Table, select

from include.winddown.adapters.stores.database import raw_connection
from include.winddown.adapters.stores.landing import sha256_of
from include.winddown.adapters.stores.tables import (
    claim,
    effect,
    metadata,
    plan,
    return_request,
    snapshot,
)

if TYPE_CHECKING:
    from upath import UPath

BY_WAY_OF = {
    "plan_id": plan,
    "effect_key": effect,
    "request_id": return_request,
    "claim_id": claim,
    "snapshot_id": snapshot,
}
"""A table without the exit's id belongs to it by the first of these columns that it has."""

INDEX = "index.json"


def write_archive(engine: Engine, folder: "UPath", exit_id: str, snapshot_folder: "UPath") -> dict[str, Any]:
    """
    Write the archive of an exit; writing it again replaces it.

    Args:
        engine: winddown's database.
        folder: where it goes.
        exit_id: whose.
        snapshot_folder: of the last snapshot, whose files are listed with their checksums.

    Returns:
        The index: tables with their rows, and every file with size and checksum.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {}
    for table, query in tables_of(exit_id):
        path = folder / f"{table.name}.csv.gz"
        with path.open("wb") as sink, gzip.GzipFile(fileobj=sink, mode="wb", mtime=0) as packed:
            tables[table.name] = _copy(engine, query, packed)
    files = [*folder.glob("*.csv.gz"), *(path for path in snapshot_folder.rglob("*") if path.is_file())]
    listed = [
        {
            "path": _below(path, folder.parent.parent),
            "size_bytes": path.stat().st_size,
            "sha256": sha256_of(path),
        }
        for path in sorted(files, key=str)
    ]
    index = {"exit_id": exit_id, "tables": tables, "files": listed}
    (folder / INDEX).write_bytes(json.dumps(index, ensure_ascii=False, indent=1).encode())
    return index


def tables_of(exit_id: str) -> Iterator[tuple[Table, Select[Any]]]:
    """Give every table that holds rows of an exit, with the query for them, in the order of names."""
    for table in sorted(metadata.tables.values(), key=lambda one: one.name):
        if "exit_id" in table.c:
            yield table, select(table).where(table.c.exit_id == exit_id)
            continue
        column = next((name for name in BY_WAY_OF if name in table.c), None)
        if column is not None:
            owner = BY_WAY_OF[column]
            mine = select(owner.c[column]).where(owner.c.exit_id == exit_id)
            yield table, select(table).where(table.c[column].in_(mine))


def _copy(engine: Engine, query: Select[Any], sink: gzip.GzipFile) -> int:
    """Copy rows as CSV in bounded memory; gives how many."""
    compiled = query.compile(engine, compile_kwargs={"render_postcompile": True})
    with engine.connect() as connection, raw_connection(connection).cursor() as cursor:
        text = f"copy ({compiled.string}) to stdout (format csv, header)"
        with cursor.copy(text.encode(), compiled.params) as source:
            for block in source:
                sink.write(block)
        return int(cursor.rowcount)


def _below(path: "UPath", root: "UPath") -> str:
    return str(path).removeprefix(str(root)).lstrip("/")
