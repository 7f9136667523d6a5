"""Turn a column of text into a typed Arrow array at once; only what fails the fast test is looked at singly."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.winddown.adapters.schemas import DAY_TYPE, INTEGER_TYPE, REAL_TYPE, TEXT_TYPE, TIME_TYPE
from include.winddown.domain.cells import DAY_LENGTH, Form, check_cell, number_pattern
from include.winddown.domain.frame_types import NUMBER_KINDS, Column
from include.winddown.domain.ids import LOOKS_DAMAGED, PLAIN_ID, UNKNOWN_SKU, Complaint
from include.winddown.domain.times import ISO_TIME, read_time

PLAIN_TEXT = r"^[ -~]*[!-~][ -~]*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """
    One column of a chunk after reading.

    Attributes:
        values: typed, one a row; null where the row is bad or the value is missing.
        words: the distinct texts.
        word_of: for each row the position of its text in `words`.
        complaints: what is wrong, by position in `words`.
    """

    values: pa.Array
    words: pa.StringArray
    word_of: np.ndarray[tuple[int], np.dtype[np.int32]]
    complaints: Mapping[int, Complaint]

    def bad_rows(self) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """The positions of the bad rows, ascending."""
        if not self.complaints:
            return np.empty(0, dtype=np.intp)
        return np.flatnonzero(np.isin(self.word_of, list(self.complaints)))


def read_column(column: Column, texts: pa.StringArray, form: Form, known: pa.Array | None = None) -> Typed:
    """
    Read the cells of one column.

    Args:
        column: what they should be.
        texts: one a row, no nulls.
        form: how the file writes them.
        known: when given, the identifiers that exist (NFC); another one gets R_SKU.

    Returns:
        A typed array, with null for every cell that has a complaint.
    """
    encoded = texts.dictionary_encode()
    words = encoded.dictionary
    good, complaints = _judge(column, words, form)
    if known is not None:
        _complain_unknown(words, known, good, complaints)
    values = _type(column, words, form, pa.array(good))
    return Typed(
        values=values.take(encoded.indices),
        words=words,
        word_of=encoded.indices.to_numpy(),
        complaints=complaints,
    )


def _judge(
    column: Column, words: pa.StringArray, form: Form
) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], dict[int, Complaint]]:
    good = _surely_good(column, words, form).to_numpy(zero_copy_only=False).copy()
    complaints = {}
    for position in np.flatnonzero(~good).tolist():
        complaint = check_cell(column, words[position].as_py(), form)
        if complaint is None:
            good[position] = True
        else:
            complaints[position] = complaint
    return good, complaints


def _surely_good(column: Column, words: pa.StringArray, form: Form) -> pa.BooleanArray:
    """Mark what is good beyond doubt; whatever is not marked is judged singly by domain.cells."""
    if form.values or column.values or column.kind == "on":
        return pa.array(np.zeros(len(words), dtype=bool))
    if column.kind == "id":
        plain = pc.match_substring_regex(words, PLAIN_ID)
        return pc.and_not(plain, pc.match_substring_regex(words, LOOKS_DAMAGED))
    if column.kind in NUMBER_KINDS:
        return _within(_numbers(column, words, form), column.low, column.high)
    if column.kind == "at":
        return _within(_times(words, form), form.clock.earliest, form.clock.latest)
    return pc.match_substring_regex(words, PLAIN_TEXT)


def _within(values: pa.Array, low: int | datetime, high: int | datetime) -> pa.BooleanArray:
    bounds = (pa.scalar(low, values.type), pa.scalar(high, values.type))
    inside = pc.and_(pc.greater_equal(values, bounds[0]), pc.less_equal(values, bounds[1]))
    return pc.fill_null(inside, fill_value=False)


def _numbers(column: Column, words: pa.StringArray, form: Form) -> pa.Array:
    fits = pc.match_substring_regex(words, number_pattern(column, form))
    clean = pc.if_else(fits, words, None)
    if column.kind == "real":
        return pc.cast(clean, REAL_TYPE)
    if column.kind == "minor" and form.money == "decimal":
        amounts = pc.cast(clean, pa.decimal128(13, 2))
        return pc.cast(pc.multiply(amounts, pa.scalar(100)), INTEGER_TYPE)
    return pc.cast(clean, INTEGER_TYPE)


def _times(words: pa.StringArray, form: Form) -> pa.Array:
    if form.clock.pattern is None and form.clock.zone is None:
        fits = pc.match_substring_regex(words, ISO_TIME)
        with contextlib.suppress(pa.ArrowInvalid):  # one 30 February spoils the cast; then each is read alone
            return pc.cast(pc.if_else(fits, words, None), TIME_TYPE)
    read = [None if word is None else read_time(word, form.clock) for word in words.to_pylist()]
    return pa.array([None if isinstance(found, Complaint) else found for found in read], TIME_TYPE)


def _type(column: Column, words: pa.StringArray, form: Form, good: pa.BooleanArray) -> pa.Array:
    if form.values:
        words = pa.array([form.values.get(word, word) for word in words.to_pylist()], TEXT_TYPE)
    if column.nullable:
        good = pc.and_not(good, pc.equal(pc.utf8_trim_whitespace(words), ""))
    clean = pc.if_else(good, words, None)
    if column.kind in NUMBER_KINDS:
        return _numbers(column, clean, form)
    if column.kind == "on":
        return pc.cast(pc.utf8_slice_codeunits(clean, 0, DAY_LENGTH), DAY_TYPE)
    return _times(clean, form) if column.kind == "at" else clean


def _complain_unknown(
    words: pa.StringArray,
    known: pa.Array,
    good: np.ndarray[tuple[int], np.dtype[np.bool_]],
    complaints: dict[int, Complaint],
) -> None:
    found = pc.is_in(pc.utf8_normalize(words, form="NFC"), value_set=known).to_numpy(zero_copy_only=False)
    for position in np.flatnonzero(good & ~found).tolist():
        good[position] = False
        complaints[position] = UNKNOWN_SKU
