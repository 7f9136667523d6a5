"""What the approver reads."""

from include.winddown.domain.question import body_of, subject_of

SPLIT = {"return": 1, "markdown": 2, "dispose": 3, "hold": 4}
SUMMARY = {
    "facts": {"exit_id": "demo-2", "deadline_on": "2027-02-15", "destination": "OWN-WH-1"},
    "units": {"on_hand": 2_010, "return": 1_001, "markdown": 2, "dispose": 3, "hold": 1_004},
    "units_by_warehouse": {
        "WH-1": SPLIT,
        "WH-2": SPLIT | {"return": 1_000, "markdown": 0, "dispose": 0, "hold": 1_000},
    },
    "list_value_minor": 123_456,
    "resale_minor": 50,
    "revenue_minor": 70,
    "shipments": 1,
    "unread_stock_rows": 0,
}
LINE = {
    "warehouse_id": "WH-1",
    "sku": "A1",
    "name": "Lamp",
    "disposition": "return",
    "planned_qty": 1_200,
    "why": "None sold.",
}


def test_the_subject_begins_with_the_digest():
    """An answer is bound to the digest it was given for."""
    assert subject_of("ab12" * 16, "Shop").startswith("[plan ab12ab12ab12] ")


def test_the_question_says_whose_exit_it_is_and_what_it_comes_to():
    """Exit, deadline, destination, a total row, money with its currency, and names beside SKUs."""
    body = body_of(SUMMARY, "RUB", [LINE])
    assert body.startswith("Exit **demo-2**, deadline 2027-02-15, returns go to OWN-WH-1.")
    assert "| **all** | 1,001 | 2 | 3 | 1,004 |" in body
    assert "- goods at today's prices: 1,234.56 RUB" in body
    assert "| WH-1 | A1 | Lamp | return | 1,200 | None sold. |" in body


def test_what_the_snapshot_says_otherwise_stands_before_the_lines():
    """Differences and restatements are read before the answer; an older plan has none."""
    body = body_of({**SUMMARY, "notes": ["the totals differ in 2 SKUs"]}, "RUB", [])
    assert "\n- the totals differ in 2 SKUs\n" in body
    assert body.index("totals differ") < body.index("The largest lines")
    assert "differ" not in body_of(SUMMARY, "RUB", [])
