"""The policy of one exit: its thresholds, and the economics its plan is made by."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from include.winddown.domain.delivery import Delivery
from include.winddown.domain.economics import CONVENTION, Demand, Disposal, Fees, Freight, Returns, Storage
from include.winddown.domain.guards import Clock, Prices
from include.winddown.domain.match.settings import Match
from include.winddown.domain.settings import Setting, build, check, given
from include.winddown.domain.watch_rules import Watch


def _whole(low: int, high: int, unit: str, meaning: str, source: str = CONVENTION) -> Setting:
    return Setting(kind="whole", unit=unit, low=low, high=high, meaning=meaning, source=source)


def _choice(choices: tuple[str, ...], meaning: str, source: str = CONVENTION) -> Setting:
    return Setting(kind="choice", choices=choices, meaning=meaning, source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """
    The settings of one exit; docs/policy.md shows each with unit, range, default and source.

    Attributes:
        fees, storage, returns, freight, disposal: what things cost.
        demand: how demand is learnt.
        prices: which prices may be asked for.
        clock: what may be left to chance.
        match: what the reconciliation bears, and until when a claim may be made.
        watch: when people are told of the own warehouse after the exit.
        delivery: how orders are delivered once the stock is at home.
    """

    damaged_by_seller: str = given(
        "dispose", _choice(("return", "dispose"), "what happens to units the seller damaged")
    )
    damaged_by_warehouse: str = given(
        "return",
        _choice(
            ("return", "dispose"),
            "what happens to units the warehouse damaged",
            "the partner is liable, and a claim needs the goods",
        ),
    )
    shipment_weight_max_g: int = given(500_000, _whole(1_000, 100_000_000, "g", "heaviest shipment"))
    shipment_volume_max_ml: int = given(
        1_728_000,
        _whole(
            1_000,
            1_000_000_000,
            "ml",
            "largest shipment, inner volume",
            "a pallet of 1.2 x 0.8 m, loaded to 1.8 m",
        ),
    )
    usable_fill_pct: int = given(
        70,
        _whole(
            10,
            100,
            "per cent",
            "share of that volume that can really be filled",
            "14 of 14 random boxes fit at 70, 1 of 14 at 80",
        ),
    )
    unexplained_max_qty: int = given(
        0,
        _whole(
            0,
            1_000_000,
            "pieces of a SKU",
            "how many may appear or vanish between two snapshots before the run stops; within it they are booked as an adjustment",
        ),
    )
    rows_bad_max: int = given(
        50, _whole(0, 1_000_000, "rows", "with more bad rows than this a whole file is refused")
    )
    rows_bad_max_pct: int = given(
        2, _whole(0, 100, "per cent of the rows", "the same as a share of the file")
    )
    approval_minutes: int = given(
        4_320,
        _whole(1, 43_200, "minutes", "how long a plan waits for its answer; a later one does not count"),
    )
    approval_second_above_minor: int | None = given(
        None,
        _whole(
            1,
            1_000_000_000_000,
            "minor units",
            "a plan with more money at stake (resale value of returns, revenue of markdowns, today's price of disposals) needs a second person's approval; none = one person is enough",
            "no amount fits all currencies and merchants; none until given",
        ),
    )
    gate_policy: str = given(
        "strict",
        _choice(
            ("strict", "hold_back"),
            "while the gate is closed: strict = the whole exit waits; hold_back = the free units of blocked SKUs are held in all warehouses, the rest goes on",
        ),
    )
    gate_confirm_after_minutes: int = given(
        240,
        _whole(
            0,
            43_200,
            "minutes",
            "the gate opens when two snapshots, counted at least so far apart, were both clear; 0 = one is enough",
        ),
    )
    stock_difference_max_qty: int = given(
        0,
        _whole(
            0,
            1_000_000,
            "pieces of a SKU",
            "by how much the warehouses' report and the marketplace's totals may differ before the plan stops",
        ),
    )
    language: str = given(
        "en",
        _choice(
            ("en", "zh", "ru"),
            "English, Chinese or Russian: in which the sentences of a plan and the question about it are written",
            "a guess about who approves",
        ),
    )
    fees: Fees = field(default_factory=Fees, metadata={"section": Fees})
    storage: Storage = field(default_factory=Storage, metadata={"section": Storage})
    returns: Returns = field(default_factory=Returns, metadata={"section": Returns})
    freight: Freight = field(default_factory=Freight, metadata={"section": Freight})
    disposal: Disposal = field(default_factory=Disposal, metadata={"section": Disposal})
    demand: Demand = field(default_factory=Demand, metadata={"section": Demand})
    prices: Prices = field(default_factory=Prices, metadata={"section": Prices})
    clock: Clock = field(default_factory=Clock, metadata={"section": Clock})
    match: Match = field(default_factory=Match, metadata={"section": Match})
    watch: Watch = field(default_factory=Watch, metadata={"section": Watch})
    delivery: Delivery = field(default_factory=Delivery, metadata={"section": Delivery})

    def __post_init__(self) -> None:
        """Refuse a value out of range; BadPolicy names the setting and the range."""
        check(self)

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> "Policy":
        """
        Build a policy from named settings, sections within it too; what is not given keeps its default.

        Raises:
            BadPolicy: a name is unknown or a value cannot be; names the setting and what to give.
        """
        return build(cls, settings)

    def settings(self) -> dict[str, object]:
        """The settings by name, ready for JSON."""
        return asdict(self)


def gone_back(before: Policy, after: Policy) -> list[str]:
    """
    Name the settings that differed from their defaults before and are at them again.

    Returns:
        Sorted paths with dots, each with both values, for people.
    """
    there, now, usual = (dict(_leaves(one.settings())) for one in (before, after, Policy()))
    return [
        f"{name} {value!r} -> {now.get(name)!r}"
        for name, value in sorted(there.items())
        if value != usual.get(name) and now.get(name) == usual.get(name)
    ]


def _leaves(settings: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    for name, value in settings.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value
