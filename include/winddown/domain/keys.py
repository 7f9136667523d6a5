"""May this key of the marketplace be used? It must read what we read, nothing more, and live long enough."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from include.winddown.domain.errors import MarketplaceRefused, shorten

LIFE_MIN = timedelta(days=14)

_WRITING_WORDS = frozenset(
    (
        "accept",
        "activate",
        "add",
        "approve",
        "archive",
        "arbitration",
        "awaiting",
        "bind",
        "cancel",
        "change",
        "compensate",
        "confirm",
        "create",
        "deactivate",
        "decline",
        "delete",
        "delivered",
        "delivering",
        "disable",
        "discount",
        "edit",
        "enable",
        "generate",
        "give",
        "import",
        "last",
        "pass",
        "pause",
        "registrate",
        "reject",
        "reset",
        "send",
        "set",
        "ship",
        "split",
        "unarchive",
        "unpause",
        "update",
        "upload",
        "verify",
        "void",
    )
)
_READING_DOCUMENTS = frozenset({"report", "label", "act", "act-from", "act-to", "package-label"})
"""Methods that "create" these only write a document for us to read."""

_READING_LAST_WORDS = frozenset({"list", "get", "info", "history", "check", "status", "candidates"})
_WRITING_METHODS = frozenset({"/v2/products/stocks", "/v1/actions/products", "/v2/product/pictures"})


def is_writing(method: str) -> bool:
    """Tell whether a method of the Seller API changes anything, by the words of its path."""
    words = method.strip("/").split("/")[1:]
    if method in _WRITING_METHODS:
        return True
    if not words or words[-1] in _READING_LAST_WORDS or _READING_DOCUMENTS & set(words):
        return False
    parts = {part for word in words[-2:] for part in re.split(r"[-_]", word)}
    return bool(parts & _WRITING_WORDS)


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
        MarketplaceRefused: it ends within LIFE_MIN, opens writing methods, or lacks a needed one;
            says what to do.
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
    writing = sorted(method for method in methods if is_writing(method))
    if writing:
        msg = (
            f"the Api-Key may change things ({shorten(writing, 3)}), and reading needs no such right; make a"
            " key with the role Admin read only in the cabinet (Settings, Seller API), put it into the"
            " connection and delete the other"
        )
        raise MarketplaceRefused(msg)
    return f"The Api-Key only reads and lives until {expires_at:%Y-%m-%d} ({days:.0f} days)."
