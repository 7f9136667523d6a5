"""Groups of prices that are looked at without being sent: by resolve_effects, and for a person."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from include.winddown.domain.stands import Stand
from include.winddown.steps.price_bringing import PriceBringing
from tests.contract.price_kit import Shop, lowered
from tests.contract.sandbox_server import Sandbox, running


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running("--seed", "7", "--size", "10") as started:
        yield started


@pytest.fixture
def shop(engine: Engine, world: Sandbox, plan_of: Callable[..., dict[str, Any]]) -> Shop:
    world.calm().advance(1)
    return Shop(engine, world, plan_of)


@pytest.mark.parametrize(
    ("fault", "stand", "words"),
    [
        ("drop_reply_after_acting", Stand.DONE, "done"),
        ("error_503_before", Stand.WAITING, "base"),
    ],
)
def test_what_stands_is_found_without_sending(shop: Shop, fault: str, stand: Stand, words: str):
    """Prices that were set are confirmed; those that were not stay unknown before the horizon."""
    plan = shop.approved(lowered(shop.prices(), most=2))
    shop.intend(plan)
    shop.sandbox.faults(prices={fault: 2})
    shop.bring(plan)
    shop.sandbox.calm()
    before = shop.prices()
    with shop.desk() as desk:
        bringing = PriceBringing(shop.ledger, desk)
        unknown = [one for one in shop.ledger.open(plan.exit_id) if one.state == "unknown"]
        assert unknown
        assert {words in bringing.of(one).shown() for one in unknown} == {True}
        assert {bringing.of(one).look()[0] for one in unknown} == {stand}
        assert {bringing.of(one).take("RR-1")[0] for one in unknown} == {Stand.ESCALATED}
    assert shop.prices() == before
