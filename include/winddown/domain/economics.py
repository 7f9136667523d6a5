"""
The economics of one exit: what selling, keeping, returning and disposing cost, and what guards the prices.

Amounts are minor units of the exit's currency. An amount has no default that fits every currency, so it is
0 until it is given; what the marketplace or the catalogue tells goes before what stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from include.winddown.domain.frame_types import BP_MAX, MINOR_MAX
from include.winddown.domain.settings import Setting, check, given, named

MEASURED = "simulated demand, see below"
CONVENTION = "a convention"
NO_AMOUNT = "no amount fits all currencies; 0 until given"
_TARIFF = "a convention; used only where the marketplace tells no fee, and flagged then"


def _amount(meaning: str, unit: str = "minor units a piece") -> Setting:
    return Setting(kind="whole", unit=unit, high=MINOR_MAX, meaning=meaning, source=NO_AMOUNT)


def _whole(high: int, unit: str, meaning: str, source: str, low: int = 0) -> Setting:
    return Setting(kind="whole", unit=unit, low=low, high=high, meaning=meaning, source=source)


_ELASTICITY = Setting(
    kind="real",
    unit="per cent demand per per cent price",
    low=0.1,
    high=10,
    meaning="by how much demand rises when the price falls",
    source="Bijmolt et al. 2005, mean of 1,851 estimates -2.62; " + MEASURED,
)
_ELASTICITY_SD = Setting(
    kind="real",
    unit="the same",
    low=0,
    high=3,
    meaning="how unsure that is, one standard deviation",
    source=MEASURED,
)
_KIND = Setting(
    kind="choice", choices=("box", "pallet"), meaning="what the carrier counts", source=CONVENTION
)
_WEIGHT = _whole(100_000_000, "g", "heaviest container", CONVENTION, 1_000)
_VOLUME = _whole(
    1_000_000_000, "ml", "inner volume of a container", "a pallet of 1.2 x 0.8 m, loaded to 1.8 m", 1_000
)
_FILL = _whole(
    100,
    "per cent",
    "share of that volume that can really be filled",
    "14 of 14 random boxes fit at 70, 1 of 14 at 80",
    10,
)
_CONTAINER = _amount("what the carrier asks for each container", "minor units a container")
_OPENING = _amount("what a shipment costs once, whatever its size", "minor units a shipment")
_MINIMUM = _amount("the least the carrier asks for a shipment", "minor units a shipment")


class _Checked:
    """Settings that are checked when they are made."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Refuse a value out of range; BadPolicy names the setting and the range."""
        check(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees(_Checked):
    """What the marketplace keeps of a sale, where it does not tell itself (frame FEES)."""

    commission_bp: int = given(
        2_000, _whole(BP_MAX, "1/100 of a per cent", "commission on the price", _TARIFF)
    )
    acquiring_bp: int = given(150, _whole(BP_MAX, "1/100 of a per cent", "payment on the price", _TARIFF))
    sale_fee_minor: int = given(0, _amount("last mile and handling of one sale"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage(_Checked):
    """What keeping goods costs."""

    storage_minor_per_m3_day: int = given(
        0, _amount("storage; a litre is a thousandth of a cubic metre", "minor units a m³ and day")
    )
    carrying_pct_per_year: int = given(
        25,
        _whole(
            200,
            "per cent of unit cost a year",
            "capital, insurance and ageing of goods that wait to be sold; without it nothing speaks for an early return where storage is free",
            "the usual 20 to 30 of inventory textbooks",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns(_Checked):
    """What a returned piece costs and fetches, and how long it takes."""

    lead_time_days: int = given(
        21,
        _whole(
            365, "days", "from the request until the goods have left", "removals take 14 to 30 business days"
        ),
    )
    safety_days: int = given(
        0, _whole(60, "days", "how much earlier than needed the last call is", CONVENTION)
    )
    sellable_pct: int = given(
        92, _whole(100, "per cent", "share of returned pieces that can be sold again", CONVENTION)
    )
    handling_minor: int = given(0, _amount("work in the own warehouse on a returned piece"))
    pick_minor: int = given(0, _amount("what the marketplace's warehouse asks to pick a piece"))
    resale_default_pct: int = given(
        30,
        _whole(
            100,
            "per cent of the price",
            "what a returned piece fetches where the catalogue is silent",
            CONVENTION,
        ),
    )
    return_at_loss: str = given(
        "hold",
        Setting(
            kind="choice",
            choices=("hold", "allow"),
            meaning="whether a piece may come back although that costs more than it fetches",
            source="no loss without a person's word",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerChange(_Checked):
    """What differs for one warehouse or handling class; null = as for all."""

    kind: str | None = given(None, _KIND)
    weight_max_g: int | None = given(None, _WEIGHT)
    volume_max_ml: int | None = given(None, _VOLUME)
    usable_fill_pct: int | None = given(None, _FILL)
    container_minor: int | None = given(None, _CONTAINER)
    opening_minor: int | None = given(None, _OPENING)
    minimum_minor: int | None = given(None, _MINIMUM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freight(_Checked):
    """What the way home costs: max(minimum, opening + containers x container); all zero = free."""

    kind: str = given("pallet", _KIND)
    weight_max_g: int = given(500_000, _WEIGHT)
    volume_max_ml: int = given(1_728_000, _VOLUME)
    usable_fill_pct: int = given(70, _FILL)
    container_minor: int = given(0, _CONTAINER)
    opening_minor: int = given(0, _OPENING)
    minimum_minor: int = given(0, _MINIMUM)
    by_warehouse: Mapping[str, ContainerChange] = named(
        Setting(
            kind="table",
            unit="warehouse_id",
            entry=ContainerChange,
            meaning="what differs there",
            source=CONVENTION,
        )
    )
    by_handling_class: Mapping[str, ContainerChange] = named(
        Setting(
            kind="table",
            unit="handling_class",
            entry=ContainerChange,
            meaning="what differs for it; goes before what stands for its warehouse",
            source=CONVENTION,
        )
    )

    def of(self, warehouse_id: str, handling_class: str) -> "Freight":
        """The container of one warehouse and handling class, without further exceptions."""
        changes = (self.by_warehouse.get(warehouse_id), self.by_handling_class.get(handling_class))
        told = {
            name: value
            for change in changes
            if change
            for name in change.__slots__
            if (value := getattr(change, name)) is not None
        }
        return replace(self, **told, by_warehouse={}, by_handling_class={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal(_Checked):
    """What it costs to have goods destroyed."""

    piece_minor: int = given(0, _amount("disposal, for each piece"))
    kg_minor: int = given(0, _amount("disposal by weight, beside that", "minor units a kg"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDemand(_Checked):
    """How buyers of one category answer a lower price; null = as for all."""

    elasticity: float | None = given(None, _ELASTICITY)
    elasticity_sd: float | None = given(None, _ELASTICITY_SD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand(_Checked):
    """How demand is learnt, and what is thought of it before anything was learnt."""

    elasticity: float = given(2.4, _ELASTICITY)
    elasticity_sd: float = given(0.7, _ELASTICITY_SD)
    by_category: Mapping[str, CategoryDemand] = named(
        Setting(
            kind="table",
            unit="category",
            entry=CategoryDemand,
            meaning="what differs for it",
            source=MEASURED,
        )
    )
    history_weeks: int = given(
        26, _whole(104, "weeks", "sales of so many weeks before the snapshot are looked at", MEASURED, 1)
    )
    rate_max_discount_pct: int = given(
        20, _whole(95, "per cent", "the rate is learnt only from weeks at this discount or less", MEASURED)
    )

    def of(self, category: str) -> tuple[float, float]:
        """Elasticity and its standard deviation in a category."""
        own = self.by_category.get(category, CategoryDemand())
        return (
            self.elasticity if own.elasticity is None else own.elasticity,
            self.elasticity_sd if own.elasticity_sd is None else own.elasticity_sd,
        )
