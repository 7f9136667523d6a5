"""May an exit be closed? Only when nothing of it is open, and everything that counts is known."""

from dataclasses import dataclass, fields

from include.winddown.domain.errors import shorten

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
        stock: pieces in the warehouses, whatever their condition; those called lost wait for their claim.
        supplies: inbound supplies that are not closed.
        unread: rows in quarantine; each could be any of these.
        in_transit: postings on their way to a buyer; a return of one would come back to the warehouse.
        requests: return requests whose count is not closed.
        discrepancies: differences nobody has settled.
        claims: claims without an answer.
        effects: writes whose outcome is open.
    """

    pending_orders: Open
    reserved: Open
    stock: Open
    supplies: Open
    unread: Open
    in_transit: Open
    requests: Open
    discrepancies: Open
    claims: Open
    effects: Open


KINDS = tuple(field.name for field in fields(Standing))

WORDS = {
    "pending_orders": ("orders are pending", "wait until they have left or are cancelled"),
    "reserved": ("pieces are reserved", "ask the warehouse what for"),
    "stock": ("pieces are in the warehouses", "return, sell or dispose of them, or book the loss"),
    "supplies": ("inbound supplies are open", "cancel them or let them arrive"),
    "unread": ("rows are in quarantine", "correct them at their source and take a new snapshot"),
    "in_transit": ("orders are on their way to buyers", "wait until they are delivered or back"),
    "requests": ("return requests are not counted to the end", "close their counts at the dock"),
    "discrepancies": ("discrepancies are not settled", "claim, explain or accept each"),
    "claims": ("claims have no answer", "ask the partner, or give the claim up"),
    "effects": ("writes have an open outcome", "settle them with the DAG settle_effect"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """One thing that keeps an exit from being closed; sentence says how much, which, and what to do."""

    kind: str
    sentence: str


def blockers(standing: Standing) -> tuple[Blocker, ...]:
    """
    Name everything that keeps an exit from being closed; nothing = it may be.

    What is not known blocks: missing data never reads as zero.
    """
    found = ((kind, getattr(standing, kind)) for kind in KINDS)
    return tuple(
        Blocker(kind=kind, sentence=_sentence(kind, one)) for kind, one in found if one.qty != 0 or one.names
    )


def _sentence(kind: str, one: Open) -> str:
    what, fix = WORDS[kind]
    if one.qty is None:
        return f"it is not known how many {what}; take a new snapshot, or look it up and tell"
    names = f" ({shorten(one.names, NAMES_SHOWN)})" if one.names else ""
    return f"{one.qty} {what}{names}; {fix}"
