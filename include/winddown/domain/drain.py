"""When the last pending posting will have left, judged by how fast others of its age did."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

AGE_MAX_DAYS = 90
"""Postings of so many days make the drain rate; one that is open longer does not leave by itself."""

HORIZON_DAYS = 60
LIKELY = math.log(0.5)
LATE = math.log(0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeCount:
    """Postings of one age: how many there are and how many of them are still open; grain age_days."""

    age_days: int
    open_qty: int
    total_qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """
    The day the last pending posting has left, if no new order comes in.

    Attributes:
        likely_on: ISO day with even odds; empty when the rate gives none within 60 days.
        late_on: ISO day with odds of nine in ten; empty likewise.
        known_qty: postings the rate was observed on.
        stuck_qty: postings open for longer than 90 days; no rate is known for these.
    """

    likely_on: str
    late_on: str
    known_qty: int
    stuck_qty: int

    def sentence(self) -> str:
        """Say it for people, with its uncertainty."""
        if self.stuck_qty:
            return (
                f"{self.stuck_qty} postings have been open for more than {AGE_MAX_DAYS} days: these do not leave by"
                " themselves, ask the partner."
            )
        basis = f"judged by {self.known_qty:,} postings of the last {AGE_MAX_DAYS} days"
        if not self.likely_on:
            return f"No day can be named on which the last one leaves, {basis}."
        late = (
            f"by {self.late_on} with odds of 9 in 10" if self.late_on else "how late it may be is not known"
        )
        return f"If no new order comes in, the last one has left by {self.likely_on} with even odds, {late}; {basis}."


def forecast_drain(ages: Iterable[AgeCount], taken_on: date) -> Forecast | None:
    """
    Forecast when the last open posting leaves.

    The share still open by age, made non-increasing (isotonic regression) and held away from
    zero by half a posting, is read as a survival curve S. A posting open at age a is still open
    d days later with probability S(a + d) / S(a); the last one has left with the product of the
    complements. It assumes that arrivals have stopped and that the warehouse keeps its pace.

    Args:
        ages: one snapshot's postings by age, those older than AGE_MAX_DAYS at that age.
        taken_on: the day of the snapshot.

    Returns:
        None when no posting is open, or when none has left yet, so that nothing is known.
    """
    counted = sorted(ages, key=lambda count: count.age_days)
    young = [count for count in counted if count.age_days < AGE_MAX_DAYS]
    stuck_qty = sum(count.open_qty for count in counted if count.age_days >= AGE_MAX_DAYS)
    open_qty = sum(count.open_qty for count in young)
    known_qty = sum(count.total_qty for count in young)
    if not open_qty + stuck_qty or (open_qty == known_qty and not stuck_qty):
        return None
    days: dict[str, str] = {"likely_on": "", "late_on": ""}
    if not stuck_qty:
        curve = _survival(young)
        for name, odds in (("likely_on", LIKELY), ("late_on", LATE)):
            day = next((d for d in range(1, HORIZON_DAYS + 1) if _log_odds(young, curve, d) >= odds), None)
            days[name] = (taken_on + timedelta(days=day)).isoformat() if day else ""
    return Forecast(**days, known_qty=known_qty, stuck_qty=stuck_qty)


def _log_odds(ages: list[AgeCount], curve: list[float], days: int) -> float:
    """Log of the probability that every open posting has left after so many days."""
    odds = 0.0
    for count in ages:
        if count.open_qty:
            later = curve[min(count.age_days + days, AGE_MAX_DAYS - 1)] / curve[count.age_days]
            odds += count.open_qty * (math.log1p(-later) if later < 1 else -math.inf)
    return odds


def _survival(ages: list[AgeCount]) -> list[float]:
    """Share still open for each age from 0 to AGE_MAX_DAYS - 1, never rising, never zero."""
    blocks: list[tuple[int, int, int]] = []  # first age, open, total
    for count in ages:
        block = (count.age_days, count.open_qty, count.total_qty)
        while blocks and block[1] * blocks[-1][2] >= blocks[-1][1] * block[2]:
            first, open_qty, total_qty = blocks.pop()
            block = (first, open_qty + block[1], total_qty + block[2])
        blocks.append(block)
    curve, level = [1.0] * AGE_MAX_DAYS, 1.0
    bounds = [*(first for first, _, _ in blocks[1:]), AGE_MAX_DAYS]
    for (first, open_qty, total_qty), end in zip(blocks, bounds, strict=True):
        level = min(level, (open_qty + 0.5) / (total_qty + 1))
        curve[first:end] = [level] * (end - first)
    return curve
