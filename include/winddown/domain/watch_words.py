"""The words about a watch over the own warehouse: for a notice, and for the run's note."""

from collections import Counter
from collections.abc import Mapping, Sequence

from include.winddown.domain.own_alerts import Reading
from include.winddown.domain.own_stock import VERDICTS

SHOWN = 20
KINDS = {
    "runs_out": "runs out or has to be ordered",
    "too_much": "overstock",
    "dead": "dead stock",
    "late": "late deliveries",
    "cancelled": "cancellations",
    "over_contract": "carriers beyond their contract",
    "twice": "parcels charged twice",
    "chats": "unread chats",
    "unusable": "files or sources that cannot be used",
}
VERDICT_WORDS = {
    "runs_out": "run out",
    "reorder": "to reorder",
    "unknown": "not known",
    "fine": "fine",
    "too_much": "too much",
    "dead": "dead",
}


def word_notice(exit_id: str, tell: Sequence[Reading], report: str) -> tuple[str, str]:
    """Write subject and text of the one notice of a day; tell is sorted, the worst first, and not empty."""
    counted = Counter(one.kind for one in tell)
    things = ", ".join(f"{count} {KINDS[kind]}" for kind, count in counted.items())
    rest = len(tell) - SHOWN
    lines = [f"- {one.sentence}" for one in tell[:SHOWN]]
    more = [f"and {rest} more in the report"] if rest > 0 else []
    return f"[{exit_id}] own warehouse: {things}", "\n".join([*lines, *more, f"Report: {report}"])


def word_summary(
    exit_id: str, verdicts: Mapping[str, int], late_pct: float | None, told: int, report: str
) -> str:
    """Sum a watch up in one sentence."""
    stock = ", ".join(f"{verdicts[name]} {VERDICT_WORDS[name]}" for name in VERDICTS if verdicts.get(name))
    late = "not known" if late_pct is None else f"{late_pct:.0f} per cent"
    return f"{exit_id}: SKUs {stock or 'none'}; late deliveries {late}; new or worse: {told}; the report is {report}"
