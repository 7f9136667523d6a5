"""A partner's own warehouse codes in place of Ozon's ids, so that its report and Ozon's lists speak of one place."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from include.winddown.adapters.marketplaces.ozon_postings import NO_WAREHOUSE
from include.winddown.domain.warehouse_codes import unnamed_note

if TYPE_CHECKING:
    from include.winddown.adapters.ports import Pull

COLUMN = "warehouse_id"


def in_partner_codes(pull: "Pull", codes: Mapping[str, str]) -> "Pull":
    """
    Let the rows of a pull name warehouses by the partner's codes.

    Args:
        pull: of a frame with warehouse_id, not iterated yet; its notes hear of ids without a code.
        codes: Ozon's id → the partner's code; empty = the ids stay as they are.

    Returns:
        The same pull; an id without a code is kept as told.
    """
    if codes:
        pull.batches = _renamed(pull.batches, codes, pull)
    return pull


def _renamed(
    batches: Iterable[pa.RecordBatch], codes: Mapping[str, str], pull: "Pull"
) -> Iterator[pa.RecordBatch]:
    unnamed: set[str] = set()
    for batch in batches:
        told = batch.column(COLUMN).dictionary_encode()
        ids: list[str] = told.dictionary.to_pylist()
        unnamed.update(one for one in ids if one not in codes and one != NO_WAREHOUSE)
        names = pa.array([codes.get(one, one) for one in ids], told.dictionary.type)
        yield batch.set_column(
            batch.schema.get_field_index(COLUMN), batch.schema.field(COLUMN), names.take(told.indices)
        )
    if unnamed:
        pull.notes.append(unnamed_note(pull.frame.name, unnamed))
