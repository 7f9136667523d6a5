"""The steps of a hand-over, on a real database and a real store."""

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import Connection
from sqlalchemy import Engine
from upath import UPath

from include.winddown.adapters.stores.courses import CourseStore
from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.hand_overs import HandOverStore
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.errors import BadAnswer, NothingToDo, StillOpen
from include.winddown.domain.exit_course import CLEARING, CLOSED, HANDING_OVER, IN_REVIEW, SETTLING
from include.winddown.domain.exits import Exit
from include.winddown.domain.frames import SUPPLIES
from include.winddown.domain.policy import Policy
from include.winddown.runtime import doors
from include.winddown.steps import hand_over as steps
from include.winddown.steps import setting_up, take_snapshot
from include.winddown.steps.gather import landed_at
from include.winddown.steps.gather import snapshots as snapshots_of
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
    assert people["by"] is None
    ExitStore(engine).add(merchant_exit, "zoe", "drafted")
    snapshot_of(snapshots, "demo-1", (), [NO_STOCK], more=((SUPPLIES, []),))
    walk(engine, "demo-1", state)
    with pytest.raises(NothingToDo, match=f"is {state}; it is handed over once"):
        go()


DELIVERY = {
    "by": "self",
    "warehouse": "Own shelf",
    "method": "Own courier",
    "origin": "Moscow",
    "zones": {"moscow": {"fee_minor": 29_900, "cost_minor": 25_000, "promised_days": 3, "transit_days": 2}},
}
EMPTY = {
    "catalogue.csv": "sku,offer_id,barcode,name,length_mm,width_mm,height_mm,weight_g,handling_class,price,currency,"
    "unit_cost,resale_value\n101,a-1,4600000000017,Lamp,200,100,100,500,standard,19.90,RUB,8.00,6.00\n",
    "2026-11-20/orders.csv": "posting_number,status,in_process_at,warehouse_id,offer_id,sku,quantity,price,currency\n"
    "P-1,{status},2026-11-01T08:00:00Z,WH-A,a-1,101,4,19.90,RUB\n",
    "2026-11-20/stock.csv": "warehouse_id,offer_id,sku,stock_status,quantity,reserved,snapshot_at\n"
    "WH-A,a-1,101,1,0,0,2026-11-20T22:00:00Z\n",
}


@pytest.fixture
def files(people: dict[str, str | None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An exit that works on file exports without any stock; its folder."""
    folder = tmp_path / "exports"
    write(folder, status="delivered")
    for module in (take_snapshot, setting_up):
        monkeypatch.setattr(module, "started_by", lambda: people["by"])
    monkeypatch.setattr(steps, "announce", lambda *_: None)
    extra = json.dumps({"kind": "exports", "folder": f"file://{folder}"})
    shop = Connection(conn_id="demo_marketplace", conn_type="http", extra=extra)
    monkeypatch.setattr(doors, "connection_of", {"demo_marketplace": shop}.__getitem__)
    people["by"] = "zoe"
    return folder


def write(folder: Path, **words: str) -> None:
    for name, content in EMPTY.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.format(**words) if words and "{" in content else content)


def opened(engine: Engine, merchant_exit: Exit, **delivery: object) -> None:
    policy = Policy.of({"gate_confirm_after_minutes": 0, "delivery": delivery})
    ExitStore(engine).add(replace(merchant_exit, policy=policy))


def landed(key: dict[str, Any]) -> dict[str, Any]:
    """Run the pulls and what judges them, as the DAG does."""
    for name in ("catalogue", "stock", "orders", "totals", "supplies", "fees"):
        getattr(steps, f"pull_{name}")(key)
    return steps.compare(steps.validate(key))


def photographed() -> None:
    """Take a snapshot as take_snapshot does."""
    key = landed(take_snapshot.begin("demo-1", "", "False"))
    if not key.get("is_known"):
        snapshots_of().seal(key["snapshot_id"], landed_at(key["snapshot_id"]))


def set_up() -> dict[str, str]:
    return steps.hear_set_up(steps.prepare("demo-1"), "Set up", {}, "ada")


@pytest.fixture
def handed(files: Path, engine: Engine, merchant_exit: Exit) -> Path:
    """An exit on files that is being handed over."""
    opened(engine, merchant_exit, **DELIVERY)
    photographed()
    assert steps.standing("demo-1", "True") == "demo-1"
    return files


def test_delivery_is_set_up_by_a_person(handed: Path) -> None:
    """What is to be typed is shown; once it is answered it is not asked again."""
    assert handed.is_dir()
    ready = steps.prepare("demo-1")
    question = steps.ask_set_up(ready)
    assert ready["digest"][:12] in question["subject"]
    for words in ("1. Cabinet", "**Own shelf**", "fee `299.00` RUB, `3` days", "nobody checks it"):
        assert words in question["body"]
    with pytest.raises(NothingToDo, match="ada has not set delivery up"):
        steps.hear_set_up(ready, "Not yet", {}, "ada")
    assert steps.hear_set_up(ready, "Set up", {}, "ada") == ready
    assert steps.ask_set_up(steps.prepare("demo-1")) == {"answered": ready}


def archived() -> dict[str, Any]:
    """Go on from the set-up to the archive of the last snapshot; gives the key of the snapshot."""
    assert steps.restore(steps.publish_stock(set_up())) == "demo-1"
    key = landed(steps.begin("demo-1", "", "False"))
    assert key["is_known"]
    assert steps.archive(key) == "demo-1"
    return key


def test_everything_is_archived_beside_the_last_snapshot(handed: Path, tmp_path: Path) -> None:
    """Every table with its rows, every file with its checksum; files that were imported before are not another one."""
    assert handed.is_dir()
    key = archived()
    folder = tmp_path / "store" / "demo-1" / "archive" / key["snapshot_id"]
    index = json.loads((folder / "index.json").read_text())
    assert index["tables"]["exit_move"] == 3
    moves = gzip.decompress((folder / "exit_move.csv.gz").read_bytes()).decode().splitlines()
    assert moves[0].startswith("exit_id,move_no,from_state")
    named = [file["path"] for file in index["files"]]
    assert f"archive/{key['snapshot_id']}/exit.csv.gz" in named
    assert [name for name in named if name.endswith(".parquet")]


def test_a_contract_is_ended_by_a_person_and_the_exit_is_closed(
    handed: Path, engine: Engine, tmp_path: Path
) -> None:
    """Number and day are asked for; then the report is written and the exit closed, once, in the name of who ended it."""
    assert handed.is_dir()
    archived()
    assert "Nothing of this exit is open" in steps.ask_end_contract("demo-1")["body"]
    with pytest.raises(BadAnswer, match="number is empty"):
        steps.hear_end_contract("demo-1", "Ended", {}, "ada")
    with pytest.raises(BadAnswer, match="answer once it has ended"):
        steps.hear_end_contract("demo-1", "Ended", {"number": "K-1", "ended_on": "2099-01-01"}, "ada")
    with pytest.raises(NothingToDo, match="has not ended the contract"):
        steps.hear_end_contract("demo-1", "Not yet", {}, "ada")
    assert steps.hear_end_contract("demo-1", "Ended", {"number": "K-1"}, "ada") == "demo-1"
    assert steps.ask_end_contract("demo-1") == {"answered": "demo-1"}
    assert steps.close(steps.report("demo-1")) == "demo-1"
    page = (tmp_path / "store" / "demo-1" / "reports" / "exit-report.html").read_text()
    for words in ("Demo merchant: exit demo-1", "as K-1", "handing_over", "Nothing was sent home"):
        assert words in page
    last = CourseStore(engine).history("demo-1")[-1]
    assert (last.to_state, last.by_user) == (CLOSED, "ada")
    assert steps.close("demo-1") == "demo-1"
    with pytest.raises(StillOpen, match="is closed"):
        go()


def test_what_appears_at_the_last_moment_stops_the_closing(handed: Path, engine: Engine) -> None:
    """A new snapshot with an order on its way: neither archive nor closing goes through."""
    steps.publish_stock(set_up())
    write(handed, status="delivering")
    key = landed(steps.begin("demo-1", "", "True"))
    with pytest.raises(StillOpen, match="1 orders are on their way"):
        steps.archive(key)
    with pytest.raises(StillOpen, match="1 orders are on their way"):
        steps.close("demo-1")
    assert CourseStore(engine).state("demo-1") == HANDING_OVER


def test_delivery_has_to_be_decided(files: Path, engine: Engine, merchant_exit: Exit) -> None:
    """An exit without it stays where it is, and the message says where it is given."""
    assert files.is_dir()
    opened(engine, merchant_exit)
    photographed()
    steps.standing("demo-1", "True")
    with pytest.raises(StillOpen, match="run open_exit again with delivery in its policy"):
        steps.prepare("demo-1")
