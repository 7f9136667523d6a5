"""Amounts and sizes as others write them, turned into minor units, millimetres and grams, exactly."""

import math
import re
from decimal import Decimal

from include.winddown.domain.codes import Code
from include.winddown.domain.ids import Complaint

_MONEY = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2})0{0,6})?")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,17})?")
_MM = {"mm": Decimal(1), "cm": Decimal(10), "in": Decimal("25.4")}
_G = {"g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.59237")}


def minor_of(amount: str) -> int | Complaint:
    """
    Turn an amount of money into minor units.

    Args:
        amount: '199.90', '199.9000' or '199'; further decimals than two may only be zeros.

    Returns:
        Minor units, or R_PRICE: nothing is rounded.
    """
    found = _MONEY.fullmatch(amount)
    if found is None:
        return Complaint(Code.R_PRICE, "not an amount of money with at most two decimals; correct the price")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def amount_of(minor: int) -> str:
    """Write an amount of minor units as a plain number with two decimals, exactly."""
    return grouped_amount(minor, "")


def grouped_amount(minor: int, group: str = " ") -> str:
    """Write it with its thousands apart, as 1 234 567.89: read alike in all languages."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100:,}".replace(",", group) + f".{abs(minor) % 100:02}"


def hundredths_of(number: str) -> tuple[int, bool] | Complaint:
    """
    Turn a fee into minor units, or a percentage into basis points, rounded up: no fee is thought smaller than it is.

    Args:
        number: '19.32' or '19.325'; others compute their fees to more decimals than money has.

    Returns:
        Hundredths and whether they had to be rounded, which is to be told; or R_PRICE.
    """
    if not _NUMBER.fullmatch(number):
        return Complaint(Code.R_PRICE, "no fee: a number that is not negative is expected; see the tariff")
    exact = Decimal(number) * 100
    up = math.ceil(exact)
    return up, up != exact


def mm_of(length: int, unit: str) -> int | Complaint:
    """
    Turn a length into millimetres, rounded up so that a parcel is never thought smaller than it is.

    Returns:
        Millimetres, or R_SIZE for an unknown unit or a length that is not positive.
    """
    return _in_ours(length, unit, _MM, "length")


def g_of(weight: int, unit: str) -> int | Complaint:
    """
    Turn a weight into grams, rounded up.

    Returns:
        Grams, or R_SIZE for an unknown unit or a weight that is not positive.
    """
    return _in_ours(weight, unit, _G, "weight")


def _in_ours(number: int, unit: str, units: dict[str, Decimal], what: str) -> int | Complaint:
    if unit not in units:
        return Complaint(Code.R_SIZE, f"a {what} in {unit!r}; known units are {', '.join(units)}")
    if number <= 0:
        return Complaint(Code.R_SIZE, f"a {what} of {number}; fill it in on the product's card")
    return math.ceil(number * units[unit])
