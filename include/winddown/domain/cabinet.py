"""What a person does in the marketplace's cabinet: the list in its order, and how it is found again."""

from collections.abc import Sequence
from dataclasses import dataclass

from include.winddown.domain.amounts import amount_of
from include.winddown.domain.delivery import SELF, Delivery
from include.winddown.domain.texts import markdown_safe

SET_UP = "Set up"
NOT_YET = "Not yet"
SETTINGS_UP = (SET_UP, NOT_YET)

CREATED = ("created",)
ACTIVE = ("ACTIVE",)
BY_ONESELF = "non_integrated"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An own warehouse as the marketplace lists it; working_days as numbers, Monday is 1."""

    warehouse_id: str
    name: str
    status: str
    is_rfbs: bool
    working_days: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A delivery method as the marketplace lists it; neither fee nor coverage is told."""

    name: str
    warehouse_id: str
    status: str
    cut_off: str
    integration: str


def place_of(delivery: Delivery, places: Sequence[Place]) -> Place | None:
    """Find the own warehouse by its name; None when there is none, or several."""
    named = [one for one in places if one.name == delivery.warehouse]
    return named[0] if len(named) == 1 else None


def differences(delivery: Delivery, places: Sequence[Place], ways: Sequence[Way]) -> list[str]:
    """Say in words what the marketplace shows otherwise than it was decided; nothing = it stands."""
    place = place_of(delivery, places)
    if place is None:
        count = sum(one.name == delivery.warehouse for one in places)
        return [f"{count} warehouses are called {delivery.warehouse!r}; there has to be one"]
    found = [
        (place.is_rfbs, f"the warehouse {place.name!r} is not one of rFBS"),
        (place.status in CREATED, f"the warehouse {place.name!r} is {place.status}"),
        (
            place.working_days == tuple(delivery.working_days.split(",")),
            f"its working days are {_named(place.working_days)}, not {_named(delivery.working_days.split(','))}",
        ),
    ]
    return [words for is_right, words in found if not is_right] + _of_way(delivery, place, ways)


def _of_way(delivery: Delivery, place: Place, ways: Sequence[Way]) -> list[str]:
    named = [one for one in ways if one.warehouse_id == place.warehouse_id and one.name == delivery.method]
    if len(named) != 1:
        return [f"{len(named)} delivery methods of it are called {delivery.method!r}; there has to be one"]
    way = named[0]
    found = [
        (way.status in ACTIVE, f"the method {way.name!r} is {way.status}"),
        (way.cut_off == delivery.cut_off, f"its cut-off is {way.cut_off}, not {delivery.cut_off}"),
        (
            (way.integration == BY_ONESELF) == (delivery.by == SELF),
            f"it is of the kind {way.integration}, and delivery is by {delivery.by}",
        ),
    ]
    return [words for is_right, words in found if not is_right]


def list_set_up(delivery: Delivery, currency: str) -> str:
    """Word what to do in the cabinet, in its order, with every value to type; Markdown."""
    steps = [
        "Cabinet → Logistics → Warehouses and methods → **Add** → rFBS standard",
        f"Name: {_typed(delivery.warehouse)}",
        f"Address: {_typed(delivery.origin)}",
        f"Working days: {_named(delivery.working_days.split(','))}",
        f"Orders until: `{delivery.cut_off}`",
        "Delivery methods of that warehouse → **Add**",
        *_carrier(delivery),
        f"Name: {_typed(delivery.method)}",
        "Coverage area, one line a zone:",
    ]
    numbered = [f"{number}. {step}" for number, step in enumerate(steps, start=1)]
    return "\n".join([*numbered, *_zones(delivery, currency), f"{len(steps) + 1}. **Activate** the method"])


def _carrier(delivery: Delivery) -> list[str]:
    if delivery.by == SELF:
        return ["Kind: delivery by yourself"]
    return [
        "Kind: delivery by a third party",
        f"Carrier: {_typed(delivery.provider)}",
        f"Service: {_typed(delivery.service)}",
        f"Tariff: {_typed(delivery.tariff)}",
    ]


def _zones(delivery: Delivery, currency: str) -> list[str]:
    return [
        f"   - {markdown_safe(name)}: fee `{amount_of(zone.fee_minor)}` {currency}, `{zone.promised_days}` days"
        for name, zone in delivery.zones.items()
    ]


def _typed(value: str | None) -> str:
    return f"**{markdown_safe(value or '')}**"


def _named(days: Sequence[str]) -> str:
    return ", ".join(DAYS[int(day) - 1] if day in "1234567" else day for day in days if day)
