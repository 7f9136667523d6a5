"""Start the world: `python -m include.sandbox --port 0 --seed 1 [--state FILE] [--mirror] [--size 60]`."""

import argparse
import contextlib
import json
import socket
import sys
from pathlib import Path

import uvicorn

from include.sandbox.app import make_app
from include.sandbox.trouble import OpenTransports
from include.sandbox.world import World


class Announced(uvicorn.Server):
    """A server that says on stdout, in one JSON line, that it is ready and how to enter."""

    greeting = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        sys.stdout.write(self.greeting + "\n")
        sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m include.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1; 0 = a free one")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same world")
    parser.add_argument("--size", type=int, default=60, help="number of products of a new world")
    parser.add_argument("--state", type=Path, help="file that keeps the world; a restart continues it")
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


def _greeting(world: World, address: str) -> str:
    costs = str(world.costs_path.resolve()) if world.costs_path else f"{address}/world/costs.csv"
    return json.dumps({"address": address, **world.state.secrets, "costs_csv": costs})


def main() -> None:
    """Serve until SIGTERM."""
    given = _arguments()
    world = World.open(given.state, seed=given.seed, size=given.size, mirror=given.mirror)
    listener = _listen(given.port)
    config = uvicorn.Config(
        OpenTransports(make_app(world)),
        http="h11",
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=30,
    )
    server = Announced(config)
    server.greeting = _greeting(world, f"http://127.0.0.1:{listener.getsockname()[1]}")
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


if __name__ == "__main__":
    main()
