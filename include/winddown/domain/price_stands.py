"""What came of the groups of prices that one task worked through, and of the prices when they were read back."""

from collections.abc import Mapping

from include.winddown.domain.errors import OutcomeUnknown, PersonNeeded, PricesRefused, shorten
from include.winddown.domain.stands import Came, Stand


def count_groups(came: Mapping[str, Came]) -> dict[str, int]:
    """
    Sum up what came of several groups of prices.

    Args:
        came: where each group stands.

    Returns:
        How many were looked after to the end, and how many are with a person: groups, with_person.

    Raises:
        PersonNeeded: of some a person has to say what became of them.
        PricesRefused: the marketplace refuses us; nothing of those groups was set.
        OutcomeUnknown: some are not in effect yet; the next try goes on.
    """
    by_stand: dict[Stand, list[str]] = {}
    for group, (stand, detail) in came.items():
        by_stand.setdefault(stand, []).append(f"{group} ({detail})")
    if unclear := by_stand.get(Stand.ESCALATED):
        msg = f"{len(unclear)} groups of prices need a person: {shorten(unclear, 5)} (docs/runbook.md)"
        raise PersonNeeded(msg)
    if refused := by_stand.get(Stand.REFUSED):
        msg = f"the marketplace refuses {len(refused)} groups of prices: {shorten(refused, 5)}. Mend the writer's key"
        raise PricesRefused(msg)
    if waiting := by_stand.get(Stand.WAITING):
        msg = f"{len(waiting)} groups of prices are not settled yet: {shorten(waiting, 5)}. The next try goes on"
        raise OutcomeUnknown(msg)
    return {
        "groups": len(by_stand.get(Stand.DONE, [])),
        "with_person": len(by_stand.get(Stand.WITH_PERSON, [])),
    }


def judge_read_back(late: list[str], problems: Mapping[str, tuple[str, str]]) -> None:
    """
    Stop where prices do not stand as approved; all others do.

    Args:
        late: SKUs whose former price still shows.
        problems: by SKU: refused or conflict, and the sentence.

    Raises:
        PersonNeeded: somebody else changed prices; they are left as they are.
        PricesRefused: the marketplace, or a rule before it, refused prices.
        OutcomeUnknown: some do not show yet.
    """
    told = {kind: [f"{sku} ({words})" for sku, (k, words) in problems.items() if k == kind] for kind in KINDS}
    if disputed := told["conflict"]:
        msg = (
            f"{len(disputed)} prices were changed by somebody else and are left as they are: {shorten(disputed, 5)}."
            " Find out by whom; the next plan starts from the price that stands"
        )
        raise PersonNeeded(msg)
    if refused := told["refused"]:
        msg = f"{len(refused)} prices were refused: {shorten(refused, 5)}. Mend the cause; the next plan sets them anew"
        raise PricesRefused(msg)
    if late:
        msg = f"{len(late)} prices do not show yet: {shorten(late, 5)}. They are read again"
        raise OutcomeUnknown(msg)


KINDS = ("conflict", "refused")
