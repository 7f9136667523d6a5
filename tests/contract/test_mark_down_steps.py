"""The steps as the DAGs call them: real database, real marketplace door, connections as Airflow reads them."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine, make_url, text

from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.domain.errors import BadConnection, NothingToDo, PersonNeeded, PlanNotApproved
from include.winddown.domain.exits import Exit, Policy
from include.winddown.domain.frames import PLAN_LINES, SHIPMENT_LINES
from include.winddown.domain.plan import digest_plan
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.runtime import doors
from include.winddown.steps.corridor import corridor
from include.winddown.steps.mark_down import change, choose, verify
from tests.contract.plans import approve, decisions, plan_lines
from tests.contract.sandbox_server import Sandbox, running

POLICY = Policy.of({"prices": {"corridor_pct": 10}})


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "8", "--size", "8") as started:
        yield started


@pytest.fixture
def connected(
    world: Sandbox, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Every connection of the exit, in the environment."""
    world.calm().advance(1)
    host, _, port = world.address.removeprefix("http://").partition(":")
    url = make_url(database_url)
    shop = {"conn_type": "ozon", "host": host, "port": int(port), "login": world.greeting["client_id"]}
    extra = {"sandbox": True, "costs": str(tmp_path / "costs.csv"), "writer": "demo_writer"}
    given: dict[str, dict[str, Any]] = {
        "winddown_db": {
            "conn_type": "postgres",
            "host": url.query["host"],
            "login": "postgres",
            "schema": url.database,
        },
        "winddown_store": {"conn_type": "generic", "extra": {"root": f"file://{tmp_path / 'store'}"}},
        "demo_marketplace": shop | {"password": world.greeting["api_key"], "extra": extra},
        "demo_writer": shop | {"password": world.greeting["admin_api_key"]},
    }
    for name, value in given.items():
        monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps(value))
    doors.database.cache_clear()
    yield
    doors.database().dispose()
    doors.database.cache_clear()


@pytest.fixture
def merchant_exit(merchant_exit: Exit) -> Exit:
    """The exit of the other tests, far from its deadline."""
    today = datetime.now(UTC).date()
    changes = {"deadline_on": today.replace(year=today.year + 1), "policy": POLICY}
    return Exit(**{name: getattr(merchant_exit, name) for name in Exit.__slots__} | changes)


class Planner:
    """Plans of the shop's articles, with digests that fit."""

    def __init__(self, engine: Engine, world: Sandbox, plan_of: Callable[..., dict[str, Any]]) -> None:
        self.engine, self.world, self._plan_of = engine, world, plan_of
        self.first = self.prices()

    def prices(self) -> dict[str, int]:
        reply = self.world.ok("/v5/product/info/prices", {"filter": {}, "limit": 1000})
        return {item["offer_id"]: round(item["price"]["price"] * 100) for item in reply["items"]}

    def propose(self, plan_id: str, share: float) -> None:
        """Put up a plan whose prices are a share of the first ones."""
        today, count = self.prices(), len(self.first)
        skus = [f"S-{offer}" for offer in self.first]
        new = [round(minor * share) for minor in self.first.values()]
        table = pa.table(
            decisions(count).to_pydict()
            | {
                "sku": skus,
                "offer_id": list(self.first),
                "price_minor": [today[offer] for offer in self.first],
                "new_price_minor": new,
                "was_price_minor": list(self.first.values()),
            },
            schema=arrow_schema(DECISIONS),
        )
        lines = pa.table(
            plan_lines(count).to_pydict()
            | {
                "sku": skus,
                "offer_id": list(self.first),
                "disposition": ["markdown"] * count,
                "new_price_minor": new,
            },
            schema=arrow_schema(PLAN_LINES),
        )
        none = arrow_schema(SHIPMENT_LINES).empty_table()
        facts = {
            "exit_id": "demo-1",
            "snapshot_id": plan_id,
            "deadline_on": "x",
            "destination": "own",
            "policy": POLICY.settings(),
        }
        frames = (one.to_pandas() for one in (lines, none, table))
        PlanStore(self.engine).propose(
            **self._plan_of(
                plan_id=plan_id,
                digest=digest_plan(facts, *frames),
                summary={"facts": facts},
                lines=lines.to_batches(),
                shipments=[],
                shipment_lines=none.to_batches(),
                decisions=table.to_batches(),
            )
        )

    def carry_out(self) -> int:
        """Run the tasks of mark_down one after the other; gives how many prices stand."""
        for part in choose("demo-1"):
            change(part)
        return verify("demo-1")["prices"]

    def expected(self, share: float) -> dict[str, int]:
        return {offer: round(minor * share) for offer, minor in self.first.items()}

    def states(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.scalars(text("select state from plan order by plan_id")))


@pytest.fixture
def planner(
    connected: None,  # noqa: ARG001  it stands in the environment
    engine: Engine,
    world: Sandbox,
    plan_of: Callable[..., dict[str, Any]],
) -> Planner:
    return Planner(engine, world, plan_of)


def test_the_approved_plan_is_carried_out_once(planner: Planner):
    """Without an approval nothing is; with one the prices stand, and again nothing is to be done."""
    planner.propose("plan-1", 0.8)
    with pytest.raises(PlanNotApproved):
        choose("demo-1")
    approve(planner.engine, "plan-1")
    assert planner.carry_out() == len(planner.first)
    assert planner.prices() == planner.expected(0.8)
    written = planner.world.truth()["prices_written"]
    assert choose("demo-1") == []
    assert planner.carry_out() == len(planner.first)
    assert planner.world.truth()["prices_written"] == written


def test_a_plan_within_the_corridor_goes_out_under_the_last_approval(planner: Planner):
    """Nobody is asked; its effects name the approved plan. A price further away asks."""
    planner.propose("plan-1", 0.8)
    assert corridor("plan-1") == "plan-1"
    approve(planner.engine, "plan-1")
    planner.carry_out()
    planner.propose("plan-2", 0.75)
    for _ in range(2):
        with pytest.raises(NothingToDo, match="within the corridor"):
            corridor("plan-2")
    assert planner.carry_out() == len(planner.first)
    assert planner.prices() == planner.expected(0.75)
    planner.propose("plan-3", 0.7)
    assert corridor("plan-3") == "plan-3"
    assert planner.states() == ["approved", "within", "proposed"]
    with planner.engine.connect() as connection:
        assert list(connection.scalars(text("select distinct plan_id from effect"))) == ["plan-1"]


def test_a_price_that_somebody_else_changed_fails_the_run(planner: Planner):
    """The read-back names it and what to do; the others stand."""
    planner.propose("plan-1", 0.8)
    approve(planner.engine, "plan-1")
    offer = min(planner.first)
    item = {"offer_id": offer, "price": "99999.00", "currency_code": "RUB"}
    planner.world.ok("/v1/product/import/prices", {"prices": [item]})
    with pytest.raises(PersonNeeded, match=f"S-{offer}"):
        planner.carry_out()
    assert planner.prices() == planner.expected(0.8) | {offer: 9_999_900}


def test_without_a_writer_no_price_is_set(planner: Planner, monkeypatch: pytest.MonkeyPatch):
    """The key that reads is never used to write; the message says what to do."""
    planner.propose("plan-1", 0.8)
    approve(planner.engine, "plan-1")
    shop = json.loads(os.environ["AIRFLOW_CONN_DEMO_MARKETPLACE"])
    monkeypatch.setenv(
        "AIRFLOW_CONN_DEMO_MARKETPLACE", json.dumps(shop | {"extra": {"sandbox": True, "costs": "x"}})
    )
    with pytest.raises(BadConnection, match="names no writer"):
        choose("demo-1")
    monkeypatch.setenv("AIRFLOW_CONN_DEMO_MARKETPLACE", json.dumps(shop | {"login": "1"}))
    with pytest.raises(BadConnection, match="two Client-Ids"):
        choose("demo-1")
