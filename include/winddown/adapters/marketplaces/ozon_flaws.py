"""Products of Ozon that cannot be used: kept out one by one, and not too many of them."""

from dataclasses import dataclass

from include.winddown.adapters.ports import BadRow, Pull
from include.winddown.adapters.tally import Tally
from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.exits import Policy
from include.winddown.domain.frames import Column
from include.winddown.domain.ids import Complaint
from include.winddown.domain.sources import too_many_bad


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What is wrong with a product: the column, the value as it came and the complaint."""

    column: str
    value: str
    complaint: Complaint


def in_range(declared: Column, number: int | Complaint) -> int | Complaint:
    """Complain of a number out of its column's range; a complaint stays what it is."""
    if isinstance(number, Complaint) or declared.low <= number <= declared.high:
        return number
    code = Code.R_PRICE if declared.kind in ("minor", "bp") else Code.R_SIZE
    return Complaint(code, f"{number} is out of range, {declared.low} to {declared.high}; correct its card")


def keep_out(pull: Pull, tally: Tally, sku: str, flaw: Flaw) -> None:
    """Put a product into quarantine."""
    tally.bad()
    pull.bad_rows.append(
        BadRow(
            file=tally.name,
            row_no=tally.rows_in,
            column=flaw.column,
            code=flaw.complaint.code,
            value=flaw.value[:80],
            reason=f"sku {sku}: {flaw.complaint.reason}",
        )
    )


def refuse_too_many_bad(pull: Pull, tally: Tally, policy: Policy) -> None:
    """
    Stop when so many products are in quarantine that the rest cannot be relied on.

    Raises:
        FileRefused: F_BAD_ROWS with the first of them.
    """
    if not too_many_bad(tally.rows_in, tally.rows_bad, policy):
        return
    first = pull.bad_rows[0]
    msg = (
        f"{tally.name}: {tally.rows_bad} of {tally.rows_in} products are not usable, as the first:"
        f" {first.column}, {first.reason}; complete them, or raise rows_bad_max and rows_bad_max_pct"
    )
    raise FileRefused(Code.F_BAD_ROWS, msg)
