"""
Double entry of units: every piece is always in exactly one place.

Places (nodes) and what each holds: docs/operators-guide.md, section 7. A movement takes pieces from one place to another, names the document it comes from, and is
never changed. So per exit and SKU all places sum to zero, and SUPPLY (negative) equals the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from include.winddown.domain.errors import UnitsLost, shorten

NODES = (
    "SUPPLY",
    "STOCK",
    "IN_REMOVAL",
    "IN_TRANSIT",
    "RECEIVED",
    "DAMAGED",
    "WRONG",
    "SOLD",
    "DISPOSED",
    "LOST",
    "COMPENSATED",
    "ADJUST",
)
MAY_BE_NEGATIVE = ("SUPPLY", "ADJUST")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Where movements come from: system and document id; with the line they make the natural key."""

    system: str
    doc: str
    moved_at: datetime


def move(
    document: Document, route: tuple[str, str], pieces: Iterable[tuple[str, int]], reason: str
) -> list[dict[str, object]]:
    """
    Write movements of one kind.

    Args:
        document: their source.
        route: from node, to node.
        pieces: (sku, qty); rows of 0 pieces are left out.
        reason: for people.
    """
    from_node, to_node = route
    return [
        {
            "sku": sku,
            "from_node": from_node,
            "to_node": to_node,
            "qty": qty,
            "source_system": document.system,
            "source_doc": document.doc,
            "source_line": f"{from_node}>{to_node}|{sku}",
            "reason": reason,
            "moved_at": document.moved_at,
        }
        for sku, qty in pieces
        if qty
    ]


def open_books(stock: pd.DataFrame, document: Document) -> list[dict[str, object]]:
    """
    Book the first stock of an exit.

    Args:
        stock: one row per sku with there_qty (in the warehouses) and lost_qty (reported lost).
        document: the snapshot.
    """
    there = zip(stock["sku"].tolist(), stock["there_qty"].tolist(), strict=True)
    lost = zip(stock["sku"].tolist(), stock["lost_qty"].tolist(), strict=True)
    return [
        *move(document, ("SUPPLY", "STOCK"), there, "opening stock"),
        *move(document, ("SUPPLY", "LOST"), lost, "reported lost before the exit began"),
    ]


def explain_change(
    account: pd.DataFrame, document: Document, unexplained_max_qty: int
) -> list[dict[str, object]]:
    """
    Explain the difference between the books and a new snapshot.

    Args:
        account: one row per sku: stock_qty, lost_booked_qty (reported lost by earlier snapshots) and
            awaiting_qty (IN_REMOVAL: asked back and still in the warehouse), lost_returning_qty (lost
            or made good on a return), sold_qty (left on orders since the last booked snapshot),
            there_qty and lost_qty (the snapshot).
        document: the snapshot.
        unexplained_max_qty: pieces per SKU that may differ without stopping.

    Returns:
        Movements STOCK→SOLD, STOCK→LOST (or back when found) and, within the tolerance, ADJUST. A piece
        that was lost on a return and that the warehouse now lists as lost is lost once.

    Raises:
        UnitsLost: more than the tolerance appeared or vanished; names the SKUs.
    """
    listed = account["lost_qty"] - account["lost_booked_qty"]
    left = account["stock_qty"] + account["awaiting_qty"] - account["sold_qty"]
    twice = np.minimum(
        account["there_qty"] - left + listed, np.minimum(listed, account["lost_returning_qty"])
    )
    newly_lost = listed - np.maximum(twice, 0)
    expected = left - newly_lost
    drift = account["there_qty"] - expected
    broken = account.assign(expected=expected).loc[np.abs(drift) > unexplained_max_qty]
    if len(broken):
        named = [f"{row.sku} (expected {row.expected}, there {row.there_qty})" for row in broken.itertuples()]
        msg = (
            f"{len(broken)} SKUs do not add up since the last snapshot: {shorten(named)}. Ask the warehouse,"
            " or raise unexplained_max_qty in the exit's policy to book the difference as an adjustment"
        )
        raise UnitsLost(msg)
    sku = account["sku"].tolist()
    plus, minus = np.maximum(drift, 0).tolist(), np.maximum(-drift, 0).tolist()
    lost, found = np.maximum(newly_lost, 0).tolist(), np.maximum(-newly_lost, 0).tolist()
    sold = account["sold_qty"].tolist()
    return [
        *move(document, ("STOCK", "SOLD"), zip(sku, sold, strict=True), "left the warehouse on orders"),
        *move(document, ("STOCK", "LOST"), zip(sku, lost, strict=True), "the warehouse reports them lost"),
        *move(document, ("LOST", "STOCK"), zip(sku, found, strict=True), "the warehouse found them again"),
        *move(document, ("STOCK", "ADJUST"), zip(sku, minus, strict=True), "vanished, within the tolerance"),
        *move(document, ("ADJUST", "STOCK"), zip(sku, plus, strict=True), "appeared, within the tolerance"),
    ]


def check_balance(balance: pd.DataFrame) -> dict[str, int]:
    """
    Check the books of an exit.

    Args:
        balance: one row per (sku, node) with qty.

    Returns:
        Pieces per node over all SKUs.

    Raises:
        UnitsLost: a SKU does not sum to zero, or a place holds less than nothing.
    """
    sums = balance.groupby("sku")["qty"].sum()
    uneven = [f"{sku} is off by {qty}" for sku, qty in sums[sums != 0].items()]
    bounded = balance.loc[~balance["node"].isin(MAY_BE_NEGATIVE) & (balance["qty"] < 0)]
    negative = [f"{row.sku} has {row.qty} in {row.node}" for row in bounded.itertuples()]
    if uneven or negative:
        msg = f"the books are broken: {shorten([*uneven, *negative])}; stop and call an engineer"
        raise UnitsLost(msg)
    totals = balance.groupby("node")["qty"].sum()
    return {node: int(totals.get(node, 0)) for node in NODES}
