"""Coming back to a scheme: the supply's check against the sandbox, and the steps on a real database."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from airflow.sdk import Connection
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from upath import UPath

from include.winddown.adapters.marketplaces.ozon_key import key_days
from include.winddown.adapters.marketplaces.ozon_validate import SKUS_MOST, NoSupplies, OzonSupplies
from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.rejoins import RejoinStore
from include.winddown.domain.errors import (
    BadAnswer,
    DecisionIsFinal,
    IllegalMove,
    MarketplaceRefused,
    NothingToDo,
)
from include.winddown.domain.exits import Exit
from include.winddown.domain.rejoin_choice import NEW_EXIT, NOT_NOW, REOPEN, Decision
from include.winddown.runtime import doors, own_doors
from include.winddown.steps import rejoin as steps
from include.winddown.steps import watch_own_stock
from tests.contract.courses import walk
from tests.contract.sandbox_server import Sandbox, running

FIELDS = {"deadline_on": "2099-03-01", "new_exit_id": None}
INVOICES = """provider,invoice_no,zone,weight_g,amount,currency,shipped_on
Swift,I-1,Moscow,500,200.00,RUB,2026-11-01
FBP,F-1,Moscow,500,90.00,RUB,2026-06-01
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    state = tmp_path_factory.mktemp("world") / "world.json"
    with running("--seed", "20", "--size", "40", "--state", str(state)) as started:
        started.faults(own_sales_days=60)
        yield started


@pytest.fixture
def sandbox(world: Sandbox) -> Sandbox:
    return world.calm()


def check_of(sandbox: Sandbox, way: str = "direct") -> OzonSupplies:
    return OzonSupplies(peer=sandbox.ozon().peer, way=way)


def skus_of(sandbox: Sandbox) -> dict[str, bool]:
    """SKU → whether it is archived, of the whole world."""
    found = {}
    for visibility in ("ALL", "ARCHIVED"):
        body = {"filter": {"visibility": visibility}, "limit": 1000}
        for item in sandbox.ok("/v3/product/list", body)["result"]["items"]:
            found[str(item["sku"])] = visibility == "ARCHIVED"
    return found


@pytest.mark.parametrize("way", ["direct", "drop-off", "pick-up"])
def test_every_product_is_taken_or_refused_with_reasons(sandbox: Sandbox, way: str):
    """Archived and unknown ones are refused; each warehouse answers for itself, and nothing is drafted."""
    check, skus = check_of(sandbox, way), skus_of(sandbox)
    drafts = sandbox.ok("/v1/fbp/draft/list", {"count": 100})
    pieces = dict.fromkeys(skus, 3) | {"77": 1}
    places = check.warehouses()
    assert len(places) == 3
    for place in places:
        taken = check.validate(place, pieces)
        assert set(taken.approved) | set(taken.rejected) == set(pieces)
        assert not set(taken.approved) & set(taken.rejected)
        assert taken.rejected["77"] == ("OUT_OF_ASSORTMENT",)
        archived = [sku for sku, is_archived in skus.items() if is_archived]
        assert archived
        assert all("BANNED" in taken.rejected[sku] for sku in archived)
        assert (taken.why, taken.way) == ("", way)
    assert sandbox.ok("/v1/fbp/draft/list", {"count": 100}) == drafts


def test_many_products_are_several_questions(sandbox: Sandbox):
    """None is forgotten between them."""
    pieces = {str(number): 1 for number in range(1, 2 * SKUS_MOST + 2)}
    before = sandbox.truth()["ozon_requests"]
    taken = check_of(sandbox).validate(check_of(sandbox).warehouses()[0], pieces)
    assert set(taken.rejected) == set(pieces)
    assert sandbox.truth()["ozon_requests"] - before == 1 + 3


def test_a_warehouse_that_cannot_be_asked_says_why(sandbox: Sandbox):
    """A key without the right, and a warehouse that is not the partner's: nothing is known, and nothing is raised."""
    assert "is not found" in check_of(sandbox).validate("1", {"77": 1}).why
    place = check_of(sandbox).warehouses()[0]
    sandbox.faults(key={"roles": ["Product"]})
    assert "missing a required role" in check_of(sandbox).validate(place, {"77": 1}).why
    nobody = NoSupplies()
    assert nobody.validate(nobody.warehouses()[0], {"77": 1}).why


def test_the_days_of_a_key_are_told(sandbox: Sandbox):
    """Whole ones; below zero once it has ended."""
    sandbox.faults(key={"expires_in_days": 20.5})
    assert key_days(sandbox.ozon().peer, datetime.now(UTC)) == 20
    assert key_days(sandbox.ozon().peer, datetime.now(UTC) + timedelta(days=30)) < 0


@pytest.fixture
def closed(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Any, sandbox: Sandbox, merchant_exit: Exit
) -> Engine:
    """A closed exit whose own warehouse was watched once."""
    extra = {"sandbox": True, "costs": sandbox.greeting["costs_csv"]}
    shop = Connection(
        conn_id="demo_marketplace",
        conn_type="ozon",
        host="127.0.0.1",
        port=int(sandbox.address.rpartition(":")[2]),
        login=sandbox.greeting["client_id"],
        password=sandbox.greeting["api_key"],
        extra=json.dumps(extra),
    )
    desk = Connection(
        conn_id="demo_desk",
        conn_type="http",
        host="127.0.0.1",
        port=1,
        password="x",
        extra=json.dumps({"kind": "partner_api", "scheme": "http"}),
    )
    monkeypatch.setattr(doors, "connection_of", {"demo_marketplace": shop, "demo_desk": desk}.__getitem__)
    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: UPath(tmp_path / "store"))
    for module in (steps, watch_own_stock):
        monkeypatch.setattr(module, "summarise", lambda _sentence: None)
    ExitStore(engine).add(merchant_exit)
    walk(engine, "demo-1", "closed")
    folder = tmp_path / "store" / own_doors.CARRIERS / "demo-1"
    folder.mkdir(parents=True)
    (folder / "invoices.csv").write_text(INVOICES, encoding="utf-8")
    watch_own_stock.report(watch_own_stock.judge(watch_own_stock.look("demo-1")))
    return engine


def weighed(contract: str = "yes", way: str = "direct") -> dict[str, Any]:
    key = steps.validate_supply(steps.collect("demo-1", contract, "60"), way)
    return json.loads(json.dumps(steps.score(json.loads(json.dumps(key)))))


def test_a_reopened_exit_goes_on_under_a_new_deadline(closed: Engine):
    """Weighed, asked, decided by a named person: the old exit moves on, and the link is kept."""
    given = weighed()
    kept = RejoinStore(closed).get("demo-1", 1)
    assert given == {"exit_id": "demo-1", "rejoin_no": 1}
    assert (kept.musts, kept.decision) == ((), None)
    assert 60 < kept.points <= 100
    assert kept.facts["products_ready_qty"] <= kept.facts["products_qty"] == kept.facts["sized_qty"]
    assert kept.facts["gain_minor"] > 0
    assert kept.facts["open_claims_qty"] == 0
    question = steps.ask(given)
    assert "ready" in question["subject"]
    assert "Switch the scheme on in the cabinet" in question["body"]
    heard = steps.hear(given, REOPEN, FIELDS, "ada")
    assert heard["next_exit_id"] == "demo-1"
    assert CourseStore(closed).state("demo-1") == "reopened"
    assert CourseStore(closed).history("demo-1")[-1].by_user == "ada"
    assert ExitStore(closed).get("demo-1").deadline_on == date(2099, 3, 1)
    assert steps.ask(given) == {"answered": {**given, "decision": "reopen"}}
    with pytest.raises(IllegalMove, match="demo-1 is reopened already"):
        steps.collect("demo-1", "yes", "60")


def test_a_new_exit_is_drafted_and_linked(closed: Engine):
    """The old one stays closed; the new one waits for its own application, with the same connections."""
    given = weighed()
    with pytest.raises(BadAnswer, match="give the new exit"):
        steps.hear(given, NEW_EXIT, FIELDS, "ada")
    heard = steps.hear(given, NEW_EXIT, FIELDS | {"new_exit_id": "demo-9"}, "ada")
    assert heard["next_exit_id"] == "demo-9"
    courses, exits = CourseStore(closed), ExitStore(closed)
    assert (courses.state("demo-1"), courses.state("demo-9")) == ("closed", "drafted")
    assert exits.get("demo-9").marketplace_conn == exits.get("demo-1").marketplace_conn
    assert exits.authors("demo-9") == ["ada"]
    assert "demo-9" not in exits.leaving_ids()
    assert RejoinStore(closed).get("demo-1", 1).next_exit_id == "demo-9"


def test_whoever_is_not_ready_can_only_wait(closed: Engine):
    """Without a contract nothing follows; each weighing is kept, also one that led to nothing."""
    given = weighed(contract="not known")
    with pytest.raises(BadAnswer, match="contract and offer are not known to be in force"):
        steps.hear(given, REOPEN, FIELDS, "ada")
    with pytest.raises(NothingToDo, match="ada leaves demo-1 as it is"):
        steps.hear(given, NOT_NOW, {}, "ada")
    assert CourseStore(closed).state("demo-1") == "closed"
    assert weighed()["rejoin_no"] == 2
    assert RejoinStore(closed).get("demo-1", 1).decision == "not_now"


def test_the_key_and_the_supply_decide_too(closed: Engine, sandbox: Sandbox):
    """A key that ends soon and a check that the key may not make are named with what to do."""
    sandbox.faults(key={"expires_in_days": 3})
    sandbox_key = steps.collect("demo-1", "yes", "60")
    sandbox.faults(key={"roles": ["Product"]})
    with pytest.raises(MarketplaceRefused, match="missing a required role"):
        steps.validate_supply(sandbox_key, "direct")
    sandbox.calm()
    given = steps.score(steps.validate_supply(sandbox_key, "pick-up"))
    musts = RejoinStore(closed).get("demo-1", given["rejoin_no"]).musts
    assert len(musts) == 1
    assert "lives 2 more days" in musts[0] or "lives 3 more days" in musts[0]


def test_only_a_closed_exit_that_was_watched_is_weighed(
    closed: Engine, merchant_exit: Exit, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
):
    """Otherwise the message says what comes first."""
    from dataclasses import replace

    ExitStore(closed).add(replace(merchant_exit, exit_id="demo-2"))
    with pytest.raises(IllegalMove, match="demo-2 is clearing and cannot become reopened yet"):
        steps.collect("demo-2", "yes", "60")
    monkeypatch.setattr(doors, "store_root", lambda: UPath(tmp_path / "empty"))
    with pytest.raises(IllegalMove, match="start the DAG watch_own_stock first"):
        steps.collect("demo-1", "yes", "60")
    with pytest.raises(IllegalMove, match="has no weighing 7"):
        RejoinStore(closed).get("demo-1", 7)


def test_the_database_keeps_what_was_weighed_and_decided(closed: Engine):
    """Decided once; never ready with something to be done first; never changed."""
    store, given = RejoinStore(closed), weighed(contract="no")
    reopen = Decision(choice=REOPEN, by_user="ada", deadline_on=date(2099, 3, 1))
    with pytest.raises(IntegrityError):
        store.decide("demo-1", given["rejoin_no"], reopen)
    assert CourseStore(closed).state("demo-1") == "closed"
    store.decide("demo-1", 1, Decision(choice=NOT_NOW, by_user="ada"))
    with pytest.raises(DecisionIsFinal, match="weighing 1 of demo-1 is decided already"):
        store.decide("demo-1", 1, Decision(choice=NOT_NOW, by_user="ben"))
    for change in ("points = 100", "musts = '{}'", "decision = null, decided_by = null, decided_at = null"):
        with pytest.raises(IntegrityError), closed.begin() as connection:
            connection.execute(text(f"update rejoin set {change}"))
    with pytest.raises(IntegrityError), closed.begin() as connection:
        connection.execute(text("delete from rejoin"))
