"""The edge cases of the field, 26 to 50; each keeps the number it has in the project's list."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from include.winddown.adapters.match.reading import Reader
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.exits import Policy
from include.winddown.domain.match.frames import RECEIVED, REQUESTED, SHIPPED
from include.winddown.domain.match.identities import Identity, in_packs
from tests.match_kit import ASKED_AT, DAY, NOW, asked, closed, counted, match, told

BOX = Identity(kind="pack", name="A", unit="box", factor=12)


def read(tmp_path, frame, text, encoding="utf-8", mapping="", **policy):
    """Read a file of one leg as the command does."""
    path = tmp_path / f"{frame.name}.csv"
    path.write_bytes(text.encode(encoding))
    reader = Reader(folder=tmp_path, policy=Policy(**policy), now=NOW)
    if mapping:
        (tmp_path / "own.yaml").write_text(mapping, encoding="utf-8")
        reader.take_mapping(tmp_path / "own.yaml")
    reader.read(frame, [path])
    return reader


def test_26_packs():
    """Five boxes of twelve are sixty pieces; a pack nobody knows goes to a person with its quantity."""
    boxes = match([asked(5, unit="box")], [told(5, unit="box")], [counted(60), closed()], [BOX])
    assert boxes.line() == {"requested": 60, "received_ok": 60}
    unknown = match([asked(60)], [told(5, unit="crate")], [], [BOX])
    assert unknown.found() == [("unknown_unit", "A", 5)]


def test_27_pack_factor_changed():
    """A pack holds what it held on the day of the event."""
    until = ASKED_AT.date() + timedelta(days=4)
    packs = [
        Identity(kind="pack", name="A", unit="box", factor=12, until_on=until),
        Identity(kind="pack", name="A", unit="box", factor=10, from_on=until + timedelta(days=1)),
    ]
    sent = match([asked(22)], [told(1, unit="box", day=2), told(1, unit="box", day=6)], [], packs)
    assert sent.line() == {"requested": 22, "in_transit": 22}
    with pytest.raises(FileRefused, match="says two things on"):
        match([asked()], identities=[packs[0], BOX])


def test_28_rest_of_a_pack():
    """Sixty-one pieces of twelves are five packs and one piece; the one is kept."""
    assert in_packs(61, 12) == (5, 1)
    case = match([asked(6, unit="box")], [told(61)], [counted(5, unit="box"), counted(1), closed()], [BOX])
    assert case.line() == {"requested": 72, "received_ok": 61, "unresolved": 11}


def test_29_relabelled_and_merged():
    """A and B that became C are one line of C, and nothing counts twice."""
    merged = [Identity(kind="alias", name=name, sku="C") for name in "AB"]
    whole = match([asked(6), asked(4, "B")], [told(10, "C")], [counted(7, "C"), counted(3), closed()], merged)
    assert whole.line("C") == {"requested": 10, "received_ok": 10}
    day = ASKED_AT.date() + timedelta(days=5)
    dated = [Identity(kind="alias", name="X", sku="A", from_on=day)]
    early = match([asked()], [told(4, "X", day=2), told(6, "X", day=6)], [], dated)
    assert (early.lines[0]["shipped_qty"], early.found()) == (6, [("parked", "X", 4)])


def test_30_split_into_variants():
    """Variants are read as the article they were split from; the match is on that."""
    variants = [Identity(kind="variant", name=name, sku="A") for name in ("A-RED", "A-BLUE")]
    split = match([asked()], [told()], [counted(6, "A-RED"), counted(4, "A-BLUE"), closed()], variants)
    assert split.line() == {"requested": 10, "received_ok": 10}


def test_31_unmapped_barcode():
    """A barcode nobody knows keeps its quantity and moves no stock."""
    codes = [Identity(kind="barcode", name="4600000000017", sku="A")]
    got = [counted(4, None, barcode="4600000000017"), counted(3, None, barcode="999")]
    known = match([asked()], [told()], got, codes)
    assert known.line() == {"requested": 10, "received_ok": 4, "in_transit": 6}
    assert known.found() == [("unmapped", "999", 3)]


def test_32_two_accounts():
    """The same request number in two accounts is two requests."""
    lines = [asked(account_id="K1"), asked(5, account_id="K2")]
    sent = [told(10, account_id="K1", event_id="e"), told(5, account_id="K2", event_id="e")]
    both = match(lines, sent)
    assert [(row["account_id"], row["in_transit_qty"]) for row in both.lines] == [("K1", 10), ("K2", 5)]


def test_33_more_sent_than_requested():
    """Sent beyond the request is for a person; nothing is clipped."""
    more = match([asked()], [told(12)], [counted(12), closed()])
    assert more.line() == {"requested": 10, "received_ok": 12, "overage": 2}
    assert more.found() == [("over_shipped", "A", 2), ("overage", "A", 2)]


def test_34_negative_correction():
    """A correction of -3 applies once, and what it takes away is open again."""
    less = counted(-3, day=10, kind="correction", event_id="k1")
    corrected = match([asked()], [told()], [counted(), closed(), less, less])
    assert corrected.line() == {"requested": 10, "received_ok": 7, "lost": 3}


def test_35_row_without_pieces():
    """A row of zero pieces is news of its request and moves nothing."""
    news = match([asked()], [told(0, kind="status", day=15)], now=ASKED_AT + 31 * DAY)
    assert (news.line(), news.found()) == ({"requested": 10, "unresolved": 10}, [])


@pytest.mark.parametrize(("cell", "code"), [("-4", "R_QTY"), ("", "R_EMPTY")])
def test_36_negative_or_missing_quantity(tmp_path, cell, code):
    """A quantity below zero, or none at all, goes to quarantine with its row and reason."""
    rows = f"request_no,sku,quantity,happened_at\nR1,A,{cell},2026-03-03T00:00:00Z\nR1,A,4,2026-03-03T00:00:00Z\n"
    (bad,) = read(tmp_path, SHIPPED, rows, rows_bad_max_pct=100).bad_rows
    assert (bad.row_no, bad.column in {"qty", "quantity"}, bad.code) == (2, True, code)


def test_37_shipment_before_its_request():
    """A shipment whose request is not known yet is parked, and joins it later."""
    assert match([asked(request_no="R0")], [told()]).found() == [("parked", "A", 10)]
    assert match([asked(request_no="R0"), asked()], [told()]).line() == {"requested": 10, "in_transit": 10}


def test_38_dates_out_of_order():
    """Dates out of order count and are noted; hours of a time zone are borne."""
    odd = match([asked()], [told(day=-3)], [counted(day=-5), counted(0, day=40)])
    assert [code for code, _ in odd.notes()] == ["before_request", "before_request", "in_the_future"]
    moscow = datetime(2026, 3, 1, 11, tzinfo=timezone(timedelta(hours=3))).astimezone(UTC)
    assert match([asked()], [told(happened_at=moscow)]).notes() == []


def test_39_many_to_many():
    """One number for many articles, many numbers for one article: sums are by line."""
    sent = [told(4, tracking_no="T1"), told(6, tracking_no="T2"), told(5, "B", tracking_no="T1")]
    both = match([asked(), asked(5, "B")], sent)
    assert (both.line(), both.line("B")) == (
        {"requested": 10, "in_transit": 10},
        {"requested": 5, "in_transit": 5},
    )


def test_40_spelling_of_tracking_numbers():
    """Case, spaces and hyphens do not matter; a blank number matches nothing."""
    sent = [told(tracking_no="1z 99-AA")]
    same = match([asked()], sent, [counted(4, request_no=None, tracking_no="1Z99aa")])
    assert same.line() == {"requested": 10, "received_ok": 4, "in_transit": 6}
    blank = match([asked()], [told(tracking_no="")], [counted(4, request_no=None, tracking_no=" ")])
    assert blank.found() == [("unexpected", "A", 4)]


def test_41_consolidated_pallet():
    """Of a pallet with several requests the carton decides, else the oldest request first; that is flagged."""
    lines = [asked(4), asked(6, request_no="R2", requested_at=ASKED_AT + DAY)]
    sent = [
        told(4, carton_id="C1", shipment_no="P"),
        told(6, request_no="R2", carton_id="C2", shipment_no="P"),
    ]
    by_carton = match(lines, sent, [counted(5, request_no=None, carton_id="C2")])
    assert (by_carton.line(request_no="R2")["received_ok"], by_carton.result.guesses) == (5, 0)
    by_age = match(lines, sent, [counted(7, request_no=None, shipment_no="P")])
    assert [row["received_ok_qty"] for row in by_age.lines] == [4, 3]
    assert by_age.result.guesses == 7


def test_42_receipt_in_two_places():
    """Both halves of a receipt count, wherever they are put."""
    halves = [counted(6, place="hall 1"), counted(4, place="hall 2"), closed()]
    assert match([asked()], [told()], halves).line() == {"requested": 10, "received_ok": 10}


def test_43_closed_short(tmp_path):
    """A line is closed short by a named person with an amount; without a name the row is refused."""
    decision = counted(3, kind="short_closed", by_whom="Anna", note="not worth a claim")
    line = match([asked()], [told(7)], [counted(7), decision, closed()])
    assert line.line() == {"requested": 10, "received_ok": 7, "cancelled": 3}
    assert line.found("value_minor") == [("short_closed", "A", 3, 450)]
    rows = "request_no,sku,kind,quantity,happened_at\nR1,A,short_closed,3,2026-03-03T00:00:00Z\n"
    with pytest.raises(FileRefused, match="who closed it short"):
        read(tmp_path, RECEIVED, rows)


def test_44_customer_returns():
    """Goods that buyers send back are new stock for a second removal, no part of the request."""
    back = match([asked()], [told(), told(2, kind="customer_return")], [counted(), closed()])
    assert (back.line(), back.found("stake")) == (
        {"requested": 10, "received_ok": 10},
        [("customer_return", "A", 2, "note")],
    )


def test_45_sold_after_the_request():
    """What was sold after the request shrinks it; nothing is lost."""
    sold = match([asked()], [told(8), told(2, kind="sold")], [counted(8), closed()])
    assert sold.line() == {"requested": 10, "received_ok": 8, "cancelled": 2}
    assert sold.found("claim") == [("sold_after_request", "A", 2, "no_claim")]


def test_46_fees():
    """A fee charged twice, for pieces that never moved, or in another currency."""
    money = {"kind": "fee", "amount_minor": 1_000, "currency": "RUB"}
    charged = [told(4), told(4, event_id="f1", **money), told(4, event_id="f2", day=3, **money)]
    twice = match([asked(cancelled_qty=6)], charged, [counted(4), closed()])
    assert twice.found("value_minor") == [("fee_twice", "A", 4, 1_000)]
    beyond = match([asked(cancelled_qty=6)], [told(4), told(10, **money)], [counted(4), closed()])
    assert beyond.found("value_minor") == [("fee_beyond_moved", "A", 6, 600)]
    other = match([asked(4)], [told(4), told(4, **(money | {"currency": "CNY"}))], [counted(4), closed()])
    assert other.found("value_minor", "currency") == [("fee_currency", "A", 4, 1_000, "CNY")]


@pytest.mark.parametrize(
    ("text", "encoding", "file"),
    [
        (
            "\ufeffrequest_no,sku,quantity,requested_at,unit_cost,currency\r\nR1,A,4,{at},12.50,RUB\r\n",
            "utf-8",
            "",
        ),
        ("request_no,sku,quantity,requested_at\rR1,A,4,{at}\r", "utf-8", ""),
        (
            "request_no;sku;quantity;requested_at\nR1;Кружка;4;{at}\n",
            "cp1251",
            'encoding: cp1251, delimiter: ";"',
        ),
        ("request_no,sku,quantity,requested_at\nR1,杯子,4,{at}\n", "gb18030", "encoding: gb18030"),
    ],
)
def test_47_forms_of_files(tmp_path, text, encoding, file):
    """BOM, lone CR, CP1251 and GB18030 are read as declared, and never guessed."""
    columns = (
        "columns: {request_no: request_no, sku: sku, requested_qty: quantity, requested_at: requested_at}"
    )
    mapping = f"frame: requested\nfile: {{{file}}}\n{columns}\n" if file else ""
    reader = read(tmp_path, REQUESTED, text.replace("{at}", "2026-03-01T00:00:00Z"), encoding, mapping)
    assert [(source.rows_ok, source.rows_bad) for source in reader.sources] == [(1, 0)]
    if file:
        with pytest.raises(FileRefused, match=r"F_ENC|F_DELIM"):
            read(tmp_path, REQUESTED, text.replace("{at}", "2026-03-01T00:00:00Z"), encoding)


def test_47_column_missing_added_or_decimal_comma(tmp_path):
    """A column that is missing or new refuses the file with its name; 12,50 is no price."""
    with pytest.raises(FileRefused, match="quantity"):
        read(tmp_path, SHIPPED, "request_no,sku,happened_at\nR1,A,2026-03-03T00:00:00Z\n")
    with pytest.raises(FileRefused, match="'colour' is unknown"):
        read(tmp_path, SHIPPED, "sku,quantity,happened_at,colour\nA,1,2026-03-03T00:00:00Z,red\n")
    cells = 'request_no,sku,quantity,requested_at,unit_cost\nR1,A,4,2026-03-01T00:00:00Z,"12,50"\n'
    with pytest.raises(FileRefused, match="R_PRICE"):
        read(tmp_path, REQUESTED, cells)


def test_48_unknown_state_or_condition():
    """A word nobody knows stays a word and goes to a person with its pieces; nothing counts as closed."""
    odd = match([asked()], [told(4, kind="в дороге домой"), told(6, condition="so-so")])
    assert odd.found("detail") == [
        ("unknown_condition", "A", 6, ""),
        ("unknown_state", "A", 4, "state 'в дороге домой'"),
    ]
    assert odd.line() == {"requested": 10, "unresolved": 10}


@pytest.mark.parametrize("cell", ["1 000", '"1,000"', "1e3", "10 шт.", "5.0", "٣"])
def test_49_odd_numbers(tmp_path, cell):
    """A number in another form goes to quarantine; it is never read as something near it."""
    rows = f"request_no,sku,quantity,happened_at\nR1,A,{cell},2026-03-03T00:00:00Z\nR1,A,4,2026-03-03T00:00:00Z\n"
    (bad,) = read(tmp_path, SHIPPED, rows, rows_bad_max_pct=100).bad_rows
    assert (bad.row_no, bad.code) == (2, "R_NUM")


def test_50_ids_that_look_like_numbers(tmp_path):
    """00123 stays 00123; an id that a spreadsheet rounded or made a date of is refused."""
    rows = "request_no,sku,tracking_number,quantity,happened_at\n"
    cells = ["007,00123,1Z,4", "007,1.23E+11,1Z,4", "007,мар.25,1Z,4", "007,A,1.23E+11,4"]
    lines = "".join(f"{cell},2026-03-03T00:00:00Z\n" for cell in cells)
    reader = read(tmp_path, SHIPPED, rows + lines, rows_bad_max_pct=100)
    assert [(bad.row_no, bad.code) for bad in reader.bad_rows] == [
        (3, "R_SKU_SCI"),
        (4, "R_SKU"),
        (5, "R_SKU_SCI"),
    ]
    assert match([asked(sku="00123")]).lines[0]["sku"] == "00123"
    assert date(2026, 3, 25).isoformat() not in {line["sku"] for line in match([asked(sku="00123")]).lines}
