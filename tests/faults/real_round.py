"""One round with real processes: two workers of one exit, killed, stopped and started again until nothing is open."""

import os
import signal
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine, text
from upath import UPath

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.exits import Exit, Policy
from include.winddown.domain.frames import SHIPMENT_LINES
from include.winddown.domain.plan import digest_plan
from tests.contract.plans import approve, plan_lines
from tests.faults.real_worker import BROKEN, LEASE_S, POINTS, Order, work

WAREHOUSES = ("WH-1", "WH-2")
EACH = 2
PATIENCE_S = 600.0
REST_S = 0.4
STOPPED_S = 2 * LEASE_S
PLANNED_SHARE, RANDOM_SHARE, STOPPED_SHARE = 0.6, 0.15, 0.1
HORIZON_S = STOPPED_S + 12.0
"""Longer than a worker is stopped, a desk acts late, its list is stale and this machine is busy together."""


@dataclass(slots=True)
class Worker:
    """A process and what is to happen to it; times are of the monotonic clock."""

    pid: int
    planned: str
    kill_at: float | None = None
    stop_at: float | None = None
    go_on_at: float | None = None


@dataclass(slots=True)
class Round:
    """
    One exit with four shipments.

    Attributes:
        kills: of the whole campaign, by place; the rarest place comes next.
        quota: so many kills at a place are enough.
    """

    number: int
    order: Order
    kills: Counter[str]
    quota: int
    began: float = field(default_factory=time.monotonic)
    workers: list[Worker] = field(default_factory=list)
    starts_at: list[float] = field(default_factory=list)
    is_over: bool = False
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        """Begin with two workers at once."""
        self.chance = Random(self.number)
        self.starts_at = [self.began, self.began + self.chance.uniform(0, 0.5)]

    def step(self) -> None:
        """Start who is due, kill and stop who is to be, take in who has ended."""
        now = time.monotonic()
        for worker in list(self.workers):
            self._treat(worker, now)
        for due in [at for at in self.starts_at if at <= now and not self.is_over]:
            self.starts_at.remove(due)
            self.workers.append(self._start(now))

    def is_late(self) -> bool:
        """Whether it takes longer than anything in it can."""
        return time.monotonic() - self.began > PATIENCE_S

    def end(self) -> None:
        """Kill whoever still works."""
        for worker in self.workers:
            os.kill(worker.pid, signal.SIGKILL)
            os.waitpid(worker.pid, 0)
        self.workers.clear()

    def _treat(self, worker: Worker, now: float) -> None:
        if worker.kill_at is not None and now >= worker.kill_at:
            os.kill(worker.pid, signal.SIGKILL)
            worker.kill_at, worker.planned = None, "at random"
        if worker.stop_at is not None and now >= worker.stop_at:
            os.kill(worker.pid, signal.SIGSTOP)
            worker.stop_at, worker.go_on_at = None, now + STOPPED_S
            self.kills["stopped for two leases"] += 1
        if worker.go_on_at is not None and now >= worker.go_on_at:
            os.kill(worker.pid, signal.SIGCONT)
            worker.go_on_at = None
        ended, status = os.waitpid(worker.pid, os.WNOHANG)
        if ended:
            self.workers.remove(worker)
            self._take_in(worker, status, now)

    def _take_in(self, worker: Worker, status: int, now: float) -> None:
        if os.WIFSIGNALED(status):
            self.kills[worker.planned] += 1
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == BROKEN:
            msg = f"a worker of round {self.number} broke; its traceback stands above"
            raise RuntimeError(msg)
        self.is_over = self.is_over or (os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0)
        self.starts_at.append(now + self.chance.uniform(0, 2 * REST_S))

    def _start(self, now: float) -> Worker:
        wanting = [place for place in POINTS if self.kills[place] < self.quota]
        planned, drawn = "", self.chance.random()
        if wanting and drawn < PLANNED_SHARE:
            planned = min(wanting, key=lambda place: (self.kills[place], self.chance.random()))
        order = replace(self.order, kill_at=planned, after=self.chance.choice((0, 0, 1)))
        pid = os.fork()
        if pid == 0:
            os.setsid()  # as every task of Airflow has a session of its own
            work(order)
        worker = Worker(pid, planned)
        if PLANNED_SHARE < drawn < PLANNED_SHARE + RANDOM_SHARE:
            worker.kill_at = now + self.chance.uniform(0.05, 0.5)
        elif drawn > 1 - STOPPED_SHARE:
            worker.stop_at = now + self.chance.uniform(0.02, 0.3)
        return worker


def found_exit(engine: Engine, number: int, folder: Path, desk_conn: str = "none") -> list[Mapping[str, str]]:
    """Open an exit with an approved plan of four shipments; gives what create_returns is mapped over."""
    exit_id, plan_id = f"round-{number}", f"plan-{number}"
    ExitStore(engine).add(_exit(exit_id, desk_conn))
    snapshots = SnapshotStore(engine, UPath(folder))
    snapshot_id = snapshots.begin(exit_id, None)
    snapshots.seal(snapshot_id, datetime.now(UTC))
    shipments = [_shipment(place, one) for place in WAREHOUSES for one in range(1, EACH + 1)]
    lines, packed, facts = plan_lines(), _lines(number, shipments), {"exit_id": exit_id}
    digest = digest_plan(facts, lines.to_pandas(), packed.to_pandas())
    PlanStore(engine).propose(
        plan_id=plan_id,
        exit_id=exit_id,
        snapshot_id=snapshot_id,
        digest=digest,
        summary={"facts": facts},
        lines=lines.to_batches(),
        shipments=shipments,
        shipment_lines=packed.to_batches(),
    )
    approve(engine, plan_id)
    common = {"exit_id": exit_id, "plan_id": plan_id, "digest": digest}
    return [{**common, "warehouse_id": place} for place in WAREHOUSES]


def judge(engine: Engine, number: int, standing: list[dict[str, Any]]) -> list[str]:
    """Compare what stands at the desk for a round with its ledger and its books."""
    sql = """select effect.request ->> 'shipment_no' as deed, effect.state, effect.remote_id,
        coalesce(sum(line.accepted_qty), 0) as accepted,
        (select coalesce(sum(qty), 0) from movement where source_doc = left(effect.effect_key, 20)) as moved
        from effect left join return_request using (effect_key) left join return_line as line using (request_id)
        where effect.exit_id = :exit_id group by effect.effect_key"""
    with engine.connect() as connection:
        rows = connection.execute(text(sql), {"exit_id": f"round-{number}"}).all()
    wrongs = [] if len(rows) == EACH * len(WAREHOUSES) else [f"lost: {len(rows)} effects"]
    for row in rows:
        mine = [one for one in standing if one["lines"][0]["sku"] == _sku(number, row.deed)]
        wrongs += _wrongs_of(row, mine)
    return [f"round {number}: {wrong}" for wrong in wrongs]


def _wrongs_of(row: Any, mine: list[dict[str, Any]]) -> list[str]:
    numbers = [one["request_no"] for one in mine]
    pieces = sum(line["accepted_quantity"] for one in mine for line in one["lines"])
    wrongs = [f"duplicate: {row.deed} stands as {numbers}"] if len(numbers) > 1 else []
    if row.state in ("ready", "sending", "unknown"):
        wrongs.append(f"stuck: {row.deed} is {row.state}")
    elif row.state == "escalated":
        wrongs.append(f"escalated: {row.deed}")
    elif row.remote_id not in numbers:
        wrongs.append(f"lost: {row.deed} is {row.state} under {row.remote_id}, there stands {numbers}")
    if row.state == "confirmed" and not (row.accepted == row.moved == pieces or len(numbers) > 1):
        wrongs.append(f"books: {row.deed}: {row.accepted} accepted, {row.moved} moved, {pieces} at the desk")
    return wrongs


def _exit(exit_id: str, desk_conn: str) -> Exit:
    return Exit(
        exit_id=exit_id,
        merchant="Faults",
        marketplace_conn="none",
        desk_conn=desk_conn,
        dock_conn="none",
        destination="own-warehouse",
        currency="RUB",
        opened_on=date(2026, 11, 1),
        deadline_on=date(2027, 1, 31),
        policy=Policy(),
    )


def _shipment(place: str, one: int) -> dict[str, Any]:
    return {
        "shipment_no": f"{place}-standard-{one:03d}",
        "warehouse_id": place,
        "destination": "own-warehouse",
        "handling_class": "standard",
        "units_qty": 5,
        "weight_g": 1_500,
        "volume_ml": 4_500,
    }


def _sku(number: int, deed: str) -> str:
    return f"SKU-{number}-{deed}"


def _lines(number: int, shipments: list[dict[str, Any]]) -> pa.Table:
    rows = [
        {
            **{name: one[name] for name in ("shipment_no", "warehouse_id", "destination", "handling_class")},
            "sku": _sku(number, one["shipment_no"]),
            "offer_id": "ART",
            "condition": "sellable",
            "planned_qty": 5,
            "weight_g": 300,
            "volume_ml": 900,
        }
        for one in shipments
    ]
    return pa.Table.from_pylist(rows, schema=arrow_schema(SHIPMENT_LINES))
