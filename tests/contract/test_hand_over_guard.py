"""The database closes no exit of which anything is open, whatever our code says."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.hand_overs import HandOverStore
from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.plans import PlanStore
from include.winddown.adapters.stores.settlements import SettlementStore
from include.winddown.domain.exit_course import CLOSED, HANDING_OVER, REOPENED
from include.winddown.domain.hand_over import SEEN, Open
from include.winddown.domain.match.claims import ClaimState
from include.winddown.domain.match.settlement import ClaimLine, read_outcome
from tests.contract.courses import hand_over, walk
from tests.contract.intents import intent
from tests.contract.snapshot_kit import NOON

DISCREPANCY = """
insert into discrepancy (exit_id, request_id, sku, condition, kind, qty, currency, state, stake, decided_by)
values ('demo-1', 'R-1', 'A1', 'sellable', 'short', 1, 'RUB', 'open', :stake, 'ada')
"""


def close(engine: Engine) -> None:
    CourseStore(engine).move("demo-1", CLOSED, "ada", "for a test")


def refused(engine: Engine, words: str) -> None:
    with pytest.raises(IntegrityError, match=words):
        close(engine)
    assert CourseStore(engine).state("demo-1") == HANDING_OVER


def book(engine: Engine, route: tuple[str, str], line: str) -> None:
    row: dict[str, Any] = {
        "sku": "A1",
        "from_node": route[0],
        "to_node": route[1],
        "qty": 2,
        "source_system": "test",
        "source_doc": "1",
        "source_line": line,
        "reason": "for a test",
        "moved_at": NOON,
    }
    MovementStore(engine).book("demo-1", [row])


def settle(engine: Engine, state: ClaimState) -> None:
    """Withdraw the discrepancy under a name."""
    line = ClaimLine(
        request_id="R-1",
        request_no="R-1",
        sku="A1",
        condition="sellable",
        kind="short",
        qty=1,
        value_minor=None,
        currency="RUB",
        state=state,
    )
    outcome = read_outcome("Withdrawn", {"why": "it lay behind the shelf"}, "ada", [line], 0)
    assert SettlementStore(engine).settle("demo-1", "", "run", NOON, outcome)


@pytest.fixture
def handed_over(engine: Engine, snapshot_id: str) -> Engine:
    """An exit that is being handed over, everything done."""
    assert snapshot_id
    walk(engine, "demo-1", HANDING_OVER)
    hand_over(engine, "demo-1")
    return engine


def test_an_exit_with_nothing_open_is_closed(handed_over: Engine) -> None:
    """And once it is opened again, what was done for the first closing does not count for the second."""
    close(handed_over)
    walk(handed_over, "demo-1", REOPENED)
    walk(handed_over, "demo-1", HANDING_OVER)
    refused(handed_over, "archive, ended, set_up, standing is not done")
    assert HandOverStore(handed_over).latest("demo-1", "ended") is None
    hand_over(handed_over, "demo-1")
    close(handed_over)


@pytest.mark.parametrize("kind", ["set_up", "archive", "ended", "standing"])
def test_nothing_is_left_out(engine: Engine, snapshot_id: str, kind: str) -> None:
    """Delivery set up, archive written, contract ended, last look taken."""
    assert snapshot_id
    walk(engine, "demo-1", HANDING_OVER)
    hand_over(engine, "demo-1", kind)
    refused(engine, f"{kind} is not done")


@pytest.mark.parametrize("kind", SEEN)
@pytest.mark.parametrize("qty", [1, None])
def test_what_the_last_snapshot_shows_blocks(
    engine: Engine, snapshot_id: str, kind: str, qty: int | None
) -> None:
    """One piece, one order, or not known."""
    assert snapshot_id
    walk(engine, "demo-1", HANDING_OVER)
    hand_over(engine, "demo-1", **{kind: qty})
    refused(engine, "was not seen to be empty")


def test_another_snapshot_has_to_be_looked_at_anew(handed_over: Engine, snapshots: Any) -> None:
    """What was seen of an older one proves nothing."""
    snapshots.seal(snapshots.begin("demo-1", None), NOON)
    refused(handed_over, "was not seen to be empty")
    hand_over(handed_over, "demo-1")
    close(handed_over)


def test_a_piece_in_the_books_blocks(handed_over: Engine) -> None:
    """In the warehouse or on a return; once it is at home nothing speaks against the closing."""
    book(handed_over, ("SUPPLY", "STOCK"), "1")
    refused(handed_over, "2 booked are open")
    book(handed_over, ("STOCK", "IN_REMOVAL"), "2")
    refused(handed_over, "2 on_returns are open")
    assert HandOverStore(handed_over).open("demo-1")["on_returns"] == Open(qty=2, names=("A1",))
    book(handed_over, ("IN_REMOVAL", "RECEIVED"), "3")
    close(handed_over)


@pytest.mark.parametrize(("state", "words"), [("open", "discrepancies"), ("claimed", "claims")])
def test_a_discrepancy_blocks_until_it_is_settled(handed_over: Engine, state: str, words: str) -> None:
    """Open, claimed and not answered; a note asks for nothing."""
    with handed_over.begin() as connection:
        connection.execute(text(DISCREPANCY), {"stake": "claim"})
        if state != "open":
            connection.execute(text("update discrepancy set state = :state"), {"state": state})
    refused(handed_over, f"1 {words} are open")
    settle(handed_over, ClaimState(state))
    close(handed_over)


def test_a_note_asks_for_nothing(handed_over: Engine) -> None:
    """It stays on the list and blocks nothing."""
    with handed_over.begin() as connection:
        connection.execute(text(DISCREPANCY), {"stake": "note"})
    close(handed_over)


def test_a_plan_or_a_write_on_its_way_blocks(
    handed_over: Engine, plan_of: Callable[..., dict[str, Any]]
) -> None:
    """A proposed plan, and an effect that is not settled."""
    from tests.contract.plans import approve

    PlanStore(handed_over).propose(**plan_of())
    refused(handed_over, "1 proposed are open")
    approve(handed_over, "plan-1")
    EffectLedger(handed_over).intend(intent())
    refused(handed_over, "1 effects are open")
