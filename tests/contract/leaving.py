"""The form of an application to leave, filled in; exit, country and policy are given by each test."""

from typing import Any

FORM: dict[str, Any] = {
    "merchant": "Demo merchant",
    "scheme": "fbp",
    "reason": "cost",
    "reason_words": "Storage eats the margin.",
    "contact_name": "Ada",
    "contact_email": "ada@firm.example",
    "contact_phone": "+7 495 123-45-67",
    "return_address": "Moscow, Lesnaya 1",
    "deadline_on": "2099-01-31",
    "destination": "OWN-1",
    "currency": "RUB",
    "marketplace_conn": "shop",
    "desk_conn": "desk",
    "dock_conn": "dock",
    "approvers": [],
}
