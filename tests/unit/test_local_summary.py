"""Where an exit stands, in words and as a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from include.local.summary import summary_rows, write_summary


@pytest.fixture
def summary() -> dict[str, Any]:
    units = {"on_hand": 1200, "return": 1000, "markdown": 150, "dispose": 20, "hold": 30}
    return {
        "exit_id": "demo",
        "snapshot_id": "s1",
        "gate": {"cleared": True, "blocking_orders": []},
        "units": units,
        "units_by_warehouse": {"WH-SZX": {"return": 1000, "markdown": 150, "dispose": 20, "hold": 30}},
        "requests": {"created": 3, "units_requested": 1000, "units_shipped": 1000, "units_received": 990},
        "discrepancies": 2,
        "units_by_place": {"SUPPLY": -1200, "STOCK": 200, "IN_REMOVAL": 10, "RECEIVED": 990},
        "conservation_ok": True,
        "seconds": {"airflow": 10.6, "plan": 20.2},
    }


def test_units_are_told_by_disposition_and_warehouse(summary: dict[str, Any]) -> None:
    """Every disposition is named, also per warehouse."""
    rows = summary_rows(summary)
    assert rows["units in the plan"] == "1,200 (return 1,000, markdown 150, dispose 20, hold 30)"
    assert rows["  WH-SZX"] == "1,200 (return 1,000, markdown 150, dispose 20, hold 30)"


@pytest.mark.parametrize(
    ("places", "words"),
    [({"SUPPLY": -1200, "STOCK": 1200}, "SUPPLY -1,200, STOCK 1,200"), ({}, "nothing booked yet")],
)
def test_places_tell_where_every_unit_is(summary: dict[str, Any], places: dict[str, int], words: str) -> None:
    """Each place of the books is named with its pieces."""
    assert summary_rows({**summary, "units_by_place": places})["units by place"] == words


@pytest.mark.parametrize(
    ("others", "words"),
    [({}, "1,500"), ({"refused": 2, "conflicts": 1}, "1,500 (2 refused, 1 changed by somebody else)")],
)
def test_prices_that_do_not_stand_are_told(
    summary: dict[str, Any], others: dict[str, int], words: str
) -> None:
    """How many prices are in effect, and what became of the rest."""
    none = dict.fromkeys(("restored", "refused", "conflicts", "waiting"), 0)
    assert summary_rows(summary | {"prices": none | {"changed": 1500} | others})["prices changed"] == words
    assert "prices changed" not in summary_rows(summary)


def test_broken_books_are_not_whispered(summary: dict[str, Any]) -> None:
    """Conservation that does not hold is told in capitals."""
    assert summary_rows({**summary, "conservation_ok": False})["conservation of units"] == "BROKEN"


@pytest.mark.parametrize(
    ("orders", "words"), [(["P-1", "P-2"], "blocked by 2 open orders"), ([], "blocked, not by an order")]
)
def test_closed_gate_counts_its_orders(summary: dict[str, Any], orders: list[str], words: str) -> None:
    """A closed gate says how many orders keep it closed, or that it is something else."""
    assert summary_rows({**summary, "gate": {"cleared": False, "blocking_orders": orders}})["gate"] == words


def test_exit_without_a_snapshot(summary: dict[str, Any]) -> None:
    """An exit that has no snapshot yet has a summary too."""
    assert summary_rows({**summary, "snapshot_id": None})["snapshot in force"] == "none yet"


def test_file_holds_the_summary(summary: dict[str, Any], tmp_path: Path) -> None:
    """The file is the summary, and nothing half-written stays beside it."""
    write_summary(summary, tmp_path / "summary.json")
    assert json.loads((tmp_path / "summary.json").read_text()) == summary
    assert [path.name for path in tmp_path.iterdir()] == ["summary.json"]


def test_how_good_the_plan_is(summary: dict[str, Any]) -> None:
    """Its net, its part of the bound, and what it brings over the best simple policy."""
    over = {"minor": 70_000, "share": 0.0778}
    decided = {
        "listings": 1_200,
        "plan_minor": 970_000,
        "certificate": 0.97,
        "uplift": {"hold": over, "dispose_all": {"minor": 1, "share": None}},
        "best_simple": "hold",
        "return_at_loss": {"listings": 2, "pieces": 7},
        "defaults": {"listings": 40, "by_code": {}},
    }
    rows = summary_rows(summary | {"decided": decided})
    assert rows["expected net"] == "9,700.00 (97.0% of what no plan exceeds)"
    assert rows["  over hold"] == "+700.00, +7.8%"
    assert rows["  with defaults"] == "40 of 1,200 articles"
    assert rows["  returned at a loss"] == "7"
    bare = decided | {"certificate": None, "best_simple": "dispose_all"}
    rows = summary_rows(summary | {"decided": bare})
    assert (rows["expected net"], rows["  over dispose all"]) == ("9,700.00", "+0.01")
    assert "expected net" not in summary_rows(summary | {"decided": None})
