"""What may become of a claim, and how it ends; the database refuses every other move."""

from collections.abc import Mapping
from enum import StrEnum

from include.winddown.domain.errors import IllegalClaimMove


class ClaimState(StrEnum):
    """Where a discrepancy stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    PAID = "paid"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    WRITTEN_OFF = "written_off"


MOVES: Mapping[ClaimState, tuple[ClaimState, ...]] = {
    ClaimState.OPEN: (ClaimState.CLAIMED, ClaimState.WITHDRAWN, ClaimState.WRITTEN_OFF),
    ClaimState.CLAIMED: (ClaimState.PAID, ClaimState.REFUSED, ClaimState.WITHDRAWN),
    ClaimState.REFUSED: (ClaimState.CLAIMED, ClaimState.WRITTEN_OFF),
    # both ways of a reversal: the partner takes the money back, or the goods turned up
    ClaimState.PAID: (ClaimState.OPEN, ClaimState.WITHDRAWN),
    ClaimState.WITHDRAWN: (ClaimState.OPEN,),
    ClaimState.WRITTEN_OFF: (),
}


LOSS_KINDS = ("short", "lost_in_transit", "lost_by_partner", "identity_broken", "reversed")
"""Claims for pieces that are not here; what is paid for them is compensated."""
THE_MATCH = "the match"
"""Who decided, when nobody did: what a claim was prepared for is not found any more, or found again."""


class Closure(StrEnum):
    """What a payment, or its reversal, left behind."""

    PAID_IN_CASH = "paid_in_cash"
    PAID_IN_STOCK = "paid_in_stock"
    REVERSED_FOR_STOCK = "reversed_for_stock"
    REVERSED_WITHOUT_STOCK = "reversed_without_stock"


def move_claim(now_is: ClaimState, to: ClaimState, by_whom: str) -> ClaimState:
    """
    Move a claim on.

    Args:
        now_is: its state.
        to: the state it shall have.
        by_whom: who decided; a claim is written off by a named person only.

    Raises:
        IllegalClaimMove: the move is not one of MOVES, or nobody stands behind it.
    """
    if to not in MOVES[now_is]:
        allowed = ", ".join(MOVES[now_is]) or "nothing: it is final"
        msg = f"a claim that is {now_is} cannot become {to}; possible: {allowed}"
        raise IllegalClaimMove(msg)
    if to is ClaimState.WRITTEN_OFF and not by_whom.strip():
        msg = "a claim is written off by a named person only; say who decided"
        raise IllegalClaimMove(msg)
    return to


def close_claim(cash_minor: int, stock_qty: int) -> Closure:
    """
    Name what a settlement did, seen from the merchant.

    Args:
        cash_minor: money that came [minor units]; below zero it was taken back.
        stock_qty: pieces that came with it.
    """
    if cash_minor < 0:
        return Closure.REVERSED_FOR_STOCK if stock_qty > 0 else Closure.REVERSED_WITHOUT_STOCK
    return Closure.PAID_IN_STOCK if stock_qty > 0 else Closure.PAID_IN_CASH
