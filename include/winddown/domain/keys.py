"""May this key of the marketplace be used? It must read what we read, nothing more, and live long enough."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from include.winddown.domain.errors import MarketplaceRefused, shorten

LIFE_MIN = timedelta(days=14)

_READING_LAST_WORDS = frozenset({"candidates", "check", "get", "history", "info", "list", "status"})
_READING_STARTS = ("check-", "get-", "is-")
_READING_DOCUMENTS = frozenset({"act-from", "act-to", "cargoes-label", "label", "package-label"})
"""A method that "creates" one of these, or a report, only writes a document for us to read."""

_READING_METHODS = frozenset(
    (
        "actions",
        "actions/products",
        "analytics/average-delivery-time",
        "analytics/average-delivery-time/details",
        "analytics/average-delivery-time/summary",
        "analytics/data",
        "analytics/decommissioned-goods",
        "analytics/manage/stocks",
        "analytics/product-queries",
        "analytics/product-queries/details",
        "analytics/stock_on_warehouses",
        "analytics/stocks",
        "analytics/turnover/stocks",
        "description-category/attribute",
        "description-category/attribute/values",
        "description-category/attribute/values/search",
        "description-category/tips",
        "description-category/tree",
        "fbp/draft/direct/product/validate",
        "fbp/draft/drop-off/product/validate",
        "fbp/draft/pick-up/product/validate",
        "finance/accrual/by-day",
        "finance/accrual/postings",
        "finance/accrual/types",
        "finance/balance",
        "finance/compensation",
        "finance/decompensation",
        "finance/document-b2b-sales",
        "finance/document-b2b-sales/json",
        "finance/mutual-settlement",
        "finance/products/buyout",
        "finance/realization",
        "finance/realization/posting",
        "finance/transaction/totals",
        "posting/fbs/cancel-reason",
        "posting/fbs/package-label",
        "posting/fbs/restrictions",
        "posting/fbs/timeslot/change-restrictions",
        "posting/global/etgb",
        "pricing-strategy/strategy-ids-by-product-ids",
        "product/certificate-types",
        "product/info/attributes",
        "product/info/description",
        "product/info/discounted",
        "product/info/limit",
        "product/info/prices",
        "product/info/stocks",
        "product/info/stocks-by-warehouse/fbo",
        "product/info/stocks-by-warehouse/fbs",
        "product/info/subscription",
        "product/info/warehouse/stocks",
        "product/info/wrong-volume",
        "product/rating-by-sku",
        "question/count",
        "rating/summary",
        "report/warehouse/stock",
        "return/giveout/barcode",
        "review/count",
        "roles",
        "search-queries/text",
        "search-queries/top",
        "supplier/available_warehouses",
        "supply-order/bundle",
        "supply-order/status/counter",
    )
)
"""Without their version: a newer one of a reading method reads too."""

_WRITING_WORDS = frozenset(
    (
        "activate",
        "add",
        "approve",
        "archive",
        "bind",
        "cancel",
        "change",
        "confirm",
        "create",
        "deactivate",
        "delete",
        "edit",
        "import",
        "pause",
        "reject",
        "reset",
        "send",
        "set",
        "ship",
        "stocks",
        "unarchive",
        "update",
    )
)
"""They only choose the words of the refusal: whatever is not known to read is taken for writing."""


def is_writing(method: str) -> bool:
    """Tell whether a method of the Seller API may change anything; True for one that nobody here knows."""
    words = method.strip("/").split("/")[1:]
    if not words:
        return True
    is_document = words[-1] == "create" and (words[0] == "report" or _READING_DOCUMENTS & set(words[-2:-1]))
    is_reading = (
        words[-1] in _READING_LAST_WORDS
        or words[-1].startswith(_READING_STARTS)
        or "/".join(words) in _READING_METHODS
    )
    return not (is_reading or is_document)


def judge_key(methods: Collection[str], expires_at: datetime, now: datetime, needed: Collection[str]) -> str:
    """
    Judge a key before anything is read with it.

    Args:
        methods: what its roles open.
        expires_at: the end of the key, aware.
        now: aware.
        needed: the methods that will be called.

    Returns:
        One sentence for people.

    Raises:
        MarketplaceRefused: it ends within LIFE_MIN, opens methods that write or that nobody here
            knows, or lacks a needed one; says what to do.
    """
    days = (expires_at - now) / timedelta(days=1)
    if expires_at - now < LIFE_MIN:
        ends = f"ended on {expires_at:%Y-%m-%d}" if days <= 0 else f"ends on {expires_at:%Y-%m-%d}"
        msg = (
            f"the Api-Key {ends}, and {LIFE_MIN.days} days are needed; make a new key in the cabinet (Settings,"
            " Seller API) and put it into the connection"
        )
        raise MarketplaceRefused(msg)
    lacking = sorted(set(needed) - set(methods))
    if lacking:
        msg = (
            f"the Api-Key may not call {shorten(lacking, 3)}; make a key with the role Admin read only in the"
            " cabinet (Settings, Seller API) and put it into the connection"
        )
        raise MarketplaceRefused(msg)
    _refuse_writing(sorted(method for method in methods if is_writing(method)))
    return f"The Api-Key only reads and lives until {expires_at:%Y-%m-%d} ({days:.0f} days)."


def _refuse_writing(writing: list[str]) -> None:
    known = [method for method in writing if _WRITING_WORDS & set(re.split(r"[-_/]", method))]
    if known:
        msg = (
            f"the Api-Key may change things ({shorten(known, 3)}), and reading needs no such right; make a"
            " key with the role Admin read only in the cabinet (Settings, Seller API), put it into the"
            " connection and delete the other"
        )
        raise MarketplaceRefused(msg)
    if writing:
        msg = (
            f"the Api-Key opens methods that are unknown here ({shorten(writing, 3)}), and an unknown method is taken"
            " for writing; make a key with the role Admin read only in the cabinet (Settings, Seller API), or, when it has"
            " that role, ask an engineer to look the method up and to list it in include/winddown/domain/keys.py"
        )
        raise MarketplaceRefused(msg)
