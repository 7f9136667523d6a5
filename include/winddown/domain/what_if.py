"""What if: the same plan under another deadline, cap, resale value or rate, each a full re-solve."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from include.winddown.domain.errors import BadParam
from include.winddown.domain.policy import Policy

STANDARD = "deadline=-7,deadline=+7,cap=30,salvage=-20,salvage=+20,rate=-30,rate=+30"
"""What `--what-if standard` asks for."""

CASES_MAX = 20
_CASE = re.compile(r"([a-z]+)=([+-]?[0-9]{1,4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    One change of what a plan is made from.

    Attributes:
        name: as it was asked for; empty = no change.
        days_more: later, or earlier when negative.
        cap_pct: no discount deeper than this; None = as the policy says.
        salvage_pct: resale values, in per cent of what they are.
        rate_pct: demand, in per cent of what it is.
    """

    name: str = ""
    days_more: int = 0
    cap_pct: int | None = None
    salvage_pct: int = 100
    rate_pct: int = 100

    def deadline(self, deadline_on: date) -> date:
        """The deadline of this case."""
        return deadline_on + timedelta(self.days_more)

    def policy(self, policy: Policy) -> Policy:
        """The policy of this case."""
        if self.cap_pct is None:
            return policy
        return replace(policy, prices=replace(policy.prices, discount_max_pct=self.cap_pct))


AS_IT_IS = Case()

_KINDS: dict[str, tuple[int, int, str, Callable[[str, int], Case]]] = {
    "deadline": (-3_650, 3_650, "days more or less", lambda name, by: Case(name=name, days_more=by)),
    "cap": (0, 95, "the deepest discount in per cent", lambda name, to: Case(name=name, cap_pct=to)),
    "salvage": (-100, 1_000, "per cent more or less", lambda name, by: Case(name=name, salvage_pct=100 + by)),
    "rate": (-90, 1_000, "per cent more or less", lambda name, by: Case(name=name, rate_pct=100 + by)),
}


def read_cases(asked: str) -> tuple[Case, ...]:
    """
    Read cases as they are typed in: `deadline=-7,rate=+30`, or `standard`.

    Returns:
        One case for each change; changes are never combined.

    Raises:
        BadParam: names the part that cannot be read and what may stand there.
    """
    if not asked.strip():
        return ()
    parts = (STANDARD if asked.strip() == "standard" else asked).split(",")
    if len(parts) > CASES_MAX:
        msg = f"what-if asks for {len(parts)} cases, at most {CASES_MAX} are solved at once"
        raise BadParam(msg)
    return tuple(_read(part.strip()) for part in parts)


def _read(part: str) -> Case:
    found = _CASE.fullmatch(part)
    if not found or found[1] not in _KINDS:
        known = ", ".join(f"{name} ({meaning})" for name, (_, _, meaning, _) in _KINDS.items())
        msg = f"what-if {part!r} is not known; write name=number, as deadline=-7. Names are {known}"
        raise BadParam(msg)
    low, high, meaning, make = _KINDS[found[1]]
    number = int(found[2])
    if not low <= number <= high:
        msg = f"what-if {part!r}: give {meaning}, from {low} to {high}"
        raise BadParam(msg)
    return make(part, number)
