"""Misbehaviour on demand, counted: each piece of it happens so many times and then no more."""

from collections import Counter
from typing import Any

# answered before it is done
ACT_LATE = "act_late_504"
CREATE = (
    "throttle_429",
    "error_503_before",
    "drop_before_acting",
    "redirect_307",
    "drop_reply_after_acting",
    "error_502_after",
    "garbled_200",
    "hang",
    ACT_LATE,
)
READ = (
    "throttle_429",
    "error_500",
    "drop",
    "garbled_200",
    "obsolete_200",
    "hang",
    "drip",
    "redirect_307",
    "repeat_page",
    "stuck_cursor",
    "missing_field",
    "down",
)
# what can go wrong inside a page that is answered with 200
PAGE = ("repeat_page", "stuck_cursor", "missing_field")
OZON_PAGE = (*PAGE, "empty_cursor", "missing_cursor", "unknown_status", "totals_drift")
# what only a promotion of the merchant's own meets
OZON_CREATE = ("drop_reply_after_acting", "cis_seller")
# a product that may be sold from a partner's warehouse only
ONLY_FBP = "only_fbp"
# a list of return requests that does not show yet what was made a moment ago
STALE_LIST = "stale_list"
MAIL = (
    "busy_421",
    "auth_535",
    "sender_550",
    "recipient_450",
    "recipient_550",
    "data_451",
    "drop_before_text",
    "drop_after_text",
    "hang_after_text",
    "text_554",
    "text_451",
)
DOORS = {
    "mail": MAIL,
    "create": CREATE,
    "prices": CREATE,
    "stocks": (*CREATE, ONLY_FBP),
    "ozon": READ + OZON_PAGE[len(PAGE) :] + OZON_CREATE,
    "partner": (*READ, STALE_LIST),
    "dock": READ,
}


class BadFault(ValueError):
    """No such misbehaviour is known."""


class Faults:
    """What is still to go wrong, by door; 'down' stays until it is set to false."""

    def __init__(self) -> None:
        self.left: Counter[tuple[str, str]] = Counter()

    def order(self, wanted: dict[str, dict[str, Any]]) -> None:
        """Set the counts; true is for ever, false or 0 is never."""
        for door, kinds in wanted.items():
            for kind, count in kinds.items():
                if kind not in DOORS.get(door, ()):
                    msg = f"no fault {door}.{kind}; known for that door: {', '.join(DOORS.get(door, ()))}"
                    raise BadFault(msg)
                self.left[door, kind] = -1 if count is True else int(count)

    def take(self, door: str, kind: str) -> bool:
        """Say whether this is to happen now, and count it off."""
        count = self.left[door, kind]
        if count > 0:
            self.left[door, kind] = count - 1
        return count != 0

    def first(self, door: str, kinds: tuple[str, ...]) -> str | None:
        """Take the first of these kinds that is due."""
        return next((kind for kind in kinds if self.take(door, kind)), None)
