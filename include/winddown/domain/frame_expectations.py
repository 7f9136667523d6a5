"""
What must hold of the frames, derived from their one declaration.

An expectation is an SQL predicate that is true for a good row. Whoever judges counts the rows
for which it *is not true*, so a comparison with a missing value is a bad row, not a good one.
Values known only at run time are read in a predicate as getvariable('name').
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from include.winddown.domain.frame_types import NUMBER_KINDS, Column, Frame

ExpectationKind = Literal[
    "rows", "grain", "not_null", "range", "allowed", "not_blank", "currency", "row", "cross"
]

_UNITS = {
    "qty": " pieces",
    "minor": " minor units",
    "bp": " basis points",
    "pct": " per cent",
    "mm": " mm",
    "g": " g",
    "ml": " ml",
    "real": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """
    One thing that must hold.

    Attributes:
        name: unique in its suite; begins with the frame's name.
        frame: the table whose rows are judged and counted.
        column: the column it is about; None when it is about the row, the table or several tables.
        kind: what sort of thing it is. The predicate of a rows or grain expectation is one over
            the table or over the rows that share a grain, of any other one over a single row.
        predicate: SQL that is true for what is good.
        critical: whether a bad row stops the run (else it is a warning).
        sentence: the same for people.
        shown: the columns by which a bad row is named to people.
        statement: the file in sql/bulk whose rows are judged instead of the frame's own.
        values: what the predicate reads by getvariable, as (name, value).
    """

    name: str
    frame: str
    column: str | None
    kind: ExpectationKind
    predicate: str
    critical: bool
    sentence: str
    shown: tuple[str, ...]
    statement: str | None = None
    values: tuple[tuple[str, object], ...] = ()


def frame_expectations(frame: Frame) -> tuple[Expectation, ...]:
    """
    Derive what must hold of one frame by itself.

    Returns:
        In this order: not empty (unless the frame may be), grain unique, then column by column,
        then the frame's own rules. Only blank text is a warning; a rule says for itself.
    """
    return (
        *_of_table(frame),
        *(expectation for column in frame.columns for expectation in _of_column(frame, column)),
        *_of_rows(frame),
    )


def _of_table(frame: Frame) -> Iterator[Expectation]:
    if not frame.may_be_empty:
        yield Expectation(
            name=f"{frame.name}.rows",
            frame=frame.name,
            column=None,
            kind="rows",
            predicate="count(*) >= 1",
            critical=True,
            sentence=f"{frame.name} has at least one row; none means the read failed",
            shown=(),
        )
    yield Expectation(
        name=f"{frame.name}.grain",
        frame=frame.name,
        column=None,
        kind="grain",
        predicate="count(*) = 1",
        critical=True,
        sentence=f"{', '.join(frame.grain)} together name one row of {frame.name}",
        shown=frame.grain,
    )


def _of_column(frame: Frame, column: Column) -> Iterator[Expectation]:
    for kind, predicate, sentence in _claims(column):
        yield Expectation(
            name=f"{frame.name}.{column.name}.{kind}",
            frame=frame.name,
            column=column.name,
            kind=kind,
            predicate=predicate,
            critical=kind != "not_blank" or column.kind == "id",
            sentence=sentence,
            shown=tuple(dict.fromkeys((*frame.grain, column.name))),
        )


def _claims(column: Column) -> Iterator[tuple[ExpectationKind, str, str]]:
    """Kind, predicate and sentence; a missing value is complained of once, by not_null alone."""
    name = _quoted(column.name)
    if not column.nullable:
        yield "not_null", f"{name} is not null", f"{column.name} is never missing"
    if column.kind in NUMBER_KINDS:  # NaN and infinity lie beyond every range in DuckDB
        yield (
            "range",
            f"{name} is null or {name} between {column.low} and {column.high}",
            f"{column.name} lies between {column.low} and {column.high}{_UNITS[column.kind]}",
        )
    if column.values:
        allowed = ", ".join(f"'{value}'" for value in column.values)
        yield (
            "currency" if column.kind == "currency" else "allowed",
            f"{name} is null or {name} in ({allowed})",
            f"{column.name} is one of {', '.join(column.values)}",
        )
    if column.kind in {"id", "text"}:
        # a blank is whatever shows nothing: no-break spaces and control characters too
        seen = f"regexp_matches({name}, '[^\\s\\pZ\\pC]')"
        yield "not_blank", f"{name} is null or {seen}", f"{column.name} is never blank"


def _of_rows(frame: Frame) -> Iterator[Expectation]:
    for rule in frame.rules:
        read = tuple(name for name in frame.names if name in rule.predicate)
        yield Expectation(
            name=f"{frame.name}.{rule.name}",
            frame=frame.name,
            column=None,
            kind="row",
            predicate=rule.predicate,
            critical=rule.critical,
            sentence=f"{rule.name.replace('_', ' ')}: {rule.predicate}",
            shown=tuple(dict.fromkeys((*frame.grain, *read))),
        )


def _quoted(identifier: str) -> str:
    return f'"{identifier}"'
