"""A thousand return requests through the ledger, against the same calls made without it."""

import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine
from upath import UPath

from bench.approving import approve
from bench.embedded import ROOT, peer
from include.winddown.adapters.desks.partner_api import PartnerApi
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.shared_pace import SharedPace
from include.winddown.adapters.stores.database import engine_of
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.effects import Outcome, effect_key
from include.winddown.domain.exits import Exit, Policy
from include.winddown.domain.frames import PLAN_LINES, SHIPMENT_LINES
from include.winddown.domain.stands import Stand
from include.winddown.steps.ledger import Bringing
from include.winddown.steps.requests import KIND, request_of

REQUESTS = 1_000
LINES = 10
ROUND = 100
CALLS = 2  # a look and a send
RATE_PER_S = 50
SHARE_MIN, OVERHEAD_MAX = 0.9, 1.25
DIGEST = "d" * 64
WAREHOUSE = "WH-1"
EXITS = ("paced", "unpaced")


def run(requests: int = REQUESTS) -> list[dict[str, object]]:
    """
    Create requests of ten lines each at a sandbox that agrees to whatever it is asked for.

    Returns:
        Rate: seconds at the desk's limit of 50 calls a second, look and send each counted, against the
        seconds these calls take at that rate. Overhead: seconds with the ledger and without it, at that limit
        and, in turns of 100 on one desk, without any; wall time, the database commits to disk.
    """
    logging.disable(logging.INFO)
    with peer() as postgres:
        engine = engine_of(postgres.url)
        for exit_id in EXITS:
            _prepare(engine, postgres.folder, exit_id, requests // 2)
        paced, paced_bare = _paced(engine, requests // 2)
        ours, bare = _unpaced(engine, requests // 2)
        engine.dispose()
    least_s = CALLS * (requests // 2) / RATE_PER_S
    name = f"{requests // 2} return requests"
    return [
        _row(f"{name} at 50 calls a second: seconds their calls take / measured", least_s, paced, SHARE_MIN)
        | {"at_least": True},
        _row(
            f"{name} at 50 calls a second / the same calls without the ledger",
            paced,
            paced_bare,
            OVERHEAD_MAX,
        ),
        _row(f"{name} without any limit / the same calls without the ledger", ours, bare, OVERHEAD_MAX),
    ]


def _row(name: str, measured: float, compared_with: float, limit: float) -> dict[str, object]:
    ratio = measured / compared_with
    return {
        "name": name,
        "measured": measured,
        "compared_with": compared_with,
        "ratio": ratio,
        "limit": limit,
        "peak_mb": None,
    }


def _paced(engine: Engine, count: int) -> tuple[float, float]:
    with _desk(("--mirror",)) as (address, token), tempfile.TemporaryDirectory() as folder:
        desk = PartnerApi(address, token, pace=SharedPace(Path(folder) / "pace", address, RATE_PER_S))
        ours = _through_ledger(engine, desk, EXITS[0], range(count))
        return ours, _without(engine, desk, EXITS[0], range(count))


def _unpaced(engine: Engine, count: int) -> tuple[float, float]:
    ours = bare = 0.0
    with _desk(("--mirror", "--no-limits")) as (address, token):
        desk = PartnerApi(address, token)
        for begin in range(0, count, ROUND):
            part = range(begin, begin + ROUND)
            ours += _through_ledger(engine, desk, EXITS[1], part)
            bare += _without(engine, desk, EXITS[1], part)
    return ours, bare


def _through_ledger(engine: Engine, desk: PartnerApi, exit_id: str, part: range) -> float:
    ledger, shipments = EffectLedger(engine), _shipments(engine, exit_id, part)
    keys = [effect_key(exit_id, KIND, DIGEST, one["shipment_no"]) for one in shipments]
    began = time.perf_counter()
    ledger.intend(
        *(
            {
                "effect_key": key,
                "exit_id": exit_id,
                "kind": KIND,
                "plan_id": exit_id,
                "account": desk.manner.account,
                "conflict_key": desk.manner.conflict_key(KIND, key, WAREHOUSE),
                "request": {"shipment_no": one["shipment_no"], "client_reference": key},
            }
            for key, one in zip(keys, shipments, strict=True)
        )
    )
    for key, one in zip(keys, shipments, strict=True):
        stand, detail = Bringing(ledger, desk, one["shipment_no"], request_of(key, one)).go()
        if stand is not Stand.DONE:
            raise RuntimeError(detail)
    return time.perf_counter() - began


def _without(engine: Engine, desk: PartnerApi, exit_id: str, part: range) -> float:
    shipments = _shipments(engine, exit_id, part)
    began = time.perf_counter()
    for one in shipments:
        request = request_of(f"bare-{one['shipment_no']}", one)
        if desk.find(request).matches or desk.create(request).outcome is not Outcome.OK:
            raise RuntimeError(one["shipment_no"])
    return time.perf_counter() - began


def _shipments(engine: Engine, exit_id: str, part: range) -> list[dict[str, Any]]:
    return PlanStore(engine).shipments(exit_id)[part.start : part.stop]


def _prepare(engine: Engine, folder: Path, exit_id: str, requests: int) -> None:
    """Store an exit with an approved plan of so many shipments."""
    ExitStore(engine).add(
        Exit(
            exit_id=exit_id,
            merchant="bench",
            marketplace_conn="m",
            desk_conn="d",
            dock_conn="k",
            destination="OWN",
            currency="RUB",
            opened_on=date(2026, 11, 1),
            deadline_on=date(2027, 1, 31),
            policy=Policy(),
        )
    )
    snapshots = SnapshotStore(engine, UPath(folder / "store"))
    snapshot_id = snapshots.begin(exit_id, None)
    snapshots.seal(snapshot_id, datetime(2026, 11, 8, 6, tzinfo=UTC))
    lines = pa.Table.from_pylist(
        [_line(number, at) for number in range(requests) for at in range(LINES)],
        schema=arrow_schema(SHIPMENT_LINES),
    )
    heads = [
        {
            "shipment_no": _number(number),
            "warehouse_id": WAREHOUSE,
            "destination": "OWN",
            "handling_class": "standard",
            "units_qty": 5 * LINES,
            "weight_g": 300 * LINES,
            "volume_ml": 900 * LINES,
        }
        for number in range(requests)
    ]
    PlanStore(engine).propose(
        plan_id=exit_id,
        exit_id=exit_id,
        snapshot_id=snapshot_id,
        digest=DIGEST,
        summary={},
        lines=arrow_schema(PLAN_LINES).empty_table().to_batches(),
        shipments=heads,
        shipment_lines=lines.to_batches(),
        decisions=[],
    )
    approve(engine, exit_id, DIGEST)


def _number(shipment: int) -> str:
    return f"{WAREHOUSE}-standard-{shipment:05d}"


def _line(shipment: int, at: int) -> dict[str, object]:
    return {
        "shipment_no": _number(shipment),
        "warehouse_id": WAREHOUSE,
        "destination": "OWN",
        "handling_class": "standard",
        "sku": f"SKU-{shipment}-{at}",
        "offer_id": f"ART-{shipment}-{at}",
        "condition": "sellable",
        "planned_qty": 5,
        "weight_g": 300,
        "volume_ml": 900,
    }


@contextmanager
def _desk(switches: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Start a sandbox; gives address and token of its desk."""
    command = [sys.executable, "-m", "include.sandbox", "--port", "0", "--size", "5", *switches]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as one:
        try:
            ready = json.loads(one.stdout.readline() if one.stdout else "")
            yield ready["address"], ready["partner_token"]
        finally:
            one.terminate()


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']}: {row['measured']:.2f} against {row['compared_with']:.2f}, {row['ratio']:.3f}")
