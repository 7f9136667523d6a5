"""One product of Ozon, as a row of frames.CATALOGUE or as what keeps it from being one."""

from collections.abc import Iterator

from include.winddown.adapters.marketplaces.costs import Cost
from include.winddown.adapters.marketplaces.ozon_flaws import Flaw, in_range
from include.winddown.adapters.rows import Cell
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.amounts import g_of, minor_of, mm_of
from include.winddown.domain.codes import Code
from include.winddown.domain.frames import CATALOGUE
from include.winddown.domain.ids import Complaint

SIDES = ("depth", "width", "height")


def catalogue_row(
    sku: str, info: Part | None, size: Part | None, cost: Cost | None
) -> tuple[Cell, ...] | Flaw:
    """
    Join what is known of a product.

    Args:
        sku: of the product.
        info: its object of /v3/product/info/list.
        size: its object of /v4/product/info/attributes.
        cost: its row of the merchant's cost sheet.

    Returns:
        A row of frames.CATALOGUE, or the first flaw.

    Raises:
        ContractBroken: an object lacks a documented field.
    """
    if info is None or size is None:
        return _flaw("sku", sku, Code.R_SKU, "listed, but nothing more is told of it; look at its card")
    if cost is None:
        return _flaw("unit_cost_minor", "", Code.R_SKU, "the cost sheet has no usable row for it; add one")
    return _priced_row(sku, info, size, cost)


def _priced_row(sku: str, info: Part, size: Part, cost: Cost) -> tuple[Cell, ...] | Flaw:
    currency = info["currency_code"].text()
    if cost.currency != currency:
        reason = f"its cost is in {cost.currency}, its price in {currency}; give the cost in {currency}"
        return _flaw("currency", cost.currency, Code.R_PRICE, reason)
    numbers: dict[str, int] = {}
    for column, value, number in _numbers(info, size):
        found = in_range(CATALOGUE.column("length_mm" if column in SIDES else column), number)
        if isinstance(found, Complaint):
            return Flaw(column=column, value=value, complaint=found)
        numbers[column] = found
    return _row(sku, info, numbers, cost)


def _row(sku: str, info: Part, numbers: dict[str, int], cost: Cost) -> tuple[Cell, ...]:
    sides = sorted((numbers[side] for side in SIDES), reverse=True)
    barcodes = [barcode.text() for barcode in info["barcodes"]]
    return (
        sku,
        info["offer_id"].name(),
        barcodes[0] if barcodes else None,
        info["name"].text(),
        *sides,
        numbers["weight_g"],
        cost.handling_class,
        numbers["price_minor"],
        cost.currency,
        cost.unit_cost_minor,
        cost.resale_minor,
        _category(info),
    )


def _category(info: Part) -> str | None:
    """Take Ozon's category of the description; it is told of most products, and 0 is none."""
    told = info.fields().get("description_category_id")
    return None if told in (None, 0, "0", "") else info["description_category_id"].name()


def _numbers(info: Part, size: Part) -> Iterator[tuple[str, str, int | Complaint]]:
    """Give column, value as it came, and number or complaint."""
    price = info["price"].amount()
    yield "price_minor", price, minor_of(price)
    weight, unit = size["weight"].int64(), size["weight_unit"].text()
    yield "weight_g", f"{weight} {unit}", g_of(weight, unit)
    for side in SIDES:
        length, unit = size[side].int64(), size["dimension_unit"].text()
        yield side, f"{length} {unit}", mm_of(length, unit)


def _flaw(column: str, value: str, code: Code, reason: str) -> Flaw:
    return Flaw(column=column, value=value, complaint=Complaint(code, reason))
