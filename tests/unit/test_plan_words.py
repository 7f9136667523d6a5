"""What the approver reads."""

from include.winddown.domain.plan import body_of

SUMMARY = {
    "units_by_warehouse": {"WH-1": {"return": 1, "markdown": 2, "dispose": 3, "hold": 4}},
    "list_value_minor": 100,
    "resale_minor": 50,
    "revenue_minor": 70,
    "shipments": 1,
    "unread_stock_rows": 0,
}


def test_what_the_snapshot_says_otherwise_stands_before_the_lines():
    """Differences and restatements are read before the answer; an older plan has none."""
    body = body_of({**SUMMARY, "notes": ["the totals differ in 2 SKUs"]}, "RUB", [])
    assert "\n- the totals differ in 2 SKUs\n" in body
    assert body.index("totals differ") < body.index("The largest lines")
    assert "differ" not in body_of(SUMMARY, "RUB", [])
