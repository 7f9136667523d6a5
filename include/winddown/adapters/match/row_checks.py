"""What a row of the legs must be beyond its cells: a sign, a name, something that says which product."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from include.winddown.adapters.ports import BadRow
from include.winddown.domain.codes import Code
from include.winddown.domain.match.kinds import SCOPES

SCIENTIFIC = r"^[0-9]+([.,][0-9]+)?[eE]\+?[0-9]{1,3}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCheck:
    """A check over whole rows: the column to blame, and which rows break it."""

    column: str
    code: Code
    reason: str
    breaks: Callable[[pa.RecordBatch], pa.BooleanArray]


def _kind(batch: pa.RecordBatch) -> pa.Array:
    return pc.utf8_lower(pc.utf8_trim_whitespace(pc.fill_null(batch["kind"], "")))


def _below_zero(batch: pa.RecordBatch) -> pa.BooleanArray:
    return pc.and_not(pc.less(batch["qty"], 0), pc.equal(_kind(batch), "correction"))


def _nobody(batch: pa.RecordBatch) -> pa.BooleanArray:
    return pc.and_(pc.equal(_kind(batch), "short_closed"), pc.is_null(batch["by_whom"]))


def _no_request(batch: pa.RecordBatch) -> pa.BooleanArray:
    whole = pa.array([kind for kind, scope in SCOPES.items() if scope == "request"])
    return pc.and_(pc.is_in(_kind(batch), value_set=whole), pc.is_null(batch["request_no"]))


def _no_currency(batch: pa.RecordBatch) -> pa.BooleanArray:
    return pc.and_(pc.is_valid(batch["amount_minor"]), pc.is_null(batch["currency"]))


def _damaged_number(batch: pa.RecordBatch) -> pa.BooleanArray:
    return pc.match_substring_regex(pc.fill_null(batch["tracking_no"], ""), SCIENTIFIC)


def _no_product(batch: pa.RecordBatch) -> pa.BooleanArray:
    return pc.and_(pc.is_null(batch["sku"]), pc.is_null(batch["barcode"]))


EVENT_CHECKS = (
    RowCheck(
        column="qty", code=Code.R_QTY, reason="below zero; only a correction may be", breaks=_below_zero
    ),
    RowCheck(
        column="by_whom",
        code=Code.R_EMPTY,
        reason="who closed it short is missing; fill it in",
        breaks=_nobody,
    ),
    RowCheck(
        column="request_no",
        code=Code.R_EMPTY,
        reason="the end of a count or a request without its number; fill it in",
        breaks=_no_request,
    ),
    RowCheck(
        column="currency",
        code=Code.R_EMPTY,
        reason="an amount without its currency; fill it in",
        breaks=_no_currency,
    ),
    RowCheck(
        column="tracking_no",
        code=Code.R_SKU_SCI,
        reason="a spreadsheet changed the number; format the column as text and export again",
        breaks=_damaged_number,
    ),
)
REQUEST_CHECKS = (
    RowCheck(
        column="sku", code=Code.R_EMPTY, reason="neither SKU nor barcode; fill one in", breaks=_no_product
    ),
)


def split_rows(
    batch: pa.RecordBatch, row_nos: pa.Array, checks: Sequence[RowCheck], name: str
) -> tuple[pa.RecordBatch, list[BadRow]]:
    """
    Keep the rows that break no check.

    Args:
        batch: rows of one leg.
        row_nos: their numbers in the file.
        checks: those of the leg.
        name: of the file.

    Returns:
        The good rows, and a complaint for each other one: the first found.
    """
    bad: dict[int, BadRow] = {}
    for check in checks:
        hits = pc.fill_null(check.breaks(batch), fill_value=False)
        for at in pc.indices_nonzero(hits).to_pylist():
            value = batch[check.column][at].as_py()
            complaint = BadRow(
                file=name,
                row_no=row_nos[at].as_py(),
                column=check.column,
                code=check.code.value,
                value="" if value is None else str(value),
                reason=check.reason,
            )
            bad.setdefault(at, complaint)
    if not bad:
        return batch, []
    keep = pa.array([at not in bad for at in range(batch.num_rows)])
    return batch.filter(keep), [replace(bad[at]) for at in sorted(bad)]
