"""Orders pulled from a server at Ozon's documented limit, and the CPU it costs to read their pages."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from upath import UPath

from bench.embedded import ROOT, child, compare, report, show
from bench.pull_server import PAGE, posting_json, serve
from include.winddown.adapters.http import Peer
from include.winddown.adapters.marketplaces.ozon_orders import BATCH_ROWS, read_orders
from include.winddown.adapters.marketplaces.ozon_pace import REQUESTS_PER_S, OzonPace
from include.winddown.adapters.marketplaces.ozon_postings import FBS, read_postings
from include.winddown.adapters.marketplaces.ozon_stocks import read_totals
from include.winddown.adapters.ports import Pull
from include.winddown.adapters.rows import Rows
from include.winddown.adapters.stores.landing import landed, seldom_collected
from include.winddown.adapters.stores.raw_pages import kept, raw_pages
from include.winddown.adapters.strict_json import Part, strict_json
from include.winddown.domain.errors import MarketplaceRefused
from include.winddown.domain.frames import ORDERS, TOTALS

POSTINGS = 1_000_000
SKUS = 100_000
CPU_PAGES = 1000
ROUNDS = 5
SHARE_MIN = 0.97
PEAK_MAX_MB = 300
FLAT_MAX = 1.1
RATIO_MAX = 1.5


def run(postings: int = POSTINGS, skus: int = SKUS) -> list[dict[str, object]]:
    """
    Pull at the limit, and read pages against the fastest decoder; in processes of their own.

    Args:
        postings: how many the server has; 1,000,000 take about eight minutes, since every one is read
            from two lists. Half as many are pulled before, for the memory.
        skus: products with totals, read at the same time.

    Returns:
        Three rows. Pull: measured in seconds against the seconds that the requests take at the
        limit, with the peak of memory; a refusal for the rate (429) ends the bench. Memory: the peak
        of the pull against that of half of it. CPU: seconds to turn pages into rows and Parquet
        against decoding them with msgspec and writing the columns.
    """
    small = _pulled(postings // 2, skus // 2)
    large = _pulled(postings, skus)
    least_s = large["requests"] / REQUESTS_PER_S
    rounds = [(child("bench.pull", "ours"), child("bench.pull", "bare")) for _ in range(ROUNDS)]
    return [
        {
            "name": f"pull {postings} postings from two lists and {skus} SKUs, at most {PEAK_MAX_MB} MB / its requests at {REQUESTS_PER_S} a second",
            "measured": large["seconds"],
            "compared_with": least_s,
            "ratio": large["seconds"] / least_s,
            "limit": 1 / SHARE_MIN,
            "peak_mb": large["peak_mb"],
            "peak_max_mb": PEAK_MAX_MB,
        },
        {
            "name": "peak memory of that pull / of half of it (MB)",
            "measured": large["peak_mb"],
            "compared_with": small["peak_mb"],
            "ratio": large["peak_mb"] / small["peak_mb"],
            "limit": FLAT_MAX,
            "peak_mb": large["peak_mb"],
        },
        compare("read pages of postings, CPU / msgspec decodes them, pyarrow writes them", rounds, RATIO_MAX),
    ]


def _pulled(postings: int, skus: int) -> dict[str, float]:
    """Start a server, pull everything, and ask it how often it was asked and refused."""
    words = [sys.executable, "-m", "bench.pull", "serve", str(postings), str(skus)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            port = server.stdout.readline().strip() if server.stdout else ""
            measured = child("bench.pull", "pull", port)
        finally:
            server.terminate()
    if measured["refused"]:
        msg = f"{measured['refused']:.0f} of {measured['requests']:.0f} requests were one too many (429)"
        raise RuntimeError(msg)
    return measured


def _pull(port: str) -> None:
    """Land totals and orders side by side, as two tasks of a snapshot do under one limit."""
    with tempfile.TemporaryDirectory(prefix="winddown-bench-") as folder:
        beside = subprocess.Popen([sys.executable, "-m", "bench.pull", "totals", port, folder], cwd=ROOT)
        peer = _peer(port, Path(folder))
        start = time.perf_counter()
        pull = Pull(frame=ORDERS, batches=())
        pull.batches = read_orders(peer, datetime.now(UTC), pull)
        rows = _land(pull, UPath(folder))
        if beside.wait():
            msg = "the totals were not read"
            raise RuntimeError(msg)
        seconds = time.perf_counter() - start
        with peer.line() as line:
            counts = json.loads(line.json("POST", "/counts", body={})[1])
    if pull.notes or not rows:
        raise RuntimeError(str(pull.notes))
    report(seconds, **counts)


def _totals(port: str, folder: str) -> None:
    pull = Pull(frame=TOTALS, batches=())
    pull.batches = read_totals(_peer(port, Path(folder)), pull)
    _land(pull, UPath(folder))


def _peer(port: str, folder: Path) -> Peer:
    return Peer(
        who="the marketplace",
        address=f"http://127.0.0.1:{port}",
        headers={"Client-Id": "1"},
        refusal=MarketplaceRefused,
        fix="look at the bench",
        pace=OzonPace(folder / "pace", "1"),
    )


def _land(pull: Pull, folder: UPath) -> int:
    with (
        raw_pages(pull.frame.name, folder) as pages,
        landed(pull.frame, kept(pull, pages), folder) as files,
    ):
        return sum(file.rows for file in files)


def _pages() -> list[bytes]:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    pages = (range(first, first + PAGE) for first in range(0, CPU_PAGES * PAGE, PAGE))
    return [
        b'{"postings":[%b],"cursor":"c","has_next":true}'
        % b",".join(posting_json(n, now + timedelta(seconds=n)) for n in page)
        for page in pages
    ]


def _ours() -> None:
    """Read pages into rows as the adapter does, and write them."""
    pages = _pages()
    start = time.process_time()
    rows, batches = Rows(ORDERS), []
    with seldom_collected():
        for page in pages:
            for posting in read_postings(Part(strict_json(page), "reply")["postings"], FBS):
                rows.extend(posting.rows)
            if len(rows) >= BATCH_ROWS:
                batches.append(rows.batch())
    _write(pa.Table.from_batches([*batches, rows.batch()]))
    report(time.process_time() - start)


class _Price(msgspec.Struct):
    amount: str
    currency: str


class _Product(msgspec.Struct):
    sku: int | str
    offer_id: str
    quantity: int
    price: _Price


class _Method(msgspec.Struct):
    warehouse_id: int


class _Posting(msgspec.Struct):
    posting_number: str
    status: str
    in_process_at: datetime
    delivery_method: _Method
    products: list[_Product]


class _Reply(msgspec.Struct):
    postings: list[_Posting]


def _bare() -> None:
    """
    Decode pages into typed objects without looking at them, and write the columns.

    pyarrow imports pandas at its first list; that is done before the clock starts, for ours needs none.
    """
    pages = _pages()
    pa.array(["warm"])
    decoder = msgspec.json.Decoder(_Reply)
    start = time.process_time()
    rows = [
        (
            posting.posting_number,
            line_no,
            posting.status,
            posting.in_process_at,
            str(posting.delivery_method.warehouse_id),
            str(product.sku),
            product.offer_id,
            product.quantity,
            product.price.amount,
            product.price.currency,
        )
        for page in pages
        for posting in decoder.decode(page).postings
        for line_no, product in enumerate(posting.products, start=1)
    ]
    columns = zip(ORDERS.names, zip(*rows, strict=True), strict=True)
    _write(pa.table({name: pa.array(cells) for name, cells in columns}))
    report(time.process_time() - start)


def _write(table: pa.Table) -> None:
    with tempfile.TemporaryDirectory(prefix="winddown-bench-") as folder:
        pq.write_table(table, f"{folder}/rows.parquet", compression="zstd")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", postings, skus]:
            asyncio.run(serve(int(postings), int(skus)))
        case ["pull", port]:
            _pull(port)
        case ["totals", port, folder]:
            _totals(port, folder)
        case ["ours"]:
            _ours()
        case ["bare"]:
            _bare()
        case numbers:
            show(run(*(int(number) for number in numbers)))
