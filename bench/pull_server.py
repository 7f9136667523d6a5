"""A server that keeps Ozon's documented limit and shape, with as many postings as wanted; for bench.pull."""

import asyncio
import json
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from include.winddown.adapters.marketplaces.ozon_pace import REQUESTS_PER_S
from include.winddown.adapters.marketplaces.ozon_postings import FBO

YEAR = timedelta(days=365)
PAGE = 100
LATENCY_S = 0.1


class _World:
    """Postings spread evenly over a year, products, and the limit of requests, as documented."""

    def __init__(self, postings: int, skus: int) -> None:
        self.postings, self.skus = postings, skus
        self.begin = datetime.now(UTC) - YEAR + timedelta(hours=1)
        self.step = (YEAR - timedelta(hours=2)) / postings
        self.left, self.at = float(REQUESTS_PER_S), time.monotonic()
        self.counts = {"requests": 0, "refused": 0}

    def is_let_in(self) -> bool:
        now = time.monotonic()
        self.left = min(REQUESTS_PER_S, self.left + (now - self.at) * REQUESTS_PER_S)
        self.at = now
        fits = self.left >= 1
        self.left -= fits
        self.counts["requests"] += 1
        self.counts["refused"] += not fits
        return fits

    def answer(self, path: str, body: dict[str, object]) -> bytes:
        if path == "/v4/product/info/stocks":
            return self._totals(body)
        wanted = body["filter"]
        first, last = (
            self._number(datetime.fromisoformat(wanted[name]))  # type: ignore[index]
            for name in ("since", "to")
        )
        start = int(str(body["cursor"] or first))
        end = min(start + PAGE, last) if path != FBO.path else start
        rows = b",".join(
            posting_json(number, self.begin + self.step * number) for number in range(start, end)
        )
        cursor = str(end) if end > start else ""
        return b'{"postings":[%b],"cursor":"%b","has_next":%b}' % (
            rows,
            cursor.encode(),
            b"true" if end < last and path != FBO.path else b"false",
        )

    def _number(self, moment: datetime) -> int:
        """Count the postings before a moment."""
        return max(0, min(self.postings, -int((self.begin - moment) // self.step)))

    def _totals(self, body: dict[str, object]) -> bytes:
        start = int(str(body["cursor"] or 0))
        here = body["filter"] == {"visibility": "ALL"}
        end = min(start + 1000, self.skus) if here else start
        items = ",".join(
            f'{{"product_id":{number},"offer_id":"ART-{number}","stocks":[{{"type":"fbp","present":3,"reserved":0,"sku":{number}}}]}}'
            for number in range(start, end)
        )
        return f'{{"items":[{items}],"cursor":"{end if end > start else ""}","total":{self.skus if here else 0}}}'.encode()


def posting_json(number: int, moment: datetime) -> bytes:
    """Write a posting as the documented lists do, compact and in UTF-8."""
    return (
        f'{{"posting_number":"{number:010}-0001-1","order_number":"{number:010}-0001","order_id":{number},'
        f'"status":"delivered","substatus":"posting_received","in_process_at":"{moment:%Y-%m-%dT%H:%M:%S.%fZ}",'
        f'"tracking_number":"","delivery_method":{{"id":1,"name":"FBP","warehouse_id":{1020000000000 + number % 3},'
        f'"warehouse":"Гуанчжоу"}},"integration_type_flow":"FBP","products":[{{"sku":"{1600000000 + number % 100_000}",'
        f'"offer_id":"ART-{number % 100_000:05}","name":"Подарочный набор","quantity":{1 + number % 3},'
        f'"price":{{"amount":"{100 + number % 900}.9000","currency":"RUB"}}}}]}}'
    ).encode()


async def serve(postings: int, skus: int) -> None:
    world = _World(postings, skus)

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                size = next(
                    int(li[15:]) for li in head.lower().split("\r\n") if li.startswith("content-length:")
                )
                body = json.loads(await reader.readexactly(size))
                status, content = _reply(world, head.split(" ", 2)[1], body)
                await asyncio.sleep(LATENCY_S)
                writer.write(
                    b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(content)) + content
                )
                await writer.drain()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _reply(world: _World, path: str, body: dict[str, object]) -> tuple[int, bytes]:
    if path == "/counts":
        return 200, json.dumps(world.counts).encode()
    if not world.is_let_in():
        return 429, b'{"code":8,"message":"You have reached request rate limit per second"}'
    return 200, world.answer(path, body)
