"""The own warehouse of a marketplace known by files: own_stock, own_postings and own_returns of the latest day."""

from include.winddown.adapters.marketplaces.exports import Exports
from include.winddown.adapters.own_port import Chats
from include.winddown.adapters.ports import Pull
from include.winddown.domain.own_frames import OWN_POSTINGS, OWN_RETURNS, OWN_STOCK


class ExportsOwn:
    """
    The OwnTrade port on a folder of files.

    Args:
        exports: the folder.
    """

    def __init__(self, exports: Exports) -> None:
        self._exports = exports

    def stock(self) -> Pull | None:
        """Pull OWN_STOCK, or None without such a file."""
        return self._exports.optional(OWN_STOCK)

    def postings(self, days: int, dated_days: int) -> Pull | None:  # noqa: ARG002  the file holds what it holds
        """Pull OWN_POSTINGS, or None without such a file."""
        return self._exports.optional(OWN_POSTINGS)

    def returns(self, days: int) -> Pull | None:  # noqa: ARG002  the file holds what it holds
        """Pull OWN_RETURNS, or None without such a file."""
        return self._exports.optional(OWN_RETURNS)

    def chats(self) -> Chats:
        """Say that files hold no chats."""
        return Chats(unread_qty=None, why="the marketplace is read from files, which hold no chats")
