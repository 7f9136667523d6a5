"""What to drop, to price higher or lower in the own warehouse, from sales, cover, margin and returns."""

from dataclasses import dataclass

from include.winddown.domain.amounts import amount_of
from include.winddown.domain.own_stock import DEAD, RUNS_OUT, TOO_MUCH
from include.winddown.domain.watch_rules import Watch

DROP, RAISE, LOWER, KEEP = "drop", "raise", "lower", "keep"
ADVICE = (DROP, LOWER, RAISE, KEEP)
"""In the order in which it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """
    What is known of one article.

    Attributes:
        verdict: of its cover, see own_stock.
        cover_days: None = it does not sell, or is not known.
        sold_qty, returned_qty: pieces in the days after which stock is dead; None = returns are not known.
        price_minor, unit_cost_minor: today's price and what a piece cost; None = not known.
        carried_minor: what its delivery costs on average; None = not known.
        fee_bp: the share of the price that the marketplace keeps.
    """

    sku: str
    verdict: str
    cover_days: float | None
    sold_qty: int
    returned_qty: int | None
    price_minor: int | None
    unit_cost_minor: int | None
    carried_minor: int | None
    fee_bp: int

    @property
    def margin_minor(self) -> int | None:
        """What one sale leaves after fee, delivery and cost; None = something of it is not known."""
        if self.price_minor is None or self.unit_cost_minor is None or self.carried_minor is None:
            return None
        fee_minor = -(-self.price_minor * self.fee_bp // 10_000)
        return self.price_minor - fee_minor - self.carried_minor - self.unit_cost_minor

    @property
    def returned_pct(self) -> float | None:
        """Pieces that came back, per cent of those sold; None = none was sold, or it is not known."""
        if self.returned_qty is None or not self.sold_qty:
            return None
        return 100 * self.returned_qty / self.sold_qty


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """
    A suggestion; nothing is changed by it.

    Attributes:
        what: one of ADVICE.
        price_minor: the price suggested; None = none is.
    """

    sku: str
    what: str
    price_minor: int | None
    why: str


def advise(article: Article, rules: Watch) -> Advice:
    """Suggest what to do with an article, with the reason; the first rule that fits decides."""
    for find in (_drop, _lower, _raise):
        advice = find(article, rules)
        if advice:
            return advice
    return Advice(sku=article.sku, what=KEEP, price_minor=None, why="nothing speaks for a change")


def _drop(article: Article, rules: Watch) -> Advice | None:
    returned, margin = article.returned_pct, article.margin_minor
    if article.verdict == DEAD:
        why = f"nothing was sold in {rules.dead_after_days} days on sale"
    elif (
        returned is not None
        and article.sold_qty >= rules.judged_min_qty
        and returned > rules.returned_max_pct
    ):
        why = f"{returned:.0f} per cent of {article.sold_qty} pieces came back, more than {rules.returned_max_pct}"
    elif margin is not None and margin < 0 and article.verdict == TOO_MUCH:
        why = f"a sale loses {amount_of(-margin)}, and there is too much of it to raise the price"
    else:
        return None
    return Advice(sku=article.sku, what=DROP, price_minor=None, why=why)


def _lower(article: Article, rules: Watch) -> Advice | None:
    margin, price = article.margin_minor, article.price_minor
    if article.verdict != TOO_MUCH or price is None or article.cover_days is None:
        return None
    lower = price * (100 - rules.price_step_pct) // 100
    if margin is None or margin - (price - lower) < 0 or lower <= 0:
        return None
    why = f"it lasts {article.cover_days:.0f} days, more than {rules.cover_days_max}, and a sale leaves {amount_of(margin)}"
    return Advice(sku=article.sku, what=LOWER, price_minor=lower, why=why)


def _raise(article: Article, rules: Watch) -> Advice | None:
    margin, price = article.margin_minor, article.price_minor
    if price is None or article.verdict == TOO_MUCH:
        return None
    dearer = -(-price * (100 + rules.price_step_pct) // 100)
    if margin is not None and margin < 0:
        why = f"a sale loses {amount_of(-margin)} after fee, delivery and cost"
    elif article.verdict == RUNS_OUT and article.sold_qty >= rules.judged_min_qty:
        why = f"it runs out before a new order comes, and {article.sold_qty} pieces were sold"
    else:
        return None
    return Advice(sku=article.sku, what=RAISE, price_minor=dearer, why=why)
