"""What a named person may say of a claim, and what follows from it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from include.winddown.domain.errors import BadAnswer, IllegalClaimMove
from include.winddown.domain.match.claims import MOVES, ClaimState
from include.winddown.domain.match.settlement import (
    AGAIN,
    CHOICES,
    IN_GOODS,
    PAID,
    REFUSED,
    TAKEN_BACK,
    WAYS,
    WITHDRAWN,
    WRITE_OFF,
    ClaimLine,
    events_of,
    read_outcome,
)
from include.winddown.domain.match.settlement_words import word_lapsing, word_question

NOW = datetime(2026, 4, 1, tzinfo=UTC)
WHY = "The partner wrote that it pays"
SHORT = ClaimLine(
    request_id="r-1",
    request_no="RR-1",
    sku="A",
    condition="sellable",
    kind="short",
    qty=2,
    value_minor=3_000,
    currency="RUB",
    state=ClaimState.CLAIMED,
)
DAMAGED = replace(SHORT, sku="B", kind="damaged", qty=1)
IN_CASH = replace(SHORT, state=ClaimState.PAID, paid_as="paid_in_cash")
AS_GOODS = replace(SHORT, state=ClaimState.PAID, paid_as="paid_in_stock")
MONEY = {"amount_minor": "2500", "reference": "P-7"}


def read(choice, lines=(SHORT,), paid_minor=0, by_user="Anna", **fields):
    return read_outcome(choice, {"why": WHY} | fields, by_user, lines, paid_minor)


def told(settlement):
    return [(event.kind, event.sku, event.qty, event.report_no) for event in events_of(settlement, 4, NOW)]


def test_every_way_is_a_move_of_the_table():
    """No choice leads where a claim may not go, and each move but the handing over has its choice."""
    ways = {(now_is, to) for way in WAYS.values() for now_is, to in way.items()}
    moves = {(now_is, to) for now_is, allowed in MOVES.items() for to in allowed}
    assert ways <= moves
    assert moves - ways == {(ClaimState.OPEN, ClaimState.CLAIMED)}


def test_paid_in_money_makes_lost_pieces_good():
    """Money, reference and name are kept; only what is not here is told to the match."""
    paid = read(PAID, (SHORT, DAMAGED), **MONEY)
    assert (paid.outcome, paid.cash_minor, paid.stock_qty, paid.reference) == (
        "paid_in_cash",
        2_500,
        0,
        "P-7",
    )
    assert [to for _, to in paid.lines] == [ClaimState.PAID] * 2
    assert told(paid) == [("compensated", "A", 2, "P-7")]


def test_paid_in_goods_names_as_many_pieces_as_the_lines_have():
    """Other numbers are asked about: which lines are meant?"""
    paid = read(IN_GOODS, pieces="2", reference="CN-1")
    assert (paid.outcome, paid.stock_qty, told(paid)) == (
        "paid_in_stock",
        2,
        [("compensated_stock", "A", 2, "CN-1")],
    )
    with pytest.raises(BadAnswer, match="pieces is 1; for these lines it is 3"):
        read(IN_GOODS, (SHORT, DAMAGED), pieces="1", reference="CN-1")
    assert read(IN_GOODS, (SHORT, DAMAGED), pieces="1", reference="CN-1", only="B").lines[0][0] is DAMAGED


def test_what_was_paid_can_go_back():
    """Taken back it is open again; withdrawn, because the goods turned up. Money below zero, and the match hears of it."""
    back = read(TAKEN_BACK, (IN_CASH,), 2_500, amount_minor="2500", reference="P-8")
    assert (back.outcome, back.cash_minor) == ("reversed_without_stock", -2_500)
    assert [to for _, to in back.lines] == [ClaimState.OPEN]
    assert told(back) == [("reversed", "A", 2, "P-8")]
    found = read(WITHDRAWN, (IN_CASH,), 2_500, amount_minor="2500", reference="P-8")
    assert (found.outcome, [to for _, to in found.lines]) == ("reversed_for_stock", [ClaimState.WITHDRAWN])
    goods = read(TAKEN_BACK, (AS_GOODS,), pieces="2", reference="P-8")
    assert (goods.cash_minor, goods.stock_qty, told(goods)) == (0, -2, [("reversed_stock", "A", 2, "P-8")])
    with pytest.raises(BadAnswer, match="2000 came for these lines"):
        read(TAKEN_BACK, (IN_CASH,), 2_000, amount_minor="2500", reference="P-8")


def test_without_money_nothing_is_told_to_the_match():
    """Refused, claimed again, withdrawn, written off: the state alone."""
    refused = replace(SHORT, state=ClaimState.REFUSED)
    for choice, line, to in (
        (REFUSED, SHORT, "refused"),
        (AGAIN, refused, "claimed"),
        (WITHDRAWN, SHORT, "withdrawn"),
        (WRITE_OFF, refused, "written_off"),
        (WRITE_OFF, replace(SHORT, state=ClaimState.OPEN), "written_off"),
    ):
        one = read(choice, (line,))
        assert (one.outcome, one.cash_minor, one.by_user, told(one)) == (to, 0, "Anna", [])


def test_lines_that_cannot_go_there_are_left_or_named():
    """Without names those that may; a named one that may not is refused."""
    refused = replace(SHORT, sku="C", state=ClaimState.REFUSED)
    assert [line.sku for line, _ in read(REFUSED, (refused, SHORT)).lines] == ["A"]
    with pytest.raises(IllegalClaimMove, match="short of C on RR-1 is refused"):
        read(REFUSED, (refused, SHORT), only="C, A")
    with pytest.raises(IllegalClaimMove, match="is written_off"):
        read(PAID, (replace(SHORT, state=ClaimState.WRITTEN_OFF),), **MONEY)
    assert read(WITHDRAWN, (IN_CASH, SHORT)).lines[0][0] is SHORT


@pytest.mark.parametrize(
    ("choice", "lines", "fields", "words"),
    [
        (PAID, (SHORT,), {"reference": "P"}, "amount_minor is empty"),
        (PAID, (SHORT,), {"amount_minor": "2500"}, "reference is empty"),
        (PAID, (SHORT,), {"amount_minor": "25.00", "reference": "P"}, "give a whole number"),
        (PAID, (SHORT,), MONEY | {"pieces": "2"}, "pieces is 2"),
        (REFUSED, (SHORT,), {"amount_minor": "5"}, "amount_minor is 5"),
        (PAID, (SHORT,), MONEY | {"why": "ok"}, "say in a sentence"),
        (PAID, (SHORT,), MONEY | {"by_user": ""}, "names nobody"),
        (PAID, (SHORT,), MONEY | {"only": "Z"}, "only names 'Z'"),
        (PAID, (SHORT, replace(SHORT, sku="D", currency="CNY")), MONEY, "not in one currency"),
        (TAKEN_BACK, (IN_CASH,), {}, "needs what was given back"),
    ],
)
def test_what_cannot_be_acted_upon_is_asked_again(choice, lines, fields, words):
    """The message says what was wrong with the answer."""
    with pytest.raises(BadAnswer, match=words):
        read(choice, lines, **fields)


def test_the_question_shows_lines_history_and_choices():
    """What is to be decided, what was decided, and by whom; text from outside stays text."""
    before = {
        "settled_at": NOW, "outcome": "reversed_without_stock", "cash_minor": -1_250, "currency": "RUB",
        "stock_qty": 0, "reference": "![x](http://evil)", "by_user": "Anna", "why": WHY,
    }  # fmt: skip
    text = word_question("demo", "c1", [SHORT], [before])
    assert "| short | 2 | 30.00 RUB | claimed |" in text
    assert "-12.50 RUB" in text
    assert "![x](http://evil)" not in text
    assert all(f"**{choice}**" in text for choice in CHOICES)


def test_a_notice_names_what_ends_and_when():
    """The first day stands in the subject; an unknown value is not zero."""
    row = {"claim_until_on": date(2026, 4, 5), "kind": "short", "qty": 2, "sku": "A", "request_no": "RR-1"}
    subject, text = word_lapsing("demo", [row | {"value_minor": None, "currency": "RUB"}])
    assert subject == "exit demo: 1 claims end soon, the first on 2026-04-05; trigger claim_returns"
    assert text == "until 2026-04-05: short, 2 of A on RR-1, ? RUB"
