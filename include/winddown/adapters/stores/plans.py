"""Plans, their lines and shipments in PostgreSQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Engine, insert, select, update

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.database import copy_into, copy_out
from include.winddown.adapters.stores.tables import (
    exit_,
    plan,
    plan_decision,
    plan_line,
    shipment,
    shipment_line,
)
from include.winddown.domain.errors import PlanChanged, PlanNotApproved
from include.winddown.domain.frames import PLAN_LINES, SHIPMENT_LINES
from include.winddown.domain.plan_frames import DECISIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    One plan.

    Attributes:
        digest: 64 hexadecimal digits over every line, shipment and fact.
        state: proposed, approved, rejected, expired or superseded.
        summary: what a person reads before approving; fits JSON.
        created_at: when it was put up for approval.
    """

    plan_id: str
    exit_id: str
    snapshot_id: str
    digest: str
    state: str
    summary: dict[str, Any]
    created_at: datetime


COLUMNS = [plan.c[name] for name in Plan.__slots__]


class PlanStore:
    """The plans of every exit; a plan is frozen from the moment it is stored."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def propose(  # noqa: PLR0913  a plan is all of this, and all of it or nothing is stored
        self,
        *,
        plan_id: str,
        exit_id: str,
        snapshot_id: str,
        digest: str,
        summary: Mapping[str, object],
        lines: Iterable[pa.RecordBatch],
        shipments: Sequence[Mapping[str, object]],
        shipment_lines: Iterable[pa.RecordBatch],
        decisions: Iterable[pa.RecordBatch] = (),
    ) -> None:
        """
        Put a plan up for approval, in one transaction; an older proposal of the exit is superseded.

        The same plan and digest again change nothing.

        Args:
            plan_id: its id.
            exit_id: whose plan it is.
            snapshot_id: what it rests on.
            digest: of everything in it.
            summary: for people; fits JSON.
            lines: frames.PLAN_LINES; numbered from 1 as they come.
            shipments: shipment_no, warehouse_id, destination, handling_class, units_qty [pcs],
                weight_g and volume_ml of the whole shipment.
            shipment_lines: frames.SHIPMENT_LINES.
            decisions: plan_frames.DECISIONS.

        Raises:
            PlanChanged: that plan is stored with another digest.
        """
        head = {
            "plan_id": plan_id,
            "exit_id": exit_id,
            "snapshot_id": snapshot_id,
            "digest": digest,
            "summary": dict(summary),
        }
        with self._engine.begin() as connection:
            # Two runs of one exit take turns here; else both would meet at plan_one_proposed.
            connection.execute(select(exit_.c.exit_id).where(exit_.c.exit_id == exit_id).with_for_update())
            if _is_stored(connection, plan_id, digest):
                return
            older = (plan.c.exit_id == exit_id) & (plan.c.state == "proposed")
            connection.execute(update(plan).where(older).values(state="superseded"))
            connection.execute(insert(plan).values(head))
            copy_into(connection, plan_line, _numbered(plan_id, lines))
            if shipments:
                rows = [{"plan_id": plan_id, **{name: row[name] for name in SHIPMENT}} for row in shipments]
                connection.execute(insert(shipment), rows)
            copy_into(connection, shipment_line, _of_plan(plan_id, shipment_lines))
            copy_into(connection, plan_decision, (_with_plan(plan_id, batch) for batch in decisions))

    def get(self, plan_id: str) -> Plan:
        """
        Find a plan.

        Raises:
            PlanNotApproved: there is none of that id.
        """
        with self._engine.connect() as connection:
            row = (
                connection.execute(select(*COLUMNS).where(plan.c.plan_id == plan_id)).mappings().one_or_none()
            )
        if row is None:
            msg = f"there is no plan {plan_id!r}; run the DAG plan_wind_down"
            raise PlanNotApproved(msg)
        return Plan(**row)

    def approved(self, exit_id: str) -> Plan | None:
        """Find the plan of an exit that was approved last."""
        query = select(*COLUMNS).where(plan.c.exit_id == exit_id, plan.c.state == "approved")
        newest = query.order_by(plan.c.created_at.desc(), plan.c.plan_id.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(newest).mappings().one_or_none()
        return Plan(**row) if row else None

    def lines(self, plan_id: str) -> pa.Table:
        """Read frames.PLAN_LINES of a plan, in the order they were stored."""
        columns = [plan_line.c[name] for name in PLAN_LINES.names]
        query = select(*columns).where(plan_line.c.plan_id == plan_id).order_by(plan_line.c.line_no)
        with self._engine.connect() as connection:
            return copy_out(connection, query, arrow_schema(PLAN_LINES))

    def decisions(self, plan_id: str) -> pa.Table:
        """Read plan_frames.DECISIONS of a plan, by SKU; a plan from before there were any has none."""
        columns = [plan_decision.c[name] for name in DECISIONS.names]
        query = select(*columns).where(plan_decision.c.plan_id == plan_id).order_by(plan_decision.c.sku)
        with self._engine.connect() as connection:
            return copy_out(connection, query, arrow_schema(DECISIONS))

    def shipment_lines(self, plan_id: str, warehouse_id: str | None = None) -> pa.Table:
        """Read frames.SHIPMENT_LINES of a plan or of one warehouse, by shipment, SKU and condition."""
        own = {name: shipment_line.c[name] for name in SHIPMENT_LINES.names if name in shipment_line.c}
        columns = [own[name] if name in own else shipment.c[name] for name in SHIPMENT_LINES.names]
        query = select(*columns).join_from(shipment_line, shipment)
        ordered = query.order_by(*(shipment_line.c[name] for name in SHIPMENT_LINES.grain))
        with self._engine.connect() as connection:
            return copy_out(
                connection, ordered.where(_of(plan_id, warehouse_id)), arrow_schema(SHIPMENT_LINES)
            )

    def shipments(self, plan_id: str, warehouse_id: str | None = None) -> list[dict[str, Any]]:
        """
        List the shipments of a plan, or of one warehouse, by number.

        Returns:
            One dictionary per shipment: the columns of propose and `lines`, a list of
            dictionaries with sku, condition, offer_id, planned_qty [pcs], weight_g and
            volume_ml of one piece.
        """
        query = select(*(shipment.c[name] for name in SHIPMENT)).where(_of(plan_id, warehouse_id))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(shipment.c.shipment_no)).mappings()
            found: dict[str, dict[str, Any]] = {row["shipment_no"]: {**row, "lines": []} for row in rows}
        for line in self.shipment_lines(plan_id, warehouse_id).select([*LINE, "shipment_no"]).to_pylist():
            found[line.pop("shipment_no")]["lines"].append(line)
        return list(found.values())

    def settle(self, plan_id: str, state: str) -> None:
        """
        Give a plan another state; the database refuses ways back and approvals nobody gave.

        Args:
            plan_id: the plan.
            state: rejected, expired or superseded. Approving is ApprovalStore.decide.
        """
        changed = (plan.c.plan_id == plan_id) & (plan.c.state != state)
        with self._engine.begin() as connection:
            connection.execute(update(plan).where(changed).values(state=state))


SHIPMENT = (
    "shipment_no",
    "warehouse_id",
    "destination",
    "handling_class",
    "units_qty",
    "weight_g",
    "volume_ml",
)
LINE = ("sku", "condition", "offer_id", "planned_qty", "weight_g", "volume_ml")


def _of(plan_id: str, warehouse_id: str | None) -> ColumnElement[bool]:
    of_plan = shipment.c.plan_id == plan_id
    return of_plan if warehouse_id is None else of_plan & (shipment.c.warehouse_id == warehouse_id)


def _is_stored(connection: Connection, plan_id: str, digest: str) -> bool:
    there = connection.scalar(select(plan.c.digest).where(plan.c.plan_id == plan_id))
    if there is not None and there != digest:
        msg = (
            f"plan {plan_id} is stored with digest {there[:12]}, now it comes to {digest[:12]};"
            " start a new run of plan_wind_down"
        )
        raise PlanChanged(msg)
    return there is not None


def _numbered(plan_id: str, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    first = 1
    for batch in batches:
        numbers = pa.arange(first, first + batch.num_rows)
        yield _with_plan(plan_id, batch.select(list(PLAN_LINES.names))).append_column("line_no", numbers)
        first += batch.num_rows


def _of_plan(plan_id: str, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield _with_plan(plan_id, batch.select(["shipment_no", *LINE]))


def _with_plan(plan_id: str, batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch.append_column("plan_id", pa.repeat(plan_id, batch.num_rows))
