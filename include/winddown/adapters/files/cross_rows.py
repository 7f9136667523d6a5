"""What only the whole file shows: twin identifiers, the same thing twice, running numbers. By 64-bit hashes."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from include.winddown.domain.ids import PLAIN_ID, skeleton

Hashes = np.ndarray[tuple[int], np.dtype[np.uint64]]
_MIX = np.uint64(0x9E3779B97F4A7C15)
_COMPACT_ABOVE = 1_000_000


def hash_words(words: pa.StringArray) -> Hashes:
    """Hash texts as they compare: in NFC."""
    normal = pc.utf8_normalize(words, form="NFC")
    hashed: Hashes = pd.util.hash_array(normal.to_numpy(zero_copy_only=False), categorize=False)
    return hashed


def hash_rows(columns: list[pa.Array]) -> Hashes:
    """Hash each row over several columns without nulls."""
    total = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        if pa.types.is_string(column.type):
            encoded = column.dictionary_encode()
            part = hash_words(encoded.dictionary)[encoded.indices.to_numpy()]
        else:
            part = pd.util.hash_array(column.to_numpy())
        total = (total ^ part) * _MIX
        total ^= total >> np.uint64(29)
    return total


def twice(hashes: Hashes) -> Hashes:
    """Give the hashes that occur more than once."""
    ordered = np.sort(hashes)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def running_numbers(hashes: Hashes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Number the rows of each equal hash from 1, in their order."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    starts = np.flatnonzero(
        np.concatenate((np.ones(min(len(ordered), 1), dtype=bool), ordered[1:] != ordered[:-1]))
    )
    lengths = np.diff(np.append(starts, len(ordered)))
    numbers = np.empty(len(hashes), dtype=np.int64)
    numbers[order] = np.arange(len(ordered)) - np.repeat(starts, lengths) + 1
    return numbers


class Twins:
    """
    The spellings of one id column, as pairs of hashes: what people see, and what stands there.

    Args:
        case_matters: whether a1 and A1 are different things here.
    """

    def __init__(self, *, case_matters: bool) -> None:
        self._case_matters = case_matters
        self._pending: list[np.ndarray[tuple[int, int], np.dtype[np.uint64]]] = []
        self._count = 0

    def add(self, words: pa.StringArray) -> None:
        """Remember the distinct texts of a chunk, good or bad."""
        self._pending.append(np.column_stack((self.look(words), hash_words(words))))
        self._count += len(words)
        if self._count > _COMPACT_ABOVE:
            self._compact()

    def look(self, words: pa.StringArray) -> Hashes:
        """Hash what people see of each text."""
        plain = pc.match_substring_regex(words, PLAIN_ID)
        seen = words if self._case_matters else pc.ascii_lower(words)
        odd = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
        values = seen.to_numpy(zero_copy_only=False)
        if len(odd):
            values = values.copy()
            for position in odd.tolist():
                values[position] = skeleton(words[position].as_py(), case_matters=self._case_matters)
        hashed: Hashes = pd.util.hash_array(values, categorize=False)
        return hashed

    def ambiguous(self) -> Hashes:
        """Give the looks that more than one spelling has."""
        self._compact()
        if not self._pending:
            return np.empty(0, dtype=np.uint64)
        return twice(self._pending[0][:, 0])

    def _compact(self) -> None:
        if self._pending:
            pairs = np.concatenate(self._pending)
            kept = np.unique((pairs[:, 0] * _MIX) ^ pairs[:, 1], return_index=True)[1]
            self._pending = [pairs[kept]]
            self._count = 0
