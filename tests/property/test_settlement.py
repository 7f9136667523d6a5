"""What holds for any course of a claim: states, money and pieces that were made good."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from include.winddown.domain.errors import BadAnswer, IllegalClaimMove
from include.winddown.domain.match.claims import LOSS_KINDS, MOVES, ClaimState
from include.winddown.domain.match.settlement import CHOICES, ClaimLine, events_of, read_outcome

NOW = datetime(2026, 4, 1, tzinfo=UTC)
SIGN = {"compensated": 1, "compensated_stock": 1, "reversed": -1, "reversed_stock": -1}
LINES = tuple(
    ClaimLine(
        request_id="r-1",
        request_no="RR-1",
        sku=sku,
        condition="sellable",
        kind=kind,
        qty=qty,
        value_minor=100,
        currency="RUB",
        state=ClaimState.CLAIMED,
    )
    for sku, kind, qty in (("A", "short", 2), ("B", "lost_in_transit", 3), ("C", "damaged", 1))
)
ANSWERS = st.tuples(
    st.sampled_from(CHOICES),
    st.fixed_dictionaries(
        {
            "amount_minor": st.sampled_from(["", "", "100", "250"]),
            "pieces": st.sampled_from(["", "", "1", "2", "3", "5", "6"]),
            "reference": st.sampled_from(["P-1", "P-2"]),
            "only": st.sampled_from(["", "", "A", "B", "A B", "short"]),
            "why": st.just("for a test of every course"),
        }
    ),
)


@given(st.lists(ANSWERS, max_size=12))
def test_any_course_is_legal_and_adds_up(answers):
    """No line jumps a step, no more money goes back than came, and a line is made good once or not at all."""
    lines, money, made_good = list(LINES), 0, dict.fromkeys("ABC", 0)
    for number, (choice, fields) in enumerate(answers):
        try:
            outcome = read_outcome(choice, fields, "Anna", lines, money)
        except (BadAnswer, IllegalClaimMove):
            continue
        money += outcome.cash_minor
        for event in events_of(outcome, number, NOW):
            made_good[event.sku] += SIGN[event.kind] * event.qty
        for line, to in outcome.lines:
            assert to in MOVES[line.state]
            paid_as = outcome.outcome if to is ClaimState.PAID else ""
            lines[lines.index(line)] = replace(line, state=to, paid_as=paid_as)
        assert money >= 0
        for line in lines:
            is_paid = line.state is ClaimState.PAID and line.kind in LOSS_KINDS
            assert made_good[line.sku] == (line.qty if is_paid else 0)
