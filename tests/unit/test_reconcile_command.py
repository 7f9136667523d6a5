"""`bin/winddown reconcile` on small files: what it writes, and that order and repeats of files do not matter."""

import csv
import re
from datetime import date

import openpyxl
import pytest

from include.winddown.adapters.files.layouts import BUILT_IN
from include.winddown.cli.match_labels import MATCH_LABELS
from include.winddown.cli.reconcile import Wish, reconcile
from include.winddown.domain.errors import BadParam, BadPolicy, FileRefused

REQUESTED = """request_no,sku,quantity,requested_at,unit_cost,currency,warehouse_id,weight_g
R1,A,10,2026-03-01T00:00:00Z,1.50,RUB,WH-1,300
R1,B,4,2026-03-01T00:00:00Z,2.00,RUB,WH-1,200
R2,=A1,5,2026-03-01T00:00:00Z,,,WH-2,
"""
SHIPPED = """request_no,carton_id,sku,kind,quantity,happened_at,event_id,carton_weight_g
R1,C1,A,shipped,10,2026-03-03T00:00:00Z,e1,2900
R1,C1,B,shipped,4,2026-03-03T00:00:00Z,e2,2900
R2,C2,=A1,shipped,5,2026-03-03T00:00:00Z,e3,
"""
RECEIVED = """request_no,sku,kind,quantity,happened_at,event_id
R1,A,received_ok,8,2026-03-08T00:00:00Z,c1
R1,B,received_ok,6,2026-03-08T00:00:00Z,c2
R1,,count_closed,0,2026-03-09T00:00:00Z,c3
"""
HEAD = RECEIVED.splitlines(keepends=True)[0]


@pytest.fixture
def wish(tmp_path):
    """The three small files, matched on 20 March."""
    paths = {}
    for name, text in (("requested", REQUESTED), ("shipped", SHIPPED), ("received", RECEIVED)):
        paths[name] = [tmp_path / f"{name}.csv"]
        paths[name][0].write_text(text, encoding="utf-8")

    def make(**more):
        given = {**paths, "mappings": [], "out": tmp_path / "out", "as_of": date(2026, 3, 20)}
        return Wish(**(given | more))

    return make


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_everything_is_written(wish, tmp_path):
    """Lines, discrepancies with money and window, swap, carton, and the same as workbook and page."""
    summary = reconcile(wish())
    out = tmp_path / "out"
    found = [
        (row["class"], row["sku"], row["qty"], row["value_minor"])
        for row in rows_of(out / "discrepancies.csv")
    ]
    assert found == [
        ("short", "A", "2", "300"),
        ("overage", "B", "2", "400"),
        ("lost_in_transit", "'=A1", "5", ""),
    ]
    assert [row["lost_qty"] for row in rows_of(out / "lines.csv")] == ["2", "0", "5"]
    (swap,) = rows_of(out / "swaps.csv")
    assert (swap["short_sku"], swap["over_sku"], swap["qty"]) == ("A", "B", "2")
    (carton,) = rows_of(out / "cartons.csv")
    assert (carton["verdict"], carton["expected_g"], carton["difference_g"]) == ("too_light", "4300", "-1400")
    assert openpyxl.load_workbook(out / "osd.xlsx").sheetnames[:3] == ["summary", "osd", "discrepancies"]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Over, short and damaged" in page
    assert "May be claimed now: RUB 3" in summary


def test_a_mapping_may_say_more_on_the_line_of_its_frame(wish, tmp_path):
    """A comment there is one, as anywhere in YAML."""
    path = tmp_path / "received.yaml"
    usual = (BUILT_IN / "received.yaml").read_text(encoding="utf-8")
    path.write_text(usual.replace("frame: received", "frame: received   # of our dock"), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != usual
    assert "RUB 3" in reconcile(wish(mappings=[path]))


def test_order_and_repeats_of_files_do_not_matter(wish, tmp_path):
    """A leg in two files, in any order and given twice, gives the same bytes."""
    reconcile(wish())
    parts = [tmp_path / "b.csv", tmp_path / "a.csv"]
    lines = RECEIVED.splitlines(keepends=True)[1:]
    parts[0].write_text(HEAD + lines[2] + lines[0], encoding="utf-8")
    parts[1].write_text(HEAD + lines[1] + lines[0], encoding="utf-8")
    reconcile(wish(received=[*parts, parts[0]], out=tmp_path / "again"))
    for name in ("lines", "discrepancies", "osd", "swaps", "parcels", "notes", "cartons"):
        assert (tmp_path / "again" / f"{name}.csv").read_bytes() == (
            tmp_path / "out" / f"{name}.csv"
        ).read_bytes()


def test_what_if(wish, tmp_path):
    """Other tolerances show which claims appear and which vanish."""
    summary = reconcile(wish(what_if="short_tolerance_qty=2,lost_after_days=60"))
    assert "0 claims appear, 2 vanish, 0 change" in summary
    changes = [(row["class"], row["sku"], row["change"]) for row in rows_of(tmp_path / "out" / "what_if.csv")]
    assert changes == [("short", "A", "vanishes"), ("lost_in_transit", "'=A1", "vanishes")]


@pytest.mark.parametrize(
    ("case", "error"),
    [("lost_after_days", BadParam), ("lost_days=3", BadPolicy), ("claim_days=0", BadPolicy)],
)
def test_a_wrong_what_if_is_refused(wish, tmp_path, case, error):
    """A setting nobody knows, or out of range, is named; nothing is written."""
    with pytest.raises(error):
        reconcile(wish(what_if=case))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("language", "word"), [("ru", "недостача"), ("zh", "溢、短、损"), ("en", "damaged")])
def test_languages(wish, tmp_path, language, word):
    """The write-up speaks the language asked for, and each has every word."""
    reconcile(wish(language=language))
    assert word in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert MATCH_LABELS[language].keys() == MATCH_LABELS["en"].keys()


def test_a_bad_file_leaves_nothing(wish, tmp_path):
    """One bad row of three is too many: the file is refused with row, column and reason."""
    wish().received[0].write_text(RECEIVED.replace(",6,", ",six,"), encoding="utf-8")
    with pytest.raises(FileRefused, match=re.escape("row 3, column 'quantity'")):
        reconcile(wish())
    assert not (tmp_path / "out").exists()


def test_a_totals_row_is_named(wish, tmp_path):
    """A totals row between the data goes to quarantine as one."""
    wish().received[0].write_text(
        RECEIVED + "Итого,,received_ok,14,2026-03-08T00:00:00Z,\n", encoding="utf-8"
    )
    policy = tmp_path / "policy.yaml"
    policy.write_text("rows_bad_max_pct: 50\n", encoding="utf-8")
    reconcile(wish(policy=policy))
    assert [row["code"] for row in rows_of(tmp_path / "out" / "quarantine.csv")] == ["R_TOTAL"]
