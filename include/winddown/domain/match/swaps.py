"""Swap candidates: an article short and another one over, in the same request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SHORT = ("short", "lost_in_transit", "lost_by_partner")
OVER = ("overage", "unexpected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """One pair: so many pieces of `over_sku` may have come in place of `short_sku`."""

    account_id: str
    request_no: str
    short_sku: str
    over_sku: str
    qty: int


def find_swaps(found: Iterable[Mapping[str, object]]) -> list[Swap]:
    """
    Link what is short to what is over, request by request.

    Nothing is offset: both stay discrepancies until a person has looked. Equal quantities are
    linked first, because a whole carton was mixed up more likely than a part of two.

    Args:
        found: discrepancies: account_id, request_no, sku, class, qty.

    Returns:
        Sorted pairs; each piece is in one pair at most.
    """
    shorts: dict[tuple[str, str], dict[str, int]] = {}
    overs: dict[tuple[str, str], dict[str, int]] = {}
    for row in found:
        side = shorts if row["class"] in SHORT else overs if row["class"] in OVER else None
        if side is not None and row["sku"]:
            pieces = side.setdefault((str(row["account_id"]), str(row["request_no"])), {})
            pieces[str(row["sku"])] = pieces.get(str(row["sku"]), 0) + int(str(row["qty"]))
    return [
        Swap(account_id=key[0], request_no=key[1], short_sku=short, over_sku=over, qty=qty)
        for key in sorted(shorts.keys() & overs.keys())
        for short, over, qty in _pair(dict(shorts[key]), dict(overs[key]))
    ]


def _pair(short: dict[str, int], over: dict[str, int]) -> list[tuple[str, str, int]]:
    ranked = sorted(
        ((abs(lacking - more), one, other) for one, lacking in short.items() for other, more in over.items()),
    )
    pairs = []
    for _, one, other in ranked:
        qty = min(short[one], over[other]) if one != other else 0
        if qty:
            pairs.append((one, other, qty))
            short[one] -= qty
            over[other] -= qty
    return sorted(pairs)
