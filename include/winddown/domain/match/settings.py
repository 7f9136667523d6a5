"""What the match bears, when it calls goods lost, how it values them and until when a claim may be made."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from include.winddown.domain.economics import CONVENTION
from include.winddown.domain.frame_types import MINOR_MAX, QTY_MAX
from include.winddown.domain.match.frames import VALUE_COLUMNS
from include.winddown.domain.settings import Setting, check, given, named

_UNCHECKED = "an assumption: read the partner's contract"


def _whole(high: int, unit: str, meaning: str, source: str = CONVENTION, low: int = 0) -> Setting:
    return Setting(kind="whole", unit=unit, low=low, high=high, meaning=meaning, source=source)


_LOST = _whole(
    365,
    "days",
    "pieces under way without a scan for so long are lost and may be claimed",
    "14 or 15 days in the removal rules of a large marketplace",
    low=1,
)
_CLAIM = _whole(730, "days", "how long after its clock starts a claim may be made", _UNCHECKED, low=1)
_CONCEALED = _whole(365, "days", "the same for damage found after the delivery was signed", _UNCHECKED, low=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """What differs in one country or with one partner; null = as for all."""

    lost_after_days: int | None = given(None, _LOST)
    claim_days: int | None = given(None, _CLAIM)
    concealed_days: int | None = given(None, _CONCEALED)

    def __post_init__(self) -> None:
        """Refuse a value out of range; BadPolicy names the setting and the range."""
        check(self)


def _table(unit: str, meaning: str) -> Setting:
    return Setting(kind="table", unit=unit, entry=Windows, meaning=meaning, source=_UNCHECKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The tolerances and windows of the match; docs/policy.md shows each."""

    basis: str = given(
        "purchase_cost",
        Setting(
            kind="choice",
            choices=tuple(VALUE_COLUMNS),
            meaning="what a missing piece is worth in a claim",
            source="what the merchant can prove by an invoice",
        ),
    )
    lost_after_days: int = given(14, _LOST)
    stuck_after_days: int = given(
        30, _whole(365, "days", "a request without news for so long is stuck", CONVENTION, low=1)
    )
    claim_days: int = given(60, _CLAIM)
    concealed_days: int = given(15, _CONCEALED)
    lapse_notice_days: int = given(
        7, _whole(365, "days", "so long before a claim can be made no more people are told, once", CONVENTION)
    )
    short_tolerance_qty: int = given(
        0, _whole(QTY_MAX, "pieces of a line", "so many missing or damaged are listed and not claimed")
    )
    short_tolerance_minor: int = given(
        0, _whole(MINOR_MAX, "minor units", "a line worth so much or less is listed and not claimed")
    )
    scan_repeat_seconds: int = given(
        60, _whole(3_600, "seconds", "two scans without id of one carton, so near, are one")
    )
    resubmitted_within_hours: int = given(
        24, _whole(720, "hours", "a second receipt of the same content for one shipment, so soon, is refused")
    )
    clock_tolerance_hours: int = given(
        24,
        _whole(
            720,
            "hours",
            "how far dates may be out of order before a person looks",
            "time zones and night shifts",
        ),
    )
    carton_tare_g: int = given(500, _whole(100_000, "g", "what an empty carton weighs"))
    weight_tolerance_g: int = given(100, _whole(100_000, "g", "how far a carton may weigh off"))
    weight_tolerance_pct: int = given(3, _whole(100, "per cent", "the same as a share; the larger counts"))
    country: str = given(
        "none",
        Setting(
            kind="choice",
            choices=("none", "RU", "BY", "KZ", "CN", "GB", "DE", "FR", "IT", "ES", "PL"),
            meaning="where the goods lie, for by_country",
            source=CONVENTION,
        ),
    )
    by_country: Mapping[str, Windows] = named(_table("country code", "windows of a country"))
    by_partner: Mapping[str, Windows] = named(
        _table("warehouse_id", "windows of a partner's warehouse; go before those of its country")
    )

    def __post_init__(self) -> None:
        """Refuse a value out of range; BadPolicy names the setting and the range."""
        check(self)

    def of(self, warehouse_id: str) -> "Match":
        """The windows of one partner's warehouse, without further exceptions."""
        changes = (self.by_country.get(self.country), self.by_partner.get(warehouse_id))
        told = {
            name: value
            for change in changes
            if change
            for name in Windows.__slots__
            if (value := getattr(change, name)) is not None
        }
        return replace(self, **told, by_country={}, by_partner={})
