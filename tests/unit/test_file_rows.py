import json

import pytest

from include.winddown.domain.cells import Form, check_cell
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.frames import CATALOGUE, ORDERS, STOCK
from include.winddown.domain.times import clock
from tests.file_kit import (
    CATALOGUE_ROW,
    NOW,
    ORDERS_ROW,
    STRICT,
    drain,
    pull,
    read,
    stock_file,
    stock_layout,
    stock_rows,
    written,
)

FORM = Form(clock=clock(NOW))


def refused(code, data, **options):
    with pytest.raises(FileRefused) as caught:
        list(pull(data, **options).batches)
    assert caught.value.code == code
    return str(caught.value)


def test_line_08_an_escaped_nul_in_json_is_a_bad_value():
    """What JSON writes as u0000 is R_CTRL, in an id and in a name."""
    value = json.loads('"A\\u0000"')
    assert check_cell(STOCK.column("sku"), value, FORM).code == "R_CTRL"
    assert check_cell(CATALOGUE.column("name"), value, FORM).code == "R_CTRL"


def test_line_09_a_lone_surrogate_is_a_bad_value():
    """Half of a character cannot be stored anywhere."""
    value = json.loads('"A\\ud800"')
    assert check_cell(STOCK.column("sku"), value, FORM).code == "R_UNICODE"
    assert check_cell(CATALOGUE.column("name"), value, FORM).code == "R_UNICODE"


def test_line_20_a_line_break_is_allowed_in_names_only():
    """A quoted line break is part of a name, and refused in an id or a number."""
    rows, bad = read(written([CATALOGUE_ROW | {"name": "Mug,\nblue"}]), table="catalogue")
    assert ([row["name"] for row in rows], bad) == (["Mug,\nblue"], [])
    assert read(stock_file({"sku": "S\n1"}, {"quantity": "5\n"}, good=1))[1] == [
        (3, "sku", "R_CTRL"),
        (4, "quantity", "R_NUM"),
    ]


def test_line_22_an_extra_column_is_refused_unless_ignored():
    """A column nobody mapped may mean anything; the mapping can say that nobody reads it."""
    data = written([row | {"note": "x"} for row in stock_rows({}, {})])
    assert "column 'note' is unknown; add it to ignore" in refused("F_SCHEMA", data)
    assert len(read(data, layout=stock_layout(ignore=["note"]))[0]) == 2


def test_line_23_a_missing_column_is_refused():
    """The missing column is named."""
    rows = [{key: value for key, value in row.items() if key != "reserved"} for row in stock_rows({})]
    assert "column 'reserved' is missing" in refused("F_SCHEMA", written(rows))


def test_line_24_a_repeated_header_is_refused():
    """Which of the two columns is meant cannot be known."""
    data = stock_file({}).replace(b"reserved", b"quantity")
    assert "column 'quantity' stands twice" in refused("F_SCHEMA", data)


def test_line_25_columns_are_found_by_name():
    """Another order of columns is the same file; another name is refused, with both names."""
    rows = [dict(reversed(row.items())) for row in stock_rows({}, {})]
    assert read(written(rows)) == read(stock_file({}, {}))
    message = refused("F_SCHEMA", stock_file({}).replace(b"quantity", b"amount"))
    assert "column 'quantity' is missing; not expected: 'amount'" in message


def test_a_header_cell_without_a_name_is_refused():
    """An empty header cell, as merged cells leave it, is refused by its position."""
    assert "header cell 5 is empty" in refused("F_SCHEMA", stock_file({}).replace(b"quantity", b""))


def test_line_26_a_short_row_goes_to_quarantine():
    """Missing cells are not empty cells."""
    assert read(stock_file({}) + b"WH-1,A,S9,1,5,0\r\n")[1] == [(3, "", "R_COLS")]


def test_line_27_a_long_row_goes_to_quarantine():
    """An unquoted delimiter moves every cell after it."""
    assert read(stock_file({}) + b"WH-1,A,B,S9,1,5,0,2026-03-01T22:00:00Z\r\n")[1] == [(3, "", "R_COLS")]


@pytest.mark.parametrize("word", ["ИТОГО", "Итого:", "Всего", "TOTAL", "Grand total", "合计"])
def test_line_29_a_totals_row_is_named(word):
    """A totals row is set apart whether it is short or complete."""
    blank = dict.fromkeys(stock_rows({})[0], "")
    assert read(stock_file({}, {"sku": word}))[1] == [(3, "sku", "R_TOTAL")]
    data = written([*stock_rows({}), blank | {"warehouse_id": word, "quantity": "5"}])
    assert read(data)[1] == [(3, "warehouse_id", "R_TOTAL")]
    assert read(stock_file({}) + f"{word},,5\r\n".encode())[1] == [(3, "", "R_TOTAL")]


def quantity(text):
    """Read a stock row with this quantity: the number, or the code."""
    rows, bad = read(stock_file({"quantity": text}, good=1))
    assert len(rows) + len(bad) == 2
    return rows[1]["on_hand_qty"] if len(rows) == 2 else bad[0][2]


def test_line_34_a_negative_quantity_goes_to_quarantine():
    """Pieces cannot be fewer than none."""
    assert quantity("-1") == "R_QTY"


def test_line_35_zero_is_allowed_in_a_snapshot_only():
    """An empty shelf is a fact; an order line of nothing is not."""
    assert quantity("0") == 0
    assert read(written([ORDERS_ROW | {"quantity": "0"}]), table="orders")[1] == [(2, "quantity", "R_QTY")]


@pytest.mark.parametrize("text", ["+5", " 5 ", "5\u00a0"])
def test_line_36_signs_and_spaces_are_no_number(text):
    """What int() would accept is refused."""
    assert quantity(text) == "R_NUM"


def test_line_37_an_underscore_is_no_number():
    """1_000 is Python, not a quantity."""
    assert quantity("1_000") == "R_NUM"


@pytest.mark.parametrize("text", ["１２", "١٢"])
def test_line_38_other_digits_are_no_number(text):
    """Only ASCII digits count."""
    assert quantity(text) == "R_NUM"


@pytest.mark.parametrize("text", ["1e3", "0x10", "5.0", "5,0", "1e309", "NaN", "true", "2.5", "9" * 5000])
def test_line_39_other_notations_are_no_number(text):
    """Exponents, hexadecimals, fractions and words are refused, never rounded."""
    assert quantity(text) == "R_NUM"


@pytest.mark.parametrize("text", ["1000001", "2147483648", str(2**63)])
def test_a_quantity_beyond_the_bound_goes_to_quarantine(text):
    """More than a million pieces of one product is an error."""
    assert quantity(text) == "R_QTY"


def test_a_missing_value_never_reads_as_zero():
    """An empty cell is R_EMPTY; only a column that may be missing becomes null."""
    assert quantity("") == "R_EMPTY"
    rows, _ = read(written([CATALOGUE_ROW | {"barcode": ""}]), table="catalogue")
    assert rows[0]["barcode"] is None


def test_a_word_outside_the_list_goes_to_quarantine():
    """An unmapped status, class or currency is R_CODE."""
    assert read(stock_file({"stock_status": "5"}, good=1))[1] == [(3, "stock_status", "R_CODE")]
    data = written([ORDERS_ROW, ORDERS_ROW | {"currency": "XXX"}])
    assert read(data, table="orders")[1] == [(3, "currency", "R_CODE")]


@pytest.mark.parametrize("text", ["199,90", "1 299.00", "₽199", "1.999", "-1", "1e3", "1234567890"])
def test_money_is_a_plain_decimal(text):
    """Two decimals at most, a point, no sign; anything else is R_PRICE and never rounded."""
    assert read(written([ORDERS_ROW, ORDERS_ROW | {"price": text}]), table="orders")[1] == [
        (3, "price", "R_PRICE")
    ]


@pytest.mark.parametrize(
    ("text", "minor"), [("199.90", 19990), ("0.1", 10), ("7", 700), ("999999999.99", 99999999999)]
)
def test_money_becomes_whole_minor_units(text, minor):
    """Decimals become integers exactly."""
    assert read(written([ORDERS_ROW | {"price": text}]), table="orders")[0][0]["price_minor"] == minor


def test_a_size_out_of_range_goes_to_quarantine():
    """A piece of no weight cannot be packed."""
    data = written([CATALOGUE_ROW, CATALOGUE_ROW | {"sku": "S2", "weight_g": "0"}])
    assert read(data, table="catalogue")[1] == [(3, "weight_g", "R_SIZE")]


def test_lines_of_an_order_are_numbered_in_their_posting():
    """Numbers run from 1 inside a posting, in the order of the file, also when postings interleave."""
    data = written(
        [ORDERS_ROW | {"posting_number": number} for number in ("P-1", "P-2", "P-1", "P-1", "P-2")]
    )
    assert [row["line_no"] for row in read(data, table="orders")[0]] == [1, 1, 2, 3, 2]
    assert ORDERS.column("line_no").low == 1


def test_a_file_with_too_many_bad_rows_is_refused_whole():
    """More than two percent refuse the file before any row is used; the message shows the first ones."""
    message = refused("F_BAD_ROWS", stock_file(*[{"quantity": "-1"}] * 3, good=97), policy=STRICT)
    assert "3 of 100 rows read are bad" in message
    assert "row 99, column 'quantity', value '-1': R_QTY" in message
    assert len(read(stock_file(*[{"quantity": "-1"}] * 2, good=98), policy=STRICT)[0]) == 98


def test_more_than_fifty_bad_rows_are_refused_on_the_way():
    """The absolute limit holds in a large file too, and the bad rows can still be shown."""
    pulled = pull(stock_file(*[{"quantity": "x"}] * 51, good=5000), policy=STRICT)
    with pytest.raises(FileRefused, match=r"F_BAD_ROWS: .*51 of"):
        next(iter(pulled.batches))
    assert len(pulled.bad_rows) == 51


def test_a_bad_value_is_shown_cut_and_without_control_characters():
    """What a person reads about a bad row cannot break the page or the log."""
    _, pulled = drain(pull(stock_file({"quantity": "\x1b[2J" + "9" * 200}, good=1)))
    (bad,) = pulled.bad_rows
    assert bad.value.startswith("⟨U+001B⟩[2J9")
    assert len(bad.value) <= 80 + len("⟨U+001B⟩")
    assert (bad.file, bad.row_no, bad.column, bad.code) == ("stock.csv", 3, "quantity", "R_NUM")
    assert "write digits only, as 1000" in bad.reason
