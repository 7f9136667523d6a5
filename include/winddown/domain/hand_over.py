"""May an exit go on towards its closing? Only when nothing of it is open, and everything that counts is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from include.winddown.domain.errors import shorten
from include.winddown.domain.gate import GateVerdict

NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """
    What may still be open, of one kind.

    Attributes:
        qty: how much of it; None = not known, which blocks as well.
        names: which ones, as far as they have names.
    """

    qty: int | None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    Where an exit stands before it is handed over, in the order in which a person deals with it.

    Attributes:
        pending_orders: postings whose goods may still have to leave.
        reserved: pieces the warehouses keep for orders.
        stock: pieces in the warehouses that are on no return, whatever their condition; those called lost wait
            for their claim.
        supplies: inbound supplies that are not closed.
        unread: rows in quarantine; each could be any of these.
        proposed: plans that nobody has answered.
        effects: writes whose outcome is open.
        in_transit: postings on their way to a buyer; a return of one would come back to the warehouse.
        requests: return requests whose count is not closed.
        on_returns: pieces that are on a return and neither counted nor settled.
        discrepancies: differences nobody has settled.
        claims: claims without an answer.
    """

    pending_orders: Open
    reserved: Open
    stock: Open
    supplies: Open
    unread: Open
    proposed: Open
    effects: Open
    in_transit: Open
    requests: Open
    on_returns: Open
    discrepancies: Open
    claims: Open


KINDS = tuple(field.name for field in fields(Standing))
SEEN = ("pending_orders", "reserved", "stock", "supplies", "unread", "in_transit")
"""What a snapshot or a person tells; migrations/sql/0012_hand_over.sql asks for each of them before a closing."""

CLEARING_KINDS = ("pending_orders", "reserved", "stock", "supplies", "unread", "proposed", "effects")
"""While any of these is open there is something left to plan or to ask for, so the clearing goes on."""

WORDS = {
    "pending_orders": ("orders are pending", "wait until they have left or are cancelled"),
    "reserved": ("pieces are reserved", "ask the warehouse what for"),
    "stock": ("pieces are in the warehouses and on no return", "return, sell or dispose of them"),
    "supplies": ("inbound supplies are open", "cancel them or let them arrive"),
    "unread": ("rows are in quarantine", "correct them at their source and take a new snapshot"),
    "proposed": ("plans wait for an answer", "approve or reject them"),
    "effects": ("writes have an open outcome", "settle them with the DAG settle_effect"),
    "in_transit": ("orders are on their way to buyers", "wait until they are delivered or back"),
    "requests": ("return requests are not counted to the end", "close their counts at the dock"),
    "discrepancies": ("discrepancies are not settled", "claim, explain or accept each"),
    "on_returns": (
        "pieces are on returns and neither counted nor settled",
        "wait for them, or settle what is short",
    ),
    "claims": ("claims have no answer", "ask the partner, or give the claim up"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """One thing that keeps an exit from being closed; sentence says how much, which, and what to do."""

    kind: str
    sentence: str


def blockers(standing: Standing, kinds: Sequence[str] = KINDS) -> tuple[Blocker, ...]:
    """
    Name everything of these kinds that keeps an exit from going on; nothing = it may.

    What is not known blocks: missing data never reads as zero.
    """
    found = ((kind, getattr(standing, kind)) for kind in KINDS if kind in kinds)
    return tuple(
        Blocker(kind=kind, sentence=_sentence(kind, one)) for kind, one in found if one.qty != 0 or one.names
    )


def stand(
    verdict: GateVerdict,
    stock: Mapping[str, int],
    told: Mapping[str, Open],
    unread_rows: int,
    *,
    no_supplies: bool,
) -> Standing:
    """
    Put together where an exit stands.

    Args:
        verdict: of the gate on the snapshot in force.
        stock: SKU → pieces there and on no return, as the snapshot and the returns say.
        told: what the own database knows: booked, on_returns, requests, discrepancies, claims, effects, proposed.
        unread_rows: rows of stock and orders in quarantine.
        no_supplies: a person has looked and found no inbound supply open; counts only where the marketplace
            does not tell them.
    """
    there = {sku: qty for sku, qty in stock.items() if qty}
    booked = told["booked"]
    names = (*sorted(there), *(name for name in booked.names if name not in there))
    open_qty = len(verdict.blocking_supplies) if verdict.supplies_known or no_supplies else None
    return Standing(
        pending_orders=Open(qty=len(verdict.blocking_orders), names=verdict.blocking_orders),
        reserved=Open(qty=verdict.reserved_qty),
        # The books lag behind the snapshot until somebody explains the change, so the larger one counts.
        stock=Open(qty=max(sum(there.values()), booked.qty or 0), names=names),
        supplies=Open(qty=open_qty, names=tuple(one.supply_id for one in verdict.blocking_supplies)),
        unread=Open(qty=unread_rows),
        in_transit=Open(qty=verdict.in_transit_qty, names=verdict.in_transit_orders),
        **{
            name: told[name]
            for name in ("proposed", "effects", "requests", "on_returns", "discrepancies", "claims")
        },
    )


def open_counts(standing: Standing) -> dict[str, int | None]:
    """Count what a snapshot or a person tells, by kind; None = not known."""
    return {kind: getattr(standing, kind).qty for kind in SEEN}


def word_blockers(exit_id: str, state: str, found: Sequence[Blocker]) -> str:
    """Say in one sentence what an exit waits for; names every one."""
    listed = "; ".join(one.sentence for one in found)
    return f"exit {exit_id} is {state} and waits for this: {listed}"


def word_set_up(checklist: str, pieces: Sequence[int], strays: Sequence[str], *, is_read: bool) -> str:
    """
    Word the question about the delivery; Markdown.

    Args:
        checklist: what to do in the cabinet.
        pieces: of each product that came home and is told as own stock.
        strays: SKUs that came home and have no article.
        is_read: whether the marketplace can be read, so that it is checked and told by itself.
    """
    own = f"{sum(pieces)} pieces of {len(pieces)} products came home"
    after = (
        f"The marketplace is read when you answer; what it shows otherwise is named, and asked again. Then {own} are added to"
        " what stands in that warehouse."
        if is_read
        else f"This marketplace is read from files: nobody checks it. {own}; type their stock in as well. Your answer also says"
        " that you looked into the cabinet and no inbound supply is open."
    )
    without = f"\n\nWithout an article, so nobody tells them: {shorten(strays)}." if strays else ""
    return f"{checklist}\n\n{after}{without}\n"


def _sentence(kind: str, one: Open) -> str:
    what, fix = WORDS[kind]
    if one.qty is None:
        return f"it is not known how many {what}; take a new snapshot, or look it up and tell"
    names = f" ({shorten(one.names, NAMES_SHOWN)})" if one.names else ""
    return f"{one.qty} {what}{names}; {fix}"
