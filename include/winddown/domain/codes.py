"""The codes of refused files (F_) and rows (R_): what each means and what to do; docs/bad-input.md shows them."""

from enum import StrEnum
from typing import NamedTuple


class Meaning(NamedTuple):
    """What a code means and what to do about it."""

    what: str
    fix: str


class Code(StrEnum):
    """Every code a file or a row can be refused with."""

    F_MISSING = "F_MISSING"
    F_MAPPING = "F_MAPPING"
    F_EMPTY = "F_EMPTY"
    F_NO_ROWS = "F_NO_ROWS"
    F_ENC = "F_ENC"
    F_CELL = "F_CELL"
    F_SIZE = "F_SIZE"
    F_TRUNC = "F_TRUNC"
    F_FORMAT = "F_FORMAT"
    F_BOMB = "F_BOMB"
    F_PATH = "F_PATH"
    F_DELIM = "F_DELIM"
    F_QUOTE = "F_QUOTE"
    F_SCHEMA = "F_SCHEMA"
    F_DUPROW = "F_DUPROW"
    F_PERIOD = "F_PERIOD"
    F_SCOPE = "F_SCOPE"
    F_BAD_ROWS = "F_BAD_ROWS"
    R_COLS = "R_COLS"
    R_TOTAL = "R_TOTAL"
    R_EMPTY = "R_EMPTY"
    R_CTRL = "R_CTRL"
    R_UNICODE = "R_UNICODE"
    R_NUM = "R_NUM"
    R_QTY = "R_QTY"
    R_SIZE = "R_SIZE"
    R_PRICE = "R_PRICE"
    R_CODE = "R_CODE"
    R_SKU = "R_SKU"
    R_SKU_SCI = "R_SKU_SCI"
    R_AMBIG = "R_AMBIG"
    R_CONFUS = "R_CONFUS"
    R_TZ = "R_TZ"
    R_DATE = "R_DATE"
    R_ASIDE = "R_ASIDE"


CODES: dict[Code, Meaning] = {
    Code.F_MISSING: Meaning(
        "a folder or file is not there", "put it where the message says, or give another date"
    ),
    Code.F_MAPPING: Meaning(
        "a column mapping is missing, mistyped or does not fit its table", "correct the named key"
    ),
    Code.F_EMPTY: Meaning("the file has no bytes", "export it again"),
    Code.F_NO_ROWS: Meaning(
        "the file has a header and no usable row", "export it again; no rows is not 'no stock'"
    ),
    Code.F_ENC: Meaning(
        "the bytes are not text in the declared encoding", "save as UTF-8, or declare the encoding"
    ),
    Code.F_CELL: Meaning(
        "a cell is longer than 32 KB", "shorten it, or close the quote that swallowed the rows below"
    ),
    Code.F_SIZE: Meaning("the file is larger or has more rows than is read at once", "split it"),
    Code.F_TRUNC: Meaning(
        "the file, or its last line, ends early, or bytes follow its end", "transfer it again"
    ),
    Code.F_FORMAT: Meaning(
        "the content is not what the name says", "send CSV, gzipped CSV or XLSX under its own name"
    ),
    Code.F_BOMB: Meaning("the archive unpacks to far more than it should", "send the plain file"),
    Code.F_PATH: Meaning(
        "the archive holds a path that leaves its folder, or a link",
        "do not open it; ask who sent it",
    ),
    Code.F_DELIM: Meaning("another delimiter than the declared one", "declare the delimiter in the mapping"),
    Code.F_QUOTE: Meaning("a quote is not closed or not doubled", "export again with a CSV writer"),
    Code.F_SCHEMA: Meaning(
        "a column is missing, unknown or named twice",
        "rename it, or map or ignore it in the mapping",
    ),
    Code.F_DUPROW: Meaning(
        "two rows are about the same thing", "leave one; adding them up would double a return"
    ),
    Code.F_PERIOD: Meaning(
        "this period was imported already, with other content",
        "choose replace if the new one is right",
    ),
    Code.F_SCOPE: Meaning("the file is of another cabinet or period", "give the file of this exit and day"),
    Code.F_BAD_ROWS: Meaning(
        "too many rows are bad", "repair the rows, or raise rows_bad_max and rows_bad_max_pct"
    ),
    Code.R_COLS: Meaning(
        "the row has more or fewer cells than the header",
        "quote the delimiter, or add the missing cells",
    ),
    Code.R_TOTAL: Meaning("a totals row between the data", "remove it"),
    Code.R_EMPTY: Meaning("a value is missing", "fill it in; missing never reads as zero"),
    Code.R_CTRL: Meaning(
        "a control, bidi or zero-width character where none belongs", "type the value again"
    ),
    Code.R_UNICODE: Meaning("half of a character, which no file can hold", "send the object again"),
    Code.R_NUM: Meaning("not a plain whole number", "write digits only, as 1000"),
    Code.R_QTY: Meaning("pieces out of range", "0 to 1,000,000 pieces; an order line has at least 1"),
    Code.R_SIZE: Meaning("a length, weight or volume out of range", "use mm, g and ml of one packed piece"),
    Code.R_PRICE: Meaning(
        "not an amount of money, or out of range",
        "write 199.90: a point, at most two decimals, no sign",
    ),
    Code.R_CODE: Meaning("a word outside the list", "use one of the words in the message, or map it"),
    Code.R_SKU: Meaning(
        "not an identifier, or one nobody knows", "correct it, or add the product to the catalogue"
    ),
    Code.R_SKU_SCI: Meaning(
        "a spreadsheet changed the identifier", "format the column as text and export again"
    ),
    Code.R_AMBIG: Meaning(
        "identifiers equal but for case or space",
        "write it in one way everywhere, or list its column under case_matters in the mapping",
    ),
    Code.R_CONFUS: Meaning(
        "letters of different alphabets that look alike", "type the identifier in one alphabet"
    ),
    Code.R_TZ: Meaning(
        "a time without a zone, or one that does not exist or exists twice",
        "add the offset, as +03:00",
    ),
    Code.R_DATE: Meaning("not an ISO date and time, or out of range", "write 2026-03-29T10:00:00Z"),
    Code.R_ASIDE: Meaning(
        "the mapping sets rows of this kind aside", "nothing; they are listed so that none is lost"
    ),
}
