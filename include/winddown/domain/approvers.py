"""Who may approve a plan: the exit's approvers, less whoever had a hand in the plan."""

from collections.abc import Iterable, Mapping, Sequence

from include.winddown.domain.errors import BadExit, PlanNotApproved, shorten

People = Mapping[str, str]
"""User name -> user id, as Airflow's auth manager has them."""

TWO = 2
MEND = "give the right user the role approver and bring winddown_approvers up to date (docs/connections.md), or open the exit again with other approvers"


def choose_approvers(exit_id: str, named: Sequence[str], people: People) -> dict[str, str]:
    """
    Find who may approve the plans of an exit.

    Args:
        exit_id: for the message.
        named: the exit's approvers; none = everybody who may approve in this installation.
        people: everybody who may approve in this installation.

    Raises:
        BadExit: somebody named may not approve; names the person and who may.
    """
    for name in named:
        if name not in people:
            who = shorten(sorted(people)) or "nobody yet"
            msg = f"exit {exit_id}: its approver {name!r} is not among those who may approve ({who}); {MEND}"
            raise BadExit(msg)
    return {name: people[name] for name in named or sorted(people)}


def is_author(name: str, authors: Iterable[str]) -> bool:
    """Tell whether somebody had a hand in a plan; user names differ by more than case."""
    return name.casefold() in {author.casefold() for author in authors}


def ask_whom(exit_id: str, approvers: People, authors: Sequence[str], needed: int) -> dict[str, str]:
    """
    Leave out the authors, and see that enough people are left.

    Args:
        exit_id: for the message.
        approvers: who may approve the exit's plans.
        authors: who had a hand in this one.
        needed: how many people must approve.

    Raises:
        BadExit: too few are left; names who was left out and why.
    """
    left = {name: user_id for name, user_id in approvers.items() if not is_author(name, authors)}
    if len(left) < needed:
        barred = shorten([name for name in approvers if name not in left]) or "nobody"
        msg = (
            f"exit {exit_id}: {needed} must approve and {len(left)} may ({shorten(list(left)) or 'nobody'});"
            f" left out is {barred}, who opened the exit or started the run: {MEND}"
        )
        raise BadExit(msg)
    return left


def count_needed(at_stake_minor: int, second_above_minor: int | None) -> int:
    """Say how many people must approve; without a limit one is enough for any amount."""
    return TWO if second_above_minor is not None and at_stake_minor > second_above_minor else 1


def authors_of(*names: str | None) -> list[str]:
    """List who had a hand in something, each once; runs that nobody started have nobody."""
    return sorted({name for name in names if name})


def check_open(plan: str, state: str) -> None:
    """
    Refuse to ask about a plan that is decided upon.

    Raises:
        PlanNotApproved: says what became of it.
    """
    if state != "proposed":
        msg = (
            f"plan {plan} is {state} already and is not asked about again; start a new run of plan_wind_down"
        )
        raise PlanNotApproved(msg)
