"""A partner's own codes for Ozon's warehouses."""

import pytest

from include.winddown.domain.warehouse_codes import BadCodes, read_codes, unnamed_note


@pytest.mark.parametrize("told", [None, {}])
def test_no_mapping_is_no_code(told: object) -> None:
    """Without the setting, or with an empty one, ids stay as they are."""
    assert read_codes(told) == {}


def test_a_mapping_is_taken_as_it_is() -> None:
    """Ids and codes stay text, letter by letter; two ids may be one place."""
    told = {"22142605386000": "WH-1", "9": "WH-1"}
    assert read_codes(told) == told


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("WH-1", "not an object"),
        ({"2214260538600x": "WH-1"}, "1 to 19 digits"),
        ({"12345678901234567890": "WH-1"}, "1 to 19 digits"),
        ({"": "WH-1"}, "1 to 19 digits"),
        ({"9": 7}, "gives 7 for 9"),
        ({"9": ""}, "a code is a text"),
        ({"9": "WH-1\n"}, "without blanks around it"),
    ],
)
def test_a_typo_is_named(told: object, words: str) -> None:
    """What is no id or no code is told with its place."""
    with pytest.raises(BadCodes, match=words):
        read_codes(told)


def test_a_gap_is_told_once() -> None:
    """The note counts and names the ids without a code."""
    note = unnamed_note("orders", {"9", "8"})
    assert "orders: 2 warehouses have no code" in note
    assert "8, 9" in note
