"""What people are told of the own warehouse: each thing once, again only when it got worse or after it was over."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

LEVEL_MAX = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    How one thing stands today.

    Attributes:
        key: its kind and what it is about, as in runs_out:A1; the same thing has the same key each day.
        level: 0 = fine, higher = worse; None = not known today, which neither tells nor ends anything.
        sentence: for people, with what to do.
    """

    key: str
    level: int | None
    sentence: str

    @property
    def kind(self) -> str:
        """What kind of thing it is."""
        return kind_of(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """
    What follows from today's readings.

    Attributes:
        tell: new or worse ones, the worst first.
        over: keys of what is fine again.
    """

    tell: tuple[Reading, ...]
    over: tuple[str, ...]


def kind_of(key: str) -> str:
    """Read the kind out of a key."""
    return key.partition(":")[0]


def judge_alerts(told: Mapping[str, int], now: Sequence[Reading], blind: Collection[str] = ()) -> Changes:
    """
    Hold today's readings against what people were told.

    Args:
        told: key → the worst level that was told, of everything that is not over.
        now: one reading for each key; what is fine may be left out.
        blind: kinds of which nothing is known today, so that what is left out is not over.
    """
    levels = {one.key: one.level for one in now}
    tell = [one for one in now if one.level and one.level > told.get(one.key, 0)]
    over = [key for key in told if levels.get(key, 0) == 0 and (key in levels or kind_of(key) not in blind)]
    return Changes(
        tell=tuple(sorted(tell, key=lambda one: (-(one.level or 0), one.key))), over=tuple(sorted(over))
    )


def level_over(value: float | None, limit: float) -> int | None:
    """
    Say how far a value is over its limit: 1 = above it, and one more each time it doubles.

    None = the value is not known.
    """
    if value is None:
        return None
    if value <= limit:
        return 0
    return min(LEVEL_MAX, 1 + int(math.log2(value / max(limit, 1))) if value >= 1 else 1)
