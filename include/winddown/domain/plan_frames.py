"""What a plan decides for each listing, in pieces and money, with its alternatives and where it turns."""

from include.winddown.domain.frames import CATALOGUE, Column, Frame, Rule

TOTAL_QTY_MAX = 1_000_000_000
TOTAL_MINOR_MAX = 10**15
WEEKS_MAX = 1_000

ALTERNATIVES = ("return_all", "hold", "markdown", "dispose_all")
"""The four simple policies a plan is compared with."""

REASONS = (
    "return_all",
    "keep_all",
    "mixed",
    "dispose",
    "markdown",
    "too_large",
    "damaged",
    "held",
    "no_return_left",
    "return_at_loss",
)
"""Why a listing's pieces go where they go; domain.split.words has a sentence for each."""

DEFAULTS = (
    "acquiring",
    "commission",
    "cost",
    "deep_discount",
    "delivery",
    "disposal",
    "elasticity",
    "fill",
    "freight",
    "handling",
    "history",
    "lead_time",
    "pick",
    "price_log",
    "resale",
    "sellable_share",
    "size",
    "storage",
    "weight",
)
"""What was not given and so was assumed; domain.split.words says what to give instead."""


def _money(name: str, meaning: str, *, nullable: bool = False) -> Column:
    return Column(
        name=name,
        kind="minor",
        low=-TOTAL_MINOR_MAX,
        high=TOTAL_MINOR_MAX,
        meaning=meaning,
        nullable=nullable,
    )


def _qty(name: str, meaning: str) -> Column:
    return Column(name=name, kind="qty", high=TOTAL_QTY_MAX, meaning=meaning)


def _real(name: str, meaning: str, high: int, *, nullable: bool = False) -> Column:
    return Column(name=name, kind="real", high=high, meaning=meaning, nullable=nullable)


_KNOWN_DEFAULTS = ", ".join(f"'{code}'" for code in DEFAULTS)

DECISIONS = Frame(
    name="decisions",
    grain=("sku",),
    columns=(
        CATALOGUE.column("sku"),
        CATALOGUE.column("offer_id"),
        CATALOGUE.column("currency"),
        _qty("free_qty", "sellable pieces of all warehouses that are not spoken for"),
        _qty("keep_qty", "of them: left where they are, on sale or held"),
        _qty("return_qty", "of them: asked back now"),
        _qty("dispose_qty", "of them: disposed of now"),
        CATALOGUE.column("price_minor"),
        Column(
            name="new_price_minor",
            kind="minor",
            low=1,
            high=TOTAL_MINOR_MAX,
            meaning="this week's price of the pieces kept; today's when it is held or nothing is kept",
        ),
        Column(name="discount_pct", kind="pct", high=100, meaning="by how much it is below the full price"),
        Column(
            name="was_price_minor",
            kind="minor",
            low=1,
            high=TOTAL_MINOR_MAX,
            meaning="the former price that may be shown beside a lower one; missing = not known",
            nullable=True,
        ),
        _real("rate_per_week", "pieces sold a week at today's price, on average", TOTAL_QTY_MAX),
        _real("weeks_left", "from the snapshot to the deadline", WEEKS_MAX),
        Column(
            name="last_call_on",
            kind="on",
            meaning="the last day to ask for a return; missing = it has passed",
            nullable=True,
        ),
        _real("expected_sold_qty", "of the kept pieces: sold, on average", TOTAL_QTY_MAX),
        _real("expected_returned_qty", "of the kept pieces: returned later, on average", TOTAL_QTY_MAX),
        _real("expected_disposed_qty", "of the kept pieces: disposed of later, on average", TOTAL_QTY_MAX),
        _money("sale_net_minor", "what one sale at this week's price leaves after fees"),
        _money(
            "return_net_minor",
            "what one returned piece leaves after all costs of its way; missing = none can be returned",
            nullable=True,
        ),
        _money("plan_minor", "expected net of the plan"),
        _money("return_all_minor", "the same if everything is taken out today"),
        _money("hold_minor", "the same at today's price, the rest taken out at the last call"),
        _money("markdown_minor", "the same at the best single lower price"),
        _money("dispose_all_minor", "the same if everything is disposed of today"),
        _money("bound_minor", "what no policy exceeds on average"),
        _money("margin_minor", "plan - the best of the four"),
        Column(name="second_best", kind="code", values=ALTERNATIVES, meaning="which of the four is best"),
        _real(
            "flip_weeks",
            "weeks left at which the choice turns; missing = it does not",
            WEEKS_MAX,
            nullable=True,
        ),
        _money(
            "flip_return_minor",
            "return net of a piece at which it turns; missing = it does not",
            nullable=True,
        ),
        _real(
            "flip_rate", "rate a week at which it turns; missing = it does not", TOTAL_QTY_MAX, nullable=True
        ),
        Column(
            name="defaults",
            kind="text",
            meaning="what was assumed: codes of DEFAULTS, sorted, a blank between them; missing = nothing",
            nullable=True,
        ),
        Column(name="reason", kind="code", values=REASONS, meaning="why, in one word"),
    ),
    rules=(
        Rule(name="every_piece_once", predicate="free_qty = keep_qty + return_qty + dispose_qty"),
        Rule(name="never_raised", predicate="new_price_minor <= price_minor"),
        Rule(
            name="margin_over_the_best",
            predicate="margin_minor = plan_minor"
            " - greatest(return_all_minor, hold_minor, markdown_minor, dispose_all_minor)",
        ),
        Rule(
            name="no_more_is_expected_than_kept",
            predicate="expected_sold_qty + expected_returned_qty + expected_disposed_qty <= keep_qty * 1.001 + 0.01",
        ),
        Rule(
            name="known_defaults",
            predicate=f"coalesce(list_has_all([{_KNOWN_DEFAULTS}], string_split(defaults, ' ')), true)",
        ),
        Rule(
            name="within_the_bound",
            predicate="plan_minor <= bound_minor + 1 + abs(bound_minor) / 1000",
            critical=False,
        ),
    ),
    may_be_empty=True,
)
"""One row a listing with free sellable pieces: one price, over all its warehouses."""
