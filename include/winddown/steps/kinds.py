"""What can be done with an effect of each kind beside sending it: look it up, show it, take a person's word for it."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

from include.winddown.adapters.stores.effects import Effect, EffectLedger
from include.winddown.adapters.stores.price_ledger import PriceLedger
from include.winddown.domain import prices, publish
from include.winddown.domain.errors import BadConnection
from include.winddown.domain.exits import Exit
from include.winddown.domain.stands import Came
from include.winddown.runtime import doors
from include.winddown.runtime.price_desks import price_desk
from include.winddown.runtime.shelf_desks import shelf_desk
from include.winddown.steps import requests
from include.winddown.steps.ledger import Bringing
from include.winddown.steps.price_bringing import PriceBringing
from include.winddown.steps.stock_bringing import StockBringing

if TYPE_CHECKING:
    from include.winddown.adapters.ports import ReturnDesk


class Deed(Protocol):
    """One effect, seen from outside; nothing here sends it."""

    def look(self) -> Came:
        """Look it up while it is unknown."""

    def shown(self) -> str:
        """Say what stands outside, for people."""

    def take(self, number: str) -> Came:
        """Confirm it by the number a person has given."""


class Deeds:
    """
    The effects of one exit; whoever they reach is asked through one door each, opened when it is needed.

    Args:
        merchant_exit: whose effects.
        exits: closes the doors.
    """

    def __init__(self, merchant_exit: Exit, exits: ExitStack) -> None:
        self._exit = merchant_exit
        self._exits = exits
        self._desk: ReturnDesk | None = None
        self._prices: PriceBringing | None = None

    def of(self, effect: Effect) -> Deed:
        """Take up an effect by its kind."""
        kinds = {requests.KIND: self._request, prices.KIND: self._price, publish.KIND: self._own_stock}
        return kinds[effect.kind](effect)

    def _request(self, effect: Effect) -> Bringing:
        self._desk = self._desk or doors.desk(self._exit)
        return requests.bringing_of(effect, self._desk)

    def _price(self, effect: Effect) -> Deed:
        if self._prices is None:
            desk = self._exits.enter_context(price_desk(self._exit))
            self._prices = PriceBringing(PriceLedger(doors.database()), desk)
        return self._prices.of(effect)

    def _own_stock(self, effect: Effect) -> Deed:
        desk = self._exits.enter_context(shelf_desk(self._exit))
        if desk is None:
            msg = f"effect {effect.effect_key[:12]} tells own stock, and {self._exit.marketplace_conn} is read from files now"
            raise BadConnection(msg)
        return StockBringing(EffectLedger(doors.database()), desk, effect)
