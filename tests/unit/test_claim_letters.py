"""The letters and the evidence pack of a claim."""

import csv
import io
import zipfile
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from include.winddown.adapters.claims.docx import letter_docx
from include.winddown.adapters.claims.pack import TABLES, build_pack, enclosures
from include.winddown.domain.errors import IllegalClaimMove
from include.winddown.domain.match.claims import MOVES, ClaimState, Closure, close_claim, move_claim
from include.winddown.domain.match.classes import CLASSES
from include.winddown.domain.match.evidence import evidence_tables
from include.winddown.domain.match.letters import LANGUAGES, ClaimFacts, write_letter

LINE = {
    "request_no": "RR-1",
    "sku": "=A&<1>",
    "condition": "sellable",
    "kind": "short",
    "qty": 2,
    "value_minor": 1999,
    "claim_until_on": date(2026, 5, 1),
}
EVENT = {
    "source": "desk",
    "event_id": "e1",
    "request_no": "RR-1",
    "tracking_no": "1Z",
    "report_no": "ACT-7",
    "raw": {"photos": ["box.jpg"]},
}


def facts(**changes):
    values = {
        "claim_id": "c0ffee",
        "merchant": "Мерчант",
        "warehouse_id": "WH-1",
        "claimed_on": date(2026, 4, 1),
        "currency": "RUB",
        "amount_minor": 1999,
        "basis": "purchase_cost",
        "unvalued_qty": 0,
        "lines": [LINE],
        "enclosures": enclosures(),
    }
    return ClaimFacts(**(values | changes))


def pack():
    parcel = {"request_no": "RR-1", "sku": "=A&<1>", "shipment_no": "S1", "carton_id": "C1", "shipped_qty": 2}
    carton = {"shipment_no": "S1", "carton_id": "C1", "verdict": "too_light"}
    others = [carton | {"carton_id": "C9"}]
    return build_pack(facts(), evidence_tables([LINE], [parcel], [carton, *others], [EVENT]), [EVENT])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [name for name, one in CLASSES.items() if one.stake == "claim"])
def test_every_claim_has_words(language, kind):
    """Each class that may be claimed is worded in Russian, Chinese and English, with pieces and amount."""
    letter = write_letter(facts(lines=[LINE | {"kind": kind, "value_minor": None}], unvalued_qty=2), language)
    assert letter.rows[0][3:5] == ("2", "–")
    assert len(letter.head) == len(letter.rows[0])
    assert len(letter.closing) == 3


@pytest.mark.parametrize("basis", ["purchase_cost", "card_price", "resale"])
def test_a_letter_says_its_sum(basis):
    """The sum is exact, and the first day on which a claim ends is the day asked for."""
    letter = write_letter(facts(basis=basis), "en")
    assert "2 pieces, 19.99 RUB" in letter.opening[1]
    assert "before 2026-05-01" in letter.closing[0]


def test_a_letter_is_a_document():
    """The DOCX is a package whose text is what the letter says, whatever characters a SKU has."""
    with zipfile.ZipFile(io.BytesIO(letter_docx(write_letter(facts(), "ru")))) as archive:
        assert archive.testzip() is None
        root = ET.fromstring(archive.read("word/document.xml"))  # noqa: S314  our own document
    texts = [node.text for node in root.iter() if node.tag.endswith("}t")]
    assert texts[0] == "Претензия c0ffee"
    assert "=A&<1>" in texts


def test_a_pack_holds_all_evidence():
    """Three letters, every table, the events as they came and a list of checksums; made twice it is the same."""
    one = pack()
    with zipfile.ZipFile(io.BytesIO(one.content)) as archive:
        names = archive.namelist()
        tables = {
            name: list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig"))))
            for name in TABLES
        }
    assert names == [*(f"letter-{name}.docx" for name in LANGUAGES), *enclosures(), "SHA256SUMS"]
    assert tables["lines"][0]["sku"] == "'=A&<1>"
    assert [row["carton_id"] for row in tables["weights"]] == ["C1"]
    assert (tables["photos"][0]["photo"], tables["acts"][0]["act"]) == ("box.jpg", "ACT-7")
    assert pack().digest == one.digest
    assert set(one.files) == set(names) - {"SHA256SUMS"}


def test_moves_of_a_claim():
    """Each state leads only where the table says, and a write-off needs a name."""
    for now_is, allowed in MOVES.items():
        for to in ClaimState:
            if to in allowed:
                assert move_claim(now_is, to, "Anna") is to
            else:
                with pytest.raises(IllegalClaimMove, match=f"that is {now_is} cannot become {to}"):
                    move_claim(now_is, to, "Anna")
    with pytest.raises(IllegalClaimMove, match="named person"):
        move_claim(ClaimState.OPEN, ClaimState.WRITTEN_OFF, " ")


@pytest.mark.parametrize(
    ("cash_minor", "stock_qty", "closure"),
    [
        (100, 0, Closure.PAID_IN_CASH),
        (0, 1, Closure.PAID_IN_STOCK),
        (-100, 1, Closure.REVERSED_FOR_STOCK),
        (-100, 0, Closure.REVERSED_WITHOUT_STOCK),
    ],
)
def test_closures(cash_minor, stock_qty, closure):
    """A claim is paid in money or goods, and taken back with or without goods."""
    assert close_claim(cash_minor, stock_qty) is closure
