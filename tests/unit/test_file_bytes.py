import gzip
import io
import logging
import zipfile

import pytest

from include.winddown.adapters.files.guards import Limits
from include.winddown.domain.errors import FileRefused
from tests.file_kit import (
    STOCK_COLUMNS,
    pull,
    read,
    read_within,
    stock_file,
    stock_layout,
    stock_rows,
    written,
)

GOOD = stock_file({}, {})


def refused(code, data, **options):
    """Read and expect a refusal that names the file and a fix; give the message."""
    pulled = pull(data, **options)
    with pytest.raises(FileRefused) as caught:
        list(pulled.batches)
    assert caught.value.code == code
    assert options.get("name", "stock.csv") in str(caught.value)
    assert pulled.sources == []
    return str(caught.value)


def test_line_01_an_empty_file_is_refused():
    """Zero bytes are a failed export."""
    assert "0 bytes; export it again" in refused("F_EMPTY", b"")


def test_line_02_a_header_alone_is_refused():
    """No rows is never 'nothing to return'."""
    assert "export again" in refused("F_NO_ROWS", ",".join(STOCK_COLUMNS).encode() + b"\n")


def test_a_day_without_orders_is_a_fact():
    """A table that may be empty is accepted with its header alone."""
    header = b"posting_number,status,in_process_at,warehouse_id,offer_id,sku,quantity,price,currency\n"
    assert read(header, table="orders") == ([], [])


def test_line_03_a_byte_order_mark_is_stripped():
    """A UTF-8 BOM changes nothing."""
    assert read(b"\xef\xbb\xbf" + GOOD) == read(GOOD)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_line_04_utf_16_is_refused(encoding):
    """Another Unicode form is refused by its mark, or by the NULs in its header."""
    assert "save as UTF-8" in refused("F_ENC", GOOD.decode().encode(encoding))


def test_line_05_cp1251_is_refused_unless_declared():
    """The encoding is never guessed; a declared one is used."""
    data = stock_file({"offer_id": "Кружка"}).decode().encode("cp1251")
    assert "byte 0xca" in refused("F_ENC", data)
    rows, bad = read(data, layout=stock_layout(file={"encoding": "cp1251"}))
    assert ([row["offer_id"] for row in rows], bad) == (["Кружка"], [])


def test_line_06_mixed_encodings_name_the_first_bad_byte():
    """The offset of the first byte that is no UTF-8 stands in the message, also far into the file."""
    start = stock_file({"offer_id": "Кружка"}, good=30_000)
    message = refused("F_ENC", start + "WH-1,Чашка".encode("cp1251"))
    assert f"offset {len(start) + 5};" in message


def test_line_07_a_nul_byte_sends_the_row_to_quarantine():
    """A NUL in an id or a name is R_CTRL."""
    assert read(stock_file({}, {"offer_id": "A\x001"}))[1] == [(3, "offer_id", "R_CTRL")]


def test_line_10_a_cell_beyond_32_kb_refuses_the_file():
    """A longer cell is an open quote or an attack, at any length beyond the limit."""
    assert "row 3, column 'offer_id'" in refused("F_CELL", stock_file({}, {"offer_id": "x" * 32_769}))
    assert "line 2" in refused("F_CELL", stock_file({"offer_id": "x" * 10_000_000}))
    assert "line 4" in refused("F_CELL", GOOD + b"x" * 200_000)
    assert "line 4" in refused("F_CELL", GOOD + b'"' + b"x" * 200_000)
    assert "row 2" in refused("F_CELL", stock_file({}).split(b"\n")[0] + b"\n" + b"x" * 40_000)


def test_line_11_a_huge_file_is_refused_before_reading(tmp_path):
    """Two gigabytes are refused by the size the file system tells."""
    path = tmp_path / "stock.csv"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    assert "2147483648 bytes" in refused("F_SIZE", path)


def test_line_11_the_size_is_also_counted_while_reading():
    """A stream that lies about its size, and too many rows, are refused on the way."""
    with pytest.raises(FileRefused, match=r"F_SIZE: stock.csv has more than 1 rows; split it"):
        read_within(GOOD, Limits(rows_max=1))
    with pytest.raises(FileRefused, match=r"F_SIZE"):
        read_within(GOOD, Limits(size_max=10))


def test_line_12_a_truncated_gzip_is_refused():
    """No row of an archive without its end is used."""
    assert "ends in the middle" in refused("F_TRUNC", gzip.compress(GOOD)[:-9], name="stock.csv.gz")


def test_a_damaged_gzip_is_refused():
    """A wrong checksum counts like a cut."""
    packed = bytearray(gzip.compress(GOOD))
    packed[-5] ^= 0xFF
    assert "damaged" in refused("F_TRUNC", bytes(packed), name="stock.csv.gz")


def test_line_13_bytes_after_gzip_are_refused():
    """Something follows the archive, so the transfer is not what was sent."""
    assert "after the end" in refused("F_TRUNC", gzip.compress(GOOD) + b"more", name="stock.csv.gz")


def test_line_14_gzip_of_two_members_is_refused_unless_declared():
    """Two members may be two files; only a mapping can say that they are one."""
    lines = GOOD.splitlines(keepends=True)
    data = gzip.compress(b"".join(lines[:2])) + gzip.compress(lines[2])
    assert "gzip_members: many" in refused("F_FORMAT", data, name="stock.csv.gz")
    layout = stock_layout(file={"gzip_members": "many"})
    assert read(data, name="stock.csv.gz", layout=layout) == read(GOOD)


def test_a_good_gzip_reads_as_the_plain_file():
    """One whole member gives the same rows."""
    assert read(gzip.compress(GOOD), name="stock.csv.gz") == read(GOOD)


def test_line_15_a_bomb_is_stopped():
    """Unpacking stops at 100 times the size, or at the size limit."""
    assert "F_BOMB" in refused("F_BOMB", gzip.compress(bytes(50_000_000)), name="stock.csv.gz")
    with pytest.raises(FileRefused, match="F_BOMB"):
        read_within(gzip.compress(GOOD), Limits(unpacked_max=20), name="stock.csv.gz")
    assert "unpacks" in refused("F_BOMB", zipped({"xl/workbook.xml": bytes(50_000_000)}), name="stock.xlsx")


@pytest.mark.parametrize("path", ["../../etc/x", "/etc/x", "C:/x", "..\\x"])
def test_line_16_an_archive_with_a_path_that_leaves_is_refused(path):
    """A path upwards, an absolute one or a drive is an attack, whatever else is inside."""
    assert "leaves its folder" in refused("F_PATH", zipped({path: b"x"}), name="stock.xlsx")


def test_line_16_an_archive_with_a_link_is_refused():
    """A symbolic link in an archive is refused as well."""
    member = zipfile.ZipInfo("xl/link")
    member.external_attr = 0o120777 << 16
    assert "leaves its folder" in refused("F_PATH", zipped({member: b"/etc/passwd"}), name="stock.xlsx")


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "what"),
    [
        (zipped({"xl/workbook.xml": b"<x/>"}), "stock.csv", "a workbook"),
        (b"  \n<!DOCTYPE html><title>Log in</title>", "stock.csv", "login page"),
        (b"\xef\xbb\xbf<html>", "stock.csv", "login page"),
        (gzip.compress(GOOD), "stock.csv", "gzip"),
        (GOOD, "stock.csv.gz", "plain text"),
        (GOOD, "stock.xlsx", "plain text"),
        (b"\xd0\xcf\x11\xe0rest", "stock.xlsx", "old or encrypted Excel"),
        (b"%PDF-1.7", "stock.csv", "PDF"),
        (gzip.compress(b"<html>"), "stock.csv.gz", "login page"),
    ],
)
def test_line_17_content_that_is_not_what_the_name_says_is_refused(data, name, what):
    """The first bytes decide, not the ending."""
    assert what in refused("F_FORMAT", data, name=name)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_line_18_another_delimiter_must_be_declared(delimiter):
    """A delimiter is never guessed; the message says how many columns were found."""
    data = written(stock_rows({}, {}), delimiter=delimiter)
    message = refused("F_DELIM", data)
    assert "1 column found, 7 expected" in message
    assert repr(delimiter) in message
    assert read(data, layout=stock_layout(file={"delimiter": delimiter})) == read(GOOD)


def test_line_19_an_unclosed_quote_is_refused():
    """A quote that swallows the rest of the file, or is not doubled, refuses it."""
    assert "quote is not closed" in refused("F_QUOTE", GOOD + b'WH-1,"ART')
    assert "quote is not closed" in refused("F_QUOTE", GOOD + b'WH-1,"ART"x,S')


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_line_21_any_line_end_is_accepted(end):
    """Lone CR, LF and CRLF give the same rows."""
    assert read(GOOD.replace(b"\r\n", end.encode())) == read(GOOD)


def test_line_28_a_cut_last_line_goes_to_quarantine():
    """A damaged last line without an end is named as cut; a whole one is accepted."""
    assert read(GOOD + b"WH-1,ART")[1] == [(4, "", "F_TRUNC")]
    assert read(GOOD.rstrip())[1] == []
    assert read(stock_file({}, {"snapshot_at": "2026-03-0"}).rstrip())[1] == [(3, "snapshot_at", "F_TRUNC")]


def test_line_28_a_trailer_must_agree_with_the_rows():
    """A declared trailer that is missing, early or disagrees refuses the file."""
    layout = stock_layout(file={"trailer": "END"})
    assert len(read(GOOD + b"END,2\r\n", layout=layout)[0]) == 2
    assert "says '3' rows, 2 are there" in refused("F_TRUNC", GOOD + b"END,3\r\n", layout=layout)
    assert "is missing" in refused("F_TRUNC", GOOD, layout=layout)
    early = GOOD.replace(b"\r\n", b"\r\nEND,2\r\n", 1)
    assert "before the last row" in refused("F_TRUNC", early, layout=layout)


def test_line_30_blank_lines_are_skipped_and_counted(caplog):
    """Blank lines, and lines of spaces or no-break spaces, are no rows; the log counts them."""
    lines = GOOD.decode().splitlines()
    lines[2:2] = ["", "  ", "\u00a0", ",,,,,,"]
    with caplog.at_level(logging.INFO):
        rows, bad = read("\r\n".join(lines).encode())
    assert (len(rows), bad) == (2, [])
    assert "4 blank rows skipped" in caplog.text


def test_a_file_that_is_not_there_is_named(tmp_path):
    """A missing file is F_MISSING with its place."""
    assert "put the file there" in refused("F_MISSING", tmp_path / "stock.csv")
