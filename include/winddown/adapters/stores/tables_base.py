"""What every table shares: one metadata, names of constraints, and columns built from frames."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    MetaData,
    Text,
    func,
)
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from include.winddown.domain.frames import INTEGER_KINDS, Frame
from include.winddown.domain.frames import Column as FrameColumn

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
        "ck": "%(table_name)s_%(constraint_name)s_ck",
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    }
)


def one_of(column: str, values: Iterable[str], name: str | None = None) -> CheckConstraint:
    """Allow only the given texts in a column."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=name or column)


def text_of(name: str) -> Column[str]:
    """Give a column of text that must be there."""
    return Column(name, Text, nullable=False)


def at(name: str) -> Column[object]:
    """Give an aware time that must be there; without a value the database's clock fills it."""
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


def maybe_at(name: str) -> Column[object]:
    """Give an aware time that may be missing."""
    return Column(name, DateTime(timezone=True))


def frame_columns(frame: Frame, names: Iterable[str] = ()) -> list[SchemaItem]:
    """
    Build columns from a frame's declaration.

    Ranges and codes are not repeated as constraints: the expectation suites judge every row
    before it is stored, and each constraint on a million rows costs a tenth of the COPY.

    Args:
        frame: one of domain.frames.
        names: the columns to take; all of them when empty.
    """
    wanted = set(names) or set(frame.names)
    return [
        Column(column.name, _sql_type(column), nullable=column.nullable)
        for column in frame.columns
        if column.name in wanted
    ]


_TYPES: dict[str, TypeEngine[Any]] = {
    "minor": BigInteger(),
    "real": Double(),
    "at": DateTime(timezone=True),
    "on": Date(),
}


def _sql_type(column: FrameColumn) -> TypeEngine[Any]:
    return _TYPES.get(column.kind) or (Integer() if column.kind in INTEGER_KINDS else Text())
