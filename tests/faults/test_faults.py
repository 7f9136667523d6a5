"""The simulator in short: the production ledger stands a few seeds, and each rule that is taken away is missed."""

import time
from collections.abc import Iterator

import pytest

from include.winddown.domain.effects import Reply, ReturnRequest
from tests.faults.campaign import wrongs_of
from tests.faults.database import Database, server
from tests.faults.desk import Desk
from tests.faults.rules import MUTANTS, Mutant
from tests.faults.schedule import Parts, Schedule

SEEDS = range(20_001, 20_031)
STALE_LOOK_UP = 6_848
"""A look-up that paused for minutes once escalated what had been sent again since (by content)."""
KNOWN = [
    pytest.param(mutant, seed, mode, id=f"{mutant.rule}, {'by reference' if mode else 'by content'}")
    for mutant in MUTANTS
    for seed, mode in ((mutant.by_reference, True), (mutant.by_content, False))
    if seed is not None
]


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with server() as uri, Database(uri) as database:
        yield database


@pytest.mark.fault("F1", "S5", "S6", "S7", "S8", "S9", "S10")
@pytest.mark.fault("F2", "S5", "S6", "S7", "S8", "S9", "S10")
@pytest.mark.fault("F3", "S5", "S6", "S7", "S8", "S9", "S10")
@pytest.mark.fault("F4", "S5", "S6", "S7", "S8", "S9", "S10")
@pytest.mark.fault("F5", "S5", "S6", "S7", "S8", "S9", "S10")
@pytest.mark.fault("F6", "S5", "S6", "S7", "S8", "S9", "S10")
@pytest.mark.fault("F7", "S5", "S6", "S7", "S8", "S9", "S10")
@pytest.mark.fault("F25", "S5", "S6", "S7", "S8", "S9", "S10")
@pytest.mark.fault("F26", "S5", "S6", "S7", "S8", "S9", "S10")
@pytest.mark.fault("F9", "S5", "S6", "S9", "S10")
@pytest.mark.fault("F10", "S5", "S6", "S9", "S10")
@pytest.mark.fault("F12", "S5", "S6", "S9", "S10")
@pytest.mark.fault("F13", "S7", "S8", "S10")
@pytest.mark.fault("F14", "S6", "S7", "S8", "S10")
@pytest.mark.fault("F15", "S7", "S8")
@pytest.mark.fault("F16", "S6", "S7", "S8", "S10")
@pytest.mark.fault("F17", "S6", "S7", "S8", "S10")
@pytest.mark.fault("F18", "S7", "S8", "S9", "S10")
@pytest.mark.fault("F19", "S6", "S10")
@pytest.mark.fault("F20", "S8", "S9")
@pytest.mark.fault("F23", "S7", "S8")
@pytest.mark.fault("F24", "S6", "S7", "S8", "S10")
@pytest.mark.parametrize("knows_reference", [True, False], ids=["by reference", "by content"])
def test_nothing_is_doubled_lost_or_stuck(database: Database, *, knows_reference: bool):
    """Whatever is killed, paused, lost or stale: each request stands once, and the ledger knows it."""
    seeds = (STALE_LOOK_UP, *SEEDS)
    found = {seed: wrongs_of(database, seed, knows_reference=knows_reference) for seed in seeds}
    assert {seed: wrongs for seed, wrongs in found.items() if wrongs} == {}


@pytest.mark.parametrize(("mutant", "seed", "knows_reference"), KNOWN)
def test_each_rule_is_missed_when_it_is_gone(
    database: Database, mutant: Mutant, seed: int, *, knows_reference: bool
):
    """A simulator that does not notice a missing rule proves nothing; with the rule the same seed is right."""
    assert wrongs_of(database, seed, knows_reference=knows_reference, parts=mutant.parts)
    assert wrongs_of(database, seed, knows_reference=knows_reference) == []


def test_at_least_thirteen_rules_are_missed():
    """So many of the rules in the list must have a seed that notices."""
    assert sum(mutant.by_reference is not None or mutant.by_content is not None for mutant in MUTANTS) >= 13


def test_a_seed_is_a_history(database: Database):
    """The same seed makes the same history, so that a failing one can be looked at."""
    histories = [Schedule(database, 7, knows_reference=True).run().world for _ in range(2)]
    assert histories[0].counts == histories[1].counts
    assert histories[0].now == histories[1].now


def test_a_seed_that_crashes_is_named(database: Database):
    """What ends a schedule is raised on with its seed, so that it can be run again; nothing takes it for a result."""

    class Broken(Desk):
        def create(self, request: ReturnRequest) -> Reply:
            """Be no desk at all."""
            raise ZeroDivisionError(request.warehouse_id)

    with pytest.raises(ZeroDivisionError) as raised:
        wrongs_of(database, 7, knows_reference=True, parts=Parts(desk=Broken))
    assert raised.value.__notes__ == ["seed 7, desk keeps our reference"]


@pytest.mark.fault("F8", "S5", "S6", "S7", "S8", "S9", "S10")
def test_the_wall_clock_of_a_host_decides_nothing(database: Database, monkeypatch: pytest.MonkeyPatch):
    """Leases and the horizon go by the database's clock, the time to send by the monotonic one."""
    right = Schedule(database, 7, knows_reference=True).run().world
    monkeypatch.setattr(time, "time", lambda: 0.0)
    wrong = Schedule(database, 7, knows_reference=True).run().world
    assert (wrong.counts, wrong.now) == (right.counts, right.now)
