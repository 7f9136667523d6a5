"""Good tables of every frame, built from the one declaration; tests break them one value at a time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
from hypothesis import strategies as st

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.frames import INTEGER_KINDS, Column, Frame
from include.winddown.domain.match.books import PLACES
from include.winddown.domain.plan_frames import ALTERNATIVES, DEFAULTS

Row = dict[str, object]

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
GOODS_PER_ROW_MAX = 10_000

_TEXT = st.text("ABCXYZ019-_ ыё中", min_size=1, max_size=12).filter(str.strip)
_TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
_OF_KIND = {"at": _TIMES, "on": st.dates(date(2020, 1, 1), date(2026, 12, 31))}


def good_table(frame: Frame, rows: int = 5, **overrides: object) -> pa.Table:
    """
    Build a table that keeps every expectation of its frame.

    Tables of several frames with the same number of rows belong together: row i of each is about
    sku-i, and all i + 1 pieces of it that are in stock are planned to return and shipped.

    Args:
        frame: what to build.
        rows: how many rows.
        overrides: per column a list of `rows` values, or one value for every row; None is allowed
            in any column.
    """
    columns = {column.name: [_good_value(column, i) for i in range(rows)] for column in frame.columns}
    settled = [
        _settle(frame, dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)
    ]
    columns = {name: [row[name] for row in settled] for name in frame.names}
    for name, given in overrides.items():
        frame.column(name)
        columns[name] = list(given) if isinstance(given, list) else [given] * rows
    return table_of(frame, columns)


def table_of(frame: Frame, columns: Mapping[str, Sequence[object]]) -> pa.Table:
    """Make an Arrow table of a frame; a column with a missing value becomes nullable, good or not."""
    fields = [field.with_nullable(None in columns[field.name]) for field in arrow_schema(frame)]
    arrays = [pa.array(list(columns[field.name]), field.type) for field in fields]
    kept = [field.with_nullable(field.nullable or frame.column(field.name).nullable) for field in fields]
    return pa.table(arrays, schema=pa.schema(kept))


@st.composite
def tables(draw: st.DrawFn, frame: Frame, max_rows: int = 20) -> pa.Table:
    """Draw any table that keeps every expectation of its frame by itself."""
    row = st.fixed_dictionaries({column.name: _values(column) for column in frame.columns})
    drawn = draw(
        st.lists(
            row.map(lambda row: _settle(frame, row)),
            min_size=0 if frame.may_be_empty else 1,
            max_size=max_rows,
            unique_by=lambda row: tuple(row[name] for name in frame.grain),
        )
    )
    return table_of(frame, {name: [row[name] for row in drawn] for name in frame.names})


def _good_value(column: Column, i: int) -> object:
    if column.nullable:
        return None
    if column.values:
        return column.values[0]
    if column.kind in INTEGER_KINDS:
        return min(max(column.low, i + 1), column.high)
    if column.kind == "real":
        return min(max(column.low, i + 0.5), column.high)
    if column.kind in ("at", "on"):
        return NOON + timedelta(minutes=i) if column.kind == "at" else NOON.date() + timedelta(days=i)
    shared = column.name in {"warehouse_id", "destination", "status"}
    return f"{column.name}-{0 if shared else i}"


def _values(column: Column) -> st.SearchStrategy[object]:
    if column.values:
        values: st.SearchStrategy[object] = st.sampled_from(column.values)
    elif column.kind in INTEGER_KINDS:
        values = st.integers(column.low, column.high)
    else:
        values = (
            _OF_KIND.get(column.kind, _TEXT) if column.kind != "real" else st.floats(column.low, column.high)
        )
    return st.none() | values if column.nullable else values


def _settle(frame: Frame, row: Row) -> Row:
    """Change what a frame's own rules forbid, and nothing else."""
    settle = _SETTLERS.get(frame.name)
    return settle(row) if settle else row


def _settle_stock(row: Row) -> Row:
    reserved = min(row["reserved_qty"], row["on_hand_qty"] // 2) if row["condition"] == "sellable" else 0
    return row | {"reserved_qty": reserved}


def _settle_totals(row: Row) -> Row:
    return row | {"reserved_qty": min(row["reserved_qty"], row["present_qty"])}


def _settle_fees(row: Row) -> Row:
    floor, least, most = row["min_price_minor"], row["haul_min_minor"], row["haul_max_minor"]
    return row | {
        "min_price_minor": floor and min(floor, row["price_minor"]),
        "haul_min_minor": least if most is None else least and min(least, most),
    }


def _settle_plan_line(row: Row) -> Row:
    disposition = "hold" if row["condition"] == "lost" else row["disposition"]
    new_price = min(row["new_price_minor"] or 1, row["price_minor"]) if disposition == "markdown" else None
    return row | {"disposition": disposition, "new_price_minor": new_price}


def _settle_booked_line(row: Row) -> Row:
    parts = {name: row[name] % GOODS_PER_ROW_MAX for name in PLACES}
    return row | parts | {"requested_qty": sum(parts.values())}


def _settle_decision(row: Row) -> Row:
    parts = {name: row[name] % GOODS_PER_ROW_MAX for name in ("keep_qty", "return_qty", "dispose_qty")}
    plan = row["plan_minor"] // 2
    four = {f"{name}_minor": row[f"{name}_minor"] // 2 for name in ALTERNATIVES}
    return (
        row
        | parts
        | four
        | {
            "free_qty": sum(parts.values()),
            "new_price_minor": min(row["new_price_minor"], row["price_minor"]),
            "plan_minor": plan,
            "margin_minor": plan - max(four.values()),
            "bound_minor": max(row["bound_minor"], plan),
            "expected_sold_qty": parts["keep_qty"] / 2,
            "expected_returned_qty": parts["keep_qty"] / 4,
            "expected_disposed_qty": parts["keep_qty"] / 4,
            "defaults": row["defaults"] and " ".join(DEFAULTS[: len(row["defaults"])]),
        }
    )


_SETTLERS: dict[str, Callable[[Row], Row]] = {
    "stock": _settle_stock,
    "totals": _settle_totals,
    "fees": _settle_fees,
    "plan_lines": _settle_plan_line,
    "booked_lines": _settle_booked_line,
    "decisions": _settle_decision,
}
