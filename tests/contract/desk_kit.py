"""A desk of documents for the contract tests: real files, a real mail server, a real ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from upath import UPath

from include.winddown.adapters.desks.documents import Books, Documents
from include.winddown.adapters.desks.inbox import Inbox
from include.winddown.adapters.desks.papers import Papers
from include.winddown.adapters.mail import Postbox
from include.winddown.adapters.stores.desk_answers import DeskAnswerStore
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.request_sheets import RequestSheets
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.effects import RequestLine, ReturnRequest
from include.winddown.domain.stands import Stand
from include.winddown.steps.ledger import Bringing
from tests.contract.intents import KEY
from tests.contract.sandbox_server import Sandbox

SHIPMENT = "WH-2-standard-001"
WANTED = ReturnRequest(
    client_reference=KEY,
    warehouse_id="WH-2",
    destination="own-warehouse",
    handling_class="standard",
    lines=(
        RequestLine(sku="SKU-1", condition="sellable", qty=10),
        RequestLine(sku="SKU-3", condition="sellable", qty=6),
    ),
)
FORM = dict.fromkeys(("request_no", "accepted", "refusal", "act_no", "act_on", "act_file"), "")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One desk and everything around it."""

    engine: Engine
    snapshots: SnapshotStore
    folder: Path
    sandbox: Sandbox
    ledger: EffectLedger

    @property
    def inbox(self) -> Path:
        return self.folder / "desk"

    @property
    def papers(self) -> Path:
        return self.folder / "store" / "demo-1" / "requests"

    def postbox(self, **changes: Any) -> Postbox:
        settings = {
            "host": "127.0.0.1",
            "port": int(self.sandbox.greeting["smtp_port"]),
            "login": "winddown",
            "password": self.sandbox.greeting["smtp_password"],
            "sender": "returns@merchant.example",
            "recipient": "warehouse@partner.example",
            "tls": "none",
            "timeout_s": 2.0,
        }
        return Postbox(**settings | changes)

    def desk(self, postbox: Postbox | None = None) -> Documents:
        sheets = RequestSheets(self.engine, self.snapshots, 14)
        return Documents(
            Papers(UPath(self.papers)),
            Inbox(UPath(self.inbox)),
            Books(sheet=sheets.of, typed=DeskAnswerStore(self.engine).of),
            postbox,
            14 * 86_400.0,
        )

    def mailing(self, **changes: Any) -> Documents:
        """A desk that sends by mail."""
        return self.desk(self.postbox(**changes))

    def go(self, desk: Documents) -> tuple[Stand, str]:
        return Bringing(self.ledger, desk, SHIPMENT, WANTED).go()

    def clerk(self, mood: str = "accept", kind: str = "xlsx") -> list[str]:
        """Let the warehouse's clerk work through his mail and the papers that a person brought."""
        order = {"inbox": str(self.inbox), "papers": str(self.papers), "mood": mood, "kind": kind}
        answered: list[str] = self.sandbox.control("/world/clerk", order)["answered"]
        return answered

    def mails(self) -> list[dict[str, Any]]:
        reply = self.sandbox.http.get("/world/mails", headers=self.sandbox.bearer("world_token"))
        assert reply.status_code == 200
        mails: list[dict[str, Any]] = reply.json()
        return mails

    def state(self) -> str:
        return self.ledger.get(KEY).state

    def lines(self) -> Sequence[tuple[str, int, int]]:
        """What stands: sku, requested and accepted pieces."""
        with self.engine.connect() as connection:
            rows = connection.execute(
                text("select sku, requested_qty, accepted_qty from return_line order by sku")
            )
            return [tuple(row) for row in rows]

    def answer_file(self, name: str, *rows: str) -> Path:
        """Put a CSV into the inbox; {ref} stands for the reference."""
        folder = self.inbox / "answers"
        folder.mkdir(parents=True, exist_ok=True)
        head = "reference,request_no,sku,condition,accepted_qty,refusal\n"
        path = folder / name
        path.write_text(head + "".join(f"{row}\n" for row in rows).replace("{ref}", KEY))
        return path
