"""Solve a part of a plan under other terms, so that the approver sees what depends on them."""

from include.winddown.adapters.stores.parts import Parts
from include.winddown.domain.split.whatif import try_cases
from include.winddown.domain.what_if import read_cases
from include.winddown.runtime import doors
from include.winddown.runtime.stations import tell
from include.winddown.steps.gather import day_of, exit_of, snapshots
from include.winddown.steps.split import ALL, response_of, stock_of


def what_if(part: dict[str, str], asked: str) -> list[list[object]]:
    """
    Solve the free stock of a range of SKUs in each case.

    Args:
        part: as the split of that range takes it.
        asked: cases as they are typed in; see what_if.read_cases.

    Returns:
        The fields of split.whatif.Outcome, one list a case, the plan as it is first.

    Raises:
        BadParam: names the case that cannot be read.
    """
    cases = read_cases(asked)
    if not cases:
        return []
    merchant_exit, snapshot = exit_of(part["exit_id"]), snapshots().get(part["snapshot_id"])
    store = Parts(doors.store_root(), part["exit_id"], part["plan_id"])
    found = try_cases(
        stock_of(snapshot, part, merchant_exit.policy),
        store.read("demand", ALL).to_pandas(),
        response_of(store.read("response", ALL)),
        (merchant_exit.deadline_on - day_of(snapshot)).days,
        merchant_exit.policy,
        cases,
    )
    tell(", ".join(f"{one.change or 'as it is'}: {one.plan_minor}" for one in found))
    return [list(one) for one in found]
