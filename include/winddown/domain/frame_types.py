"""What a frame, a column and a rule are; the frames themselves are in domain.frames."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "id", "code", "text", "qty", "minor", "currency", "bp", "pct", "mm", "g", "ml", "real", "at", "on"
]

INTEGER_KINDS: frozenset[str] = frozenset({"qty", "minor", "bp", "pct", "mm", "g", "ml"})
NUMBER_KINDS = INTEGER_KINDS | {"real"}

QTY_MAX = 1_000_000
MINOR_MAX = 999_999_999_99
BP_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """
    One column.

    Attributes:
        name: its name; the unit is the suffix.
        kind: id = identifier kept as text; code = text from `values`; qty = pieces;
            minor = money in the currency's minor unit; bp = a share in basis points, 10 000 = all; pct = the same in per cent;
            mm, g, ml = size of one piece; real = a finite number with a fraction, its unit in the name;
            at = aware UTC time; on = a day.
        meaning: one line for people.
        low, high: inclusive range of the kinds that are numbers.
        values: the allowed texts of a code; empty = any.
        nullable: whether a value may be missing. Missing never reads as zero.
    """

    name: str
    kind: Kind
    meaning: str
    low: int = 0
    high: int = QTY_MAX
    values: tuple[str, ...] = ()
    nullable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    A rule over a whole row.

    Attributes:
        name: a short name, unique in its frame.
        predicate: an SQL boolean over the columns that is true for a good row.
        critical: whether a row that breaks it stops the run (else it is a warning).
    """

    name: str
    predicate: str
    critical: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """
    A table of rows.

    Attributes:
        name: plural noun, also the folder of its files.
        grain: the columns that together name one row.
        columns: in stored order.
        rules: rules over a whole row.
        may_be_empty: whether zero rows are a fact rather than a failed read.
    """

    name: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    may_be_empty: bool = False

    def column(self, name: str) -> Column:
        """Find a column by name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in stored order."""
        return tuple(column.name for column in self.columns)
