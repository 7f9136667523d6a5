"""Books in memory for tests: what the store does in PostgreSQL, with the domain's own decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from include.winddown.domain.match.books import GRAIN, place_lines, rebook
from include.winddown.domain.movements import MAY_BE_NEGATIVE, NODES, Document
from tests.match_kit import ASKED_AT, Row

DOCUMENT = Document(system="match", doc="demo", moved_at=ASKED_AT)


@dataclass(slots=True)
class Books:
    """Movements of requested lines, in the order in which they were booked."""

    movements: list[dict[str, Any]] = field(default_factory=list)

    def confirm(self, qty: int, sku: str = "A", request_id: str = "R1") -> None:
        """Book what a desk agreed to, as the statement that confirms a request does."""
        line = {"request_id": request_id, "sku": sku, "condition": "sellable"}
        self._add(
            [line | {"from_node": "STOCK", "to_node": "IN_REMOVAL", "qty": qty, "source_line": "asked"}]
        )

    def take(self, lines: Sequence[Row] | pd.DataFrame) -> list[tuple[str, str, int]]:
        """Book the lines of a match; gives the routes of what moved."""
        frame = pd.DataFrame(lines)
        placed = place_lines(frame, {number: number for number in frame["request_no"]})
        rows = rebook(placed, self.booked(), DOCUMENT)
        self._add(rows)
        return [(row["from_node"], row["to_node"], row["qty"]) for row in rows]

    def booked(self) -> pd.DataFrame:
        """What a line's movements left in each place."""
        sides = [
            {name: row[name] for name in GRAIN}
            | {"node": row[side], "qty": sign * row["qty"], "movement_id": at}
            for at, row in enumerate(self.movements, start=1)
            for side, sign in (("from_node", -1), ("to_node", 1))
        ]
        columns = [*GRAIN, "node", "qty", "movement_id"]
        grouped = pd.DataFrame(sides, columns=columns).groupby([*GRAIN, "node"], as_index=False)
        return grouped.agg({"qty": "sum", "movement_id": "max"}).astype(
            {"qty": "int64", "movement_id": "int64"}
        )

    def places(self, sku: str = "A") -> dict[str, int]:
        """The places of one SKU that are not empty."""
        rows = self.booked()
        sums = rows.loc[rows["sku"] == sku].groupby("node")["qty"].sum()
        return {node: int(sums[node]) for node in NODES if sums.get(node, 0)}

    def check(self) -> None:
        """Per line all places are zero together, and none but those that may holds less than nothing."""
        rows = self.booked()
        assert (rows.groupby(GRAIN)["qty"].sum() == 0).all()
        bounded = ~rows["node"].isin([*MAY_BE_NEGATIVE, "STOCK"])
        assert (rows.loc[bounded, "qty"] >= 0).all()

    def _add(self, rows: list[dict[str, Any]]) -> None:
        known = {
            (row["request_id"], row["source_line"]) for row in self.movements if row["source_line"] != "asked"
        }
        fresh = [(row["request_id"], row["source_line"]) for row in rows if row["source_line"] != "asked"]
        assert len({*fresh}) == len(fresh)
        assert not known & {*fresh}
        self.movements += rows
