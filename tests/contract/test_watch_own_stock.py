"""The watch over the own warehouse, step by step, on a sandbox that sells out of it and a real database."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from airflow.sdk import Connection
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from upath import UPath

from include.winddown.adapters.stores.exits import ExitStore
from include.winddown.adapters.stores.own_alerts import OwnAlertStore
from include.winddown.adapters.stores.watch_days import WatchDays
from include.winddown.domain.errors import BadConnection, IllegalMove, NothingToDo
from include.winddown.domain.exits import Exit, Policy
from include.winddown.domain.own_alerts import Reading
from include.winddown.runtime import doors, own_doors
from include.winddown.steps import watch_own_stock as steps
from tests.contract.courses import walk
from tests.contract.sandbox_server import Sandbox, running

TARIFFS = """provider,zone,weight_to_g,per_order,per_kg,currency
Swift,Moscow,2000,150.00,20.00,RUB
Steady,Moscow,2000,140.00,20.00,RUB
"""
INVOICES = """provider,invoice_no,posting_number,zone,weight_g,amount,currency,shipped_on
Swift,I-1,P-1,Moscow,500,200.00,RUB,2026-11-01
Swift,I-1,P-1,Moscow,500,200.00,RUB,2026-11-01
FBP,F-1,,Moscow,500,90.00,RUB,2026-06-01
"""


class Told:
    """People who are told, or who cannot be reached."""

    def __init__(self) -> None:
        self.notices: list[tuple[str, str]] = []
        self.is_reached = True

    def send(self, subject: str, text: str, severity: str) -> bool:
        assert severity == "warning"
        if self.is_reached:
            self.notices.append((subject, text))
        return self.is_reached


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    state = tmp_path_factory.mktemp("world") / "world.json"
    with running("--seed", "20", "--size", "20", "--state", str(state)) as started:
        started.faults(own_sales_days=60)
        yield started


@pytest.fixture
def told(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path, world: Sandbox, merchant_exit: Exit
) -> Told:
    """The doors of one installation with a closed exit; its notices are collected."""
    world.calm()
    extra = {"sandbox": True, "costs": world.greeting["costs_csv"]}
    shop = Connection(
        conn_id="demo_marketplace",
        conn_type="ozon",
        host="127.0.0.1",
        port=int(world.address.rpartition(":")[2]),
        login=world.greeting["client_id"],
        password=world.greeting["api_key"],
        extra=json.dumps(extra),
    )
    desk = Connection(conn_id="demo_desk", conn_type="http", host="127.0.0.1", port=1, password="x",
                      extra=json.dumps({"kind": "partner_api", "scheme": "http"}))  # fmt: skip
    people = Told()
    monkeypatch.setattr(doors, "connection_of", {"demo_marketplace": shop, "demo_desk": desk}.__getitem__)
    monkeypatch.setattr(doors, "database", lambda: engine)
    monkeypatch.setattr(doors, "store_root", lambda: UPath(tmp_path / "store"))
    monkeypatch.setattr(doors, "notices", lambda: people)
    monkeypatch.setattr(steps, "summarise", lambda _sentence: None)
    ExitStore(engine).add(merchant_exit)
    walk(engine, merchant_exit.exit_id, "closed")
    return people


def hand_in(tmp_path: Path, **files: str) -> None:
    """Put carriers' files where they are looked for."""
    folder = tmp_path / "store" / own_doors.CARRIERS / "demo-1"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name.replace('_', '-')}.csv").write_text(content, encoding="utf-8")


def watch(monkeypatch: pytest.MonkeyPatch, now: datetime) -> tuple[dict[str, str], list[str]]:
    """One run of the DAG at a time; gives its key and what was told."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # noqa: ARG003  as datetime has it
            return now

    monkeypatch.setattr(steps, "datetime", Clock)
    monkeypatch.setattr(own_doors, "datetime", Clock)
    key = json.loads(json.dumps(steps.report(steps.judge(steps.look("demo-1")))))
    try:
        return key, steps.alert(key)
    except NothingToDo:
        return key, []


def test_a_watch_finds_reports_and_tells_once(
    told: Told, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: Sandbox
) -> None:
    """Stock-outs, overstock, late deliveries, carriers and chats; the second watch of the same state says nothing."""
    hand_in(tmp_path, tariffs=TARIFFS, invoices_2026_11=INVOICES)
    now = datetime.fromisoformat(world.truth()["now"])
    key, sentences = watch(monkeypatch, now)
    day = WatchDays(UPath(tmp_path / "store"), "demo-1").named(key["watch"])
    stock = {row["sku"]: row for row in day.table("found_stock").to_pylist()}
    assert {row["verdict"] for row in stock.values()} >= {"runs_out", "too_much"}
    for row in stock.values():
        assert row["why"]
        assert row["verdict"] == "unknown" or row["free_qty"] is not None
    carriers = {row["provider"]: row for row in day.table("found_carriers").to_pylist()}
    assert carriers["Swift"]["contract_minor"] == 32_000
    assert (carriers["Swift"]["over_contract_pct"], carriers["Swift"]["twice_qty"]) == (25.0, 1)
    assert (carriers["Swift"]["before_order_minor"], carriers["Swift"]["before_kg_minor"]) == (9_000, 18_000)
    (cheap,) = day.table("found_cheapest").to_pylist()
    assert (cheap["provider"], cheap["next_provider"], cheap["used"], cheap["saved_minor"]) == (
        *("Steady", "Swift", "Swift"),
        10_000,
    )
    (courier, *_) = services = day.table("found_service").to_pylist()
    assert {row["provider"] for row in services} == {"Swift", "Steady"}
    assert 0 < courier["late_qty"] < courier["judged_qty"] <= courier["postings_qty"]
    assert courier["actual_days"] > 0
    kinds = {kind for one in sentences for kind in ("contract", "chats", "pieces last") if kind in one}
    assert kinds == {"contract", "chats", "pieces last"}
    assert [subject[:24] for subject, _ in told.notices] == ["[demo-1] own warehouse: "]
    assert len(sentences) == len(OwnAlertStore(engine, "demo-1").told())

    _, again = watch(monkeypatch, now + timedelta(hours=1))
    assert again == []
    assert len(told.notices) == 1


def test_the_report_is_a_workbook_and_a_page(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: Sandbox
) -> None:
    """Money in roubles, what is new marked, what is not known said."""
    assert told.notices == []
    hand_in(tmp_path, tariffs=TARIFFS, invoices=INVOICES)
    key, _ = watch(monkeypatch, datetime.fromisoformat(world.truth()["now"]))
    folder = tmp_path / "store" / "demo-1" / "watch" / key["watch"]
    book = openpyxl.load_workbook(io.BytesIO((folder / "own-stock.xlsx").read_bytes()))
    assert set(book.sheetnames) >= {"summary", "alerts", "stock", "service", "carriers", "cheapest"}
    for sheet, verdicts in (("stock_outs", {"runs_out", "reorder"}), ("overstock", {"too_much"})):
        rows = list(book[sheet].iter_rows(values_only=True))
        assert {row[rows[0].index("verdict")] for row in rows[1:]} <= verdicts
        assert len(rows) > 1
    heads = [cell.value for cell in book["carriers"][1]]
    swift = next(row for row in book["carriers"].iter_rows(values_only=True) if row[0] == "Swift")
    assert dict(zip(heads, swift, strict=True))["billed"] == 400
    page = (folder / "own-stock.html").read_text("utf-8")
    assert "Cheapest carrier by zone and weight band" in page
    assert "Own warehouse of Demo merchant" in page
    done = json.loads((folder / "done.json").read_text("utf-8"))
    assert "new or worse: " in done["summary"]


def test_a_file_that_cannot_be_used_is_told_and_stops_nothing(
    told: Told, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: Sandbox
) -> None:
    """It is named with the reason; what it was needed for is not over by that; once mended it is."""
    now = datetime.fromisoformat(world.truth()["now"])
    hand_in(tmp_path, tariffs=TARIFFS, invoices=INVOICES)
    watch(monkeypatch, now)
    before = OwnAlertStore(engine, "demo-1").told()
    assert {"over_contract:Swift", "twice:Swift"} <= set(before)
    hand_in(tmp_path, invoices="provider,amount\nSwift,1\n")
    key, sentences = watch(monkeypatch, now + timedelta(hours=1))
    assert [one for one in sentences if "invoices.csv is not used: F_SCHEMA" in one]
    assert len(sentences) == 1
    assert set(OwnAlertStore(engine, "demo-1").told()) == {*before, "unusable:invoices.csv"}
    problems = WatchDays(UPath(tmp_path / "store"), "demo-1").named(key["watch"]).facts("facts")["problems"]
    assert list(problems) == ["invoices.csv"]
    hand_in(tmp_path, invoices="\n".join(INVOICES.splitlines()[:2]) + "\n")
    _, sentences = watch(monkeypatch, now + timedelta(hours=2))
    assert sentences == []
    assert set(before) - set(OwnAlertStore(engine, "demo-1").told()) == {"twice:Swift"}
    assert len(told.notices) == 2


def test_without_a_catalogue_no_price_is_suggested(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: Sandbox
) -> None:
    """A cost sheet or desk that is gone after the exit stops nothing; it is told, and margins are not known."""

    def gone(*_: object) -> None:
        msg = "the Airflow connection 'demo_desk' is missing"
        raise BadConnection(msg)

    assert told.is_reached
    hand_in(tmp_path, invoices=INVOICES)
    monkeypatch.setattr(doors, "marketplace", gone)
    key, sentences = watch(monkeypatch, datetime.fromisoformat(world.truth()["now"]))
    assert [one for one in sentences if one.startswith("catalogue is not used: the Airflow connection")]
    day = WatchDays(UPath(tmp_path / "store"), "demo-1").named(key["watch"])
    assert {row["verdict"] for row in day.table("found_stock").to_pylist()} >= {"runs_out", "too_much"}
    assert {row["what"] for row in day.table("found_assortment").to_pylist()} <= {"drop"}


def test_amounts_in_another_currency_are_not_mixed(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: Sandbox
) -> None:
    """The whole file is refused, and says so."""
    assert told.is_reached
    hand_in(tmp_path, invoices=INVOICES.replace("RUB", "CNY"))
    _, sentences = watch(monkeypatch, datetime.fromisoformat(world.truth()["now"]))
    assert [one for one in sentences if "has amounts in CNY, and the exit counts in RUB" in one]


def test_what_does_not_get_through_is_told_by_the_next_watch(
    told: Told, engine: Engine, monkeypatch: pytest.MonkeyPatch, world: Sandbox
) -> None:
    """Nobody was told, so nothing is written down as told."""
    now = datetime.fromisoformat(world.truth()["now"])
    told.is_reached = False
    _, first = watch(monkeypatch, now)
    assert first
    assert OwnAlertStore(engine, "demo-1").told() == {}
    told.is_reached = True
    _, second = watch(monkeypatch, now + timedelta(hours=1))
    assert second == first
    assert len(told.notices) == 1


def test_an_empty_shelf_is_no_day_on_sale(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: Sandbox
) -> None:
    """Watches that saw nothing on the shelf leave their days out: the pace is that of the days on sale."""
    assert told.is_reached
    now = datetime.fromisoformat(world.truth()["now"])
    days = WatchDays(UPath(tmp_path / "store"), "demo-1")
    for days_ago in range(1, 15):
        watch(monkeypatch, now + timedelta(days=30 - days_ago))
    key, _ = watch(monkeypatch, now + timedelta(days=30))
    past = days.done()
    assert len(past) == 15
    demands = {
        one.sku: one for one in steps.own.ask_demand(days.named(key["watch"]), past[:-1], Policy().watch)
    }
    empty = {sku for sku, one in demands.items() if one.free_qty == 0}
    assert empty
    assert {demands[sku].recent.days for sku in empty} <= set(range(13, 15))
    assert {one.recent.days for sku, one in demands.items() if sku not in empty} == {28}


def test_only_what_is_handed_over_is_watched(told: Told, engine: Engine, merchant_exit: Exit) -> None:
    """By itself the DAG takes those that are handing over or closed; asked for another, it says what comes first."""
    assert told.notices == []
    from dataclasses import replace

    ExitStore(engine).add(replace(merchant_exit, exit_id="demo-2"))
    assert steps.choose_exits("") == ["demo-1"]
    assert steps.choose_exits("demo-1") == ["demo-1"]
    with pytest.raises(IllegalMove, match="demo-2 is clearing and cannot become handing_over yet"):
        steps.choose_exits("demo-2")


def test_the_database_refuses_to_tell_twice(told: Told, engine: Engine) -> None:
    """An open alert only gets worse; one that is over stays over, and the next one is a new row."""
    assert told.notices == []
    store = OwnAlertStore(engine, "demo-1")
    store.keep([Reading(key="dead:A", level=1, sentence="A lies dead")])
    store.keep([Reading(key="dead:A", level=2, sentence="A lies dead still")])
    for change in ("level = 1", "level = 2", "sentence = 'x'", "over_at = now(), level = 9"):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(text(f"update own_alert set {change}"))
    store.over(["dead:A", "dead:B"])
    assert store.told() == {}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("update own_alert set over_at = null"))
    store.keep([Reading(key="dead:A", level=1, sentence="A lies dead again")])
    assert store.told() == {"dead:A": 1}
    with engine.connect() as connection:
        rows = connection.execute(text("select opening_no, level, over_at is null from own_alert order by 1"))
        assert rows.fetchall() == [(1, 2, False), (2, 1, True)]


def test_a_watch_that_was_interrupted_is_read_by_nobody(tmp_path: Path) -> None:
    """A folder counts once it is done."""
    days = WatchDays(UPath(tmp_path), "demo-1")
    with pytest.raises(IllegalMove, match="nothing was watched yet"):
        days.latest()
    day = days.begin(datetime(2026, 11, 1, 6, tzinfo=UTC))
    day.note("facts", {})
    assert days.done() == []
    day.note("done", {})
    assert days.latest().name == "20261101T060000.000000Z"
    assert days.latest().at == datetime(2026, 11, 1, 6, tzinfo=UTC)
