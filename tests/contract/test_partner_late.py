"""A partner that acts after it has answered, and whose list does not show yet what it has just made."""

import time
from collections.abc import Callable, Iterator

import pytest

from include.winddown.domain.effects import Outcome
from tests.contract.sandbox_server import Sandbox, running

PATIENCE_S = 20.0


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running("--seed", "5") as started:
        yield started


def until(is_so: Callable[[], bool]) -> None:
    """Ask again and again, for a while."""
    give_up_at = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < give_up_at, "it never came"
        time.sleep(0.05)


@pytest.mark.fault("F16", "S7", "S8")
@pytest.mark.parametrize("knows_reference", [True, False])
def test_a_request_may_be_made_after_the_answer(sandbox: Sandbox, *, knows_reference: bool):
    """A gateway gives up with 504 while the desk is still at it: unknown, and found later."""
    desk, wanted = sandbox.desk(knows_reference=knows_reference), sandbox.request("late")
    sandbox.faults(create={"act_late_504": 1})
    assert desk.create(wanted).outcome is Outcome.UNKNOWN
    assert sandbox.truth()["return_requests"] == 0
    until(lambda: bool(desk.find(wanted).matches))
    assert sandbox.truth()["return_requests"] == 1


def test_a_late_request_is_not_made_beside_one_with_its_reference(sandbox: Sandbox):
    """What came in meanwhile under the same reference is the request."""
    desk, wanted = sandbox.desk(), sandbox.request("late")
    sandbox.faults(create={"act_late_504": 1})
    assert [desk.create(wanted).outcome for _ in range(2)] == [Outcome.UNKNOWN, Outcome.OK]
    assert desk.create(wanted).outcome is Outcome.UNKNOWN
    assert sandbox.truth()["return_requests"] == 1


@pytest.mark.fault("F19", "S6", "S10")
def test_a_stale_list_is_complete_and_lacks_the_newest(sandbox: Sandbox):
    """So absence is proven by reads after the horizon only, and never by one."""
    desk, wanted = sandbox.desk(), sandbox.request("new")
    sandbox.faults(partner={"stale_list": 1})
    desk.create(wanted)
    shown = [desk.find(wanted) for _ in range(2)]
    assert [(found.complete, len(found.matches)) for found in shown] == [(True, 0), (True, 1)]
