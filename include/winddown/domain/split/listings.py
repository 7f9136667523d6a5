"""What the solver is given and what it finds: columns, one entry a listing."""

from typing import NamedTuple

import numpy as np


class Listings(NamedTuple):
    """
    Listings with stock; amounts in minor units, as floats.

    Attributes:
        pieces: free sellable pieces over all warehouses, at least 1.
        price: the full one, from before this exit's first markdown, else today's.
        fee_share: the marketplace's share of a sale's price.
        fee: of a sale, whatever its price.
        storage: of a piece for a week.
        scrap: net of a piece disposed of, so mostly negative.
        rate: pieces a week at the full price, on average.
        doubt: variance of a week's demand beyond Poisson's ÷ the rate's square.
        category: row of Response for it.
        first, last: today's ladder step, which is the shallowest allowed, and the one beyond the deepest.
        start: where its places begin in Places; one entry more than there are listings.
        locked: the price was changed so recently that this week's is fixed; empty = none is.
    """

    pieces: np.ndarray
    price: np.ndarray
    fee_share: np.ndarray
    fee: np.ndarray
    storage: np.ndarray
    scrap: np.ndarray
    rate: np.ndarray
    doubt: np.ndarray
    category: np.ndarray
    first: np.ndarray
    last: np.ndarray
    start: np.ndarray
    locked: np.ndarray = np.zeros(0, np.bool_)


class Places(NamedTuple):
    """
    The listings' stock by warehouse, the highest return value of a listing first.

    Attributes:
        pieces: there.
        back: net of a piece returned from there [minor]; -inf where nothing can be returned.
    """

    pieces: np.ndarray
    back: np.ndarray


class Response(NamedTuple):
    """
    How buyers answer lower prices.

    Attributes:
        share: of the full price, a ladder from 1 downwards.
        lift: by category and step, expected demand ÷ demand at the full price.
        doubt: by category and step, variance of that factor ÷ its square.
    """

    share: np.ndarray
    lift: np.ndarray
    doubt: np.ndarray


class Clock(NamedTuple):
    """
    The weeks left.

    Attributes:
        weeks: in which can be sold.
        last_call: the week at whose beginning the last return can be asked for; below 0 it is too late.
        any_week: returns may be asked for in every week until then; else now and at the last call only.
        width: standard deviations of demand that are looked at.
        every: weeks between two changes of a price, at least 1.
        may_raise: a price that was lowered may go up again.
    """

    weeks: int
    last_call: int
    any_week: bool
    width: float
    every: int = 1
    may_raise: bool = True


class Found(NamedTuple):
    """
    What is best for each listing; expectations in pieces, amounts in minor units.

    Attributes:
        value: expected net of the plan.
        keep: pieces to keep on sale now; the rest is taken out.
        step: ladder step of this week's price.
        sold, returned, disposed: what becomes of the kept pieces, on average.
        return_all, dispose_all: net of taking everything out now.
        hold: net of keeping today's price and taking the rest out at the last call.
        markdown: the same at the best single lower price.
        markdown_step: that price.
        bound: what no policy can exceed on average (fluid).
    """

    value: np.ndarray
    keep: np.ndarray
    step: np.ndarray
    sold: np.ndarray
    returned: np.ndarray
    disposed: np.ndarray
    return_all: np.ndarray
    dispose_all: np.ndarray
    hold: np.ndarray
    markdown: np.ndarray
    markdown_step: np.ndarray
    bound: np.ndarray


def make_found(listings: int) -> Found:
    """Allocate room for what will be found."""
    whole = {"keep", "step", "markdown_step"}
    return Found(
        **{name: np.zeros(listings, np.int64 if name in whole else np.float64) for name in Found._fields}
    )


def chosen(listings: Listings, places: Places, rows: np.ndarray) -> tuple[Listings, Places]:
    """Take some listings, with their places."""
    counts = np.diff(listings.start)[rows]
    start = np.concatenate(([0], np.cumsum(counts)))
    at = np.repeat(listings.start[rows] - start[:-1], counts) + np.arange(start[-1])
    columns = {
        name: column[rows] for name, column in listings._asdict().items() if name != "start" and len(column)
    }
    some = listings._replace(**(columns | {"start": start}))
    return some, Places(places.pieces[at], places.back[at])
