"""Every kind of news of partner and dock, over HTTP against the sandbox, into the database and the match."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine

from include.winddown.adapters.match.run import Result, run_match
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.events import EventStore
from include.winddown.adapters.stores.match_legs import legs_of
from include.winddown.domain.effects import Event, Reply, effect_key
from include.winddown.domain.errors import ContractBroken
from include.winddown.domain.match.kinds import DOCK_KINDS, PARTNER_KINDS
from include.winddown.domain.match.settings import Match
from tests.contract.intents import SHIPMENT, intent
from tests.contract.sandbox_server import Sandbox, running


@pytest.fixture
def world() -> Iterator[Sandbox]:
    with running("--seed", "5", "--size", "8") as started:
        yield started


class Return:
    """One accepted request of 20 pieces, in the sandbox and in winddown's books."""

    def __init__(self, world: Sandbox, engine: Engine, plan_id: str) -> None:
        self.world, self.engine, self.events = world, engine, EventStore(engine)
        self.asked = world.request("r1", qty=20)
        reply: Reply = world.desk().create(self.asked)
        assert reply.accepted
        key = effect_key("demo-1", "return_request", "d" * 64, "001")
        EffectLedger(engine).intend(intent(key, plan_id=plan_id))
        EffectLedger(engine).record_request(key, None, **SHIPMENT, accepted=reply.accepted, detail="found")
        self.number = reply.accepted.request_no

    def report(self, door: str, kind: str, quantity: int = 0, **more: Any) -> dict[str, Any]:
        """Let partner or dock tell something about the request's line."""
        line = {"request_no": self.number, "sku": self.asked.lines[0].sku, "condition": "sellable"}
        (told,) = self.world.control(
            "/world/report", {"door": door, "news": [line | {"kind": kind, "quantity": quantity} | more]}
        )
        return told

    def read(self) -> int:
        """Read desk and dock as reconcile_returns does; how many events are new."""
        desk = self.events.add("demo-1", self.world.desk().events())
        return desk + self.events.add("demo-1", self.world.dock().events())

    def match(self, policy: Match | None = None) -> tuple[dict[str, Any], Result]:
        chunks: list[pa.Table] = []
        now = datetime.fromisoformat(self.world.truth()["now"]) + timedelta(hours=1)
        result = run_match(legs_of(self.engine, "demo-1"), policy or Match(), now, chunks.append)
        (line,) = pa.concat_tables(chunks).to_pylist()
        return line, result


@pytest.fixture
def returned(world: Sandbox, engine: Engine, approved_plan_id: str) -> Return:
    return Return(world, engine, approved_plan_id)


def places(line: dict[str, Any]) -> dict[str, int]:
    names = (
        "received_ok",
        "received_damaged",
        "received_wrong",
        "lost",
        "cancelled",
        "disposed",
        "compensated",
    )
    return {name: line[f"{name}_qty"] for name in (*names, "in_transit", "unresolved") if line[f"{name}_qty"]}


def test_the_warehouse_may_not_send_everything(returned: Return) -> None:
    """Cancelled, destroyed and lost pieces are told, not sent, and the partner's shelves still add up."""
    returned.report("partner", "cancelled", 3)
    returned.report("partner", "disposed", 2)
    returned.report("partner", "lost", 1)
    assert returned.world.advance(4)["units_shipped"] == 14
    assert returned.world.truth()["broken_shelves"] == []
    assert (returned.read(), returned.read()) == (4, 0)
    line, result = returned.match()
    assert places(line) == {"lost": 1, "cancelled": 3, "disposed": 2, "in_transit": 14}
    assert set(result.found["class"]) == {"lost_by_partner", "disposed_without_consent"}


def test_money_goods_and_their_return(returned: Return) -> None:
    """Compensation with its amount, goods instead, both taken back; a fee; each kept with its source."""
    returned.world.advance(12)
    returned.report("partner", "compensated", 1, amount="12.50", currency="RUB", report_no="P-1")
    returned.report("partner", "compensated_stock", 2)
    returned.report("partner", "reversed_stock", 1)
    returned.report("partner", "fee", 20, amount="100", currency="RUB", note="handling")
    assert returned.world.truth()["broken_shelves"] == []
    returned.read()
    by_kind = {event.kind: event for event in returned.world.desk().events()}
    paid = by_kind["compensated"]
    assert (paid.amount_minor, paid.currency, paid.report_no) == (1_250, "RUB", "P-1")
    assert (by_kind["fee"].amount_minor, by_kind["fee"].note) == (10_000, "handling")
    line, _ = returned.match()
    assert line["made_good_qty"] == 1


def test_the_dock_corrects_itself(returned: Return) -> None:
    """A correction below zero, damage found later, another article, a line closed short by a named person."""
    returned.report("dock", "received_ok", 18, report_no="GR-1", place="bay 2", carton_id="K-1")
    returned.report("dock", "correction", -2)
    returned.report("dock", "concealed_damage", 1, photos=["p1.jpg"])
    returned.report("dock", "received_wrong", 1)
    returned.report("dock", "short_closed", 2, by_whom="Anna", note="the truck burned")
    returned.read()
    line, _ = returned.match()
    assert places(line) == {
        "received_ok": 15,
        "received_damaged": 1,
        "received_wrong": 1,
        "cancelled": 2,
        "unresolved": 1,
    }
    events = list(returned.world.dock().events())
    assert (events[0].report_no, events[0].place, events[0].carton_id) == ("GR-1", "bay 2", "K-1")
    assert (events[2].raw["photos"], events[4].by_whom) == (["p1.jpg"], "Anna")


def test_what_is_told_anew_is_an_edition(returned: Return) -> None:
    """The same id with another quantity counts once, in its newest form."""
    first = returned.report("partner", "shipped", 5)
    assert returned.read() == 1
    returned.report("partner", "shipped", 7, event_id=first["event_id"])
    assert (returned.read(), returned.read()) == (1, 0)
    line, _ = returned.match()
    assert line["shipped_qty"] == 7


def test_totals_so_far_count_as_what_they_add(returned: Return) -> None:
    """4 so far, then 10 so far: ten were sent."""
    returned.report("partner", "shipped", 4, measure="total")
    returned.report("partner", "shipped", 10, measure="total")
    returned.read()
    line, _ = returned.match()
    assert line["shipped_qty"] == 10


def test_a_light_carton_is_seen_before_it_is_opened(returned: Return) -> None:
    """The carrier's weight comes with carton and tracking number, and is held against the list."""
    told = {"shipment_no": "S-1", "carton_id": "K-1", "tracking_number": "1Z 999", "carton_weight_g": 600}
    returned.report("partner", "shipped", 20, **told)
    returned.read()
    (event,) = returned.world.desk().events()
    assert (event.shipment_no, event.tracking_no, event.carton_weight_g) == ("S-1", "1Z 999", 600)
    _, result = returned.match()
    (carton,) = result.cartons.to_dict("records")
    assert (carton["carton_id"], carton["weighed_g"]) == ("K-1", 600)


def test_goods_without_a_name_go_to_a_person(returned: Return) -> None:
    """An unknown state, a SKU nobody asked for, a surplus with a barcode or with nothing: the pieces are kept."""
    returned.report("partner", "gone_fishing", 2)
    returned.report("dock", "received_ok", 3, sku="", barcode="4600000000001")
    returned.report("dock", "received_ok", 4, sku="", condition="")
    returned.report("dock", "received_ok", 5, sku="9999", request_no="")
    assert returned.read() == 4
    _, result = returned.match()
    found = {(row["class"], row["qty"]) for row in result.found.to_dict("records")}
    assert found == {("unknown_state", 2), ("unmapped", 3), ("unidentified", 4), ("unexpected", 5)}


def test_the_words_of_the_marketplace_are_read(returned: Return) -> None:
    """A box state of Ozon's reports is the kind it stands for."""
    returned.report("partner", " В пути ", 6)
    (event,) = returned.world.desk().events()
    assert (event.kind, event.raw["kind"]) == ("shipped", " В пути ")


@pytest.mark.parametrize(
    ("door", "told", "complaint"),
    [
        ("partner", {"kind": "lost", "quantity": -1}, "only a correction may be"),
        ("partner", {"kind": "completed"}, "completed names goods"),
        (
            "partner",
            {"kind": "fee", "quantity": 1, "amount": "1.234", "currency": "RUB"},
            "amount is '1.234'",
        ),
        ("partner", {"kind": "fee", "quantity": 1, "amount": "1.20"}, "an amount without its currency"),
        ("dock", {"kind": "short_closed", "quantity": 1}, "name the person who decided"),
        (
            "dock",
            {"kind": "count_closed", "sku": "", "condition": "", "request_no": ""},
            "number of its request",
        ),
        ("partner", {"kind": "shipped", "quantity": 1, "measure": "guess"}, "measure is 'guess'"),
    ],
)
def test_what_cannot_be_kept_is_named(
    returned: Return, door: str, told: dict[str, Any], complaint: str
) -> None:
    """It stops the run with its place in the reply; nothing is guessed."""
    returned.report(door, **told)
    source = returned.world.desk() if door == "partner" else returned.world.dock()
    with pytest.raises(ContractBroken, match=complaint):
        list(source.events())


def test_every_kind_the_match_knows_is_carried(returned: Return) -> None:
    """Partner and dock can tell all of them, and the database keeps all of them."""
    ends = {"completed", "count_closed"}
    for door, kinds in (("partner", PARTNER_KINDS), ("dock", DOCK_KINDS)):
        for kind in kinds:
            goods = {"sku": "", "condition": ""} if kind in ends else {"by_whom": "Anna"}
            returned.report(door, kind, 0, **goods)
    assert returned.read() == len(PARTNER_KINDS) + len(DOCK_KINDS)
    kept: set[tuple[str, str]] = {
        (source, event.kind)
        for source, events in (
            ("desk", returned.world.desk().events()),
            ("dock", returned.world.dock().events()),
        )
        for event in events
        if isinstance(event, Event)
    }
    assert kept == {("desk", kind) for kind in PARTNER_KINDS} | {("dock", kind) for kind in DOCK_KINDS}
