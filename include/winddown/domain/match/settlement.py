"""How claims end: what a named person may say became of them, and what follows for money, goods and books."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from include.winddown.domain.effects import Event
from include.winddown.domain.errors import BadAnswer, IllegalClaimMove
from include.winddown.domain.match.claims import LOSS_KINDS, ClaimState, Closure, close_claim, move_claim

PAID, IN_GOODS = "Paid in money", "Paid in goods"
REFUSED, AGAIN = "Refused", "Claim again"
WITHDRAWN, TAKEN_BACK, WRITE_OFF = "Withdrawn", "Payment taken back", "Write it off"
REASON_MIN = 10

S = ClaimState
WAYS: Mapping[str, Mapping[ClaimState, ClaimState]] = {
    PAID: {S.CLAIMED: S.PAID},
    IN_GOODS: {S.CLAIMED: S.PAID},
    REFUSED: {S.CLAIMED: S.REFUSED},
    AGAIN: {S.REFUSED: S.CLAIMED, S.WITHDRAWN: S.OPEN},
    WITHDRAWN: {S.OPEN: S.WITHDRAWN, S.CLAIMED: S.WITHDRAWN, S.PAID: S.WITHDRAWN},
    TAKEN_BACK: {S.PAID: S.OPEN},
    WRITE_OFF: {S.OPEN: S.WRITTEN_OFF, S.REFUSED: S.WRITTEN_OFF},
}
"""By choice: from which state to which; each is one of claims.MOVES."""
CHOICES = tuple(WAYS)

EVENT_OF: Mapping[str, str] = {
    Closure.PAID_IN_CASH: "compensated",
    Closure.PAID_IN_STOCK: "compensated_stock",
    Closure.REVERSED_FOR_STOCK: "reversed",
    Closure.REVERSED_WITHOUT_STOCK: "reversed",
}
"""What a settlement tells the match, so that the books follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """
    A discrepancy that may be settled.

    Attributes:
        qty: pieces claimed, or found where nothing was claimed yet.
        paid_as: how it was paid; empty when it is not paid.
    """

    request_id: str
    request_no: str
    sku: str
    condition: str
    kind: str
    qty: int
    value_minor: int | None
    currency: str
    state: ClaimState
    paid_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """
    What became of some lines of a claim.

    Attributes:
        outcome: paid_in_cash, paid_in_stock, reversed_for_stock, reversed_without_stock, or the state they go to.
        cash_minor, stock_qty: money and goods that came; below zero they were given back.
        reference: of the payment, credit note or letter.
        lines: with the state each goes to.
    """

    outcome: str
    cash_minor: int
    stock_qty: int
    reference: str
    why: str
    by_user: str
    lines: tuple[tuple[ClaimLine, ClaimState], ...]


def read_outcome(
    choice: str, fields: Mapping[str, Any], by_user: str, lines: Sequence[ClaimLine], paid_minor: int
) -> Settlement:
    """
    Read what a person answered.

    Args:
        choice: one of CHOICES.
        fields: amount_minor, pieces, reference, why and only, as typed.
        by_user: who answered.
        lines: all that may be settled here.
        paid_minor: money that came for them so far, less what was given back.

    Raises:
        BadAnswer: nobody answered, or a field is missing or not wanted; says which.
        IllegalClaimMove: a line is not in a state from which it may go there.
    """
    given = {
        name: str(fields.get(name) or "").strip()
        for name in ("amount_minor", "pieces", "reference", "why", "only")
    }
    if not by_user:
        msg = "Airflow names nobody who answered; a claim is settled by a named person"
        raise BadAnswer(msg)
    if len(given["why"]) < REASON_MIN:
        msg = f"why is {given['why']!r}; say in a sentence what the partner said, or why you decide so"
        raise BadAnswer(msg)
    money, pieces = (_whole(name, given[name]) for name in ("amount_minor", "pieces"))
    chosen = _choose(choice, given["only"], lines, is_paid_back=bool(money or pieces))
    outcome, sign = _outcome(choice, chosen, money, pieces)
    _check(outcome, chosen, money, pieces, given["reference"])
    if sign < 0 and money > paid_minor:
        msg = f"amount_minor is {money}, and {paid_minor} came for these lines; give what was taken back"
        raise BadAnswer(msg)
    return Settlement(
        outcome=outcome,
        cash_minor=sign * money,
        stock_qty=sign * pieces,
        reference=given["reference"],
        why=given["why"],
        by_user=by_user,
        lines=tuple((line, move_claim(line.state, WAYS[choice][line.state], by_user)) for line in chosen),
    )


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{0,15}", text, re.ASCII):
        msg = f"{name} is {text!r}; give a whole number, the amount in minor units (kopecks, fen, pence)"
        raise BadAnswer(msg)
    return int(text or 0)


def _choose(choice: str, only: str, lines: Sequence[ClaimLine], *, is_paid_back: bool) -> list[ClaimLine]:
    """Take the lines that are named; without a name all that may go there, paid ones only against what is given back."""
    names = re.findall(r"[^\s,;]+", only)
    for name in names:
        if not any(name in (line.sku, line.kind) for line in lines):
            msg = f"only names {name!r}, which is neither a SKU nor a kind listed here"
            raise BadAnswer(msg)
    if names:
        chosen = [line for line in lines if line.sku in names or line.kind in names]
    else:
        chosen = [
            line
            for line in lines
            if line.state in WAYS[choice]
            and (line.state is S.PAID) == (is_paid_back and S.PAID in WAYS[choice])
        ]
    stuck = next((line for line in chosen or lines if line.state not in WAYS[choice]), None)
    if stuck:
        msg = f"{stuck.kind} of {stuck.sku} on {stuck.request_no} is {stuck.state}: {choice!r} is for {', '.join(WAYS[choice])}"
        raise IllegalClaimMove(msg)
    if not chosen:
        msg = f"{choice!r} needs what was given back: amount_minor, or pieces"
        raise BadAnswer(msg)
    return chosen


def _outcome(choice: str, lines: Sequence[ClaimLine], money: int, pieces: int) -> tuple[str, int]:
    """Name the outcome, and whether money and goods came (1) or went back (-1)."""
    if choice in (PAID, IN_GOODS):
        return close_claim(money, pieces if choice == IN_GOODS else 0), 1
    if lines[0].state is not S.PAID:
        return WAYS[choice][lines[0].state], 1
    # withdrawn after payment: the goods turned up, and what was paid for them goes back
    return close_claim(-1, int(choice == WITHDRAWN)), -1


def _check(outcome: str, lines: Sequence[ClaimLine], money: int, pieces: int, reference: str) -> None:
    in_goods = outcome == Closure.PAID_IN_STOCK or lines[0].paid_as == Closure.PAID_IN_STOCK
    moves_value = outcome in set(Closure)
    if len({(line.currency, line.state is S.PAID, line.paid_as) for line in lines}) > 1:
        msg = "these lines were not paid in the same way, or not in one currency; name some of them in only"
        raise BadAnswer(msg)
    if bool(money) != (moves_value and not in_goods):
        msg = f"amount_minor is {money or 'empty'}; it is needed when money came or was taken back, and empty else"
        raise BadAnswer(msg)
    asked = sum(line.qty for line in lines) if moves_value and in_goods else 0
    if pieces != asked:
        msg = f"pieces is {pieces or 'empty'}; for these lines it is {asked or 'empty'}, or name some of them in only"
        raise BadAnswer(msg)
    if moves_value and not reference:
        msg = "reference is empty; give the number of the payment or credit note"
        raise BadAnswer(msg)


def events_of(settlement: Settlement, number: int, at: datetime) -> list[Event]:
    """
    Tell the match what a settlement made good, line by line.

    Only lost pieces: what is here damaged, or was destroyed, stays where it is, and fees are money alone.

    Args:
        settlement: what was decided.
        number: of it; names the events.
        at: when.
    """
    kind = EVENT_OF.get(settlement.outcome)
    if not kind:
        return []
    lost = [line for line, _ in settlement.lines if line.kind in LOSS_KINDS]
    return [
        Event(
            source="claim",
            event_id=f"settlement-{number}-{at_line}",
            request_no=line.request_no,
            kind="reversed_stock" if line.paid_as == Closure.PAID_IN_STOCK else kind,
            sku=line.sku,
            condition=line.condition,
            qty=line.qty,
            happened_at=at,
            raw={"settlement": number, "kind": line.kind, "outcome": settlement.outcome},
            report_no=settlement.reference,
            by_whom=settlement.by_user,
            note=settlement.why,
        )
        for at_line, line in enumerate(lost, start=1)
    ]
