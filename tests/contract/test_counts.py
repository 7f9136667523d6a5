"""The receiving dock that hands in files, on a real folder."""

from pathlib import Path

import pytest
from upath import UPath

from include.winddown.adapters.docks.counts import Counts
from include.winddown.domain.errors import BadConnection, FileRefused

HEADER = "count_id,request_no,kind,sku,condition,quantity,counted_at\n"
OK = "C2,RR-1,received_ok,1600000007,sellable,5,2026-11-02T10:00:00Z\n"
DAMAGED = "C1,RR-1,received_damaged,1600000007,sellable,1,2026-11-01T10:00:00+03:00\n"
CLOSED = "C3,RR-1,count_closed,,,0,2026-11-02T11:00:00Z\n"


def put(folder: Path, **sheets: str) -> Counts:
    for name, rows in sheets.items():
        (folder / f"{name}.csv").write_text(HEADER + rows, "utf-8")
    return Counts(folder=UPath(folder))


def test_counts_of_all_files_come_oldest_first(tmp_path: Path):
    """Entries of several files are one list in order of time; ids stay text."""
    events = list(put(tmp_path, a=OK + CLOSED, b=DAMAGED).events())
    assert [event.event_id for event in events] == ["C1", "C2", "C3"]
    assert [event.qty for event in events] == [1, 5, 0]
    assert (events[2].sku, events[2].condition) == ("", "")
    assert events[0].happened_at.isoformat() == "2026-11-01T07:00:00+00:00"


def test_the_same_entry_in_two_files_counts_once(tmp_path: Path):
    """A file handed in again adds nothing."""
    assert len(list(put(tmp_path, a=OK, b=OK + DAMAGED).events())) == 2


def test_two_entries_of_one_id_are_refused(tmp_path: Path):
    """An entry is never changed; a correction has an id of its own."""
    with pytest.raises(FileRefused, match="count C2 differs"):
        list(put(tmp_path, a=OK, b=OK.replace(",5,", ",6,")).events())


@pytest.mark.parametrize(
    "row",
    [
        OK.replace(",5,", ",-5,"),
        OK.replace("received_ok", "received_maybe"),
        OK.replace("10:00:00Z", "10:00:00"),
        OK.replace("1600000007", ""),
        CLOSED.replace(",0,", ",2,"),
    ],
)
def test_a_bad_row_refuses_its_file(tmp_path: Path, row: str):
    """A count that is left out would read as a loss, so nothing is left out."""
    with pytest.raises(FileRefused, match=r"a\.csv"):
        list(put(tmp_path, a=DAMAGED + row).events())


def test_an_empty_folder_has_no_counts(tmp_path: Path):
    """No file is no count yet; other files in the folder are nobody's business here."""
    (tmp_path / "notes.txt").write_text("hello")
    assert list(put(tmp_path).events()) == []


def test_a_missing_folder_is_named(tmp_path: Path):
    """A folder that is not there is a bad connection, not an empty one."""
    with pytest.raises(BadConnection, match="nowhere"):
        list(Counts(folder=tmp_path / "nowhere").events())


def test_every_kind_of_count_is_taken_with_what_the_sheet_knows(tmp_path: Path):
    """Corrections, damage found later, goods nobody waits for: with receipt, carton, place and who decided."""
    header = HEADER.strip() + ",report_no,carton_id,tracking_number,place,by_whom,note\n"
    rows = (
        "C4,RR-1,correction,1600000007,sellable,-2,2026-11-03T10:00:00Z,GR-7,K-1,1Z9,bay 2,,counted twice\n"
        "C5,RR-1,concealed_damage,1600000007,sellable,1,2026-11-04T10:00:00Z,,,,,,\n"
        "C6,RR-1,short_closed,1600000007,sellable,3,2026-11-05T10:00:00Z,,,,,Anna,the truck burned\n"
    )
    (tmp_path / "a.csv").write_text(header + rows, "utf-8")
    first, second, third = Counts(folder=UPath(tmp_path)).events()
    assert (first.kind, first.qty, first.report_no, first.carton_id) == ("correction", -2, "GR-7", "K-1")
    assert (first.tracking_no, first.place, first.note) == ("1Z9", "bay 2", "counted twice")
    assert (second.kind, second.report_no, third.by_whom) == ("concealed_damage", "", "Anna")
    (tmp_path / "a.csv").write_text(header + rows.replace("Anna", ""), "utf-8")
    with pytest.raises(FileRefused, match=r"a\.csv: count C6: short_closed without by_whom"):
        list(Counts(folder=UPath(tmp_path)).events())
