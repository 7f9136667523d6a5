"""
The prices of a cabinet at Ozon: read them, set them.

Sources: POST /v5/product/info/prices and /v1/product/import/prices (documented April to October
2026): 1,000 items a call, ten changes a product an hour, one price for every scheme. A write answers
200 even when an item is refused, so every item's own answer is given back. Nothing is sent twice.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from include.winddown.adapters.http import Line, Peer, PeerDown, Written
from include.winddown.adapters.marketplaces.ozon_fees import PRICES as LISTING
from include.winddown.adapters.marketplaces.ozon_lists import read_list
from include.winddown.adapters.marketplaces.ozon_writes import answers_of, decimal
from include.winddown.adapters.pages import ListIncomplete
from include.winddown.adapters.ports import ItemAnswer, ItemsReply, PricesRead
from include.winddown.adapters.strict_json import Part
from include.winddown.domain.amounts import minor_of
from include.winddown.domain.effects import Manner, Outcome, classify
from include.winddown.domain.errors import ContractBroken
from include.winddown.domain.prices import USUAL_CUT, CurrentPrice, Cut, NewPrice

SET = "/v1/product/import/prices"
HORIZON_S = 300.0
"""After so long a price that was sent shows, or never will: ten times the longest lag the pages tell of."""


@dataclass(frozen=True, slots=True)
class OzonPrices:
    """The PriceDesk port on an open line, whose key may write prices; threads may share it."""

    line: Line
    client_id: str
    horizon_s: float = HORIZON_S
    cut: Cut = USUAL_CUT

    @property
    def manner(self) -> Manner:
        """Of a price the look-up shows the value itself, so no reference is needed."""
        return Manner(account=f"{self.line.peer.address}/{self.client_id}", horizon_s=self.horizon_s)

    def prices(self, offer_ids: Sequence[str]) -> PricesRead:
        """
        Read the prices that stand now.

        Raises:
            MarketplaceRefused: the key is refused.
            ContractBroken: a price is not readable.
        """
        found: dict[str, CurrentPrice] = {}
        try:
            for visibility in ("ALL", "ARCHIVED"):  # ALL is all but the archived ones
                missing = [offer_id for offer_id in offer_ids if offer_id not in found]
                for first in range(0, len(missing), LISTING.limit):
                    named = missing[first : first + LISTING.limit]
                    asked = {"filter": {"offer_id": named, "visibility": visibility}}
                    for page in read_list(self.line, LISTING, asked):
                        found |= {one.offer_id: one for one in map(_current, page.items)}
        except (PeerDown, ListIncomplete) as error:
            return PricesRead(complete=False, prices=found, detail=str(error))
        return PricesRead(complete=True, prices=found, detail="")

    def set_prices(self, prices: Sequence[NewPrice], reference: str) -> ItemsReply:
        """Send prices once, as many as a call takes at most; Ozon keeps no reference of ours."""
        del reference
        body = {"prices": [_item(price) for price in prices]}
        written = self.line.write(SET, body)
        answers, doubt = _answers(written, [price.offer_id for price in prices])
        readable = answers is not None or _is_error(written)
        outcome = classify(written.status, sent=written.sent, readable=readable)
        if outcome is Outcome.OK and answers is None:
            outcome = Outcome.UNKNOWN
        given = tuple(answers or ()) if outcome is Outcome.OK else ()
        return ItemsReply(outcome=outcome, detail=written.detail + doubt, answers=given)


@contextmanager
def open_prices(peer: Peer, client_id: str, horizon_s: float = HORIZON_S) -> Iterator[OzonPrices]:
    """Open a line for several calls."""
    with peer.line() as line:
        yield OzonPrices(line, client_id, horizon_s)


def _current(item: Part) -> CurrentPrice:
    told = item["price"]
    least = told.fields().get("min_price")
    floor = _minor(told["min_price"]) if least not in (None, "") else 0
    return CurrentPrice(
        offer_id=item["offer_id"].name(),
        price_minor=_minor(told["price"]),
        currency=told["currency_code"].text(),
        min_price_minor=floor or None,
    )


def _minor(part: Part) -> int:
    found = minor_of(part.amount())
    if not isinstance(found, int):
        part.fail("an amount of money with at most two decimals")
    return found


def _item(price: NewPrice) -> dict[str, str]:
    item = {
        "offer_id": price.offer_id,
        "price": decimal(price.price_minor),
        "currency_code": price.currency,
    }
    return item if price.old_price_minor is None else item | {"old_price": decimal(price.old_price_minor)}


def _answers(written: Written, asked: Sequence[str]) -> tuple[list[ItemAnswer] | None, str]:
    """Read the answers of a success; None and why, when they are not about what was asked."""
    if written.body is None or written.status not in (200, 201):
        return None, ""
    try:
        result = written.body["result"]
        named = [item["offer_id"].name() for item in result]
        answers = list(answers_of(result, asked))
    except ContractBroken as broken:
        return None, f", {broken}"
    return (answers, "") if named == list(asked) else (None, ", the reply is about other items")


def _is_error(written: Written) -> bool:
    """Tell whether a reply that is no success says in Ozon's own words that the call is refused."""
    if written.body is None or written.status in (200, 201):
        return False
    told = written.body.value
    return isinstance(told, dict) and {"code", "message"} <= told.keys()
