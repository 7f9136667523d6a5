"""Prices of a marketplace known by its files: a list for a person, proven by the next export."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine
from upath import UPath

from include.winddown.adapters.marketplaces.exports import Exports
from include.winddown.adapters.marketplaces.price_lists import PriceLists
from include.winddown.adapters.schemas import arrow_schema
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.price_ledger import PriceLedger
from include.winddown.domain.exits import Policy
from include.winddown.domain.plan_frames import DECISIONS
from include.winddown.domain.price_groups import plan_changes
from include.winddown.domain.stands import Stand
from include.winddown.steps.mark_down import bring_groups, write_changes
from tests.contract.plans import approve, decisions

HEAD = "sku,offer_id,barcode,name,length_mm,width_mm,height_mm,weight_g,handling_class,price,unit_cost,resale_value,currency"


def catalogue(folder: Path, **prices: str) -> None:
    rows = [
        f"{number},{offer.replace('_', '-')},,Cup,100,100,100,300,standard,{price},50.00,70.00,RUB"
        for number, (offer, price) in enumerate(prices.items(), start=1)
    ]
    (folder / "2026-11-08").mkdir(parents=True, exist_ok=True)
    (folder / "catalogue.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> PriceLists:
    exports = Exports(
        folder=tmp_path / "exports", as_of=None, policy=Policy(), now=datetime(2026, 11, 9, tzinfo=UTC)
    )
    return PriceLists(exports, UPath(tmp_path / "lists"), "exports/shop")


def test_a_list_is_written_and_proven_by_the_next_export(
    engine: Engine, plan_of: Callable[..., dict[str, Any]], desk: PriceLists, tmp_path: Path
):
    """One file a plan; it is with a person until the catalogue shows its prices, and is written once."""
    catalogue(tmp_path / "exports", A_1="199.00", A_2="300.00")
    rows = decisions(2).to_pydict() | {
        "sku": ["1", "2"],
        "offer_id": ["A-1", "A-2"],
        "price_minor": [19_900, 30_000],
        "new_price_minor": [15_000, 20_000],
        "was_price_minor": [19_900, None],
    }
    table = pa.table(rows, schema=arrow_schema(DECISIONS))
    PlanStore(engine).propose(**plan_of(decisions=table.to_batches()))
    approve(engine, "plan-1")
    plan, ledger = PlanStore(engine).get("plan-1"), PriceLedger(engine)
    latest = ledger.latest("demo-1", 0).to_pandas()
    changes = plan_changes(table.to_pandas(), latest, plan.digest, desk.cut)
    assert write_changes(ledger, plan, plan.plan_id, desk.manner.account, changes) == 2

    for _ in range(2):
        came = bring_groups(ledger, desk, ledger.unsettled("demo-1"))
        assert {stand for stand, _ in came.values()} == {Stand.WITH_PERSON}
    (file,) = list((tmp_path / "lists").iterdir())
    assert file.read_text(encoding="utf-8").splitlines() == [
        "offer_id,price,old_price,currency",
        "A-1,150.00,199.00,RUB",
        "A-2,200.00,,RUB",
    ]

    catalogue(tmp_path / "exports", A_1="150.00", A_2="200.00")
    came = bring_groups(ledger, desk, ledger.unsettled("demo-1"))
    assert {stand for stand, _ in came.values()} == {Stand.DONE}
