"""What a look-up outside tells of an effect."""

from dataclasses import replace

import pytest

from include.winddown.domain.effects import Accepted, AcceptedLine, Manner, RequestLine, ReturnRequest
from include.winddown.domain.lookup import Seen, Verdict, judge

KNOWS = Manner(account="desk", horizon_s=30)
BLIND = Manner(account="desk", horizon_s=30, knows_reference=False)
WANTED = ReturnRequest(
    client_reference="r",
    warehouse_id="W",
    destination="D",
    handling_class="standard",
    lines=(RequestLine(sku="A", condition="sellable", qty=3),),
)
NOBODY_LOOKED, NOTHING_STOOD = Seen(taken=(), stood_before=None), Seen(taken=(), stood_before=())


def kept(number: str, requested_qty: int = 3) -> Accepted:
    line = AcceptedLine(sku="A", condition="sellable", requested_qty=requested_qty, accepted_qty=1)
    return Accepted(request_no=number, lines=(line,))


@pytest.mark.parametrize(
    ("manner", "seen", "matches", "complete", "verdict"),
    [
        (KNOWS, NOBODY_LOOKED, [kept("1")], True, Verdict.FOUND),
        (KNOWS, NOBODY_LOOKED, [kept("1")], False, Verdict.FOUND),
        (KNOWS, NOBODY_LOOKED, [], True, Verdict.ABSENT),
        (KNOWS, NOBODY_LOOKED, [], False, Verdict.UNCLEAR),
        (KNOWS, NOBODY_LOOKED, [kept("1"), kept("2")], True, Verdict.AMBIGUOUS),
        (KNOWS, NOBODY_LOOKED, [kept("1", requested_qty=4)], True, Verdict.AMBIGUOUS),
        (BLIND, NOBODY_LOOKED, [kept("1")], True, Verdict.AMBIGUOUS),
        (BLIND, NOBODY_LOOKED, [], True, Verdict.ABSENT),
        (BLIND, NOTHING_STOOD, [kept("1")], True, Verdict.FOUND),
        (BLIND, NOTHING_STOOD, [kept("1"), kept("2")], True, Verdict.AMBIGUOUS),
        (BLIND, replace(NOTHING_STOOD, taken={"1"}), [kept("1"), kept("2")], True, Verdict.FOUND),
        (BLIND, replace(NOTHING_STOOD, stood_before=["1"]), [kept("1")], True, Verdict.ABSENT),
        (BLIND, replace(NOTHING_STOOD, stood_before=["1"]), [kept("1"), kept("2")], True, Verdict.FOUND),
        (BLIND, NOTHING_STOOD, [], False, Verdict.UNCLEAR),
    ],
)
def test_a_look_up_proves_no_more_than_it_shows(manner, seen, matches, complete, verdict):
    """One match is found at any time, absence needs a whole read, and a doubt is a person's."""
    judged = judge(WANTED, matches, seen, manner, complete=complete)
    assert judged.verdict is verdict
    assert (judged.accepted is not None) == (verdict is Verdict.FOUND)
    assert bool(judged.numbers) == (verdict in (Verdict.FOUND, Verdict.AMBIGUOUS))


def test_a_doubt_names_the_numbers():
    """A person asks the desk about them."""
    judged = judge(WANTED, [kept("RR-1"), kept("RR-2")], NOBODY_LOOKED, KNOWS, complete=True)
    assert (judged.numbers, "RR-1, RR-2" in judged.detail) == (("RR-1", "RR-2"), True)


def test_requests_that_can_be_told_apart_do_not_wait_for_each_other():
    """Where our reference is kept every effect goes by itself, else one a warehouse."""
    assert KNOWS.conflict_key("return_request", "k1", "W") != KNOWS.conflict_key("return_request", "k2", "W")
    assert BLIND.conflict_key("return_request", "k1", "W") == BLIND.conflict_key("return_request", "k2", "W")
    other = replace(BLIND, account="another desk")
    assert BLIND.conflict_key("x", "k", "W") != other.conflict_key("x", "k", "W")
