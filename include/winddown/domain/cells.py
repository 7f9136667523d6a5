"""What a good cell of each kind looks like; for a bad one the code, the reason and the fix."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from include.winddown.domain.codes import Code
from include.winddown.domain.frames import INTEGER_KINDS, Column
from include.winddown.domain.ids import Complaint, check_id
from include.winddown.domain.times import Clock, read_time

WHOLE = r"^[0-9]{1,9}$"
MINOR_UNITS = r"^[0-9]{1,11}$"
MONEY = r"^[0-9]{1,9}(\.[0-9]{1,2})?$"
REAL = r"^-?[0-9]{1,15}(\.[0-9]{1,17})?$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T00:00:00)?$"
"""A date cell of a workbook comes as midnight of its day."""

DAY_LENGTH = 10
_SIGNED_WHOLE = re.compile(r"-?[0-9]{1,20}")
_SIGNED_MONEY = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,2})?")
_RANGE_CODES = {
    "qty": Code.R_QTY,
    "minor": Code.R_PRICE,
    "bp": Code.R_PRICE,
    "pct": Code.R_PRICE,
    "mm": Code.R_SIZE,
    "g": Code.R_SIZE,
    "ml": Code.R_SIZE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """
    How the cells of one column are written in a file.

    Attributes:
        clock: for times.
        money: 'decimal' = 199.90, 'minor' = 19990.
        values: the file's word → ours; empty = ours are used.
    """

    clock: Clock
    money: Literal["decimal", "minor"] = "decimal"
    values: Mapping[str, str] = field(default_factory=dict)


def check_cell(column: Column, text: str, form: Form) -> Complaint | None:
    """
    Find what is wrong with one cell.

    Args:
        column: what it should be.
        text: the cell as it came.
        form: how the file writes it.

    Returns:
        None for a good cell, which is then also readable by the vector readers.
    """
    if not text.strip():
        return None if column.nullable else Complaint(Code.R_EMPTY, f"{column.name} is missing; fill it in")
    if form.values and text not in form.values:
        return Complaint(Code.R_CODE, f"not one of {', '.join(form.values)}; correct it, or map it")
    value = form.values.get(text, text)
    if any("\ud800" <= char <= "\udfff" for char in value):
        return Complaint(Code.R_UNICODE, "half of a character (a lone surrogate); send it again")
    if column.kind in INTEGER_KINDS:
        return _check_number(column, value, form)
    return _CHECKS.get(column.kind, _check_text)(column, value, form)


def _check_time(_column: Column, text: str, form: Form) -> Complaint | None:
    found = read_time(text, form.clock)
    return found if isinstance(found, Complaint) else None


def _check_id(_column: Column, text: str, _form: Form) -> Complaint | None:
    return check_id(text)


def _check_text(column: Column, text: str, _form: Form) -> Complaint | None:
    if "\x00" in text:
        return Complaint(Code.R_CTRL, "a NUL byte in the cell; export the file again")
    if column.values and text not in column.values:
        return Complaint(Code.R_CODE, f"not one of {', '.join(column.values)}; correct it, or map it")
    return None


def _check_real(column: Column, text: str, _form: Form) -> Complaint | None:
    if not re.fullmatch(REAL, text):
        return Complaint(Code.R_NUM, "not a plain number; write digits and a point, as 2.5")
    if column.low <= float(text) <= column.high:
        return None
    return Complaint(Code.R_NUM, f"out of range; give {column.low} to {column.high}")


def _check_day(_column: Column, text: str, form: Form) -> Complaint | None:
    try:
        day = date.fromisoformat(text[:DAY_LENGTH]) if re.fullmatch(DAY, text) else None
    except ValueError:
        day = None
    if day is not None and form.clock.earliest.date() <= day <= form.clock.latest.date():
        return None
    earliest, latest = form.clock.earliest.date(), form.clock.latest.date()
    return Complaint(Code.R_DATE, f"write a day from {earliest} to {latest}, as 2026-03-29")


_CHECKS: dict[str, Callable[[Column, str, Form], Complaint | None]] = {
    "at": _check_time,
    "id": _check_id,
    "on": _check_day,
    "real": _check_real,
}


def number_pattern(column: Column, form: Form) -> str:
    """Give the one pattern of a number column; ASCII digits only, a sign only where it may be below 0."""
    if column.kind == "real":
        return REAL
    plain = WHOLE if column.kind != "minor" else MONEY if form.money == "decimal" else MINOR_UNITS
    return plain.replace("^", "^-?", 1) if column.low < 0 else plain


def _check_number(column: Column, text: str, form: Form) -> Complaint | None:
    decimal = column.kind == "minor" and form.money == "decimal"
    if not (_SIGNED_MONEY if decimal else _SIGNED_WHOLE).fullmatch(text):
        if column.kind == "minor":
            example = (
                "199.90: a point, at most two decimals" if decimal else "19990: minor units, digits only"
            )
            return Complaint(Code.R_PRICE, f"not an amount of money; use {example}")
        return Complaint(Code.R_NUM, "not a plain whole number; write digits only, as 1000")
    number = int(Decimal(text) * 100) if decimal else int(text)
    if column.low <= number <= column.high and re.fullmatch(number_pattern(column, form), text):
        return None
    return Complaint(_RANGE_CODES[column.kind], f"out of range; {_range(column, decimal=decimal)}")


def _range(column: Column, *, decimal: bool) -> str:
    if decimal:
        return f"give {column.low / 100:.2f} to {column.high / 100:.2f}"
    return f"give {column.low} to {column.high}, with no leading sign or needless zeros"
