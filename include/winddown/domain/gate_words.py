"""The gate's verdict in words: what blocks, until when, and what a person can do."""

from collections.abc import Iterable, Iterator

from include.winddown.domain.errors import shorten
from include.winddown.domain.gate import CLOSED_SUPPLY_STATUSES, GateVerdict, OpenSupply

NAMED_MOST = 3
SUPPLIES_MOST = 2
"""The message with its way out fits the note of a run; all names are in the verdict."""


def verdict_sentence(verdict: GateVerdict) -> str:
    """Say a verdict for people: one readable message, the way out in it."""
    if verdict.cleared:
        return " ".join(["No order is pending and no unit is reserved: stock may leave.", *_beside(verdict)])
    if verdict.passes:
        held = f"{len(verdict.held)} SKUs are held back ({shorten(list(verdict.held), NAMED_MOST)}); the rest goes on"
        return " ".join(
            [f"{'; '.join([held, *_blocking(verdict)])}.", *_ways_out(verdict), *_beside(verdict)]
        )
    if verdict.second_read_at:
        waits = (
            f"one read is not enough: take a second snapshot, counted at {verdict.second_read_at} or later"
            " (policy setting gate_confirm_after_minutes); take_snapshot starts the plan again by itself"
        )
        blocking = "; ".join(_blocking(verdict)) or "Nothing blocks in this snapshot"
        return " ".join([f"{blocking}, but {waits}.", *_beside(verdict)])
    return " ".join([f"{'; '.join(_blocking(verdict))}.", *_ways_out(verdict), *_beside(verdict)])


def archive_notes(archived: Iterable[tuple[str, str]]) -> list[str]:
    """
    Say which archived supplies will block the gate all the same.

    A status nobody knows is no proof that nothing more comes in: the archive may come to hold more
    than what is over.

    Args:
        archived: id and status of each.

    Returns:
        One sentence, or none.
    """
    unknown = [f"{number} ({status})" for number, status in archived if status not in CLOSED_SUPPLY_STATUSES]
    if not unknown:
        return []
    note = (
        f"{len(unknown)} supplies are archived with a status nobody knows to be final, so they block the gate:"
        f" {shorten(unknown, NAMED_MOST)}; see in the cabinet whether anything of them is still to come"
    )
    return [note]


def _blocking(verdict: GateVerdict) -> Iterator[str]:
    if verdict.blocking_orders:
        counts = ", ".join(f"{count} {status}" for status, count in sorted(verdict.statuses.items()))
        yield (
            f"{len(verdict.blocking_orders)} postings with {verdict.pending_qty} pieces are pending ({counts}):"
            f" {shorten(verdict.blocking_orders)}"
        )
    if verdict.reserved_qty:
        yield f"{verdict.reserved_qty} pieces are reserved, of SKUs {shorten(verdict.blocking_skus, NAMED_MOST)}"
    if verdict.unread_rows:
        yield (
            f"{verdict.unread_rows} order rows are in quarantine and could be pending orders:"
            " correct them at their source"
        )
    if verdict.blocking_supplies:
        units = sum(supply.units_qty for supply in verdict.blocking_supplies)
        named = shorten([_supply(supply) for supply in verdict.blocking_supplies], SUPPLIES_MOST)
        yield f"{len(verdict.blocking_supplies)} inbound supplies with {units} pieces are open: {named}"


def _supply(supply: OpenSupply) -> str:
    where = f" to {supply.warehouse_id}" if supply.warehouse_id else ""
    if supply.listed_in == "archive":
        return f"{supply.supply_id}{where} (archived as {supply.status}, which nobody knows to be final; see in the cabinet)"
    way = {
        "yes": "cancel it in the cabinet",
        "no": "cannot be cancelled, wait until it is taken in",
    }.get(supply.can_be_cancelled, "see in the cabinet whether it can be cancelled")
    return f"{supply.supply_id}{where} ({supply.status}; {way})"


def _ways_out(verdict: GateVerdict) -> Iterator[str]:
    if verdict.forecast is not None:
        yield verdict.forecast.sentence()
    if verdict.blocking_orders or verdict.reserved_qty:
        yield (
            "Wait until they have left or are cancelled, stop sales (archive the product, raise its price, or ask"
            " the partner), then take a new snapshot."
        )
    elif verdict.blocks_all:
        yield "Then take a new snapshot."


def _beside(verdict: GateVerdict) -> Iterator[str]:
    if not verdict.supplies_known:
        yield "This marketplace does not tell inbound supplies: check them by hand."
    if verdict.in_transit_qty:
        yield (
            f"{verdict.in_transit_qty} postings are on their way to buyers and will block the closing:"
            f" {shorten(verdict.in_transit_orders, NAMED_MOST)}."
        )
