"""Requests, shipments and counts whose truth is known: seeded, of any size, with duplicates and replays."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.domain.frame_types import Frame
from include.winddown.domain.match.frames import RECEIVED, REQUESTED, SHIPPED

ASKED_AT = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 4, 20, tzinfo=UTC)
LINES_A_REQUEST = 10
DISCREPANT = 0.10
REPEATED = 0.15
ROW_GROUP = 122_880
FATES = (
    *("short", "damaged", "overage", "lost_in_transit", "lost_by_partner", "disposed_without_consent"),
    *("sold_after_request", "wrong_item", "concealed_damage", "not_accepted"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """
    A made-up match.

    Attributes:
        requested, shipped, received: rows in the frames of those names.
        truth: one row per discrepant line: request_no, sku, class, qty.
    """

    requested: pa.Table
    shipped: pa.Table
    received: pa.Table
    truth: pa.Table


def make_world(lines: int, seed: int) -> World:
    """Make so many request lines; one in ten has exactly one discrepancy."""
    chance = np.random.default_rng([seed, 6])
    number = np.arange(lines)
    request = np.array([f"RR-{one:07d}" for one in number // LINES_A_REQUEST], dtype=object)
    sku = np.array([f"SKU-{one:07d}" for one in chance.permutation(lines)], dtype=object)
    asked = chance.integers(2, 30, lines)
    is_off = chance.random(lines) < DISCREPANT
    # a request whose count stays open has only lines that are lost in transit or fine
    is_open = (number // LINES_A_REQUEST) % 50 == 0
    fate = np.where(is_off, chance.integers(0, len(FATES), lines), -1)
    fate = np.where(is_open & is_off, FATES.index("lost_in_transit"), fate)
    fate = np.where(~is_open & (fate == FATES.index("lost_in_transit")), FATES.index("short"), fate)
    off = np.where(fate >= 0, 1 + chance.integers(0, asked), 0)
    is_ = {name: np.where(fate == at, off, 0) for at, name in enumerate(FATES)}
    told = {
        "shipped": asked
        - sum(
            is_[name]
            for name in ("lost_by_partner", "disposed_without_consent", "sold_after_request", "not_accepted")
        ),
        "lost": is_["lost_by_partner"],
        "disposed": is_["disposed_without_consent"],
        "sold": is_["sold_after_request"],
    }
    good = (
        told["shipped"]
        + is_["overage"]
        - sum(is_[n] for n in ("short", "lost_in_transit", "damaged", "wrong_item"))
    )
    counted = {
        "received_ok": good,
        "received_damaged": is_["damaged"],
        "received_wrong": is_["wrong_item"],
        "concealed_damage": is_["concealed_damage"],
    }
    costs = chance.integers(100, 100_000, lines)
    requested = _table(
        REQUESTED,
        {
            "request_no": request,
            "sku": sku,
            "condition": ["sellable"] * lines,
            "requested_qty": asked,
            "accepted_qty": asked - is_["not_accepted"],
            "requested_at": [ASKED_AT] * lines,
            "warehouse_id": ["WH-1"] * lines,
            "unit_cost_minor": costs,
            "currency": ["RUB"] * lines,
        },
    )
    shipped = _repeat(_events(SHIPPED, request, sku, told, 2, chance), chance)
    received = _repeat(_events(RECEIVED, request, sku, counted, 9, chance), chance)
    closed = np.unique(request[~is_open])
    closes = {
        "request_no": closed,
        "kind": ["count_closed"] * len(closed),
        "qty": np.zeros(len(closed), np.int64),
    }
    ends = {
        "happened_at": [ASKED_AT + timedelta(days=20)] * len(closed),
        "event_id": [f"Z-{one}" for one in closed],
    }
    return World(
        requested=requested,
        shipped=shipped,
        received=pa.concat_tables([received, _table(RECEIVED, closes | ends)]),
        truth=pa.table(
            {
                "request_no": pa.array(request[fate >= 0], pa.string()),
                "sku": pa.array(sku[fate >= 0], pa.string()),
                "class": [FATES[one] for one in fate[fate >= 0]],
                "qty": pa.array(off[fate >= 0], pa.int64()),
            }
        ),
    )


def _events(
    frame: Frame,
    request: np.ndarray,
    sku: np.ndarray,
    told: dict[str, np.ndarray],
    day: int,
    chance: np.random.Generator,
) -> pa.Table:
    """Write events, a third of the large ones in two parts, each with the number of a carton."""
    parts = []
    for kind, qty in told.items():
        first = np.where((qty > 1) & (chance.random(len(qty)) < 0.34), qty // 2, qty)
        for part, pieces in ((1, first), (2, qty - first)):
            at = np.flatnonzero(pieces > 0)
            names = [f"{kind[:1].upper()}{kind[-2:]}{part}-{one}" for one in at]
            parts.append(
                _table(
                    frame,
                    {
                        "request_no": request[at],
                        "shipment_no": [f"S{part}-{one[3:]}" for one in request[at]],
                        "carton_id": [f"C{part}-{one}" for one in at // 4],
                        "tracking_no": [f"1z {one[3:]}" for one in request[at]],
                        "sku": sku[at],
                        "condition": ["sellable"] * len(at),
                        "kind": [kind] * len(at),
                        "qty": pieces[at],
                        "happened_at": [ASKED_AT + timedelta(days=day + part)] * len(at),
                        "event_id": names,
                        "report_no": [f"{frame.name}-{one // 50_000}" for one in at],
                    },
                )
            )
    return pa.concat_tables(parts)


def _repeat(events: pa.Table, chance: np.random.Generator) -> pa.Table:
    """Tell one event in seven again, and mix everything."""
    again = chance.choice(events.num_rows, int(events.num_rows * REPEATED), replace=False)
    order = np.concatenate([np.arange(events.num_rows), again])
    return events.take(pa.array(chance.permutation(order)))


def _table(frame: Frame, columns: dict[str, object]) -> pa.Table:
    schema = arrow_schema(frame)
    rows = len(next(iter(columns.values())))  # type: ignore[arg-type]
    return pa.table(
        [
            pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(rows, field.type)
            for field in schema
        ],
        schema=schema,
    )


def write_world(world: World, folder: Path) -> dict[str, list[str]]:
    """Write the legs as Parquet, two files each; gives their paths by leg."""
    paths: dict[str, list[str]] = {}
    for name in ("requested", "shipped", "received"):
        table = getattr(world, name)
        half = table.num_rows // 2
        paths[name] = [str(folder / f"{name}-{number}.parquet") for number in (1, 2)]
        pq.write_table(table.slice(0, half), paths[name][0], row_group_size=ROW_GROUP)
        pq.write_table(table.slice(half), paths[name][1], row_group_size=ROW_GROUP)
    return paths
