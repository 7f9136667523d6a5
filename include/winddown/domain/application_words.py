"""What a person is shown of an application: to file it, to take the answer down, to go on after a refusal."""

from collections.abc import Mapping
from datetime import date

from include.winddown.domain.application import CLEAR_STOCK, FINISH_ORDERS
from include.winddown.domain.dossier import Dossier, Obstacle
from include.winddown.domain.errors import shorten
from include.winddown.domain.review import Review
from include.winddown.domain.texts import markdown_safe

NAMES_SHOWN = 5
TITLES = {"ru": "Russian", "zh": "Chinese", "en": "English"}

OBSTACLES = {
    "unfinished_orders": "unfinished orders: wait until they have left or are cancelled, and stop sales",
    "reserved_stock": "pieces reserved for orders: ask the partner what for",
    "unread_orders": "order lines in quarantine: correct them at their source",
    "unprocessed_stock": "pieces in the warehouses: return them or sell them off",
    "open_supplies": "inbound supplies that are not closed: cancel them, or let them arrive",
    "supplies_unknown": "the marketplace does not tell inbound supplies: look into the cabinet",
    "orders_in_transit": "orders on their way to buyers: they need not have arrived, but may be asked for",
    "running_promotions": "promotions and pricing strategies that run: end them in the cabinet",
}
PASTE = "Paste the text into the cabinet or a letter to the platform's support; then give the number it shows, and the day."

FIRST = {
    CLEAR_STOCK: (
        "The platform wants the stock out **first**. Trigger `take_snapshot` for this exit by hand; the plan, its approval"
        " and the returns follow as for any exit."
    ),
    FINISH_ORDERS: (
        "The platform wants the orders done **first**. Stop sales (archive the products, raise their prices, or ask the"
        " partner), and wait until the last posting has left."
    ),
}
OTHER = "Do what the platform asks for in its reason, or ask it what is meant."


def word_filing(dossier: Dossier, texts: Mapping[str, str]) -> str:
    """Word what a person files: what would be refused, then the text in each language; Markdown."""
    parts = [
        f"{dossier.units_qty} pieces in the warehouses, {dossier.lost_qty} more are called lost.",
        _listed(dossier),
        PASTE,
        *(f"**{TITLES[language]}**\n\n{_fenced(text)}" for language, text in texts.items()),
    ]
    return "\n\n".join(parts) + "\n"


def word_review(number: str, review: Review) -> str:
    """Word what is waited for, and until when; Markdown."""
    return (
        f"Application **{markdown_safe(number)}**, filed on {review.filed_on}. The platform answers within one to three"
        f" working days: from {review.earliest_on} to {review.latest_on} ({review.country}). After that `watch_reviews`"
        " tells you, once.\n\nTake the answer down as the platform gives it. A refusal needs its reason in the platform's words.\n"
    )


def word_next(choice: str, reason: str, dossier: Dossier) -> str:
    """Word what to do after a refusal, and what stood in the way when it was filed; Markdown."""
    return (
        f"Refused: {markdown_safe(reason)}\n\n{FIRST.get(choice, OTHER)}\n\nWhen it was filed:\n\n{_listed(dossier)}\n\n"
        "- **Apply again**: it is done. A new snapshot is taken, and the next version drafted from it.\n"
        "- **Leave it**: not now. Start `apply_to_leave` with the same exit id whenever you want to.\n"
    )


def word_late(exit_id: str, number: str, due_on: date, today: date) -> str:
    """Word the alert about an answer that has not come."""
    return (
        f"exit {exit_id}: application {number} should have been answered by {due_on}, {(today - due_on).days} days ago;"
        " ask the platform's support, and answer wait_for_review of apply_to_leave once it has decided"
    )


def _listed(dossier: Dossier) -> str:
    lines = [_line(one) for one in dossier.obstacles] or ["- nothing known would make the platform refuse"]
    if dossier.promotions is None or dossier.strategies is None:
        lines.append("- running promotions and pricing strategies are not known here: look into the cabinet")
    return "\n".join(lines)


def _line(one: Obstacle) -> str:
    names = f" ({markdown_safe(shorten(one.names, NAMES_SHOWN))})" if one.names else ""
    return f"- {f'**{one.qty}** ' if one.qty else ''}{OBSTACLES[one.code]}{names}"


def _fenced(text: str) -> str:
    """Keep a text as it is, whatever fences stand in it."""
    fence = "~~~"
    while fence in text:
        fence += "~"
    return f"{fence}\n{text}{fence}"
