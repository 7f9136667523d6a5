"""Plans in a real PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.tables import plan, plan_decision, plan_line, shipment, shipment_line
from include.winddown.domain.errors import PlanChanged, PlanNotApproved
from include.winddown.domain.plan import digest_plan
from include.winddown.domain.plan_frames import DECISIONS
from tests.contract.plans import SHIPMENTS, approve, decisions, plan_lines, shipment_lines

PlanOf = Callable[..., dict[str, Any]]


@pytest.fixture
def plans(engine: Engine) -> PlanStore:
    return PlanStore(engine)


def count(engine: Engine, table: Any) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_a_plan_comes_back_as_it_went_in(plans: PlanStore, plan_id: str, exit_id: str) -> None:
    """Head, lines and shipment lines survive to the last character, so the digest can be recomputed."""
    there = plans.get(plan_id)
    assert (there.exit_id, there.digest, there.state) == (exit_id, "d" * 64, "proposed")
    assert there.summary == {"units": {"return": 20}}
    assert plans.lines(plan_id) == plan_lines()
    assert plans.shipment_lines(plan_id) == shipment_lines()


def test_decisions_come_back_as_they_went_in(plans: PlanStore, plan_id: str) -> None:
    """Fractions to the last bit, days, missing values and signs: the digest covers them all."""
    there = plans.decisions(plan_id)
    assert there == decisions()
    rows = [table.to_pandas() for table in (plan_lines(), shipment_lines())]
    digests = [digest_plan({}, *rows, table.to_pandas()) for table in (there, decisions())]
    assert digests[0] == digests[1] != digest_plan({}, *rows)


def test_a_plan_from_before_the_decisions_fits_its_digest(plans: PlanStore, plan_of: PlanOf) -> None:
    """What was approved before there were any is recomputed as it was then."""
    plans.propose(**plan_of(decisions=[]))
    rows = [table.to_pandas() for table in (plan_lines(), shipment_lines())]
    assert digest_plan({}, *rows, plans.decisions("plan-1").to_pandas()) == digest_plan({}, *rows)


@pytest.mark.parametrize("name", [column.name for column in DECISIONS.columns if column.kind == "real"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), -0.5])
def test_what_is_no_amount_is_refused_by_the_table(
    plans: PlanStore, plan_of: PlanOf, engine: Engine, name: str, value: float
) -> None:
    """Not a number, infinity and less than nothing take the whole plan back."""
    good = decisions()
    at = good.schema.get_field_index(name)
    odd = good.set_column(at, good.schema.field(at), pa.array([1.0, 1.0, 1.0, value]))
    with pytest.raises(psycopg.errors.CheckViolation, match="plan_decision_numbers_ck"):
        plans.propose(**plan_of(decisions=odd.to_batches()))
    assert count(engine, plan) == 0


def test_decisions_that_lose_a_piece_are_refused_by_the_table(plans: PlanStore, plan_of: PlanOf) -> None:
    """Kept, returned and disposed of are all that is free."""
    good = decisions()
    at = good.schema.get_field_index("keep_qty")
    short = good.set_column(at, good.schema.field(at), pa.array([10, 0, 10, 1]))
    with pytest.raises(psycopg.errors.CheckViolation, match="plan_decision_every_piece_once_ck"):
        plans.propose(**plan_of(decisions=short.to_batches()))


def test_shipments_carry_their_lines(plans: PlanStore, plan_id: str) -> None:
    """One dictionary a shipment, with its lines; a warehouse can be read alone."""
    first, second = plans.shipments(plan_id, "WH-2")
    assert {name: first[name] for name in SHIPMENTS[0]} == SHIPMENTS[0]
    assert [(line["sku"], line["planned_qty"]) for line in first["lines"]] == [("SKU-1", 10), ("SKU-3", 6)]
    assert [(line["sku"], line["planned_qty"]) for line in second["lines"]] == [("SKU-3", 4)]
    assert plans.shipments(plan_id, "WH-1") == []
    assert plans.shipments(plan_id) == [first, second]


@pytest.mark.fault("F5", "S3")
@pytest.mark.fault("F6", "S3")
@pytest.mark.fault("F10", "S3")
def test_proposing_twice_is_a_no_op(plans: PlanStore, plan_of: PlanOf, engine: Engine) -> None:
    """A retried task finds its plan and leaves it alone."""
    plans.propose(**plan_of())
    plans.propose(**plan_of())
    assert (count(engine, plan), count(engine, plan_line)) == (1, 4)


@pytest.mark.fault("F26", "S3")
def test_another_digest_under_the_same_id_is_refused(plans: PlanStore, plan_of: PlanOf) -> None:
    """A plan never changes under the eyes of its approver."""
    plans.propose(**plan_of())
    with pytest.raises(PlanChanged, match="stored with digest dddddddddddd, now it comes to eeeeeeeeeeee"):
        plans.propose(**plan_of(digest="e" * 64))


@pytest.mark.fault("F7", "S3")
def test_a_new_proposal_supersedes_the_older_one(plans: PlanStore, plan_of: PlanOf) -> None:
    """Only one plan of an exit waits for an answer."""
    plans.propose(**plan_of())
    plans.propose(**plan_of(plan_id="plan-2", digest="e" * 64))
    assert [plans.get(name).state for name in ("plan-1", "plan-2")] == ["superseded", "proposed"]


def test_an_approved_plan_is_not_superseded(plans: PlanStore, plan_of: PlanOf, engine: Engine) -> None:
    """What was approved stays approved; the newest approved plan is found."""
    for number in (1, 2):
        plans.propose(**plan_of(plan_id=f"plan-{number}", digest=str(number) * 64))
        approve(engine, f"plan-{number}")
    assert plans.get("plan-1").state == "approved"
    assert plans.approved("demo-1").plan_id == "plan-2"


def test_nothing_is_approved_without_an_approval(plans: PlanStore, plan_id: str, exit_id: str) -> None:
    """Settling a plan as approved is stopped by the database."""
    with pytest.raises(IntegrityError, match="has no approval"):
        plans.settle(plan_id, "approved")
    assert plans.approved(exit_id) is None


def test_a_settled_plan_stays_settled(plans: PlanStore, plan_id: str) -> None:
    """The same state again is a no-op, a way back is refused."""
    plans.settle(plan_id, "expired")
    plans.settle(plan_id, "expired")
    with pytest.raises(IntegrityError, match="is expired and cannot become proposed"):
        plans.settle(plan_id, "proposed")


@pytest.mark.fault("F1", "S3")
@pytest.mark.fault("F2", "S3")
@pytest.mark.fault("F9", "S3")
@pytest.mark.fault("F12", "S3")
@pytest.mark.fault("F25", "S3")
def test_a_failure_in_the_middle_leaves_nothing(plans: PlanStore, plan_of: PlanOf, engine: Engine) -> None:
    """A shipment line without a shipment takes the whole plan back, and the older one stays proposed."""
    plans.propose(**plan_of())
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        plans.propose(**plan_of(plan_id="plan-2", digest="e" * 64, shipments=SHIPMENTS[:1]))
    tables = (plan, plan_line, shipment_line, plan_decision)
    assert [count(engine, table) for table in tables] == [1, 4, 3, 4]
    assert plans.get("plan-1").state == "proposed"


def test_an_empty_plan_is_stored(plans: PlanStore, plan_of: PlanOf, engine: Engine) -> None:
    """No stock, no lines: the plan still exists."""
    plans.propose(**plan_of(lines=[], shipments=[], shipment_lines=[], decisions=[]))
    assert plans.lines("plan-1").num_rows == plans.decisions("plan-1").num_rows == 0
    assert (plans.shipments("plan-1"), count(engine, shipment)) == ([], 0)


@pytest.mark.fault("F3", "S3")
@pytest.mark.fault("F5", "S3")
def test_two_proposals_at_once_take_turns(plans: PlanStore, plan_of: PlanOf) -> None:
    """Two runs of one exit end with one proposed plan, not with an error."""
    several = [plan_of(plan_id=f"plan-{number}", digest=str(number) * 64) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: plans.propose(**one), several))
    states = sorted(plans.get(f"plan-{number}").state for number in range(4))
    assert states == ["proposed", "superseded", "superseded", "superseded"]


def test_an_unknown_plan_is_named(plans: PlanStore) -> None:
    """The message says which, and how to get one."""
    with pytest.raises(PlanNotApproved, match="no plan 'nope'; run the DAG plan_wind_down"):
        plans.get("nope")


STRAY_LINES = """insert into plan_line
select 'stray', line_no, warehouse_id, sku, offer_id, name, condition, disposition, planned_qty, handling_class,
    weight_g, volume_ml, price_minor, new_price_minor, currency, unit_cost_minor, resale_minor, why
from plan_line"""
STRAY_DECISIONS = f"insert into plan_decision (plan_id, {', '.join(DECISIONS.names)}) \
select 'stray', {', '.join(DECISIONS.names)} from plan_decision"
SECOND = "insert into plan select 'plan-2', exit_id, "


@pytest.mark.usefixtures("plan_id")
@pytest.mark.parametrize(
    "statement",
    [
        "update plan set digest = repeat('f', 64)",
        "update plan set summary = '{}'",
        "delete from plan",
        "update plan_line set planned_qty = 11",
        "delete from plan_line where line_no = 1",
        "truncate plan_line",
        "update shipment set units_qty = 1",
        "delete from shipment_line",
        "update plan_decision set keep_qty = 9, return_qty = 1",
        "delete from plan_decision where sku = 'SKU-1'",
        "truncate plan_decision",
        STRAY_LINES,
        STRAY_DECISIONS,
        SECOND + "snapshot_id, digest, state, summary, created_at from plan",
        SECOND + "snapshot_id, digest, 'approved', summary, now() from plan",
        SECOND + "'nope', repeat('e', 64), state, summary, now() from plan",
    ],
)
def test_forbidden_writes_are_stopped_by_constraints_alone(engine: Engine, statement: str) -> None:
    """Editing a plan, lines without a plan, a second proposal, an approval out of nothing."""
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text(statement))


def test_a_line_without_units_is_refused(plans: PlanStore, plan_of: PlanOf) -> None:
    """Every line moves at least one piece."""
    lines = plan_lines()
    at = lines.schema.get_field_index("planned_qty")
    empty = lines.set_column(at, lines.schema.field(at), pa.array([0] * 4, pa.int64()))
    with pytest.raises(psycopg.errors.CheckViolation, match="plan_line_planned_qty_ck"):
        plans.propose(**plan_of(lines=empty.to_batches()))
