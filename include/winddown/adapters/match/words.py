"""The small tables of a match: words of partners and docks, barcodes, relabelled SKUs and packs."""

from collections.abc import Sequence

import pyarrow as pa

from include.winddown.domain.match.identities import Identity
from include.winddown.domain.match.kinds import (
    CONDITION_WORDS,
    DEFAULT_KIND,
    DISPOSAL_WORDS,
    FINAL_WORDS,
    LEGS,
    PIECE_WORDS,
    SCOPES,
    words_of,
)


def word_tables(identities: Sequence[Identity]) -> dict[str, pa.Table]:
    """Give the small tables of a match: words as we know them, barcodes, aliases and packs."""
    kinds = [
        {"leg": leg, "word": word, "kind": kind, "scope": SCOPES.get(kind, "line")}
        for leg in LEGS
        for word, kind in {**words_of(leg), "": DEFAULT_KIND[leg]}.items()
    ]
    conditions = [{"word": word, "condition": name} for word, name in CONDITION_WORDS.items()]
    texts = pa.schema([("word", pa.string())])
    return {
        "kinds": pa.Table.from_pylist(kinds),
        "conditions": pa.Table.from_pylist(conditions),
        "pieces": pa.Table.from_pylist([{"word": word} for word in PIECE_WORDS], texts),
        "final_words": pa.Table.from_pylist([{"word": word} for word in FINAL_WORDS], texts),
        "disposal_words": pa.Table.from_pylist([{"word": word} for word in DISPOSAL_WORDS], texts),
        "barcodes": _identity_table(identities, "barcode"),
        "aliases": _identity_table(identities, "alias", "variant"),
        "packs": _identity_table(identities, "pack"),
    }


def _identity_table(identities: Sequence[Identity], *kinds: str) -> pa.Table:
    schema = pa.schema(
        {
            **dict.fromkeys(("name", "sku", "unit"), pa.string()),
            "factor": pa.int64(),
            "from_on": pa.date32(),
            "until_on": pa.date32(),
        }
    )
    rows = [
        {
            "name": one.name,
            "sku": one.sku,
            "unit": one.unit.strip().lower(),
            "factor": one.factor,
            "from_on": one.from_on,
            "until_on": one.until_on,
        }
        for one in identities
        if one.kind in kinds
    ]
    return pa.Table.from_pylist(rows, schema)
