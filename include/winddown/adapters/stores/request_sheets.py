"""What a request sheet says, gathered from the ledger, the plan and the plan's own snapshot."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from include.winddown.adapters.stores.bulk import run_bulk
from include.winddown.adapters.stores.questions import ask_rows
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.errors import OutcomeUnknown
from include.winddown.domain.request_sheet import RequestSheet, SheetLine

NO_PRODUCT: dict[str, Any] = {"barcode": "", "length_mm": None, "width_mm": None, "height_mm": None}


class RequestSheets:
    """
    The sheets of the ledger's return requests; each is the same whenever it is asked for.

    Args:
        engine: winddown's database.
        snapshots: the plan's snapshot has barcodes and sizes.
        answer_days: how long the warehouse has.
    """

    def __init__(self, engine: Engine, snapshots: SnapshotStore, answer_days: int) -> None:
        self._engine = engine
        self._snapshots = snapshots
        self._answer_days = answer_days

    def of(self, reference: str) -> RequestSheet:
        """
        Gather the sheet of one request.

        Raises:
            OutcomeUnknown: the ledger has no such request.
        """
        head = next(iter(ask_rows(self._engine, "sheet_head", effect_key=reference)), None)
        if head is None:
            msg = f"request {reference[:12]} is not in the ledger; nothing may be sent without an intent"
            raise OutcomeUnknown(msg)
        where = {name: head.pop(name) for name in ("plan_id", "snapshot_id")}
        lines = ask_rows(
            self._engine,
            "sheet_lines",
            plan_id=where["plan_id"],
            warehouse_id=head["warehouse_id"],
            shipment_no=head["shipment_no"],
        )
        asked_on = head.pop("created_at").date()
        return RequestSheet(
            **head,
            reference=reference,
            asked_on=asked_on,
            answer_by=asked_on + timedelta(days=self._answer_days),
            lines=self._lines(lines, where["snapshot_id"]),
        )

    def _lines(self, lines: list[dict[str, Any]], snapshot_id: str) -> tuple[SheetLine, ...]:
        products = self._products(snapshot_id, [line["sku"] for line in lines])
        return tuple(
            SheetLine(**line, qty=qty, **products.get(line["sku"], NO_PRODUCT))
            for line, qty in ((line, line.pop("planned_qty")) for line in lines)
        )

    def _products(self, snapshot_id: str, skus: list[str]) -> dict[str, dict[str, Any]]:
        if not self._snapshots.has(snapshot_id, "catalogue"):
            return {}
        paths = self._snapshots.paths(snapshot_id, "catalogue")
        rows = run_bulk("sheet_products", {"catalogue": paths}, {"skus": skus}).to_pylist()
        return {row.pop("sku"): row | {"barcode": row["barcode"] or ""} for row in rows}
