"""
Orders from Ozon: the union of its lists, each held against the other.

The statuses of /v4/posting/fbs/list (with integration_type_flow FBP) are documented, those of
/v1/posting/fbp/list are not, so a posting has to be settled in both. /v3/posting/fbo/list has
those out of Ozon's own warehouses, and none when there are none.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain

import pyarrow as pa

from include.winddown.adapters.http import Line, Peer
from include.winddown.adapters.marketplaces.ozon_lists import Listing, read_list
from include.winddown.adapters.marketplaces.ozon_postings import FBO, FBP, FBS, Posting, read_postings
from include.winddown.adapters.ports import Pull
from include.winddown.adapters.rows import Rows
from include.winddown.adapters.side_by_side import Smaller, side_by_side
from include.winddown.adapters.tally import Tally
from include.winddown.domain.crosscheck import more_blocking, notes_of
from include.winddown.domain.frames import ORDERS

LISTS = (FBS, FBP, FBO)
PERIOD = timedelta(days=365)
SHORTEST = timedelta(hours=1)
SLICE_POSTINGS = 700
"""About so many postings are one piece of work: memory and threads are sized by it, correctness is not."""

PARTS_MAX = 64
EDGE = timedelta(seconds=2)
TICK = timedelta(microseconds=1)
BATCH_ROWS = 10_000
_MORE = {FBS.path: {"integration_type_flow": ["FBP"]}}
_WITH = {FBO.path: {"with": {"analytics_data": True}}}

Window = tuple[datetime, datetime]


@dataclass(slots=True)
class Slice:
    """The postings of one window, by list and number, and the bytes they came in."""

    window: Window
    postings: dict[str, dict[str, Posting]] = field(default_factory=dict)
    pages: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Check:
    """
    What is still open between the two lists.

    Attributes:
        lone: (list, number) → a posting that only this list has had so far.
        edges: numbers close to the end of a window, which may come again in the next.
        differing: number → its status in either list.
    """

    lone: dict[tuple[str, str], Posting] = field(default_factory=dict)
    edges: set[str] = field(default_factory=set)
    differing: dict[str, tuple[str, str]] = field(default_factory=dict)


def read_orders(peer: Peer, now: datetime, pull: Pull) -> Iterator[pa.RecordBatch]:
    """
    Read every order line of a year, and whatever is dated later than our clock.

    Args:
        peer: the marketplace.
        now: aware.
        pull: its sources and notes are filled in at the end.

    Yields:
        Batches of frames.ORDERS. An order that cannot be read stops the read: it might be
        the one that is still pending.

    Raises:
        PeerDown, MarketplaceRefused, ContractBroken: the read must not be used.
    """
    rows, check = Rows(ORDERS), Check()
    tally = Tally(f"ozon {FBS.path}, {FBP.path}, {FBO.path}", pull.keep_raw)
    # a clock that runs behind must not hide an open order, so the year ahead is read too
    years = [(now - PERIOD, now - TICK), (now, now + PERIOD)]
    with peer.line() as line:
        slices = side_by_side(years, lambda window: _read_window(line, window))
        for posting in chain(_joined(slices, check, tally), _left_over(check)):
            rows.extend(posting.rows)
            tally.ok(len(posting.rows))
            if len(rows) >= BATCH_ROWS:
                yield rows.batch()
    if len(rows):
        yield rows.batch()
    pull.sources.append(tally.source())
    lone = {number: (posting.status, path) for (path, number), posting in check.lone.items()}
    pull.notes += notes_of(check.differing, lone, (FBS.path, FBP.path))


def _read_window(line: Line, window: Window) -> Slice | Smaller[Window]:
    """Read one window of all lists, or find that it holds too much for one piece of work."""
    found = Slice(window)
    for listing in LISTS:
        wanted = {"since": _utc(window[0]), "to": _utc(window[1]), **_MORE.get(listing.path, {})}
        body = {"filter": wanted, "sort_dir": "ASC", **_WITH.get(listing.path, {})}
        of_list = found.postings[listing.path] = {}
        for page in read_list(line, listing, body):
            # a posting may move to another page while the list is read
            fresh = {one.number: one for one in read_postings(page.items, listing)}
            parts = 1 if of_list or not page.has_more else _parts_of(window, fresh.values())
            if parts > 1:
                return Smaller(_cut(window, parts))
            of_list |= fresh
            found.pages.append(page.body)
    return found


def _parts_of(window: Window, first_page: Collection[Posting]) -> int:
    """Say into how many parts a window should be cut, by how close together its first postings are."""
    if not first_page or window[1] - window[0] <= SHORTEST:
        return 1
    span = max(posting.ordered_at for posting in first_page) - window[0]
    expected = len(first_page) * (window[1] - window[0]) / max(span, TICK)
    return min(PARTS_MAX, round(expected / SLICE_POSTINGS))


def _cut(window: Window, parts: int) -> list[Window]:
    step = (window[1] - window[0]) / parts
    starts = [window[0] + step * part for part in range(parts)]
    return [(start, end - TICK) for start, end in zip(starts, [*starts[1:], window[1] + TICK], strict=True)]


def _joined(slices: Iterator[Slice], check: Check, tally: Tally) -> Iterator[Posting]:
    """Give every posting that is settled between the lists, once."""
    for one in slices:
        for page in one.pages:
            tally.take(page)
        fbs, fbp, fbo = (_fresh(one, listing, check) for listing in LISTS)
        yield from fbo.values()
        for number in dict.fromkeys([*fbs, *fbp]):
            settled = _settle(number, fbs.get(number), fbp.get(number), check)
            if settled:
                yield settled


def _fresh(one: Slice, listing: Listing, check: Check) -> dict[str, Posting]:
    """Leave out what came in the window before, at its very edge."""
    fresh = {}
    for number, posting in one.postings[listing.path].items():
        mark = f"{listing.path} {number}"
        if mark in check.edges:
            continue
        if min(posting.ordered_at - one.window[0], one.window[1] - posting.ordered_at) < EDGE:
            check.edges.add(mark)
        fresh[number] = posting
    return fresh


def _settle(number: str, fbs: Posting | None, fbp: Posting | None, check: Check) -> Posting | None:
    """Join what the two lists say of a posting; None while one of them has not said anything."""
    fbs = fbs or check.lone.pop((FBS.path, number), None)
    fbp = fbp or check.lone.pop((FBP.path, number), None)
    if fbs is None or fbp is None:
        known = fbs or fbp
        if known:
            check.lone[FBS.path if fbs else FBP.path, number] = known
        return None
    if fbs.status != fbp.status:
        check.differing[number] = (fbs.status, fbp.status)
        fbs.restate(more_blocking(fbs.status, fbp.status))
    return fbs


def _left_over(check: Check) -> Iterator[Posting]:
    """Give what only one list has, as it tells it."""
    yield from check.lone.values()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
