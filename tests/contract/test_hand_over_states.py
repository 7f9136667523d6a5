"""Whatever is open of an exit, and whenever it shows: the steps of the DAG and the database never close it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from upath import UPath

from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.hand_overs import HandOverStore, Step
from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.errors import WinddownError
from include.winddown.domain.exit_course import CLOSED, HANDING_OVER
from include.winddown.domain.exits import Exit
from include.winddown.domain.frames import CATALOGUE, SUPPLIES
from include.winddown.domain.hand_over import SEEN
from include.winddown.domain.policy import Policy
from include.winddown.runtime import doors
from include.winddown.steps import hand_over as steps
from include.winddown.steps import setting_up
from tests.contract.snapshot_kit import NOON, order, product, shelf, snapshot_of
from tests.contract.test_hand_over import DELIVERY

Row = dict[str, object]
EXAMPLES = 20
POLICY = Policy.of({"gate_confirm_after_minutes": 0, "unexplained_max_qty": 100, "delivery": DELIVERY})
FOUND = """
update plan set state = 'superseded' where exit_id = :exit and state = 'proposed';
insert into plan (plan_id, exit_id, snapshot_id, digest, summary)
select :plan, :exit, max(snapshot_id), repeat('d', 64), '{}' from snapshot where exit_id = :exit;
insert into shipment (plan_id, shipment_no, warehouse_id, destination, handling_class, units_qty, weight_g, volume_ml)
values (:plan, 'S-1', 'WH-1', 'own', 'standard', 1, 1, 1);
"""
APPROVED = """
insert into approval_question (plan_id, digest, task_id, ti_id, dag_run_id, asking_no, subject, asked_of)
values (:plan, repeat('d', 64), 'approve', :plan, :plan, 1, 's', '{approver}');
with answer as (
    insert into approval_answer (plan_id, digest, ti_id, dag_run_id, option, user_id, user_name, subject)
    values (:plan, repeat('d', 64), :plan, :plan, 'Approve', '7', 'approver', 's') returning answer_id
)
insert into approval (plan_id, digest, decision, answer_id, user_id, user_name)
select :plan, repeat('d', 64), 'approved', answer_id, '7', 'approver' from answer;
update plan set state = 'approved' where plan_id = :plan;
insert into effect (effect_key, exit_id, kind, plan_id, account, conflict_key, request)
values (:key, :exit, 'return_request', :plan, 'desk', :key, '{}');
"""
CONFIRMED = """
update effect set state = 'confirmed', remote_id = :key where effect_key = :key;
insert into return_request (request_id, exit_id, plan_id, shipment_no, effect_key, request_no, warehouse_id)
values (left(:key, 20), :exit, :plan, 'S-1', :key, :plan, 'WH-1');
insert into return_line (request_id, sku, condition, requested_qty, accepted_qty)
values (left(:key, 20), 'A1', 'sellable', 1, 1);
"""
DISCREPANCY = """
insert into discrepancy (exit_id, request_id, sku, condition, kind, qty, currency, stake)
values (:exit, :plan, 'A1', 'sellable', 'short', 1, 'RUB', 'claim');
"""
CLAIMED = "update discrepancy set state = 'claimed', decided_by = 'ada' where exit_id = :exit;"


@dataclass(slots=True)
class Case:
    """One exit, and what is put before it."""

    engine: Engine
    store: SnapshotStore
    exit_id: str
    shown: dict[str, list[Row]] = field(default_factory=dict)

    def photograph(self) -> str:
        """Take a snapshot of what is there now."""
        more = [(CATALOGUE, [product("A1")]), (SUPPLIES, self.shown.get("supplies", []))]
        stock = self.shown.get("stock") or [shelf(on_hand_qty=0)]
        return snapshot_of(
            self.store, self.exit_id, self.shown.get("orders", ()), stock, more=more
        ).snapshot_id

    def write(self, *statements: str) -> None:
        plan = f"{self.exit_id}-{next(NUMBERS)}"  # an exit may meet two things of a kind
        given_values = {"exit": self.exit_id, "plan": plan, "key": sha256(plan.encode()).hexdigest()}
        with self.engine.begin() as connection:
            for statement in ";".join(statements).split(";\n"):
                if statement.strip(" \n;"):
                    names = {name: value for name, value in given_values.items() if f":{name}" in statement}
                    connection.execute(text(statement.strip(" \n;")), names)

    def show(self, **shown: list[Row]) -> None:
        for name, rows in shown.items():
            self.shown[name] = [*self.shown.get(name, ()), *rows]
        self.photograph()

    def book(self, to_node: str) -> None:
        head = {
            "sku": "A1",
            "qty": 1,
            "source_system": "test",
            "source_doc": to_node,
            "moved_at": NOON,
            "reason": "test",
        }
        route = ("SUPPLY", "STOCK") if to_node == "STOCK" else ("SUPPLY", "IN_REMOVAL")
        row = head | {"from_node": route[0], "to_node": route[1], "source_line": "1"}
        MovementStore(self.engine).book(self.exit_id, [row])


SUPPLY: Row = {
    "supply_id": "77",
    "status": "IN_TRANSIT_TO_STORAGE_WAREHOUSE",
    "warehouse_id": "WH-1",
    "units_qty": 3,
    "can_be_cancelled": "no",
    "listed_in": "orders",
}
TROUBLES: dict[str, Callable[[Case], None]] = {
    "a pending order": lambda case: case.show(orders=[order("P-1", "awaiting_deliver")]),
    "an order nobody knows": lambda case: case.show(orders=[order("P-1", "moonlit")]),
    "an order on its way": lambda case: case.show(orders=[order("P-1", "delivering")]),
    "a piece": lambda case: case.show(stock=[shelf(on_hand_qty=1)]),
    "a damaged piece": lambda case: case.show(stock=[shelf(on_hand_qty=1, condition="damaged_by_seller")]),
    "a reserved piece": lambda case: case.show(stock=[shelf(on_hand_qty=1, reserved_qty=1)]),
    "a supply": lambda case: case.show(supplies=[SUPPLY]),
    "a piece in the books": lambda case: case.book("STOCK"),
    "a piece on a return": lambda case: case.book("IN_REMOVAL"),
    "a plan": lambda case: case.write(FOUND),
    "a write": lambda case: case.write(FOUND, APPROVED),
    "a return that is not counted": lambda case: case.write(FOUND, APPROVED, CONFIRMED),
    "a discrepancy": lambda case: case.write(DISCREPANCY),
    "a claim": lambda case: case.write(DISCREPANCY, CLAIMED),
}
HARMLESS: dict[str, Callable[[Case], None]] = {
    "a delivered order": lambda case: case.show(orders=[order("P-2", "delivered")]),
    "a lost piece": lambda case: case.show(stock=[shelf(on_hand_qty=1, condition="lost")]),
    "a snapshot": lambda case: case.show(),
}


def archive(exit_id: str) -> str:
    """Look at the newest snapshot as the archive does; its files were landed by the case."""
    newest = steps.snapshots().latest_valid(exit_id)
    return steps.archive({"exit_id": exit_id, "snapshot_id": newest.snapshot_id, "is_known": True})


def force(engine: Engine) -> Callable[[str], object]:
    """Close it past every step, as if all had been seen and done."""

    def close(exit_id: str) -> None:
        store = HandOverStore(engine)
        for kind in ("set_up", "archive", "ended"):
            store.add(exit_id, Step(kind=kind, by_user="eve", facts={}))
        newest = steps.snapshots().latest_valid(exit_id).snapshot_id
        told = store.latest(exit_id, "standing")
        facts = told.facts if told else {"open": dict.fromkeys(SEEN)}
        seen = Step(
            kind="standing", by_user="eve", facts=facts, snapshot_id=told.snapshot_id if told else newest
        )
        store.close(exit_id, seen, "by force")

    return close


WAY: tuple[Callable[[str], object], ...] = (
    lambda exit_id: steps.standing(exit_id, "False"),
    lambda exit_id: steps.hear_set_up(steps.prepare(exit_id), "Set up", {}, "ada"),
    lambda exit_id: steps.publish_stock(steps.prepare(exit_id)),
    steps.restore,
    archive,
    lambda exit_id: steps.hear_end_contract(exit_id, "Ended", {"number": "K-1"}, "ada"),
    steps.report,
    steps.close,
)
"""The tasks of the DAG, in their order."""


@pytest.fixture
def world(engine: Engine, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Engine, SnapshotStore]:
    """The doors of an installation whose marketplace is read from files."""
    root = UPath(tmp_path / "store")
    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: root)
    for module in (steps, setting_up):
        monkeypatch.setattr(module, "started_by", lambda: "zoe")
    monkeypatch.setattr(steps, "announce", lambda *_: None)
    monkeypatch.setattr(setting_up, "shelf_desk", NoDesk)
    return engine, SnapshotStore(engine, root)


class NoDesk:
    """A marketplace without a way in."""

    def __init__(self, _merchant_exit: Exit) -> None:
        pass

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


troubles = st.lists(st.tuples(st.sampled_from(sorted(TROUBLES)), st.integers(0, len(WAY) - 1)), max_size=2)
harmless = st.lists(st.tuples(st.sampled_from(sorted(HARMLESS)), st.integers(0, 3)), max_size=2)
NUMBERS = iter(range(10**6))


def begun(world: tuple[Engine, SnapshotStore], merchant_exit: Exit) -> Case:
    engine, store = world
    exit_id = f"state-{next(NUMBERS)}"
    ExitStore(engine).add(replace(merchant_exit, exit_id=exit_id, policy=POLICY))
    case = Case(engine, store, exit_id)
    case.photograph()
    return case


def go(case: Case, step: Callable[[str], object]) -> bool:
    """Run a step as a task would; false when it stops."""
    try:
        step(case.exit_id)
    except (WinddownError, IntegrityError):
        return False
    return True


def put(case: Case, found: Sequence[tuple[str, int]], at: int) -> None:
    for name, when in found:
        if when == at:
            (TROUBLES | HARMLESS)[name](case)


@settings(
    max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(open_ones=troubles, others=harmless)
def test_an_exit_is_closed_exactly_when_nothing_of_it_is_open(
    world: tuple[Engine, SnapshotStore], merchant_exit: Exit, open_ones: list[Any], others: list[Any]
) -> None:
    """Open things show before any of the tasks, also while people are asked; what is harmless stops nothing."""
    case = begun(world, merchant_exit)
    ran = []
    for at, step in enumerate(WAY):
        put(case, open_ones if len({name for name, _ in open_ones}) == len(open_ones) else open_ones[:1], at)
        put(case, others, at)
        ran.append(go(case, step))
    state = CourseStore(case.engine).state(case.exit_id)
    assert (state == CLOSED) == (not open_ones), (state, ran)


@settings(
    max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(name=st.sampled_from(sorted(TROUBLES)), way=st.permutations(range(len(WAY))))
def test_no_order_of_the_tasks_closes_an_exit_with_something_open(
    world: tuple[Engine, SnapshotStore], merchant_exit: Exit, name: str, way: list[int]
) -> None:
    """Tasks that are cleared, marked by hand or run in any order, then everything said to be done: it stays open."""
    case = begun(world, merchant_exit)
    go(case, WAY[0])
    assert CourseStore(case.engine).state(case.exit_id) == HANDING_OVER
    TROUBLES[name](case)
    for at in way:
        go(case, WAY[at])
    assert not go(case, force(case.engine))
    assert CourseStore(case.engine).state(case.exit_id) == HANDING_OVER
