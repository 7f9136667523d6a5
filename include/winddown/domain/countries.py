"""What may be said of a lowered price, country by country; docs/policy.md shows the table with its sources."""

from dataclasses import dataclass

NOT_NAMED = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """
    What holds for an announced reduction in one country.

    Attributes:
        country: its name.
        was_days: the "was" price is the lowest of so many days before the reduction; 0 = the price just
            before it, since no rule names a time.
        is_progressive: within one uninterrupted run of reductions the "was" price may stay the one from
            before the first of them. Shown for people; a plan always takes the lower one.
        no_raise: whether a lowered price stays down for `no_raise_days`.
        source: the rule, or why there is none.
    """

    country: str
    was_days: int
    is_progressive: bool
    no_raise: bool
    source: str


_EU = "Directive 98/6/EC Art. 6a (1), (2)"
_NO_RULE = "no rule with a number of days is known to us; ask a lawyer"


def _eu(country: str, source: str = "", *, is_progressive: bool = False) -> PriceRule:
    return PriceRule(
        country=country,
        was_days=30,
        is_progressive=is_progressive,
        no_raise=True,
        source=f"{_EU}; {source}" if source else _EU,
    )


def _free(country: str, source: str = _NO_RULE, was_days: int = 0) -> PriceRule:
    return PriceRule(country=country, was_days=was_days, is_progressive=False, no_raise=False, source=source)


PRICE_RULES: dict[str, PriceRule] = {
    NOT_NAMED: PriceRule(
        country="not named",
        was_days=30,
        is_progressive=False,
        no_raise=True,
        source="the strictest of the table",
    ),
    "AT": _eu("Austria"),
    "BE": _eu("Belgium"),
    "BG": _eu("Bulgaria"),
    "BY": _free("Belarus"),
    "CN": _free("China", "SAMR order 32 (2020) Art. 20: the lowest of 7 days, when no basis is named", 7),
    "CY": _eu("Cyprus"),
    "CZ": _eu("Czechia"),
    "DE": _eu("Germany", "PAngV § 11 (2) lets progressive reductions be", is_progressive=True),
    "DK": _eu("Denmark"),
    "EE": _eu("Estonia"),
    "ES": _eu("Spain"),
    "FI": _eu("Finland"),
    "FR": _eu(
        "France", "Code de la consommation L112-1-1 lets progressive reductions be", is_progressive=True
    ),
    "GB": _free("United Kingdom"),
    "GR": _eu("Greece"),
    "HR": _eu("Croatia"),
    "HU": _eu("Hungary"),
    "IE": _eu("Ireland"),
    "IT": _eu(
        "Italy", "Codice del consumo Art. 17-bis (5) lets progressive reductions be", is_progressive=True
    ),
    "KZ": _free("Kazakhstan"),
    "LT": _eu("Lithuania"),
    "LU": _eu("Luxembourg"),
    "LV": _eu("Latvia"),
    "MT": _eu("Malta"),
    "NL": _eu("Netherlands"),
    "PL": _eu("Poland"),
    "PT": _eu("Portugal"),
    "RO": _eu("Romania"),
    "RU": _free("Russia"),
    "SE": _eu("Sweden"),
    "SI": _eu("Slovenia"),
    "SK": _eu("Slovakia"),
}
"""By ISO 3166 code. Where a country may have an exemption that we did not verify, the stricter rule stands."""
