"""How claims end, in a real PostgreSQL: named, once, both ways, and the books follow."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.notices.in_the_log import InTheLog
from include.winddown.adapters.stores.claims import Claim, ClaimStore
from include.winddown.adapters.stores.discrepancies import DiscrepancyStore
from include.winddown.adapters.stores.events import EventStore
from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.settlements import SettlementStore
from include.winddown.domain.errors import BadAnswer, BadParam, IllegalClaimMove
from include.winddown.domain.match.settlement import read_outcome
from include.winddown.runtime import doors
from include.winddown.steps import settle_claim, watch_claims
from include.winddown.steps.reconcile_returns import match
from tests.contract.test_books import books, event, shown

__all__ = ["books"]
CLAIM = Claim(
    claim_id="abc123", exit_id="demo-1", warehouse_id="WH-2", digest="d" * 64, lines_count=1, currency="RUB",
    amount_minor=1_000,
)  # fmt: skip
PAID = {"amount_minor": "900", "reference": "P-1", "why": "The partner wrote that it pays"}


class Office:
    """Runs of settle_claim, each with a name of its own."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine, self._patch, self.runs = engine, monkeypatch, 0

    def settle(self, choice: str, claim: str = "abc", *, is_replay: bool = False, **fields: str) -> None:
        self.runs += not is_replay
        run = f"run-{self.runs}"
        self._patch.setattr(settle_claim, "run_key", lambda: run)
        given = settle_claim.find("demo-1", claim)
        answered = "answered" in settle_claim.ask(given)
        assert answered == is_replay
        settle_claim.hear(given, choice, {"why": PAID["why"]} | fields, "Anna")

    def states(self) -> dict[tuple[str, str], tuple[str, str | None]]:
        rows = DiscrepancyStore(self.engine).of("demo-1")
        return {
            (row["kind"], row["sku"]): (row["state"], row["decided_by"])
            for row in rows
            if row["stake"] != "review"
        }

    def money(self) -> list[tuple[str, int, int, str]]:
        rows = SettlementStore(self.engine).history("demo-1", "abc123")
        return [(row["outcome"], row["cash_minor"], row["stock_qty"], row["by_user"]) for row in rows]


@pytest.fixture
def claimed(books: EventStore, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Two of eight did not come; the claim is handed over."""
    sent = [
        event("desk", "shipped", 8),
        event("dock", "received_ok", 6),
        event("dock", "count_closed", sku=""),
    ]
    books.add("demo-1", sent)
    match("demo-1")
    prepare(engine)
    store = ClaimStore(engine)
    answer = {"option": "Approve", "user_id": "7", "user_name": "Anna", "answered_at": datetime.now(UTC)}
    store.record_answer(CLAIM, answer | {"ti_id": "t", "run_id": "r"})
    store.hand_over(CLAIM)
    return Office(engine, monkeypatch)


def prepare(engine: Engine) -> None:
    lines = [row for row in DiscrepancyStore(engine).of("demo-1") if row["kind"] == "short"]
    assert [line["qty"] for line in lines] == [2]
    ClaimStore(engine).prepare(CLAIM, lines, {"lines.csv": ("a" * 64, 10)})


def test_paid_in_money_and_taken_back(claimed: Office, engine: Engine) -> None:
    """The lost pieces are compensated; taken back, they are lost and may be claimed anew. Nothing is booked twice."""
    claimed.settle("Paid in money", **PAID)
    claimed.settle("Paid in money", is_replay=True, **PAID)
    match("demo-1")
    match("demo-1")
    assert claimed.states()["short", "SKU-1"] == ("paid", "Anna")
    assert shown(engine)["SKU-1"] == {"received_ok": 6, "cancelled": 2, "compensated": 2}
    claimed.settle("Payment taken back", amount_minor="900", reference="P-2")
    match("demo-1")
    assert shown(engine)["SKU-1"] == {"received_ok": 6, "cancelled": 2, "lost": 2}
    assert claimed.states() == {
        ("short", "SKU-1"): ("withdrawn", "the match"),
        ("reversed", "SKU-1"): ("open", None),
    }
    assert claimed.money() == [
        ("paid_in_cash", 900, 0, "Anna"),
        ("reversed_without_stock", -900, 0, "Anna"),
    ]


def test_paid_in_goods_and_taken_back(claimed: Office, engine: Engine) -> None:
    """New goods stand in the partner's stock, and leave it again."""
    before = stock(engine)
    claimed.settle("Paid in goods", pieces="2", reference="CN-1")
    match("demo-1")
    assert shown(engine)["SKU-1"] == {"received_ok": 6, "cancelled": 2, "compensated": 2}
    assert stock(engine) == before + 2
    claimed.settle("Payment taken back", pieces="2", reference="CN-2")
    match("demo-1")
    assert shown(engine)["SKU-1"] == {"received_ok": 6, "cancelled": 2, "lost": 2}
    assert stock(engine) == before


def stock(engine: Engine) -> int:
    rows = MovementStore(engine).balance("demo-1").to_pylist()
    return next(row["qty"] for row in rows if (row["sku"], row["node"]) == ("SKU-1", "STOCK"))


def test_goods_that_turn_up_after_the_payment(claimed: Office, engine: Engine) -> None:
    """Late pieces are received, the money goes back, the claim is withdrawn."""
    claimed.settle("Paid in money", **PAID)
    match("demo-1")
    EventStore(engine).add("demo-1", [event("dock", "received_ok", 2, days_ago=1)])
    match("demo-1")
    assert ("found_after_compensation", "SKU-1") in claimed.states()
    claimed.settle("Withdrawn", amount_minor="900", reference="P-3")
    match("demo-1")
    assert claimed.states() == {("short", "SKU-1"): ("withdrawn", "Anna")}
    assert shown(engine)["SKU-1"] == {"received_ok": 8, "cancelled": 2}


def test_refused_claimed_again_refused_and_written_off(claimed: Office, engine: Engine) -> None:
    """A write-off stands under a name, and the pieces stay lost."""
    for choice in ("Refused", "Claim again", "Refused", "Write it off"):
        claimed.settle(choice)
    match("demo-1")
    assert claimed.states()["short", "SKU-1"] == ("written_off", "Anna")
    assert shown(engine)["SKU-1"]["lost"] == 2
    with pytest.raises(BadAnswer, match="is written_off"):
        claimed.settle("Paid in money", **PAID)


def test_a_payment_the_desk_reports_too_counts_once(claimed: Office, engine: Engine) -> None:
    """The reference of the payment tells that it is the same."""
    claimed.settle("Paid in money", **PAID)
    told = event("desk", "compensated", 2)
    match("demo-1")
    EventStore(engine).add("demo-1", [told.__class__(**{**fields_of(told), "report_no": "P-1"})])
    match("demo-1")
    assert shown(engine)["SKU-1"] == {"received_ok": 6, "cancelled": 2, "compensated": 2}
    assert ("found_after_compensation", "SKU-1") not in claimed.states()


def fields_of(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def test_what_is_lost_after_the_payment_opens_the_claim_again(claimed: Office, engine: Engine) -> None:
    """A corrected count shows one more missing: it can be claimed."""
    claimed.settle("Paid in money", **PAID)
    match("demo-1")
    EventStore(engine).add("demo-1", [event("dock", "correction", -1, days_ago=1)])
    match("demo-1")
    (row,) = [row for row in DiscrepancyStore(engine).of("demo-1") if row["kind"] == "short"]
    assert (row["state"], row["qty"], row["decided_by"]) == ("open", 1, "the match")


def test_goods_that_turn_up_before_the_claim_is_handed_over(books: EventStore, engine: Engine) -> None:
    """A prepared claim does not stop the match: its line is withdrawn, and open again when the count is corrected."""
    sent = [
        event("desk", "shipped", 8),
        event("dock", "received_ok", 6),
        event("dock", "count_closed", sku=""),
    ]
    books.add("demo-1", sent)
    match("demo-1")
    prepare(engine)
    for kind, qty, state in (("received_ok", 2, "withdrawn"), ("correction", -2, "open")):
        books.add("demo-1", [event("dock", kind, qty, days_ago=1)])
        match("demo-1")
        (row,) = [row for row in DiscrepancyStore(engine).of("demo-1") if row["kind"] == "short"]
        assert (row["state"], row["decided_by"]) == (state, "the match")


def test_what_nobody_claimed_is_explained_or_written_off(claimed: Office) -> None:
    """Without a claim the open discrepancies of the exit are asked about, under a name too."""
    claimed.settle("Write it off", claim="", only="not_accepted")
    rows = DiscrepancyStore(claimed.engine).of("demo-1")
    assert [row["state"] for row in rows if row["kind"] == "not_accepted"] == ["written_off"]
    with pytest.raises(BadParam, match="0 claims of demo-1"):
        claimed.settle("Refused", claim="fff")


def test_a_line_that_moved_meanwhile_is_not_moved_again(claimed: Office, engine: Engine) -> None:
    """Two people at once: the second one looks again."""
    assert claimed.states()["short", "SKU-1"] == ("claimed", "Anna")
    store = SettlementStore(engine)
    lines = store.lines("demo-1", "abc123")
    paid = read_outcome("Paid in money", PAID, "Anna", lines, 0)
    refused = read_outcome("Refused", {"why": PAID["why"]}, "Ben", lines, 0)
    now = datetime.now(UTC)
    assert store.settle("demo-1", "abc123", "run-a", now, paid)
    with pytest.raises(IllegalClaimMove, match="is not claimed any more"):
        store.settle("demo-1", "abc123", "run-b", now, refused)
    assert [row["outcome"] for row in store.history("demo-1", "abc123")] == ["paid_in_cash"]


@pytest.mark.parametrize(
    "statement",
    [
        "update discrepancy set state = 'paid', decided_by = 'Eve' where kind = 'short'",
        "update discrepancy set state = 'withdrawn', decided_by = 'the match' where kind = 'short'",
        "update discrepancy set state = 'written_off', decided_by = 'Eve' where kind = 'not_accepted'",
    ],
)
def test_the_database_ends_no_claim_without_a_settlement(
    claimed: Office, engine: Engine, statement: str
) -> None:
    """Nobody's name alone pays, withdraws or writes off."""
    assert claimed.states()
    with (
        engine.begin() as connection,
        pytest.raises(IntegrityError, match="by a settlement of a named person"),
    ):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "update claim_settlement set cash_minor = 1",
        "delete from claim_settlement",
        "delete from claim_settlement_line",
        "insert into claim_settlement values (9, 'demo-1', null, 'x', 'paid_in_cash', 0, 0, 'RUB', 'P', 'why', 'Eve')",
        "insert into claim_settlement values (9, 'demo-1', null, 'x', 'refused', 5, 0, 'RUB', 'P', 'why', 'Eve')",
        "insert into claim_settlement values (9, 'demo-1', null, 'x', 'paid_in_cash', 5, 0, 'RUB', '', 'why', 'Eve')",
        "insert into claim_settlement values (9, 'demo-1', null, 'x', 'refused', 0, 0, 'RUB', '', 'why', ' ')",
    ],
)
def test_a_settlement_is_whole_and_stays(claimed: Office, engine: Engine, statement: str) -> None:
    """Money where it belongs, with its reference and a name; never edited."""
    claimed.settle("Paid in money", **PAID)
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text(statement))


class Told(InTheLog):
    """Notices that remember what they were given."""

    def __init__(self, *, get_through: bool) -> None:
        self.subjects: list[str] = []
        self.get_through = get_through

    def send(self, subject: str, text: str, severity: Any) -> bool:
        super().send(subject, text, severity)
        self.subjects.append(subject)
        return self.get_through


@pytest.fixture
def ending(books: EventStore, engine: Engine) -> date:
    """An open claim that ends in three days."""
    sent = [
        event("desk", "shipped", 8),
        event("dock", "received_ok", 6),
        event("dock", "count_closed", sku=""),
    ]
    books.add("demo-1", sent)
    match("demo-1")
    day = datetime.now(UTC).date() + timedelta(days=3)
    with engine.begin() as connection:
        connection.execute(text("update discrepancy set claim_until_on = :day"), {"day": day})
    return day


def test_a_claim_that_ends_soon_is_told_once(
    ending: date, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Again only when the notice did not get through, or the day moves."""
    lost, heard = Told(get_through=False), Told(get_through=True)
    monkeypatch.setattr(doors, "notices", lambda: lost)
    assert watch_claims.lapse() == []
    monkeypatch.setattr(doors, "notices", lambda: heard)
    assert len(watch_claims.lapse()) == 1
    assert watch_claims.lapse() == []
    assert lost.subjects == heard.subjects
    assert f"1 claims end soon, the first on {ending}" in heard.subjects[0]
    with engine.begin() as connection:
        connection.execute(text("update discrepancy set claim_until_on = claim_until_on + 2"))
    assert len(watch_claims.lapse()) == 1
