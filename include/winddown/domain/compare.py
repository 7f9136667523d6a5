"""What a snapshot says otherwise than somebody else: the marketplace's totals, the snapshot before."""

from collections.abc import Sequence
from dataclasses import dataclass

from include.winddown.domain.errors import StockDisagrees, shorten

PENDING_STEPS = (
    "awaiting_registration",
    "acceptance_in_progress",
    "awaiting_approve",
    "awaiting_packaging",
    "awaiting_deliver",
)
LEFT_STEP, LAST_STEP = 10, 20

STATUS_STEPS = {
    **{status: step for step, status in enumerate(PENDING_STEPS, start=1)},
    **dict.fromkeys(("sent_by_seller", "delivering", "driver_pickup", "client_arbitration"), LEFT_STEP),
    **dict.fromkeys(("delivered", "cancelled"), LAST_STEP),
}
"""How far a posting has come; going back, or from one end to the other, tells the past differently."""

NAMED_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StockDifference:
    """
    One SKU that two sides count differently, sellable pieces over all warehouses; grain sku.

    Attributes:
        report_qty, report_reserved_qty: as the warehouses report; None = not named there.
        totals_qty, totals_reserved_qty: as the marketplace counts; None = not named there.
        apart_qty: the larger of both differences.
    """

    sku: str
    report_qty: int | None
    totals_qty: int | None
    report_reserved_qty: int | None
    totals_reserved_qty: int | None
    apart_qty: int

    def words(self) -> str:
        """Name both sides."""
        return (
            f"{self.sku}: {_told(self.report_qty, self.report_reserved_qty)} in the report,"
            f" {_told(self.totals_qty, self.totals_reserved_qty)} in the totals"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """How many order lines of the past are told differently; grain (kind, column_name)."""

    kind: str
    column_name: str
    lines_qty: int
    example: str
    restates_snapshot_id: str


def _told(qty: int | None, reserved_qty: int | None) -> str:
    return "not named" if qty is None else f"{qty} ({reserved_qty} reserved)"


def differences_sentence(differences: Sequence[StockDifference]) -> str:
    """Sum the differences up for people; empty when there are none."""
    if not differences:
        return ""
    named = shorten([difference.words() for difference in differences], NAMED_MOST)
    return f"the warehouses' report and the marketplace's totals differ in {len(differences)} SKUs: {named}"


def check_differences(differences: Sequence[StockDifference], most_qty: int) -> None:
    """
    Let small differences pass.

    Raises:
        StockDisagrees: a SKU is further apart than most_qty pieces; names the SKUs and the fix.
    """
    too_far = [difference for difference in differences if difference.apart_qty > most_qty]
    if too_far:
        msg = (
            f"{differences_sentence(too_far)}; allowed are {most_qty} pieces a SKU. Ask the partner for a new report"
            " and take a new snapshot, or raise stock_difference_max_qty in the exit's policy"
        )
        raise StockDisagrees(msg)


def restatement_sentence(restated: Sequence[Restated]) -> str:
    """Sum the restatements up for people; empty when the past is told as before."""
    if not restated:
        return ""
    parts = [
        f"{one.lines_qty} {one.kind}{f' ({one.column_name})' if one.column_name else ''}, as in {one.example}"
        for one in restated
    ]
    return (
        f"order lines told otherwise than in snapshot {restated[0].restates_snapshot_id}: {'; '.join(parts)}"
    )
