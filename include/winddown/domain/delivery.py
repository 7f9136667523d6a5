"""How orders are delivered once the stock is at home: by oneself or by a third party, zone by zone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from include.winddown.domain.economics import CONVENTION, NO_AMOUNT
from include.winddown.domain.errors import BadPolicy
from include.winddown.domain.frame_types import MINOR_MAX
from include.winddown.domain.settings import Setting, check, given, named

UNDECIDED = "undecided"
SELF = "self"
THIRD_PARTY = "third_party"
MERCHANT = "what the merchant has decided; none until given"
OF_THIRD_PARTY = ("provider", "service", "tariff")
LAST_MINUTE = "23:59"
NEEDED = ("warehouse", "method", "origin")


def _text(meaning: str, pattern: str = "") -> Setting:
    return Setting(kind="text", meaning=meaning, source=MERCHANT, pattern=pattern)


def _amount(meaning: str) -> Setting:
    return Setting(
        kind="whole", unit="minor units an order", high=MINOR_MAX, meaning=meaning, source=NO_AMOUNT
    )


def _days(meaning: str) -> Setting:
    return Setting(kind="whole", unit="days", high=365, meaning=meaning, source=MERCHANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Delivery into one part of the coverage area."""

    fee_minor: int = given(0, _amount("what comes in for the delivery of an order there"))
    cost_minor: int = given(0, _amount("what the delivery of an order there costs"))
    promised_days: int = given(0, _days("how long a buyer is told it takes"))
    transit_days: int = given(0, _days("how long it takes, as measured or as the carrier states"))

    def __post_init__(self) -> None:
        """Refuse a value out of range; BadPolicy names the setting and the range."""
        check(self, ("delivery", "zones", "*"))

    def faults(self) -> Iterator[tuple[str, str]]:
        """Name each setting that cannot be beside the others, and why."""
        if self.fee_minor < self.cost_minor:
            yield "fee_minor", f"is {self.fee_minor}, the cost {self.cost_minor}; a fee has to cover it"
        if self.promised_days < self.transit_days:
            yield "promised_days", f"is {self.promised_days}, it takes {self.transit_days}; promise no less"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """
    Delivery from the own warehouse; undecided until the exit is near its end.

    Raises:
        BadPolicy: what is decided cannot be: nothing is covered, a fee does not cover its cost, or less time is
            promised than it takes; names the setting.
    """

    by: str = given(
        UNDECIDED,
        Setting(
            kind="choice",
            choices=(UNDECIDED, SELF, THIRD_PARTY),
            meaning="who delivers: oneself, or a third party; an exit is handed over once it is decided",
            source=MERCHANT,
        ),
    )
    warehouse: str | None = given(None, _text("name of the own warehouse in the cabinet"))
    method: str | None = given(None, _text("name of the delivery method in the cabinet"))
    origin: str | None = given(None, _text("address from which orders leave"))
    provider: str | None = given(None, _text("third party: who carries"))
    service: str | None = given(None, _text("third party: which of its services"))
    tariff: str | None = given(None, _text("third party: under which tariff or contract"))
    working_days: str = given(
        "1,2,3,4,5",
        Setting(
            kind="text",
            meaning="days on which orders leave, Monday is 1, with commas between",
            source=CONVENTION,
            pattern="([1-7],){0,6}[1-7]",
        ),
    )
    cut_off: str = given(
        "14:00",
        Setting(
            kind="text",
            meaning="until when an order leaves on the same day, hours and minutes at the warehouse",
            source=CONVENTION,
            pattern="[0-2][0-9]:[0-5][0-9]",
        ),
    )
    zones: Mapping[str, Zone] = named(
        Setting(
            kind="table",
            entry=Zone,
            unit="name of the zone",
            meaning="the coverage area, with fees and days",
            source=MERCHANT,
        )
    )

    def __post_init__(self) -> None:
        """Refuse a value out of range, and a decision that cannot be; BadPolicy names the setting."""
        check(self, ("delivery",))
        if self.by == UNDECIDED:
            return
        path, fault = next(self._faults(), ((), ""))
        if fault:
            msg = f"policy setting {'.'.join(('delivery', *path))} {fault}"
            raise BadPolicy(msg, ("delivery", *path))

    def _faults(self) -> Iterator[tuple[tuple[str, ...], str]]:
        needed = NEEDED if self.by == SELF else (*NEEDED, *OF_THIRD_PARTY)
        for name in needed:
            if getattr(self, name) is None:
                yield (name,), f"is not given; delivery by {self.by} needs it"
        days = self.working_days.split(",")
        if days != sorted(set(days)):
            yield ("working_days",), f"is {self.working_days}; name each day once, in order"
        if self.cut_off > LAST_MINUTE:
            yield ("cut_off",), f"is {self.cut_off}; a day ends at {LAST_MINUTE}"
        if not self.zones:
            yield (
                ("zones",),
                "is empty, so nothing is covered; name at least one zone with fee, cost and days",
            )
        for name, zone in self.zones.items():
            yield from ((("zones", name, setting), fault) for setting, fault in zone.faults())
