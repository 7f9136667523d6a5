"""What guards the prices, and the clock: the sections of a policy that forbid rather than cost."""

from dataclasses import dataclass

from include.winddown.domain.countries import NOT_NAMED, PRICE_RULES, PriceRule
from include.winddown.domain.economics import MEASURED
from include.winddown.domain.settings import Setting, check, given

BY_COUNTRY = "by_country"
_CHANGE = "a week, the engine's own step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Which prices may be asked for."""

    ladder_pct: tuple[int, ...] = given(
        tuple(range(0, 71, 10)),
        Setting(
            kind="steps",
            unit="per cent off",
            high=95,
            meaning="the discounts that are tried, off the price from before the exit's first markdown",
            source=MEASURED,
        ),
    )
    discount_max_pct: int = given(
        70,
        Setting(kind="whole", unit="per cent", high=95, meaning="no deeper than this", source=MEASURED),
    )
    floor_pct_of_cost: int = given(
        0,
        Setting(
            kind="whole",
            unit="per cent of unit cost",
            high=1_000,
            meaning="no price below this share of what the piece cost; 0 = no floor",
            source="what was paid is gone and no reason to keep goods",
        ),
    )
    keep_break_even: bool = given(
        default=True,
        setting=Setting(
            kind="flag",
            meaning="no price whose net is below what the piece fetches when it is taken out",
            source="a sale that brings less than a return is a loss",
        ),
    )
    min_change_days: int = given(
        7,
        Setting(
            kind="whole", unit="days", high=365, meaning="between two changes of a price", source=_CHANGE
        ),
    )
    no_raise_days: int = given(
        30,
        Setting(
            kind="whole",
            unit="days",
            high=365,
            meaning="for so long a lowered price is not raised, where it must stay down; a plan then raises none at all, which is stricter. 0 = it may be raised",
            source="the period of Directive 98/6/EC Art. 6a",
        ),
    )
    country: str = given(
        NOT_NAMED,
        Setting(
            kind="choice",
            choices=tuple(PRICE_RULES),
            meaning="where the buyers are; the table below says what follows. none = the strictest",
            source="the safe one",
        ),
    )
    no_raise: str = given(
        BY_COUNTRY,
        Setting(
            kind="choice",
            choices=(BY_COUNTRY, "always", "never"),
            meaning="whether a lowered price must stay down",
            source="the table of countries",
        ),
    )
    was_price: str = given(
        BY_COUNTRY,
        Setting(
            kind="choice",
            choices=(BY_COUNTRY, "lowest_30_days", "price_before"),
            meaning="which price may be shown struck through: the lowest of the last days, or today's",
            source="the table of countries",
        ),
    )
    corridor_pct: int = given(
        0,
        Setting(
            kind="whole",
            unit="per cent of the approved price",
            high=50,
            meaning="a later plan whose prices stay so near to the approved ones, with no further return or disposal, is carried out without asking again; 0 = every plan asks",
            source="nobody's approval is stretched unasked; 10 is one step of the ladder",
        ),
    )
    at_end: str = given(
        "keep",
        Setting(
            kind="choice",
            choices=("keep", "restore"),
            meaning="once nothing of an article is left to sell, or the deadline has passed: keep its last price, or restore the one from before the first markdown, no sooner than a lowered price may be raised",
            source="a price that nobody looked at is not raised",
        ),
    )

    def __post_init__(self) -> None:
        """Refuse a value out of range; BadPolicy names the setting and the range."""
        check(self)

    def rule(self) -> PriceRule:
        """What holds in the policy's country."""
        return PRICE_RULES[self.country]

    def must_stay_down(self) -> bool:
        """Whether a plan may not raise a price again."""
        must = self.rule().no_raise if self.no_raise == BY_COUNTRY else self.no_raise == "always"
        return must and self.no_raise_days > 0

    def was_days(self) -> int:
        """The lowest price of so many days before a reduction may be shown as the former; 0 = the one before."""
        if self.was_price == BY_COUNTRY:
            return self.rule().was_days
        return 30 if self.was_price == "lowest_30_days" else 0

    def steps_pct(self) -> tuple[int, ...]:
        """The discounts of the ladder that the cap allows."""
        return tuple(step for step in self.ladder_pct if step <= self.discount_max_pct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What may be left to chance as time runs out."""

    gamble_after_last_call: bool = given(
        default=True,
        setting=Setting(
            kind="flag",
            meaning="whether pieces may stay on sale after the last day on which a return can be asked for",
            source=MEASURED,
        ),
    )

    def __post_init__(self) -> None:
        """Refuse a value out of range; BadPolicy names the setting and the range."""
        check(self)
