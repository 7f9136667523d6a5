"""The books of units in a real PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from include.winddown.adapters.stores.movements import MovementStore
from include.winddown.adapters.stores.tables import NODES as TABLE_NODES
from include.winddown.domain.movements import NODES, Document, move

DOCUMENT = Document(system="snapshot", doc="snap-1", moved_at=datetime(2026, 11, 8, 6, tzinfo=UTC))


@pytest.fixture
def movements(engine: Engine, exit_id: str) -> MovementStore:
    assert exit_id == "demo-1"
    return MovementStore(engine)


def opening(*pieces: tuple[str, int]) -> list[dict[str, Any]]:
    return move(DOCUMENT, ("SUPPLY", "STOCK"), pieces, "opening stock")


def test_the_books_balance(movements: MovementStore) -> None:
    """Each piece leaves one place and enters another; every SKU sums to zero."""
    movements.book("demo-1", opening(("A", 10), ("B", 5)))
    movements.book("demo-1", move(DOCUMENT, ("STOCK", "SOLD"), [("A", 4)], "left on orders"))
    assert movements.balance("demo-1").to_pylist() == [
        {"sku": "A", "node": "SOLD", "qty": 4},
        {"sku": "A", "node": "STOCK", "qty": 6},
        {"sku": "A", "node": "SUPPLY", "qty": -10},
        {"sku": "B", "node": "STOCK", "qty": 5},
        {"sku": "B", "node": "SUPPLY", "qty": -5},
    ]


@pytest.mark.fault("F1", "S12")
@pytest.mark.fault("F2", "S12")
@pytest.mark.fault("F3", "S12")
@pytest.mark.fault("F5", "S12")
@pytest.mark.fault("F6", "S12")
@pytest.mark.fault("F10", "S12")
@pytest.mark.fault("F25", "S12")
def test_booking_again_adds_nothing(movements: MovementStore) -> None:
    """The natural key of a movement is its document and line; only new ones are counted."""
    assert movements.book("demo-1", opening(("A", 10))) == 1
    assert movements.book("demo-1", opening(("A", 10), ("B", 5))) == 1
    assert movements.balance("demo-1").num_rows == 4


def test_nothing_to_book_is_fine(movements: MovementStore) -> None:
    """No movement is a fact."""
    assert movements.book("demo-1", []) == 0
    empty = movements.balance("demo-1")
    assert (empty.num_rows, empty.schema.field("qty").type) == (0, pa.int64())


@pytest.mark.fault("F9", "S12")
@pytest.mark.fault("F12", "S12")
def test_one_bad_movement_takes_the_others_back(movements: MovementStore) -> None:
    """All are booked or none."""
    bad = opening(("B", 5))[0] | {"qty": 0}
    with pytest.raises(IntegrityError, match="movement_qty_ck"):
        movements.book("demo-1", [*opening(("A", 10)), bad])
    assert movements.balance("demo-1").num_rows == 0


@pytest.mark.parametrize(
    "forbidden",
    [
        {"qty": 0},
        {"qty": -3},
        {"to_node": "SUPPLY"},
        {"to_node": "MOON"},
        {"from_node": None},
        {"source_line": None},
    ],
)
def test_forbidden_movements_are_stopped_by_constraints_alone(
    movements: MovementStore, forbidden: dict[str, Any]
) -> None:
    """No pieces, a way to nowhere or in a circle, no document."""
    with pytest.raises(IntegrityError):
        movements.book("demo-1", [opening(("A", 10))[0] | forbidden])


@pytest.mark.parametrize(
    "statement", ["update movement set qty = 1", "delete from movement", "truncate movement"]
)
def test_a_movement_is_never_changed(movements: MovementStore, engine: Engine, statement: str) -> None:
    """Corrections are new movements with a reason."""
    movements.book("demo-1", opening(("A", 10)))
    with engine.begin() as connection, pytest.raises(IntegrityError, match="append-only"):
        connection.execute(text(statement))


def test_database_and_domain_know_the_same_places() -> None:
    """The list is written twice, so that the tables can be read without pandas."""
    assert TABLE_NODES == NODES
