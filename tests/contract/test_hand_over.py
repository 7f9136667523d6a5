"""The steps of a hand-over, on a real database and a real store."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from upath import UPath

from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.hand_overs import HandOverStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.errors import NothingToDo, StillOpen
from include.winddown.domain.exit_course import CLEARING, HANDING_OVER, IN_REVIEW, SETTLING
from include.winddown.domain.frames import SUPPLIES
from include.winddown.runtime import doors
from include.winddown.steps import hand_over as steps
from tests.contract.courses import walk
from tests.contract.snapshot_kit import order, shelf, snapshot_of

Row = dict[str, object]
NO_STOCK = shelf(on_hand_qty=0)


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path) -> dict[str, str | None]:
    """Who started the run; nobody = a snapshot or a reconciliation did."""
    started: dict[str, str | None] = {"by": None}
    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: UPath(tmp_path / "store"))
    monkeypatch.setattr(steps, "started_by", lambda: started["by"])
    return started


@pytest.fixture
def seen(snapshots: SnapshotStore, exit_id: str) -> Callable[..., str]:
    """Take a snapshot in which a marketplace tells its supplies too."""

    def take(
        stock: Sequence[Row] = (NO_STOCK,), orders: Sequence[Row] = (), *, has_supplies: bool = True
    ) -> str:
        more = ((SUPPLIES, []),) if has_supplies else ()
        return snapshot_of(snapshots, exit_id, orders, stock, more=more).snapshot_id

    return take


def go(no_supplies: str = "False") -> str:
    return steps.standing("demo-1", no_supplies)


def test_an_exit_moves_on_as_far_as_nothing_blocks(
    people: dict[str, str | None], seen: Callable[..., str], engine: Engine
) -> None:
    """Stock keeps it clearing; an order on its way keeps it settling; then it is handed over, each move signed."""
    courses = CourseStore(engine)
    seen([shelf("A1", 3)])
    with pytest.raises(NothingToDo, match=r"is clearing and waits for this: 3 pieces .* \(A1\)"):
        go()
    people["by"] = "zoe"
    with pytest.raises(StillOpen, match="return, sell or dispose of them"):
        go()
    assert courses.state("demo-1") == CLEARING
    seen(orders=[order("P-1", "delivering")])
    with pytest.raises(
        StillOpen, match=r"is settling and waits for this: 1 orders are on their way .* \(P-1\)"
    ):
        go()
    people["by"] = None
    newest = seen(orders=[order("P-1")])
    assert go() == "demo-1"
    assert [(move.to_state, move.by_user) for move in courses.history("demo-1")] == [
        (CLEARING, "winddown"),
        (SETTLING, "zoe"),
        (HANDING_OVER, "winddown"),
    ]
    kept = HandOverStore(engine).latest("demo-1", "standing")
    assert kept is not None
    assert (kept.snapshot_id, set(kept.facts["open"].values())) == (newest, {0})


def test_two_runs_do_not_ask_the_same_questions(
    people: dict[str, str | None], seen: Callable[..., str]
) -> None:
    """A later snapshot leaves the first run alone; a person may start another one, which goes on from there."""
    seen()
    go()
    with pytest.raises(NothingToDo, match="being handed over already"):
        go()
    people["by"] = "zoe"
    assert go() == "demo-1"


def test_what_no_source_tells_a_person_says_for_one_snapshot(
    people: dict[str, str | None], seen: Callable[..., str], engine: Engine
) -> None:
    """Supplies that are not told block; whoever looked is kept beside that snapshot, and no other."""
    seen(has_supplies=False)
    with pytest.raises(NothingToDo, match="it is not known how many inbound supplies are open"):
        go("True")
    people["by"] = "zoe"
    with pytest.raises(StillOpen, match="not known"):
        go()
    first = seen(has_supplies=False)
    assert go("True") == "demo-1"
    found = HandOverStore(engine).confirmed("demo-1", first)
    assert found is not None
    assert found.by_user == "zoe"
    seen(has_supplies=False)
    with pytest.raises(StillOpen, match="not known"):
        go()


@pytest.mark.parametrize("state", [IN_REVIEW, "closed"])
def test_an_exit_that_is_not_cleared_is_left_alone(
    people: dict[str, str | None], engine: Engine, merchant_exit: Any, snapshots: SnapshotStore, state: str
) -> None:
    """Before the platform's answer, and after the closing."""
    from include.winddown.adapters.stores.exits import ExitStore

    assert people["by"] is None
    ExitStore(engine).add(merchant_exit, "zoe", "drafted")
    snapshot_of(snapshots, "demo-1", (), [NO_STOCK], more=((SUPPLIES, []),))
    walk(engine, "demo-1", state)
    with pytest.raises(NothingToDo, match=f"is {state}; it is handed over once"):
        go()
