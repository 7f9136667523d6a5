"""Whether to come back: what a person may choose, what has to be done for it, and what the question says."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from include.winddown.domain.errors import BadAnswer, BadParam, shorten
from include.winddown.domain.exits import EXIT_ID
from include.winddown.domain.rejoin import Score
from include.winddown.domain.texts import markdown_safe, shown

REOPEN = "Reopen the exit"
NEW_EXIT = "Open a new exit"
NOT_NOW = "Not now"
CHOICES = (REOPEN, NEW_EXIT, NOT_NOW)
CONTRACT = {"yes": True, "no": False, "not known": None}
"""What a person says of contract and offer: no method of the marketplace tells."""

DECISIONS = {REOPEN: "reopen", NEW_EXIT: "new_exit", NOT_NOW: "not_now"}
WAYS = ("direct", "drop-off", "pick-up")
SUPPLY_DAYS_MIN, SUPPLY_DAYS_MAX = 7, 365
MONTH_DAYS = 30
NAMED_MOST = 5

FIXES = {
    "OUT_OF_ASSORTMENT": "create the product in the cabinet",
    "INVALID": "create the product anew in the cabinet",
    "INCOMPATIBLE_WAREHOUSE": "choose another warehouse for it",
    "INVALID_BARCODE": "give it a barcode",
    "MULTIPLICITY": "send a multiple of its pack",
    "NO_PRICE": "set its price",
    "BANNED": "take it out of the archive, or ask the platform why it is banned",
    "SURPLUS": "send fewer pieces",
    "NO_SALES": "sell it from the own warehouse first",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    What a person decided.

    Attributes:
        choice: one of CHOICES.
        new_exit_id: of a new exit; empty otherwise.
        deadline_on: the last day in the partner's warehouses; None when nothing follows.
    """

    choice: str
    by_user: str
    new_exit_id: str = ""
    deadline_on: date | None = None


def read_form(contract: str, supply_days: str) -> tuple[bool | None, int]:
    """
    Check what was typed into the trigger form.

    Returns:
        Whether contract and offer are in force, None = not known; and for how many days a supply should last.

    Raises:
        BadParam: a field cannot be; names it and what to give.
    """
    if contract not in CONTRACT:
        msg = f"contract is {shown(contract)!r}; give one of {', '.join(CONTRACT)}"
        raise BadParam(msg)
    if not supply_days.isdecimal() or not SUPPLY_DAYS_MIN <= int(supply_days) <= SUPPLY_DAYS_MAX:
        msg = f"supply_days is {shown(supply_days)!r}; give {SUPPLY_DAYS_MIN} to {SUPPLY_DAYS_MAX}"
        raise BadParam(msg)
    return CONTRACT[contract], int(supply_days)


def check_way(way: str) -> None:
    """Refuse a way of bringing goods that nobody knows; BadParam names those there are."""
    if way not in WAYS:
        msg = f"way is {shown(way)!r}; give one of {', '.join(WAYS)}"
        raise BadParam(msg)


def read_decision(
    choice: str, fields: Mapping[str, Any], by_user: str, musts: Sequence[str], today: date
) -> Decision:
    """
    Read what a person decided.

    Raises:
        BadAnswer: nobody is named, something has to be done first, or a field cannot be; says what to give.
    """
    if not by_user:
        msg = "Airflow names nobody who answered; coming back is decided by a named person"
        raise BadAnswer(msg)
    if choice == NOT_NOW:
        return Decision(choice=choice, by_user=by_user)
    if choice not in CHOICES:
        msg = f"the answer is {choice!r}; choose one of {', '.join(CHOICES)}"
        raise BadAnswer(msg)
    if musts:
        msg = (
            f"nothing can follow yet: {'; '.join(musts)}. Answer {NOT_NOW!r}, do that, and start rejoin again"
        )
        raise BadAnswer(msg)
    new_exit_id = str(fields.get("new_exit_id") or "").strip()
    if choice == NEW_EXIT and not EXIT_ID.fullmatch(new_exit_id):
        msg = f"new_exit_id is {shown(new_exit_id)!r}; give the new exit 2 to 40 lower-case letters, digits and hyphens"
        raise BadAnswer(msg)
    if choice == REOPEN and new_exit_id:
        msg = f"new_exit_id is {shown(new_exit_id)!r}, and the old exit is to be reopened; leave it empty"
        raise BadAnswer(msg)
    deadline_on = _deadline(fields, today)
    return Decision(choice=choice, by_user=by_user, new_exit_id=new_exit_id, deadline_on=deadline_on)


def _deadline(fields: Mapping[str, Any], today: date) -> date:
    told = str(fields.get("deadline_on") or "").strip()
    try:
        deadline_on = date.fromisoformat(told)
    except ValueError as wrong:
        msg = f"deadline_on is {shown(told)!r}; write the next last day in the partner's warehouses as YYYY-MM-DD"
        raise BadAnswer(msg) from wrong
    if deadline_on <= today:
        msg = f"deadline_on is {deadline_on}, which is not after {today}; give a later day"
        raise BadAnswer(msg)
    return deadline_on


def pieces_for(days: int, sold: Iterable[tuple[str, int, int]]) -> dict[str, int]:
    """
    Say how many pieces of each SKU last so many days at its pace; what does not sell is not supplied.

    Args:
        days: how long the supply should last.
        sold: SKU, pieces sold, and the days on sale in which they were.
    """
    return {sku: math.ceil(qty * days / on_sale) for sku, qty, on_sale in sold if qty > 0 and on_sale > 0}


def monthly_gain(
    own_minor: int | None, before_minor: int | None, postings_qty: int | None, days: int
) -> int | None:
    """
    Say what delivery by the scheme would save in a month, at the orders of the days looked at.

    Args:
        own_minor: cost of delivering one order now; None = not known.
        before_minor: the same before.
        postings_qty: orders in those days.
        days: how many days.
    """
    if own_minor is None or before_minor is None or postings_qty is None:
        return None
    return (own_minor - before_minor) * postings_qty * MONTH_DAYS // days


def checklist(score: Score, rejected: Mapping[str, Sequence[str]], unasked: Mapping[str, str]) -> list[str]:
    """
    List what is to be done before goods may go back, in the order in which it is done.

    Args:
        score: its musts come first.
        rejected: SKU → why no warehouse would take it.
        unasked: warehouse → why it could not be asked.
    """
    steps = [must[0].upper() + must[1:] for must in score.musts]
    steps += [f"Warehouse {place} could not be asked: {why}" for place, why in unasked.items()]
    count = Counter(reason for reasons in rejected.values() for reason in set(reasons))
    for reason, qty in count.most_common():
        named = [sku for sku in sorted(rejected) if reason in rejected[sku]]
        fix = FIXES.get(reason, "ask the platform what it means")
        steps.append(f"{qty} products are refused as {reason}: {fix} ({shorten(named, NAMED_MOST)})")
    return [
        *steps,
        "Switch the scheme on in the cabinet and create the partner's warehouse there",
        "Draft the supply in the cabinet with the pieces of the workbook, choose how it is brought, and register it",
        "Agree with the partner on storage and on how goods come back",
        "Lower the own stock that is published by what is sent",
    ]


def word_question(exit_id: str, score: Score, todo: Sequence[str], report: str) -> tuple[str, str]:
    """Write subject and body of the question whether to come back."""
    ready = "ready" if score.is_ready else "not ready yet"
    lines = [
        f"**{score.points} of 100 points, {ready}.**",
        "",
        *(f"- {part.name}: {part.points} of {part.most} – {markdown_safe(part.why)}" for part in score.parts),
        "",
        "To be done:",
        "",
        *(f"{number}. {markdown_safe(step)}" for number, step in enumerate(todo, start=1)),
        "",
        f"*{REOPEN}*: goods go back for a time; from the next snapshot on this exit is cleared again, until the deadline you give.",
        f"*{NEW_EXIT}*: the merchant comes back for good; a draft with the id you give waits for its own application to leave.",
        f"*{NOT_NOW}*: nothing changes. Workbook: {markdown_safe(report)}",
    ]
    return f"[{exit_id}] Come back to the scheme? {score.points} points, {ready}", "\n".join(lines)
