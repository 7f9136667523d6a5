"""Exits in a real PostgreSQL."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.tables import exit_
from include.winddown.domain.errors import BadExit, UnknownExit
from include.winddown.domain.exits import Exit, Policy
from tests.contract.courses import walk


@pytest.fixture
def exits(engine: Engine) -> ExitStore:
    return ExitStore(engine)


def test_an_exit_comes_back_as_it_went_in(exits: ExitStore, merchant_exit: Exit) -> None:
    """Every value and every policy setting survives."""
    told = replace(merchant_exit, policy=Policy(unexplained_max_qty=45))
    exits.add(told)
    assert exits.get("demo-1") == told


def test_opening_twice_is_a_no_op(exits: ExitStore, merchant_exit: Exit) -> None:
    """The same exit again changes nothing."""
    exits.add(merchant_exit)
    exits.add(merchant_exit)
    assert exits.open_ids() == ["demo-1"]


def test_other_values_under_the_same_id_are_named(exits: ExitStore, merchant_exit: Exit) -> None:
    """Who leaves and through which doors is not changed; the message names the difference."""
    exits.add(merchant_exit)
    with pytest.raises(
        BadExit, match=r"destination = .*, not ELSEWHERE; only deadline, policy and approvers may change"
    ):
        exits.add(replace(merchant_exit, destination="ELSEWHERE", deadline_on=date(2027, 2, 28)))
    assert exits.get("demo-1") == merchant_exit


def test_deadline_and_policy_are_taken_over(exits: ExitStore, merchant_exit: Exit) -> None:
    """Opening it again with another deadline or policy changes those two."""
    exits.add(merchant_exit)
    changed = replace(
        merchant_exit, deadline_on=date(2027, 2, 28), policy=Policy(unexplained_max_qty=5, usable_fill_pct=40)
    )
    exits.add(changed)
    assert exits.get("demo-1") == changed


def test_whoever_opens_or_changes_an_exit_is_an_author(exits: ExitStore, merchant_exit: Exit) -> None:
    """Opening it again without a change makes nobody an author; approvers may change, too."""
    exits.add(merchant_exit, "zoe")
    exits.add(merchant_exit, "ben")
    assert exits.authors("demo-1") == ["zoe"]
    changed = replace(merchant_exit, approvers=("ada", "ben"))
    for _ in range(2):
        exits.add(changed, "ben")
    assert (exits.get("demo-1"), exits.authors("demo-1")) == (changed, ["ben", "zoe"])
    exits.add(replace(changed, deadline_on=date(2027, 2, 28)))
    assert exits.authors("demo-1") == ["ben", "zoe"]


def test_an_unknown_exit_names_the_known_ones(exits: ExitStore, merchant_exit: Exit) -> None:
    """The message lists what there is."""
    exits.add(merchant_exit)
    with pytest.raises(UnknownExit, match="no exit 'demo-2'; known are demo-1"):
        exits.get("demo-2")


def test_no_exit_at_all_says_how_to_open_one(exits: ExitStore) -> None:
    """An empty installation tells what to do."""
    with pytest.raises(UnknownExit, match=r"none is open yet\. Open one with the DAG open_exit"):
        exits.get("demo-2")


def test_closed_exits_are_not_open(exits: ExitStore, engine: Engine, merchant_exit: Exit) -> None:
    """Only open exits are worked on; ids are sorted."""
    for exit_id in ("zulu", "alpha", "closed-1"):
        exits.add(replace(merchant_exit, exit_id=exit_id))
    walk(engine, "closed-1", "closed")
    assert exits.open_ids() == ["alpha", "zulu"]


@pytest.mark.parametrize(
    "forbidden",
    [
        {"deadline_on": date(2026, 11, 1)},
        {"exit_id": "../../etc"},
        {"state": "paused"},
    ],
)
def test_forbidden_exits_are_stopped_by_constraints_alone(
    engine: Engine, merchant_exit: Exit, forbidden: dict[str, object]
) -> None:
    """A deadline on the opening day, an id with a path in it, an unknown state."""
    kept = {name: getattr(merchant_exit, name) for name in Exit.__slots__}
    row = kept | {"policy": {}, "approvers": []} | forbidden
    with engine.begin() as connection, pytest.raises(IntegrityError, match="check constraint"):
        connection.execute(insert(exit_).values(row))
