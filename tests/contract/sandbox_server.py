"""The sandbox as a real process on a free port, and the clients that speak to it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from include.winddown.adapters.desks.partner_api import PartnerApi
from include.winddown.adapters.docks.dock_api import DockApi
from include.winddown.adapters.exchange import Limits
from include.winddown.adapters.marketplaces.ozon import Ozon
from include.winddown.domain.effects import RequestLine, ReturnRequest
from include.winddown.domain.exits import Policy

ROOT = Path(__file__).parents[2]
QUICK = Limits(connect_s=1, read_s=0.5, total_s=1, attempts=2, pause_max_s=1)


class Sandbox:
    """One running world."""

    def __init__(self, process: subprocess.Popen[str], greeting: dict[str, str]) -> None:
        self.process = process
        self.greeting = greeting
        self.address = greeting["address"]
        self.http = httpx.Client(base_url=self.address, trust_env=False)

    def bearer(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.greeting[name]}"}

    def keys(self, name: str = "api_key") -> dict[str, str]:
        return {"Client-Id": self.greeting["client_id"], "Api-Key": self.greeting[name]}

    def ask(self, path: str, body: object, *, admin: bool = False) -> httpx.Response:
        """Call a method of the marketplace."""
        return self.http.post(path, json=body, headers=self.keys("admin_api_key" if admin else "api_key"))

    def ok(self, path: str, body: object) -> dict[str, Any]:
        """Call a method of the marketplace that is expected to answer, with the key that may do everything."""
        reply = self.ask(path, body, admin=True)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def truth(self, *, shelves: bool = False) -> dict[str, Any]:
        params = {"shelves": shelves}
        return self.http.get("/world/state", headers=self.bearer("world_token"), params=params).json()

    def advance(self, days: int, *, settle: bool = False) -> dict[str, Any]:
        return self.control("/world/advance", {"days": days, "settle": settle})

    def faults(self, **wanted: object) -> dict[str, Any]:
        return self.control("/world/faults", wanted)

    def calm(self) -> "Sandbox":
        """Forget whatever misbehaviour is still ordered."""
        self.faults(calm=True)
        return self

    def control(self, path: str, body: object) -> dict[str, Any]:
        reply = self.http.post(path, json=body, headers=self.bearer("world_token"))
        assert reply.status_code == 200, reply.text
        return reply.json()

    def desk(self, limits: Limits = QUICK, **habits: Any) -> PartnerApi:
        return PartnerApi(self.address, self.greeting["partner_token"], limits, **habits)

    def dock(self, limits: Limits = QUICK) -> DockApi:
        return DockApi(self.address, self.greeting["dock_token"], limits)

    def ozon(self, **other: Any) -> Ozon:
        settings: dict[str, Any] = {
            "client_id": self.greeting["client_id"],
            "api_key": self.greeting["api_key"],
            "address": self.address,
            "costs": self.http.get("/world/costs.csv").content,
            "stock_report": self.desk().stock_report,
            "policy": Policy(),
            "now": datetime.now(UTC),
            "limits": QUICK,
        }
        return Ozon(**settings | other)

    def stock(self) -> list[dict[str, str]]:
        """Rows of the stock report, plainly split."""
        header, *lines = self.desk().stock_report().decode().splitlines()
        return [dict(zip(header.split(","), line.split(","), strict=True)) for line in lines]

    def full_shelf(self, status: str = "1", rank: int = 0) -> dict[str, str]:
        """The fullest shelf of one stock status, or the one so many ranks below it."""
        rows = [row for row in self.stock() if row["stock_status"] == status]
        return sorted(rows, key=lambda row: -int(row["quantity"]))[rank]

    def request(self, reference: str, qty: int = 1, rank: int = 0, **other: str) -> ReturnRequest:
        """A request for pieces that are there."""
        row = self.full_shelf(rank=rank)
        settings = {
            "client_reference": reference,
            "warehouse_id": row["warehouse_id"],
            "destination": "OWN-1",
            "handling_class": "standard",
        }
        line = RequestLine(sku=row["sku"], condition="sellable", qty=qty)
        return ReturnRequest(**settings | other, lines=(line,))


def named(reference: str) -> ReturnRequest:
    """A request to look for by its reference only."""
    return ReturnRequest(
        client_reference=reference, warehouse_id="", destination="", handling_class="", lines=()
    )


@contextmanager
def running(*arguments: str) -> Iterator[Sandbox]:
    """Start a world, wait until it says that it is ready, and end it; limits only where they are asked for."""
    free = () if {"--limits", "--rate"} & set(arguments) else ("--no-limits",)
    given = [argument for argument in arguments if argument != "--limits"]
    command = [sys.executable, "-m", "include.sandbox", "--port", "0", *free, *given]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            assert line, f"the sandbox did not start: {command}"
            sandbox = Sandbox(process, json.loads(line))
            with sandbox.http:
                yield sandbox
        finally:
            process.terminate()
            process.wait(timeout=20)
