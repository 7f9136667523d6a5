"""What the database itself refuses in the ledger of effects."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.domain.effects import Outcome
from tests.contract.intents import KEY


def run(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    "statement",
    [
        "update effect set state = 'confirmed'",
        "update effect set state = 'rejected'",
        "update effect set state = 'unknown'",
        "update effect set state = 'sending', fence = fence + 1",
        "update effect set state = 'sending', lease_until = now()",
        "update effect set state = 'sending', fence = fence + 2, lease_until = now()",
        "update effect set request = '{}'",
        "update effect set effect_key = repeat('f', 64)",
        "update effect set conflict_key = ''",
        "delete from effect",
        "truncate effect cascade",
        (
            "insert into effect (effect_key, exit_id, kind, plan_id, conflict_key, request)"
            " values ('', 'demo-1', 'return_request', 'plan-1', 'x', '{}')"
        ),
        (
            "insert into effect (effect_key, exit_id, kind, plan_id, conflict_key, request, state, remote_id)"
            " values (repeat('f', 64), 'demo-1', 'return_request', 'plan-1', 'x', '{}', 'confirmed', 'RR-9')"
        ),
        (
            "insert into effect (effect_key, exit_id, kind, plan_id, conflict_key, request)"
            " values (repeat('f', 64), 'demo-1', 'return_request', 'plan-9', 'x', '{}')"
        ),
        "insert into effect_attempt (effect_key, attempt_no, fence) values (repeat('f', 64), 1, 1)",
    ],
)
def test_forbidden_writes_are_stopped_by_constraints_alone(engine: Engine, statement: str) -> None:
    """Skipping states, jumping fences, rewriting or deleting an effect, keys of the wrong form."""
    with pytest.raises(IntegrityError):
        run(engine, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update effect set state = 'ready'",
        "update effect set state = 'ready', absent_reads = 1",
        "update effect set state = 'cancelled'",
        "update effect set state = 'sending', fence = fence + 1, lease_until = now()",
        "update effect set account = 'elsewhere'",
        "update effect set sends = -1",
    ],
)
def test_an_unknown_effect_goes_nowhere_without_evidence(
    ledger: EffectLedger, engine: Engine, statement: str
) -> None:
    """Two complete reads make it ready; a hand-written statement does not."""
    ledger.record(KEY, ledger.claim(KEY, 60), Outcome.UNKNOWN, "read timeout")
    with pytest.raises(IntegrityError):
        run(engine, statement)


@pytest.mark.parametrize("state", ["ready", "cancelled"])
def test_an_escalated_effect_is_settled_by_a_named_person_only(
    ledger: EffectLedger, engine: Engine, state: str
) -> None:
    """A decision made before it escalated does not count, nor does one without a name."""
    note = "insert into effect_note (effect_key, kind, by_user, detail) values"
    run(engine, f"{note} ('{KEY}', 'decided', 'approver', 'an earlier one')")
    ledger.escalate(KEY, ledger.claim(KEY, 60), "two stand there")
    with pytest.raises(IntegrityError, match="named person"):
        run(engine, f"update effect set state = '{state}'")
    with pytest.raises(IntegrityError):
        run(engine, f"{note} ('{KEY}', 'decided', '', 'nobody')")
    run(engine, f"{note} ('{KEY}', 'decided', 'approver', 'asked the desk')")
    run(engine, f"update effect set state = '{state}'")


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("statement", ["update effect_note set detail = 'x'", "delete from effect_note"])
def test_notes_are_only_added(engine: Engine, statement: str) -> None:
    """What was said of an effect stays."""
    with pytest.raises(IntegrityError):
        run(engine, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update effect set state = 'ready', remote_id = null",
        "update effect set remote_id = 'RR-2'",
        "update effect set fence = 0",
        "update effect_attempt set outcome = 'unknown'",
        "delete from effect_attempt",
    ],
)
def test_a_confirmed_effect_is_final(ledger: EffectLedger, engine: Engine, statement: str) -> None:
    """What is done is done: neither the effect nor its attempts change any more."""
    ledger.record(KEY, ledger.claim(KEY, 60), Outcome.OK, "201", "RR-1", {})
    with pytest.raises(IntegrityError):
        run(engine, statement)
