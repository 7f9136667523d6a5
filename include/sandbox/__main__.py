"""Start the world: `python -m include.sandbox --port 0 --seed 1 [--scheme fbo] [--state FILE] …`; see --help."""

import argparse
import contextlib
import json
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import uvicorn

from include.sandbox.app import make_app
from include.sandbox.limits import EVERY_SECOND
from include.sandbox.post import Post
from include.sandbox.seeding import HISTORY_DAYS, Beginning
from include.sandbox.trouble import OpenTransports
from include.sandbox.world import World


class Announced(uvicorn.Server):
    """A server that says that it is ready and how to enter: a JSON line on stdout, words on stderr."""

    greeting: Mapping[str, str] = {}
    hint = ""
    post: Post

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, the mail server too, then say so."""
        await super().startup(sockets)
        await self.post.open()
        sys.stdout.write(json.dumps({**self.greeting, "smtp_port": str(self.post.port)}) + "\n")
        sys.stdout.flush()
        sys.stderr.write(self.hint)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, the mail server too."""
        self.post.close()
        await super().shutdown(sockets)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m include.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1; 0 = a free one")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same world")
    parser.add_argument("--size", type=int, default=60, help="number of products of a new world")
    parser.add_argument("--history", type=int, default=HISTORY_DAYS, help="days of orders of a new world")
    parser.add_argument("--state", type=Path, help="file that keeps the world; a restart continues it")
    parser.add_argument(
        "--scheme", choices=("fbp", "fbo"), default="fbp", help="whose warehouses hold the goods"
    )
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument(
        "--rate", type=int, default=EVERY_SECOND, help="marketplace requests a second (default 50)"
    )
    limits.add_argument(
        "--no-limits", action="store_true", help="let the marketplace be asked without any limit"
    )
    parser.add_argument("--mirror", action="store_true", help="agree to returns of any sku and warehouse")
    return parser.parse_args()


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        message = f"port {port} is taken on 127.0.0.1; give another --port, or 0 for a free one"
        raise SystemExit(message) from error
    return listener


def _greeting(world: World, address: str) -> dict[str, str]:
    costs = str(world.costs_path.resolve()) if world.costs_path else f"{address}/world/costs.csv"
    return {"address": address, **world.state.secrets, "costs_csv": costs}


def _hint(world: World, address: str) -> str:
    kept = world.state.secrets
    return f"""The sandbox is ready at {address} (what it serves: {address}/openapi.json).
  Client-Id      {kept["client_id"]}
  Api-Key        {kept["api_key"]}   (reads)
  Api-Key        {kept["admin_api_key"]}   (reads and writes)
Try it:
  curl -s {address}/v3/product/list -H 'Content-Type: application/json' \\
    -H 'Client-Id: {kept["client_id"]}' -H 'Api-Key: {kept["api_key"]}' -d '{{"limit": 3}}'
"""


def main() -> None:
    """Serve until SIGTERM."""
    given = _arguments()
    beginning = Beginning(seed=given.seed, size=given.size, scheme=given.scheme, history_days=given.history)
    world = World.open(given.state, beginning, mirror=given.mirror)
    listener = _listen(given.port)
    app = make_app(world, 0 if given.no_limits else given.rate)
    config = uvicorn.Config(
        OpenTransports(app),
        http="h11",
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=30,
    )
    server = Announced(config)
    server.post = app.state.post
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.greeting, server.hint = _greeting(world, address), _hint(world, address)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


if __name__ == "__main__":
    main()
