"""Small matches for tests: rows as dictionaries in, lines and discrepancies out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from include.winddown.adapters.match.joins import Legs
from include.winddown.adapters.match.run import Result, run_match
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.frames import Frame
from include.winddown.domain.match.frames import BUCKETS, RECEIVED, REQUESTED, SHIPPED
from include.winddown.domain.match.identities import Identity, close_identities
from include.winddown.domain.match.settings import Match

DAY = timedelta(days=1)
ASKED_AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
NOW = ASKED_AT + 12 * DAY
Row = dict[str, Any]


def asked(qty: int = 10, sku: str = "A", **more: Any) -> Row:
    """A requested line."""
    line = {"request_no": "R1", "sku": sku, "requested_qty": qty, "requested_at": ASKED_AT, "currency": "RUB"}
    return line | {"unit_cost_minor": 150, "price_minor": 400, "resale_minor": 90} | more


def told(qty: int = 10, sku: str | None = "A", day: int = 2, **more: Any) -> Row:
    """An event of either leg, so many days after the request."""
    return {"request_no": "R1", "sku": sku, "qty": qty, "happened_at": ASKED_AT + day * DAY} | more


def counted(qty: int = 10, sku: str | None = "A", day: int = 8, **more: Any) -> Row:
    """A count at the own dock."""
    return told(qty, sku, day, **more)


def closed(day: int = 9, **more: Any) -> Row:
    """The end of a count."""
    return told(0, None, day, kind="count_closed", **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What came out of a small match."""

    lines: list[Row]
    result: Result

    def line(self, sku: str = "A", condition: str = "sellable", request_no: str = "R1") -> dict[str, int]:
        """The places of one line that hold pieces, without their suffix."""
        key = (sku, condition, request_no)
        (row,) = [one for one in self.lines if (one["sku"], one["condition"], one["request_no"]) == key]
        names = (*BUCKETS, "overage_qty", "requested_qty")
        return {name.removesuffix("_qty"): row[name] for name in names if row[name]}

    def found(self, *columns: str) -> list[tuple[Any, ...]]:
        """The discrepancies as class, SKU, quantity and further columns."""
        names = ["class", "sku", "qty", *columns]
        return [tuple(row[name] for name in names) for row in self.result.found.to_dict("records")]

    def notes(self) -> list[tuple[Any, ...]]:
        """The notes as code and quantity."""
        return [(row["code"], row["qty"]) for row in self.result.notes.to_pylist()]


def match(
    requested: Sequence[Row],
    shipped: Sequence[Row] = (),
    received: Sequence[Row] = (),
    identities: Sequence[Identity] = (),
    policy: Match | None = None,
    now: datetime = NOW,
) -> Matched:
    """Match rows; a field that is not given is missing."""
    legs = Legs(
        requested=table(REQUESTED, requested),
        shipped=table(SHIPPED, shipped),
        received=table(RECEIVED, received),
        identities=close_identities(identities, "mapping"),
    )
    lines: list[Row] = []
    result = run_match(legs, policy or Match(), now, lambda chunk: lines.extend(chunk.to_pylist()))
    return Matched(lines=lines, result=result)


def table(frame: Frame, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of a frame."""
    schema = arrow_schema(frame)
    unknown = {name for row in rows for name in row} - set(schema.names)
    assert not unknown, unknown
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema)
