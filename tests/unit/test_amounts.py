"""Money and sizes as others write them become whole numbers, exactly."""

import pytest

from include.winddown.domain.amounts import g_of, hundredths_of, minor_of, mm_of
from include.winddown.domain.codes import Code
from include.winddown.domain.ids import Complaint


@pytest.mark.parametrize(
    ("amount", "minor"),
    [("199.90", 19990), ("199.9", 19990), ("199", 19900), ("5356.0000", 535600), ("0.07", 7), ("0", 0)],
)
def test_money_becomes_minor_units(amount: str, minor: int):
    """Decimals beyond two may only be zeros."""
    assert minor_of(amount) == minor


@pytest.mark.parametrize(
    "amount", ["", "199,90", "1 299.00", "-5", "+5", "1e3", "199.905", "١٢", "₽5", ".5", "5.", "1234567890"]
)
def test_what_is_no_amount_is_complained_about(amount: str):
    """Nothing is rounded or guessed."""
    complaint = minor_of(amount)
    assert isinstance(complaint, Complaint)
    assert complaint.code is Code.R_PRICE


@pytest.mark.parametrize(
    ("number", "hundredths"),
    [
        ("19.1", (1910, False)),
        ("0.0", (0, False)),
        ("45.70000", (4570, False)),
        ("19.325", (1933, True)),
        ("0.00000001", (1, True)),
    ],
)
def test_a_fee_or_percentage_is_rounded_up_and_that_is_told(number: str, hundredths: tuple[int, bool]):
    """No fee is thought smaller than it is; in decimals, not in binary fractions."""
    assert hundredths_of(number) == hundredths


@pytest.mark.parametrize("number", ["", "-0.5", "1e-05", "1e16", "12,5", "5%", "nan", "1" * 10])
def test_what_is_no_fee_is_complained_about(number: str):
    """Nothing is guessed."""
    assert isinstance(hundredths_of(number), Complaint)


def test_sizes_become_millimetres_and_grams_rounded_up():
    """A parcel is never thought smaller than it is."""
    assert [mm_of(10, unit) for unit in ("mm", "cm", "in")] == [10, 100, 254]
    assert (mm_of(1, "in"), g_of(2, "kg"), g_of(1, "lb"), g_of(7, "g")) == (26, 2000, 454, 7)


@pytest.mark.parametrize(
    "size", [mm_of(0, "mm"), mm_of(-1, "cm"), mm_of(5, "yd"), g_of(0, "g"), g_of(1, "oz")]
)
def test_a_size_that_is_none_is_complained_about(size: int | Complaint):
    """Zero means nobody filled it in; an unknown unit is not guessed."""
    assert isinstance(size, Complaint)
    assert size.code is Code.R_SIZE
