"""Prices of a marketplace that is known by its files only: a list to import, written for a person."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from upath import UPath

from include.winddown.adapters.marketplaces.exports import Exports
from include.winddown.adapters.ports import ItemsReply, PricesRead
from include.winddown.domain.amounts import amount_of
from include.winddown.domain.effects import Manner, Outcome
from include.winddown.domain.prices import CurrentPrice, Cut, NewPrice

COLUMNS = ("offer_id", "price", "old_price", "currency")
LIST_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class PriceLists:
    """
    The PriceDesk port on files.

    A list is proven imported by the next export whose catalogue shows its prices.

    Attributes:
        exports: whose latest catalogue tells the prices that stand.
        folder: where lists are written.
        account: whose prices they are.
    """

    exports: Exports
    folder: UPath
    account: str
    cut: Cut = Cut(buckets=1, most=LIST_MOST)  # noqa: RUF009  it is frozen

    @property
    def manner(self) -> Manner:
        """A person imports the list, in days; that it is not there proves nothing."""
        return Manner(account=self.account, horizon_s=0, is_person=True)

    def prices(self, offer_ids: Sequence[str]) -> PricesRead:
        """
        Read the latest catalogue.

        Raises:
            FileRefused: it is not usable.
        """
        wanted = set(offer_ids)
        found: dict[str, CurrentPrice] = {}
        for batch in self.exports.catalogue().batches:
            columns = (batch[name].to_pylist() for name in ("offer_id", "price_minor", "currency"))
            for offer_id, price_minor, currency in zip(*columns, strict=True):
                if offer_id in wanted:
                    found[offer_id] = CurrentPrice(
                        offer_id=offer_id, price_minor=price_minor, currency=currency
                    )
        return PricesRead(complete=True, prices=found, detail="")

    def set_prices(self, prices: Sequence[NewPrice], reference: str) -> ItemsReply:
        """Write the list; writing it again gives the same file."""
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(COLUMNS)
        for one in prices:
            old = amount_of(one.old_price_minor) if one.old_price_minor else ""
            rows.writerow((one.offer_id, amount_of(one.price_minor), old, one.currency))
        path = self.folder / f"prices-{reference[:12]}.csv"
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(out.getvalue(), encoding="utf-8")
        return ItemsReply(
            outcome=Outcome.UNKNOWN, detail=f"{len(prices)} prices are in {path.name}; import them"
        )
