"""Which place of the books each piece of a requested line is in, and the movements that bring it there."""

from collections.abc import Mapping
from itertools import permutations

import numpy as np
import pandas as pd

from include.winddown.domain.frame_types import Column, Frame, Rule
from include.winddown.domain.frames import CONDITIONS
from include.winddown.domain.match.frames import TOTAL_QTY_MAX
from include.winddown.domain.movements import NODES, Document

Pieces = np.ndarray[tuple[int, int], np.dtype[np.int64]]

GRAIN = ["request_id", "sku", "condition"]
SYSTEM = "match"

PLACES: Mapping[str, tuple[str, str]] = {
    "received_ok_qty": ("RECEIVED", "counted at the own dock"),
    "received_damaged_qty": ("DAMAGED", "counted at the own dock, damaged"),
    "received_wrong_qty": ("WRONG", "another article was counted in their place"),
    "disposed_qty": ("DISPOSED", "destroyed by the partner"),
    "cancelled_qty": ("STOCK", "will not be sent: back among the free pieces"),
    "short_closed_qty": ("ADJUST", "closed short by a named person"),
    "lost_qty": ("LOST", "lost on the way back"),
    "compensated_qty": ("COMPENSATED", "made good by the partner"),
    "in_transit_qty": ("IN_TRANSIT", "sent and not counted yet"),
    "unresolved_qty": ("IN_REMOVAL", "asked back and not sent yet"),
}
"""Column of a booked line: its place, and why pieces go there. What is surest comes first and is never clipped."""

MADE_GOOD = "goods given for pieces that were lost"
TAKEN_BACK = "goods that made good were taken back"


def _qty(name: str, meaning: str) -> Column:
    return Column(name=name, kind="qty", high=TOTAL_QTY_MAX, meaning=meaning)


BOOKED_LINES = Frame(
    name="booked_lines",
    grain=tuple(GRAIN),
    columns=(
        Column(name="request_id", kind="id", meaning="the return request"),
        Column(name="sku", kind="id", meaning="the product"),
        Column(name="condition", kind="code", values=CONDITIONS, meaning="as asked for"),
        _qty("requested_qty", "asked back"),
        *(_qty(name, why) for name, (_, why) in PLACES.items()),
        _qty("made_good_qty", "new goods in the partner's warehouse for compensated pieces; apart"),
    ),
    rules=(Rule(name="requested_is_accounted_for", predicate=f"requested_qty = {' + '.join(PLACES)}"),),
    may_be_empty=True,
)
"""A requested line as it is to be booked: every requested piece in one place, nothing beyond them."""


def place_lines(lines: pd.DataFrame, request_ids: Mapping[str, str]) -> pd.DataFrame:
    """
    Give each requested piece its place in the books.

    What came beyond the request is left out: it takes a person to say whose it is. So the own dock's
    count is filled in first, and what was cancelled last.

    Args:
        lines: match.frames.LINES of one exit.
        request_ids: our id of each request number.

    Returns:
        BOOKED_LINES, in the order of the lines. Pieces closed short that were never sent are still
        with the partner, so they count as cancelled.
    """
    received = lines["received_ok_qty"] + lines["received_damaged_qty"] + lines["received_wrong_qty"]
    sent = (lines["shipped_qty"] - received).clip(lower=0)
    short = np.minimum(lines["short_closed_qty"], sent)
    told = lines.assign(cancelled_qty=lines["cancelled_qty"] - short, short_closed_qty=short)
    left = lines["requested_qty"]
    placed = {}
    for name in PLACES:
        placed[name] = np.minimum(told[name], left)
        left = left - placed[name]
    booked = told.assign(request_id=lines["request_no"].map(dict(request_ids)), **placed)
    return booked[list(BOOKED_LINES.names)]


def rebook(placed: pd.DataFrame, booked: pd.DataFrame, document: Document) -> list[dict[str, object]]:
    """
    Move what stands in another place than it should; where nothing changed, nothing is moved.

    Args:
        placed: BOOKED_LINES.
        booked: one row per (*GRAIN, node) with qty, what the line's movements so far left there, and
            movement_id, the latest of them.
        document: when; its system and doc are replaced by SYSTEM and each line's request_id.

    Returns:
        Movements with request_id and condition; per line they take as much out as they bring in.
    """
    routes = _routes(_balances(placed) - _booked(placed, booked))
    keys = list(placed[GRAIN].itertuples(index=False, name=None))
    latest = {} if booked.empty else booked.groupby(GRAIN)["movement_id"].max().to_dict()
    return [
        _movement(keys[at], (from_node, to_node), qty, latest.get(keys[at], 0), document)
        for at, from_node, to_node, qty in routes
    ]


def _balances(placed: pd.DataFrame) -> Pieces:
    """Pieces per line and place; what the partner holds counts down from what was asked back."""
    sums = pd.DataFrame(0, index=placed.index, columns=list(NODES), dtype="int64")
    for name, (node, _) in PLACES.items():
        sums[node] += placed[name]
    sums["STOCK"] += placed["made_good_qty"] - placed["requested_qty"]
    sums["SUPPLY"] -= placed["made_good_qty"]
    balances: Pieces = sums.to_numpy()
    return balances


def _booked(placed: pd.DataFrame, booked: pd.DataFrame) -> Pieces:
    sums = booked.pivot_table(index=GRAIN, columns="node", values="qty", aggfunc="sum", fill_value=0)
    lines = pd.MultiIndex.from_frame(placed[GRAIN])
    whole: Pieces = sums.reindex(index=lines, columns=list(NODES), fill_value=0).to_numpy(dtype=np.int64)
    return whole


def _routes(change: Pieces) -> list[tuple[int, str, str, int]]:
    """Pair places that have too much with those that have too little, in the order of NODES; row by row."""
    left, found = change.copy(), []
    for from_at, to_at in permutations(range(len(NODES)), 2):
        qty = np.minimum(-left[:, from_at], left[:, to_at]).clip(min=0)
        rows = np.flatnonzero(qty)
        left[:, from_at] += qty
        left[:, to_at] -= qty
        found += [
            (at, from_at, to_at, pieces) for at, pieces in zip(rows.tolist(), qty[rows].tolist(), strict=True)
        ]
    return [(at, NODES[from_at], NODES[to_at], qty) for at, from_at, to_at, qty in sorted(found)]


def _movement(
    key: tuple[str, ...], route: tuple[str, str], qty: int, after: int, document: Document
) -> dict[str, object]:
    """Write one movement; its natural key names the movement it follows, so each correction has its own."""
    (request_id, sku, condition), (from_node, to_node) = key, route
    return {
        "sku": sku,
        "from_node": from_node,
        "to_node": to_node,
        "qty": qty,
        "request_id": request_id,
        "condition": condition,
        "source_system": SYSTEM,
        "source_doc": request_id,
        "source_line": f"{after}|{from_node}>{to_node}|{condition}|{sku}",
        "reason": _why(route),
        "moved_at": document.moved_at,
    }


def _why(route: tuple[str, str]) -> str:
    if "SUPPLY" in route:
        return MADE_GOOD if route[0] == "SUPPLY" else TAKEN_BACK
    return next(why for node, why in PLACES.values() if node == route[1])
