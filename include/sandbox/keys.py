"""Keys of the marketplace: which methods a role opens, when a key expires, and how it is refused."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from include.sandbox.shapes import methods

LIFE = timedelta(days=90)
READER = ("Admin read only",)
EVERYTHING = ("Admin",)
OPEN_TO_ALL = ("/v1/roles", "/v1/seller/info")
_WRITING = (
    "/cancel",
    "/delete",
    "/archive",
    "/unarchive",
    "/import/prices",
    "/create/discount",
    "/products/add",
    "/change-activity",
    "/update",
    "/deactivate",
    "/v2/products/stocks",
)
_PARTS = {
    "Posting FBS": ("/v1/posting/", "/v4/posting/"),
    "Posting FBO": ("/v3/posting/",),
    "Product": (
        "/v3/product/",
        "/v4/product/",
        "/v5/product/",
        "/v1/product/",
        "/v2/product/",
        "/v2/products/",
    ),
    "Warehouse": ("/v2/warehouse/", "/v2/delivery-method/", "/v1/fbp/", "/v1/removal/"),
    "Finance": ("/v1/finance/",),
    "Promo": ("/v1/actions", "/v2/actions", "/v1/seller-actions"),
}
ROLES = (*READER, *EVERYTHING, *_PARTS)
REFUSALS = {
    "deactivated": "Api-key is deactivated, use another one or generate a new one",
    "ip_restricted": "Api-Key is restricted to specific IP addresses",
    "offer_not_signed": "Offer not signed",
    "invalid": "Invalid Api-Key, please check the key and try again",
}
MISSING_ROLE = "Api-Key is missing a required role for a method"


@cache
def opened_by(role: str) -> tuple[str, ...]:
    """List the methods a role opens."""
    paths = tuple(sorted(methods()))
    if role in EVERYTHING:
        return paths
    if role in READER:
        return tuple(path for path in paths if not path.endswith(_WRITING))
    return tuple(path for path in paths if path.startswith(_PARTS[role]) or path in OPEN_TO_ALL)


@dataclass(slots=True)
class Key:
    """One key: its roles, when it ends, and why it is refused if it is (one of REFUSALS)."""

    roles: tuple[str, ...]
    expires_at: datetime = field(default_factory=lambda: datetime.now(UTC) + LIFE)
    refused: str = ""

    @property
    def refusal(self) -> str:
        """Why the key is not let in; empty when it is."""
        if self.expires_at <= datetime.now(UTC):
            return REFUSALS["deactivated"]
        return REFUSALS.get(self.refused, "")

    def opens(self, path: str) -> bool:
        """Say whether one of the roles opens the method."""
        return path in OPEN_TO_ALL or any(path in opened_by(role) for role in self.roles)

    def told(self) -> dict[str, Any]:
        """Write the key as /v1/roles answers."""
        return {
            "roles": [{"name": role, "methods": list(opened_by(role))} for role in self.roles],
            "expires_at": self.expires_at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        }


@dataclass(slots=True)
class Keys:
    """The two keys of the cabinet: one that only reads, one that may do everything."""

    reader: Key = field(default_factory=lambda: Key(READER))
    admin: Key = field(default_factory=lambda: Key(EVERYTHING))

    def change(self, roles: list[str] | None, expires_in_days: float | None, refused: str) -> None:
        """Change the reading key: other roles, another end, or a reason to refuse it."""
        key = self.reader
        if roles is not None:
            key.roles = tuple(roles)
        if expires_in_days is not None:
            key.expires_at = datetime.now(UTC) + timedelta(days=expires_in_days)
        key.refused = refused
