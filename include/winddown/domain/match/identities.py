"""Barcodes, relabelled SKUs and packs: what a row of the mapping means on a day, and what cannot be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from include.winddown.domain.codes import Code
from include.winddown.domain.errors import FileRefused, shorten

ALWAYS = date(1, 1, 1)
FOREVER = date(9999, 12, 31)
HOPS_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """
    One row of the mapping.

    Attributes:
        kind: barcode, alias, variant or pack.
        name: a barcode, the SKU that is read as another, or the SKU that comes in packs.
        sku: what it is read as; empty for a pack.
        unit: the pack's word; empty for the others.
        factor: pieces in a pack; 0 for the others.
        from_on, until_on: the days on which it holds, both included.
    """

    kind: str
    name: str
    sku: str = ""
    unit: str = ""
    factor: int = 0
    from_on: date = ALWAYS
    until_on: date = FOREVER


def close_identities(rows: Iterable[Identity], file: str) -> list[Identity]:
    """
    Follow relabelled SKUs to the end, day by day.

    A → B and B → C give A → C where both hold. Merged SKUs (A → C, B → C) count once each,
    because every row of a file is read once.

    Args:
        rows: the mapping; a variant of a split SKU is read as the SKU it was split from.
        file: for messages.

    Returns:
        The barcodes, the packs, and aliases that need one look-up only.

    Raises:
        FileRefused: F_MAPPING: a row without what its kind needs, two rows that hold on one day and
            say different things, or a circle.
    """
    listed = list(dict.fromkeys(rows))
    _check_rows(listed, file)
    _check_overlaps(listed, file)
    aliases = [row for row in listed if row.kind in ("alias", "variant")]
    steps = {name: [row for row in aliases if row.name == name] for name in {row.name for row in aliases}}
    closed = [end for row in aliases for end in _follow(row, steps, file)]
    barcodes = [end for row in listed if row.kind == "barcode" for end in _follow(row, steps, file)]
    packs = [row for row in listed if row.kind == "pack"]
    return sorted([*closed, *barcodes, *packs], key=lambda row: (row.kind, row.name, row.unit, row.from_on))


def _follow(row: Identity, steps: Mapping[str, list[Identity]], file: str, hops: int = 0) -> list[Identity]:
    """Cut a row where the SKU it leads to is itself read as another."""
    if hops > HOPS_MAX:
        msg = f"{file}: {row.name} leads to itself through {row.sku}; a SKU cannot be read in a circle, remove one row"
        raise FileRefused(Code.F_MAPPING, msg)
    parts, open_from = [], row.from_on
    for step in sorted(steps.get(row.sku, []), key=lambda one: one.from_on):
        first, last = max(open_from, step.from_on), min(row.until_on, step.until_on)
        if first > last:
            continue
        if open_from < first:
            parts.append(replace(row, from_on=open_from, until_on=_day_before(first)))
        parts += _follow(replace(row, sku=step.sku, from_on=first, until_on=last), steps, file, hops + 1)
        open_from = _day_after(last)
    return (
        parts
        if open_from > row.until_on or (parts and last == FOREVER)
        else [*parts, replace(row, from_on=open_from)]
    )


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _day_after(day: date) -> date:
    return day if day == FOREVER else date.fromordinal(day.toordinal() + 1)


def _check_rows(rows: list[Identity], file: str) -> None:
    bad = [
        f"{row.kind} {row.name}"
        for row in rows
        if (row.kind == "pack" and row.factor < 1)
        or (row.kind != "pack" and not row.sku)
        or row.from_on > row.until_on
        or row.name == row.sku
    ]
    if bad:
        msg = (
            f"{file}: {shorten(bad)}: a pack needs a factor of 1 or more, everything else another SKU to be read as,"
            " and until_on must not be before from_on; complete the rows"
        )
        raise FileRefused(Code.F_MAPPING, msg)


def _check_overlaps(rows: list[Identity], file: str) -> None:
    ordered = sorted(rows, key=lambda row: (_sort_of(row), row.name, row.unit, row.from_on))
    for first, second in pairwise(ordered):
        same = (_sort_of(first), first.name, first.unit) == (_sort_of(second), second.name, second.unit)
        if same and second.from_on <= first.until_on:
            msg = (
                f"{file}: {first.kind} {first.name} says two things on {second.from_on}: {first.sku or first.factor}"
                f" and {second.sku or second.factor}; end the first row with until_on before the second begins"
            )
            raise FileRefused(Code.F_MAPPING, msg)


def _sort_of(row: Identity) -> str:
    return "alias" if row.kind == "variant" else row.kind


def in_packs(pieces: int, factor: int) -> tuple[int, int]:
    """Say pieces in whole packs and the rest: 61 in twelves are 5 and 1."""
    return divmod(pieces, factor)
