"""Start the sandbox and steer its world: time passes only when the journey says so."""

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from include.local.crew import Crew, tail
from include.local.errors import LocalError
from include.local.settings import Sandbox

SEED = 20
READY_S = 60.0


def start(crew: Crew, name: str, *, mirror: bool = False) -> Path:
    """
    Start a sandbox of its own world under var/sandbox; gives its log.

    Args:
        crew: whom it joins.
        name: of the process and of the file the world is kept in.
        mirror: whether its warehouse agrees to return goods it has never heard of.
    """
    state = crew.var / "sandbox" / f"{name}.json"
    state.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "include.sandbox", "--port", "0"]
    command += ["--seed", str(SEED), "--state", str(state), *(["--mirror"] if mirror else [])]
    return crew.start(name, command, {})


def wait_ready(crew: Crew, log: Path) -> Sandbox:
    """
    Wait for the ready line of a sandbox.

    Raises:
        LocalError: none came; shows the end of the log.
    """
    give_up_at = time.monotonic() + READY_S
    while time.monotonic() < give_up_at:
        crew.check()
        for line in log.read_text().splitlines(keepends=True):
            if line.startswith("{") and line.endswith("\n"):
                return _read(json.loads(line))
        time.sleep(0.05)
    msg = f"the sandbox did not get ready within {READY_S:.0f} s; the end of {log}:\n{tail(log)}"
    raise LocalError(msg)


def _read(ready: dict[str, str]) -> Sandbox:
    address = httpx.URL(ready["address"])
    return Sandbox(
        host=address.host,
        port=address.port or 80,
        client_id=ready["client_id"],
        api_key=ready["api_key"],
        admin_api_key=ready["admin_api_key"],
        partner_token=ready["partner_token"],
        dock_token=ready["dock_token"],
        world_token=ready["world_token"],
        costs=Path(ready["costs_csv"]),
        smtp_port=int(ready["smtp_port"]),
        smtp_password=ready["smtp_password"],
    )


class WorldControl:
    """The door that only the demo and the tests use."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._http = httpx.Client(
            base_url=sandbox.address,
            headers={"Authorization": f"Bearer {sandbox.world_token}"},
            timeout=30,
            trust_env=False,
        )

    def state(self) -> dict[str, Any]:
        """Read the truth: units and requests as they really are."""
        truth: dict[str, Any] = self._reply(self._http.get("/world/state"))
        return truth

    def advance(self, days: int, *, settle: bool = False) -> dict[str, Any]:
        """Let days pass; with `settle` nobody orders. Gives the truth afterwards."""
        order = {"days": days, "settle": settle}
        truth: dict[str, Any] = self._reply(self._http.post("/world/advance", json=order))
        return truth

    def faults(self, **wanted: object) -> dict[str, Any]:
        """Order misbehaviour; what there is to order is in include/sandbox/doors/control.py."""
        planted: dict[str, Any] = self._reply(self._http.post("/world/faults", json=wanted))
        return planted

    def report(self, door: str, *news: Mapping[str, object]) -> None:
        """Let partner or dock tell something; its fields are in include/sandbox/doors/travel.py."""
        self._reply(self._http.post("/world/report", json={"door": door, "news": list(news)}))

    def clerk(self, inbox: Path, mood: str = "accept") -> list[str]:
        """Let the warehouse's clerk work through his mail; gives the references he has answered now."""
        order = {"inbox": str(inbox), "mood": mood}
        answered: list[str] = self._reply(self._http.post("/world/clerk", json=order))["answered"]
        return answered

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    @staticmethod
    def _reply(response: httpx.Response) -> Any:
        response.raise_for_status()
        return response.json()
