"""How orders out of the own warehouse are delivered: promised against actual days, late and cancelled shares."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """
    One warehouse and delivery method over the days looked at.

    Attributes:
        postings_qty, cancelled_qty: all of them, and those that were cancelled.
        judged_qty, late_qty: those with a promise and either a day of delivery or the promise behind them; the late of these.
        shipped_late_qty: those that left later than they had to, or have not left although they should.
        promised_days, actual_days: from order to promise and to delivery, on average; None = none is known.
    """

    warehouse_id: str
    method: str
    provider: str | None
    postings_qty: int
    cancelled_qty: int
    judged_qty: int
    late_qty: int
    shipped_late_qty: int
    promised_days: float | None
    actual_days: float | None

    @property
    def late_pct(self) -> float | None:
        """Late ones of those that can be judged, per cent; None = none can."""
        return 100 * self.late_qty / self.judged_qty if self.judged_qty else None

    @property
    def cancelled_pct(self) -> float | None:
        """Cancelled ones, per cent; None = there are none at all."""
        return 100 * self.cancelled_qty / self.postings_qty if self.postings_qty else None

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.method} from {self.warehouse_id}" + (f" by {self.provider}" if self.provider else "")
