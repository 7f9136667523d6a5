"""The thresholds of the watch over the own warehouse: a section of the policy."""

from dataclasses import dataclass

from include.winddown.domain.economics import CONVENTION
from include.winddown.domain.own_stock import CoverRules
from include.winddown.domain.settings import Setting, check, given


def _whole(low: int, high: int, unit: str, meaning: str, source: str = CONVENTION) -> Setting:
    return Setting(kind="whole", unit=unit, low=low, high=high, meaning=meaning, source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """When people are told of the own warehouse."""

    window_days: int = given(
        28, _whole(7, 90, "days", "so far back sales and deliveries are looked at", "four weeks, whole ones")
    )
    lead_days: int = given(
        30,
        _whole(
            1, 365, "days", "from an order to a supplier until it can be sold, where `inbound` has no other"
        ),
    )
    service_factor: float = given(
        1.645,
        Setting(
            kind="real",
            unit="standard deviations",
            low=0,
            high=4,
            meaning="kept in reserve beyond what sells in the lead time",
            source="95 of 100 lead times without a stock-out",
        ),
    )
    cover_days_max: int = given(120, _whole(1, 3_650, "days", "more cover than that is overstock"))
    dead_after_days: int = given(
        90, _whole(30, 365, "days", "nothing sold in so many days on sale = dead stock")
    )
    late_max_pct: int = given(10, _whole(0, 100, "per cent of postings", "delivered later than promised"))
    cancelled_max_pct: int = given(3, _whole(0, 100, "per cent of postings", "cancelled"))
    returned_max_pct: int = given(
        15, _whole(0, 100, "per cent of pieces", "of an article sent back by buyers")
    )
    over_contract_max_pct: int = given(
        5, _whole(0, 1_000, "per cent", "what a carrier charges beyond its contract")
    )
    chats_max: int = given(0, _whole(0, 10_000, "chats", "with buyers that nobody has read"))
    judged_min_qty: int = given(
        10, _whole(1, 10_000, "postings or pieces", "a share of fewer than that says nothing yet")
    )
    price_step_pct: int = given(
        5, _whole(1, 50, "per cent", "by how much a price is suggested to go up or down")
    )

    def __post_init__(self) -> None:
        """Refuse a value out of range; BadPolicy names the setting and the range."""
        check(self)

    def cover(self) -> CoverRules:
        """The rules of cover."""
        return CoverRules(
            service_factor=self.service_factor,
            cover_days_max=self.cover_days_max,
            dead_after_days=self.dead_after_days,
        )
