"""`bin/winddown` as people start it: a process of its own, without Airflow and without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.plan_kit import read_rows, write_world

ROOT = Path(__file__).parents[2]
SHOP = Path(os.environ.get("WINDDOWN_GIFT_SHOP", ROOT.parent / "shared" / "data" / "gift-shop"))
SHOP_DAYS = sorted(path for path in SHOP.glob("2010-*") if path.is_dir())


def winddown(*arguments, cwd):
    """Start the command from another folder; give exit code, output and errors."""
    done = subprocess.run(
        [ROOT / "bin" / "winddown", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def asked(folder, catalogue, out, *more):
    """The arguments of a plan."""
    return (
        "plan",
        *("--stock", folder / "stock.csv", "--orders", folder / "orders.csv", "--catalogue", catalogue),
        *("--policy", out.parent / "policy.yaml", "--out", out, *more),
    )


@pytest.fixture
def world(tmp_path):
    """Four products in two warehouses."""
    return write_world(tmp_path / "in")


@pytest.mark.parametrize("day", [None, *SHOP_DAYS], ids=lambda day: day.name if day else "small")
def test_a_plan_on_files(tmp_path, world, day):
    """The small merchant, and the real gift shop where its files are at hand: every piece is planned once."""
    folder, catalogue = (day, SHOP / "catalogue.csv") if day else (world, world / "catalogue.csv")
    (tmp_path / "policy.yaml").write_text((world / "policy.yaml").read_text())
    deadline = "2011-02-28" if day else "2026-06-01"
    out = tmp_path / "out"
    code, said, errors = winddown(*asked(folder, catalogue, out, "--deadline", deadline), cwd=tmp_path)
    assert (code, errors) == (0, "")
    assert said == (out / "summary.txt").read_text(encoding="utf-8")
    counted = sum(row["quantity"] for row in read_rows(folder / "stock.csv"))
    lines = read_rows(out / "lines.csv")
    assert sum(row["planned_qty"] for row in lines) == counted
    assert openpyxl.load_workbook(out / "plan.xlsx", read_only=True)["lines"].max_row == len(lines) + 1


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--deadline", "soon"), "winddown: deadline is 'soon'; write a date as YYYY-MM-DD\n"),
        (("--deadline", "2026-03-01"), "winddown: the deadline 2026-03-01 is not after 2026-03-01"),
        (("--deadline", "2026-06-01", "--what-if", "rates=+3"), "winddown: what-if 'rates=+3' is not known"),
        ((), "Missing option '--deadline'"),
    ],
)
def test_bad_input_ends_with_2_and_one_sentence(tmp_path, world, more, message):
    """No stack trace, and nothing is written."""
    (tmp_path / "policy.yaml").write_text("rows_bad_max: 3\n")
    out = tmp_path / "out"
    code, said, errors = winddown(*asked(world, world / "catalogue.csv", out, *more), cwd=tmp_path)
    assert (code, said) == (2, "")
    assert message in errors
    assert "Traceback" not in errors
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "policy.yaml"]


def test_the_command_needs_no_airflow():
    """Neither is it imported, nor SQLAlchemy: the command starts fast and asks no database."""
    asks = "import sys, include.winddown.cli.__main__; print(sorted({'airflow', 'sqlalchemy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_schema_is_the_published_one(tmp_path):
    """`bin/winddown schema` prints docs/policy.schema.json."""
    code, said, _ = winddown("schema", cwd=tmp_path)
    assert code == 0
    assert json.loads(said) == json.loads((ROOT / "docs" / "policy.schema.json").read_text(encoding="utf-8"))
