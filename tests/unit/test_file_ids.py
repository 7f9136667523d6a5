import logging
import unicodedata

import pyarrow as pa
import pytest

from include.winddown.adapters.files.reader import Job, read_job
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.ids import check_id, is_totals_word, judge_twins
from tests.file_kit import LENIENT, NOW, STRICT, drain, frame_of, pull, read, stock_file, stock_layout


def read_knowing(data, known):
    """Read a stock file against a catalogue."""
    frame, layout = frame_of("stock")
    job = Job(
        data=data,
        name="stock.csv",
        frame=frame,
        layout=layout,
        policy=LENIENT,
        now=NOW,
        known_skus=pa.array(known),
    )
    rows, pulled = drain(read_job(job))
    return [row["sku"] for row in rows], [(bad.row_no, bad.column, bad.code) for bad in pulled.bad_rows]


def test_line_54_an_unknown_sku_goes_to_quarantine_with_an_alert(caplog):
    """A SKU the catalogue does not have is R_SKU; above one percent someone is told."""
    data = stock_file({"sku": "A"}, {"sku": "B"})
    with caplog.at_level(logging.WARNING):
        assert read_knowing(data, ["A"]) == (["A"], [(3, "sku", "R_SKU")])
    assert "1 of 2 rows name a SKU the catalogue does not have" in caplog.text


def test_line_55_leading_zeros_stay():
    """An id is text."""
    assert read(stock_file({"sku": "00123"}))[0][0]["sku"] == "00123"


@pytest.mark.parametrize("sku", ["1.23E+11", "1,23E+11", "1E+05"])
def test_line_56_an_id_in_scientific_notation_is_damage(sku):
    """A spreadsheet wrote a rounded number over the id; the digits are lost."""
    rows, bad = read(stock_file({}, {"sku": sku}))
    assert (len(rows), bad) == (1, [(3, "sku", "R_SKU_SCI")])
    assert "a spreadsheet changed the id" in check_id(sku).reason


@pytest.mark.parametrize(
    "sku", ["мар.25", "25.мар", "Mar-25", "25-Mar", "2025-03-01T00:00:00", "#N/A", "#REF!"]
)
def test_line_57_an_id_that_became_a_date_is_damage(sku):
    """A date or an error value in place of an id is R_SKU."""
    assert read(stock_file({}, {"sku": sku}))[1] == [(3, "sku", "R_SKU")]


def test_line_58_the_same_thing_twice_refuses_the_file():
    """Adding two rows up would double a return; the rows are named."""
    with pytest.raises(
        FileRefused, match=r"F_DUPROW: .*1 times the same .*rows 2, 4: WH-1, A, sellable; leave one"
    ):
        list(pull(stock_file({"sku": "A"}, {"sku": "B"}, {"sku": "A"})).batches)
    rows, _ = read(
        stock_file({"sku": "A"}, {"sku": "A", "stock_status": "2"}, {"sku": "A", "warehouse_id": "W2"})
    )
    assert len(rows) == 3


def test_line_58_a_repetition_far_apart_is_found():
    """The whole file is compared, across chunks."""
    with pytest.raises(FileRefused, match=r"rows 2, 60003: WH-1, G0, sellable"):
        list(pull(stock_file({}, {"sku": "G0"}, good=60_000)).batches)


def test_line_58_many_repetitions_name_the_first_ones():
    """The message stays short; it counts all of them."""
    data = stock_file(*({"sku": f"G{at}"} for at in range(300)), good=300)
    with pytest.raises(
        FileRefused, match=r"300 times the same .*rows 2, 302: WH-1, G0, .*and 295 more; leave"
    ):
        list(pull(data).batches)


def test_line_59_a_file_full_of_twins_is_refused():
    """Twins count as bad rows, so too many of them refuse the file."""
    data = stock_file(*({"sku": f"g{at}"} for at in range(300)), good=300)
    with pytest.raises(FileRefused, match=r"F_BAD_ROWS: stock.csv: .* rows read are bad"):
        list(pull(data, policy=STRICT).batches)


@pytest.mark.parametrize("twin", ["ab1", "A B1", "AB\u00a01", "A\u2009B1"])
def test_line_59_ids_that_differ_in_case_or_space_are_both_refused(twin):
    """Which spelling is right cannot be known, so every row of both goes to quarantine."""
    rows, bad = read(stock_file({"sku": "AB1"}, {"sku": "X"}, {"sku": twin}))
    assert [row["sku"] for row in rows] == ["X"]
    assert bad == [(2, "sku", "R_AMBIG"), (4, "sku", "R_AMBIG")]


@pytest.mark.parametrize("twin", [" AB1", "AB1 ", "AB1\u00a0"])
def test_line_59_a_space_at_the_edge_of_an_id_is_refused(twin):
    """Spaces nobody sees refuse their own row and the row of the twin."""
    assert [code for _, _, code in read(stock_file({"sku": "AB1"}, {"sku": twin}, {}))[1]] == ["R_AMBIG"] * 2
    assert read(stock_file({}, {"sku": twin}))[1] == [(3, "sku", "R_AMBIG")]


def test_case_may_be_declared_to_matter():
    """A merchant whose a1 and A1 are different products says so in the mapping."""
    layout = stock_layout(case_matters=["sku"])
    rows, bad = read(stock_file({"sku": "AB1"}, {"sku": "ab1"}), layout=layout)
    assert (len(rows), bad) == (2, [])
    assert len(read(stock_file({"sku": "AB1"}, {"sku": "AB 1"}, {}), layout=layout)[1]) == 2


def test_line_60_ids_in_alphabets_that_look_alike_are_refused():
    """Cyrillic А1 against Latin A1, and both alphabets in one id, are R_CONFUS."""
    rows, bad = read(stock_file({"sku": "A1"}, {"sku": "X"}, {"sku": "А1"}))
    assert [row["sku"] for row in rows] == ["X"]
    assert bad == [(2, "sku", "R_CONFUS"), (4, "sku", "R_CONFUS")]
    assert read(stock_file({}, {"sku": "АB1"}))[1] == [(3, "sku", "R_CONFUS")]
    assert "mixed alphabets" in judge_twins(["A1", "А1"]).reason


def test_one_alphabet_is_fine():
    """An id wholly in Cyrillic or Chinese is an id."""
    rows, bad = read(stock_file({"sku": "КРУЖКА-1"}, {"sku": "杯子-1"}))
    assert ([row["sku"] for row in rows], bad) == (["КРУЖКА-1", "杯子-1"], [])


def test_line_61_composed_and_decomposed_letters_compare_equal():
    """й in one or two code points is one SKU for comparing; the original is kept."""
    composed, decomposed = (unicodedata.normalize(form, "чай") for form in ("NFC", "NFD"))
    data = stock_file({"sku": composed}, {"sku": decomposed, "warehouse_id": "W2"})
    assert [row["sku"] for row in read(data)[0]] == [composed, decomposed]
    assert read_knowing(data, [composed]) == ([composed, decomposed], [])
    with pytest.raises(FileRefused, match="F_DUPROW"):
        list(pull(stock_file({"sku": composed}, {"sku": decomposed})).batches)


def test_an_id_has_a_length():
    """What is longer than 200 characters is not an id."""
    assert check_id("x" * 200) is None
    assert check_id("x" * 201).code == "R_SKU"


def test_words_of_products_are_no_totals():
    """Only a whole cell that says total is one."""
    assert not is_totals_word("TOTAL-7")
    assert is_totals_word("Итого по складу")
