"""An approved plan whose prices are those of a sandbox, and what brings them into effect."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine, text

from include.winddown.adapters.marketplaces.ozon_prices import OzonPrices
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.plans import Plan, PlanStore
from include.winddown.adapters.stores.price_ledger import PriceLedger
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.price_groups import plan_changes
from include.winddown.domain.prices import Cut
from include.winddown.domain.stands import Came
from include.winddown.steps.mark_down import bring_groups, write_changes
from tests.contract.plans import approve, decisions
from tests.contract.sandbox_server import QUICK, Sandbox

CUT = Cut(buckets=2, most=1000)


class Shop:
    """A sandbox, the ledger, and the exit whose prices are set."""

    def __init__(self, engine: Engine, sandbox: Sandbox, plan_of: Callable[..., dict[str, Any]]) -> None:
        self.engine, self.sandbox, self._plan_of = engine, sandbox, plan_of
        self.ledger = PriceLedger(engine)

    @contextmanager
    def desk(self, horizon_s: float = 30.0, **other: Any) -> Iterator[OzonPrices]:
        key = other.pop("key", "admin_api_key")
        ozon = self.sandbox.ozon(api_key=self.sandbox.greeting[key], limits=QUICK, **other)
        with ozon.peer.line() as line:
            yield OzonPrices(line, ozon.client_id, horizon_s, CUT)

    def prices(self) -> dict[str, int]:
        """The prices as they stand, in kopecks, by offer."""
        reply = self.sandbox.ok("/v5/product/info/prices", {"filter": {}, "limit": 1000})
        return {item["offer_id"]: round(item["price"]["price"] * 100) for item in reply["items"]}

    def set_by_hand(self, offer_id: str, minor: int) -> None:
        item = {"offer_id": offer_id, "price": f"{minor // 100}.{minor % 100:02}", "currency_code": "RUB"}
        reply = self.sandbox.ok("/v1/product/import/prices", {"prices": [item]})
        assert reply["result"][0]["updated"], reply

    def approved(
        self, wanted: Mapping[str, tuple[int, int]], plan_id: str = "plan-1", sign: str = "d"
    ) -> Plan:
        """Have a plan approved: today's and the new price by offer."""
        rows = decisions(len(wanted)).to_pydict() | {
            "sku": [f"S-{offer_id}" for offer_id in wanted],
            "offer_id": list(wanted),
            "price_minor": [today for today, _ in wanted.values()],
            "new_price_minor": [new for _, new in wanted.values()],
            "was_price_minor": [today for today, _ in wanted.values()],
        }
        table = pa.table(rows, schema=arrow_schema(DECISIONS))
        store = PlanStore(self.engine)
        store.propose(**self._plan_of(plan_id=plan_id, digest=sign * 64, decisions=table.to_batches()))
        approve(self.engine, plan_id)
        return store.get(plan_id)

    def intend(self, plan: Plan, cut: Cut = CUT) -> int:
        """Write a plan's changes down."""
        latest = self.ledger.latest(plan.exit_id, 0).to_pandas()
        table = PlanStore(self.engine).decisions(plan.plan_id).to_pandas()
        with self.desk() as desk:
            account = desk.manner.account
        return write_changes(
            self.ledger, plan, plan.plan_id, account, plan_changes(table, latest, plan.digest, cut)
        )

    def bring(self, plan: Plan, horizon_s: float = 30.0, **other: Any) -> dict[str, Came]:
        """Bring about whatever is on its way."""
        self.ledger.expire()
        with self.desk(horizon_s, **other) as desk:
            return bring_groups(self.ledger, desk, self.ledger.unsettled(plan.exit_id))

    def rows(self, sql: str, **given: object) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), given)]

    def problems(self) -> dict[str, str]:
        return dict(self.rows("select sku, problem from price_change where problem is not null"))

    def states(self) -> set[str]:
        return {state for (state,) in self.rows("select state from effect")}


def lowered(prices: Mapping[str, int], share: float = 0.8, most: int = 20) -> dict[str, tuple[int, int]]:
    """Lower the prices of some offers."""
    return {offer_id: (minor, round(minor * share)) for offer_id, minor in sorted(prices.items())[:most]}
