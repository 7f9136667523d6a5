"""The weeks until the deadline, as the solver counts them."""

from dataclasses import dataclass
from math import ceil, floor

from include.winddown.domain.errors import DeadlinePassed
from include.winddown.domain.policy import Policy
from include.winddown.domain.split.listings import Clock

DAYS_A_WEEK = 7
WIDTH = 4.5
"""Standard deviations of a week's demand that the solver looks at; what lies beyond is 3 in a million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """
    The weeks left.

    Attributes:
        clock: for the solver.
        step_days: length of each of its weeks; at most 7, so that they fill the time exactly.
        days_left: from the snapshot to the deadline.
        call_days: from the snapshot to the last day on which a return can be asked for; below 0 it has passed.
    """

    clock: Clock
    step_days: float
    days_left: int
    call_days: int


def weeks_until(days_left: int, policy: Policy) -> Weeks:
    """
    Set the clock.

    Args:
        days_left: from the snapshot to the deadline.
        policy: lead time, safety days, and what prices may do.

    Raises:
        DeadlinePassed: the deadline is not after the snapshot.
    """
    if days_left <= 0:
        msg = f"the deadline is {-days_left} days before the snapshot; open the exit with a later deadline"
        raise DeadlinePassed(msg)
    count = ceil(days_left / DAYS_A_WEEK)
    step_days = days_left / count
    call_days = days_left - policy.returns.lead_time_days - policy.returns.safety_days
    last_call = floor(call_days / step_days) if call_days >= 0 else -1
    is_over_then = last_call >= 0 and not policy.clock.gamble_after_last_call
    clock = Clock(
        weeks=last_call if is_over_then else count,
        last_call=last_call,
        any_week=False,
        width=WIDTH,
        every=max(1, ceil(policy.prices.min_change_days / DAYS_A_WEEK)),
        may_raise=not policy.prices.must_stay_down(),
    )
    return Weeks(clock=clock, step_days=step_days, days_left=days_left, call_days=call_days)
