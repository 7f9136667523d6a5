"""The joins of the match: a DuckDB in memory that spills to disk, one statement after the other."""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from include.winddown.adapters.match.words import word_tables
from include.winddown.adapters.stores.bulk import SQL, Relation, attach
from include.winddown.domain.match.identities import Identity
from include.winddown.domain.match.leftovers import give_to_lines
from include.winddown.domain.match.settings import Match

MEMORY_BEFORE_LINES, MEMORY_BESIDE_LINES = "280MB", "150MB"
"""As long as the rows lie in DuckDB alone it may have more than when chunks of lines are held beside them."""
CHUNK_ROWS = 65_536
RANKED_ROWS_MAX = 1_000_000
RANKED = {"ranked": ("ranked", "repeated"), "older": ("older_requests", "repeated_requests")}
"""Statements that rank: the table they fill, and the one that says how many rows there are to rank."""
LARGE = ("facts", "aside", "closed")
_FOR_A_LARGE_JOIN = {"disabled_optimizers": "'build_side_probe_side'", "threads": "1"}
"""DuckDB thinks the events few and would hold all of them; and each thread has buffers of its own."""
_OTHERWISE = {"disabled_optimizers": "''", "threads": "2"}
BEFORE_SHARES = (
    *("bare", "tidy", "repeated", "retold", "ranked", "once", "void"),
    *("requests", "repeated_requests", "older", "editions", "read", "asked", "several", "numbered", "keyed"),
    *("kind", "events", "facts", "aside", "counters", "closed", "open"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """
    What goes into a match.

    Attributes:
        requested, shipped, received: Parquet files or an Arrow table each, as domain.match.frames says.
        identities: closed (domain.match.identities).
    """

    requested: Relation
    shipped: Relation
    received: Relation
    identities: Sequence[Identity] = ()


class Joins:
    """
    The joined legs of one match.

    Args:
        connection: with every statement of the match behind it.
        counts: the open rows.
        shares: where they went.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, policy: Match, now: datetime) -> None:
        self._connection, self._policy, self._now = connection, policy, now
        self.counts = self.rows("counts")
        self.shares = give_to_lines(self.counts, self.rows("candidates"))
        self._connection.register("shares", self._share_table())
        run(connection, "given")
        run(connection, "told")

    def _share_table(self) -> pa.Table:
        return pa.table(
            {
                "number": pa.array([share.number for share in self.shares], pa.int64()),
                "line_id": pa.array([share.line_id for share in self.shares], pa.int64()),
                "qty": pa.array([share.qty for share in self.shares], pa.int64()),
            }
        )

    def lines(self) -> Iterator[pa.Table]:
        """Stream the legs of every requested line, in order of line_id."""
        ((lines,),) = self._connection.sql("select count(*) from asked_lines").fetchall()
        for first in range(0, max(lines, 1), CHUNK_ROWS):
            values = {"first": first, "last": first + CHUNK_ROWS - 1}
            yield self._connection.sql(text_of("lines"), params=values).to_arrow_table()

    def parcels(self, line_ids: pa.Array) -> pa.Table:
        """Give the parcels of some lines."""
        self._connection.register("differing", pa.table({"line_id": line_ids}))
        return self._connection.sql(text_of("parcels")).to_arrow_table()

    def notes(self) -> pa.Table:
        """Give what is to be known of single events."""
        values = {
            "now": self._now,
            "clock_tolerance_seconds": self._policy.clock_tolerance_hours * 3_600,
        }
        return self._connection.sql(text_of("notes"), params=values).to_arrow_table()

    def table(self, name: str) -> pa.Table:
        """Give the rows of one statement without parameters: cartons, fees, repeats or unread."""
        return self._connection.sql(text_of(name)).to_arrow_table()

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Give the same as dictionaries."""
        found: list[dict[str, Any]] = self.table(name).to_pylist()
        return found


@contextmanager
def join_legs(legs: Legs, policy: Match, now: datetime) -> Iterator[Joins]:
    """
    Join the three legs; memory stays bounded, the rest lies in a temporary folder.

    Args:
        legs: the rows.
        policy: seconds and hours within which two reports are one.
        now: aware.
    """
    with tempfile.TemporaryDirectory(prefix="winddown-match-") as folder:
        connection = duckdb.connect(
            config={
                "temp_directory": folder,
                "memory_limit": MEMORY_BEFORE_LINES,
                "threads": 2,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        with connection:
            connection.execute("set timezone = 'UTC'")
            for name in ("requested", "shipped", "received"):
                _attach(connection, name, getattr(legs, name), Path(folder))
            for name, table in word_tables(legs.identities).items():
                connection.register(name, table)
            for name in BEFORE_SHARES:
                _set(connection, _FOR_A_LARGE_JOIN if name in LARGE else _OTHERWISE)
                if name in RANKED:
                    _rank(connection, name)
                else:
                    run(connection, name, _values(name, policy))
            _set(connection, _OTHERWISE | {"memory_limit": f"'{MEMORY_BESIDE_LINES}'"})
            yield Joins(connection, policy, now)


def _attach(connection: duckdb.DuckDBPyConnection, name: str, relation: Relation, folder: Path) -> None:
    """Make rows readable under a name, each with a row_id that lasts as long as the files do."""
    if isinstance(relation, pa.Table):
        path = folder / f"{name}.parquet"
        pq.write_table(relation, path)
        relation = [str(path)]
    relation = _different(relation)
    attach(connection, f"{name}_files", relation)
    numbered = "select *, (file_index::bigint << 40) + file_row_number as row_id"
    connection.execute(
        f"create temp view {name} as {numbered} from read_parquet({relation!r}, union_by_name = true)"
    )


def _different(paths: Sequence[str]) -> list[str]:
    """Leave of files that are the same, byte by byte, one: nothing new stands in the others."""
    seen: dict[str, str] = {}
    for path in paths:
        with fsspec.open(path, "rb") as file:
            seen.setdefault(hashlib.file_digest(file, "sha256").hexdigest(), path)
    return list(seen.values())


def _set(connection: duckdb.DuckDBPyConnection, settings: Mapping[str, str]) -> None:
    for setting in settings.items():
        connection.execute("set {} = {}".format(*setting))


def _rank(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Rank rows that were told more than once, so many at a time that they fit into memory."""
    table, repeated = RANKED[name]
    ((copies,),) = connection.sql(f"select coalesce(sum(copies), 0) from {repeated}").fetchall()  # noqa: S608  our own names
    parts = 1 + int(copies) // RANKED_ROWS_MAX
    for part in range(parts):
        into = f"insert into {table}" if part else f"create temp table {table} as"
        connection.execute(f"{into} {text_of(name)}", {"part": part, "parts": parts})


def run(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, object] | None = None) -> None:
    """Run one statement of the match that makes a table or a view."""
    connection.execute(text_of(name), dict(values or {}))


def text_of(name: str) -> str:
    """Read a statement of the match."""
    return (SQL / f"match_{name}.sql").read_text(encoding="utf-8")


def _values(name: str, policy: Match) -> dict[str, object]:
    if name != "void":
        return {}
    return {
        "scan_repeat_seconds": policy.scan_repeat_seconds,
        "resubmitted_within_seconds": policy.resubmitted_within_hours * 3_600,
    }
