"""What an event has to say, by its kind, before it is kept."""

from include.winddown.domain.effects import Event
from include.winddown.domain.match.kinds import DOCK, KINDS, PARTNER, SCOPES, words_of

LEG_OF_SOURCE = {"desk": PARTNER, "dock": DOCK, "claim": PARTNER}


def kind_of(word: str, source: str) -> str:
    """
    Read the word a desk or a dock uses for a kind.

    Returns:
        The kind. A kind of ours is one word exactly: in other capitals or between blanks it is a word that
        nobody knows, and stays as it is.
    """
    leg = LEG_OF_SOURCE[source]
    tidy = word.strip().casefold()
    return word if tidy in KINDS[leg] else words_of(leg).get(tidy, word)


def flaw_of(event: Event) -> str:
    """
    Say what an event lacks or has too much; empty when it can be kept.

    What only a person can make sense of is no flaw, as long as it has pieces: an unknown kind or condition, goods
    without a request, a SKU or both.
    """
    known = KINDS[LEG_OF_SOURCE[event.source]]
    is_misspelt = event.kind not in known and event.kind.strip().casefold() in known
    closes = SCOPES.get(event.kind) == "request"
    has_goods = bool(event.sku or event.condition or event.qty)
    flaws = {
        "kind is missing": not event.kind.strip(),
        f"kind is {event.kind!r}; expected one of {', '.join(known)}": event.kind not in known
        and (is_misspelt or not event.qty),
        f"{event.kind} without the number of its request": closes and not event.request_no,
        f"{event.kind} names goods; leave sku and condition empty and quantity 0": closes and has_goods,
        f"quantity {event.qty} is below zero; only a correction may be": event.qty < 0
        and event.kind != "correction",
        "short_closed without by_whom; name the person who decided": event.kind == "short_closed"
        and not event.by_whom,
        "an amount without its currency": event.amount_minor is not None and not event.currency,
    }
    return next((flaw for flaw, is_so in flaws.items() if is_so), "")
