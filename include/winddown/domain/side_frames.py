"""Frames of files that come in beside a snapshot: the merchant's cost sheet and the dock's counts."""

from include.winddown.domain.frames import CATALOGUE, CONDITIONS, Column, Frame, Rule

COUNT_CLOSED = "count_closed"
COUNT_KINDS = ("received_ok", "received_damaged", COUNT_CLOSED)

COSTS = Frame(
    name="costs",
    grain=("sku",),
    columns=tuple(
        CATALOGUE.column(name)
        for name in ("sku", "unit_cost_minor", "resale_minor", "handling_class", "currency")
    ),
)

COUNTS = Frame(
    name="counts",
    grain=("count_id",),
    columns=(
        Column(name="count_id", kind="id", meaning="the dock's own number of the entry"),
        Column(name="request_no", kind="id", meaning="the desk's number of the return request"),
        Column(name="kind", kind="code", values=COUNT_KINDS, meaning="what was counted, or that it is over"),
        Column(name="sku", kind="id", meaning="empty when the count is over", nullable=True),
        Column(
            name="condition",
            kind="code",
            values=CONDITIONS,
            meaning="as asked for; empty when the count is over",
            nullable=True,
        ),
        Column(name="counted_qty", kind="qty", meaning="pieces; 0 when the count is over"),
        Column(name="counted_at", kind="at", meaning="when it was counted"),
    ),
    rules=(
        Rule(
            name="only_a_closed_count_is_empty",
            predicate="(kind = 'count_closed') = (sku is null)"
            " and (kind = 'count_closed') = (condition is null)"
            " and (kind = 'count_closed') = (counted_qty = 0)",
        ),
    ),
    may_be_empty=True,
)
