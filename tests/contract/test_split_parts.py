"""The split in parts: ranges of SKUs, and one price for a listing wherever it lies."""

import pyarrow as pa

from include.winddown.adapters.stores.bulk import run_bulk


def ranges(rows_most: int, counts: dict[str, int]) -> list[tuple[int, str, str]]:
    stock = pa.table(
        {
            "sku": [sku for sku, count in counts.items() for _ in range(count)],
            "on_hand_qty": [1] * sum(counts.values()),
        }
    )
    found = run_bulk("split_ranges", {"stock": stock}, {"rows_most": rows_most}).to_pylist()
    return [(row["part_no"], row["first_sku"], row["last_sku"]) for row in found]


def test_ranges_hold_about_so_many_rows_and_never_part_a_sku():
    """Ten SKUs with three rows each, seven rows at most to begin another SKU: three SKUs a range."""
    counts = {f"S{number}": 3 for number in range(10)}
    assert ranges(7, counts) == [(1, "S0", "S2"), (2, "S3", "S4"), (3, "S5", "S6"), (4, "S7", "S9")]


def test_one_large_sku_is_one_range():
    """However many rows it has."""
    assert ranges(10, {"A": 1, "B": 500, "C": 1}) == [(1, "A", "B"), (2, "C", "C")]


def test_nothing_on_hand_is_no_range():
    """A SKU without stock has nothing to split."""
    stock = pa.table({"sku": ["A"], "on_hand_qty": [0]})
    assert run_bulk("split_ranges", {"stock": stock}, {"rows_most": 5}).num_rows == 0
