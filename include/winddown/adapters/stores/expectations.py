"""
Judge frames: DuckDB counts the bad rows in one pass per table, GX Core judges the counts.

Measured in docs/adr/0006: as fast as hand-written SQL apart from the import of GX, which
is paid once per process, so several tables are best judged by one task.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from math import isfinite
from tempfile import TemporaryDirectory

import duckdb

from include.winddown.adapters.stores.bulk import SQL, Relation, attach, open_duckdb
from include.winddown.adapters.stores.verdicts import judge_counts
from include.winddown.domain.expectations import Expectation
from include.winddown.domain.judgements import EXAMPLES_MAX, Judgement, Result

__all__ = ["Judgement", "Result", "judge"]

MEMORY_LIMIT = "300MB"

_Counts = dict[str, int]


def judge(tables: Mapping[str, Relation], expectations: Iterable[Expectation]) -> Judgement:
    """
    Judge tables by a suite.

    Args:
        tables: an Arrow table or the paths of Parquet files per frame name; every table the suite
            names, also those it only compares with.
        expectations: the suite, of `domain.expectations`.

    Returns:
        One result per expectation in the suite's order, a failed one with at most EXAMPLES_MAX rows.
    """
    suite = tuple(expectations)
    with TemporaryDirectory(prefix="winddown-judge-") as spill, open_duckdb() as connection:
        _prepare(connection, spill, tables, suite)
        counts: _Counts = {}
        sizes: _Counts = {}
        for source, members in groupby(sorted(suite, key=_source), key=_source):
            _count(connection, source, tuple(members), counts, sizes)
        verdicts = judge_counts(counts, at_least_one={e.name for e in suite if e.kind == "rows"})
        return Judgement(
            results=tuple(
                Result(
                    expectation=expectation,
                    success=verdicts[expectation.name],
                    bad_rows=0 if expectation.kind == "rows" else counts[expectation.name],
                    row_count=sizes[_source(expectation)],
                    examples=() if verdicts[expectation.name] else _examples(connection, expectation),
                )
                for expectation in suite
            )
        )


def _prepare(
    connection: duckdb.DuckDBPyConnection,
    spill: str,
    tables: Mapping[str, Relation],
    suite: tuple[Expectation, ...],
) -> None:
    connection.execute("set memory_limit = ?", [MEMORY_LIMIT])
    connection.execute("set temp_directory = ?", [spill])
    for name, relation in tables.items():
        attach(connection, name, relation)
    for expectation in suite:
        for name, value in expectation.values:
            connection.execute(f'set variable "{name}" = ?', [value])


def _source(expectation: Expectation) -> str:
    """Name where the judged rows come from: a statement's file or a table."""
    return expectation.statement or expectation.frame


def _rows(connection: duckdb.DuckDBPyConnection, source: str) -> duckdb.DuckDBPyRelation:
    if source.endswith(".sql"):
        return connection.sql((SQL / source).read_text(encoding="utf-8"))
    return connection.table(source)


def _count(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    members: tuple[Expectation, ...],
    counts: _Counts,
    sizes: _Counts,
) -> None:
    """Count the bad rows of every expectation over one source in one pass."""
    metrics = ["count(*)", *(_metric(member) for member in members)]
    [row] = _rows(connection, source).aggregate(", ".join(metrics)).fetchall()
    sizes[source] = row[0]
    for member, count in zip(members, row[1:], strict=True):
        # equal hashes only make a repeated name likely; unequal ones rule it out
        counts[member.name] = (
            _count_repeats(connection, member) if member.kind == "grain" and count else count
        )


def _metric(expectation: Expectation) -> str:
    if expectation.kind == "rows":
        return "count(*)"
    if expectation.kind == "grain":
        return f"count(*) - count(distinct hash({_listed(expectation.shown)}))"
    return f"count(*) filter (({expectation.predicate}) is not true)"


def _count_repeats(connection: duckdb.DuckDBPyConnection, expectation: Expectation) -> int:
    """Count the rows beyond the first of each name, exactly."""
    [row] = _repeated(connection, expectation).aggregate("coalesce(sum(rows_qty - 1), 0)::bigint").fetchall()
    return int(row[0])


def _repeated(connection: duckdb.DuckDBPyConnection, expectation: Expectation) -> duckdb.DuckDBPyRelation:
    names = _listed(expectation.shown)
    groups = _rows(connection, expectation.frame).aggregate(f"{names}, count(*) as rows_qty", names)
    return groups.filter("rows_qty > 1")


def _examples(
    connection: duckdb.DuckDBPyConnection, expectation: Expectation
) -> tuple[dict[str, object], ...]:
    """Fetch the first bad rows in the order of their names."""
    if expectation.kind == "rows":
        return ()
    if expectation.kind == "grain":
        bad = _repeated(connection, expectation)
    else:
        bad = _rows(connection, _source(expectation)).filter(f"({expectation.predicate}) is not true")
        bad = bad.project(_listed(expectation.shown))
    first = bad.order(_listed(expectation.shown)).limit(EXAMPLES_MAX)
    return tuple(
        {name: _plain(value) for name, value in zip(first.columns, row, strict=True)}
        for row in first.fetchall()
    )


def _plain(value: object) -> object:
    """Make a value fit JSON, which knows neither days nor NaN."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
