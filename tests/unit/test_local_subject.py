"""Whose exit the journey drives."""

from datetime import date
from pathlib import Path

import pytest

from include.local.errors import LocalError
from include.local.subject import demo_subject, exports_subject, slug


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shop = tmp_path / "Gift Shop"
    for day in ("2010-12-08", "2010-12-07", "raw"):
        (shop / day).mkdir(parents=True)
    (shop / "catalogue.csv").write_text("sku,currency\n1,GBP\n")
    return shop


def test_demo_has_twelve_weeks() -> None:
    """The demo's deadline is twelve weeks ahead."""
    form = demo_subject(date(2026, 1, 1)).form
    assert (form["opened_on"], form["deadline_on"]) == ("2026-01-01", "2026-03-26")


def test_exports_are_read_day_by_day(folder: Path) -> None:
    """Sub-folders named like days are snapshots, in order; others are left alone."""
    assert exports_subject(folder).days == ("2010-12-07", "2010-12-08")


def test_exit_follows_from_the_folder(folder: Path) -> None:
    """Exit id, dates and currency come from the folder."""
    form = exports_subject(folder).form
    assert form["exit_id"] == "gift-shop"
    assert (form["opened_on"], form["deadline_on"]) == ("2010-12-07", "2011-03-02")
    assert form["currency"] == "GBP"


def test_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that is not there is named in the message."""
    with pytest.raises(LocalError, match="nowhere is not a folder"):
        exports_subject(tmp_path / "nowhere")


def test_folder_without_days_says_what_it_has(tmp_path: Path) -> None:
    """A folder without dated sub-folders says what is expected and what was found."""
    (tmp_path / "stock.csv").touch()
    with pytest.raises(LocalError, match=r"YYYY-MM-DD.*it has stock\.csv"):
        exports_subject(tmp_path)


def test_missing_catalogue_is_named(folder: Path) -> None:
    """Exports without a catalogue are refused before anything starts."""
    (folder / "catalogue.csv").unlink()
    with pytest.raises(LocalError, match=r"catalogue\.csv cannot be read"):
        exports_subject(folder)


def test_catalogue_without_currency(folder: Path) -> None:
    """The currency is never guessed."""
    (folder / "catalogue.csv").write_text("sku\n1\n")
    with pytest.raises(LocalError, match="add the column `currency`"):
        exports_subject(folder)


@pytest.mark.parametrize(
    ("name", "exit_id"),
    [("Gift Shop (UK)", "gift-shop-uk"), ("магазин", "exit"), ("a", "exit-a"), ("x" * 60, "x" * 40)],
)
def test_slug_is_an_exit_id(name: str, exit_id: str) -> None:
    """Any folder name gives a valid exit id."""
    assert slug(name) == exit_id
