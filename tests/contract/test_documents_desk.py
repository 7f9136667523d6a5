"""A desk of documents: papers, mail and answers as real files, over a real socket, through the real ledger."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine

from include.winddown.adapters.stores.effects import EffectLedger
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.effects import Outcome
from include.winddown.domain.stands import Stand
from tests.contract.desk_kit import SHIPMENT, WANTED, Place
from tests.contract.intents import KEY
from tests.contract.sandbox_server import Sandbox, running

SHEET = f"return-request-{KEY[:12]}.xlsx"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A world of its own: the key of the effect is the same in every test."""
    with running("--seed", "5", "--mirror", "--size", "5", "--history", "10") as started:
        yield started


@pytest.fixture
def place(
    engine: Engine, ledger: EffectLedger, snapshots: SnapshotStore, tmp_path: Path, sandbox: Sandbox
) -> Place:
    return Place(engine=engine, snapshots=snapshots, folder=tmp_path, sandbox=sandbox, ledger=ledger)


def test_the_whole_way_by_mail(place: Place):
    """One mail, unknown until the clerk's sheet comes back, then confirmed under his number, and shipped."""
    desk = place.mailing()
    assert place.go(desk)[0] is Stand.WITH_PERSON
    assert place.state() == "unknown"
    assert [mail["Message-ID"] for mail in place.mails()] == [f"<winddown.{KEY}@merchant.example>"]
    assert place.mails()[0]["attachments"] == [SHEET]
    assert place.go(desk)[0] is Stand.WITH_PERSON
    assert place.clerk() == [KEY]
    assert place.go(desk) == (Stand.DONE, "request RR-000001")
    assert place.lines() == [("SKU-1", 10, 10), ("SKU-3", 6, 6)]
    assert [one.request_no for one in desk.standing()] == ["RR-000001"]
    assert len(place.mails()) == 1
    place.sandbox.advance(20)
    place.clerk()
    events = list(desk.events())
    assert {(event.request_no, event.sku, event.qty) for event in events} == {
        ("RR-000001", "SKU-1", 10),
        ("RR-000001", "SKU-3", 6),
    }
    assert [event.event_id for event in desk.events()] == [event.event_id for event in events]


def test_without_a_mail_server_a_person_hands_the_papers_over(place: Place):
    """The papers lie in the store, complete; nothing else happens by itself."""
    stand, detail = place.go(place.desk())
    assert stand is Stand.WITH_PERSON
    assert detail == f"the papers lie in {place.papers / KEY}; a person hands them over"
    names = sorted(path.name for path in (place.papers / KEY).iterdir())
    assert names == ["letter.html", "letter.txt", "request.json", SHEET]
    assert place.clerk(kind="csv") == [KEY]
    assert place.go(place.desk())[0] is Stand.DONE


def test_writing_the_papers_again_changes_nothing_and_never_writes_over_others(place: Place):
    """The same bytes each time; other content under our name is left alone, and nothing is sent."""
    place.desk().create(WANTED)
    before = {path.name: path.read_bytes() for path in (place.papers / KEY).iterdir()}
    place.desk().create(WANTED)
    assert {path.name: path.read_bytes() for path in (place.papers / KEY).iterdir()} == before
    (place.papers / KEY / "letter.txt").write_text("something else")
    reply = place.mailing().create(WANTED)
    assert reply.outcome is Outcome.DENIED
    assert "nothing is overwritten" in reply.detail
    assert place.mails() == []


@pytest.mark.parametrize("fault", ["drop_after_text", "hang_after_text", "text_451", "drop_before_text"])
def test_a_mail_without_a_clear_reply_is_never_sent_again(place: Place, fault: str):
    """The reply is lost after DATA: unknown, with a person, and no later try sends a second mail."""
    place.sandbox.faults(mail={fault: 1})
    sent = len(place.mails())
    assert place.go(place.mailing())[0] is Stand.WITH_PERSON
    arrived = len(place.mails()) - sent
    for _ in range(3):
        assert place.go(place.mailing())[0] is Stand.WITH_PERSON
    assert place.state() == "unknown"
    assert len(place.mails()) - sent == arrived <= 1


@pytest.mark.parametrize("fault", ["busy_421", "recipient_450", "data_451"])
def test_what_was_refused_for_now_before_the_text_may_be_sent_again(place: Place, fault: str):
    """Nothing was sent: the effect is ready, and the next try sends the one mail."""
    place.sandbox.faults(mail={fault: 1})
    assert place.go(place.mailing())[0] is Stand.WAITING
    assert place.state() == "ready"
    assert place.go(place.mailing())[0] is Stand.WITH_PERSON
    assert len(place.mails()) == 1


def test_a_mail_server_that_is_down_sends_nothing(place: Place):
    """Connection refused: not sent."""
    reply = place.mailing(port=9).create(WANTED)
    assert reply.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("fault", ["auth_535", "sender_550", "text_554"])
def test_what_a_person_has_to_mend_is_denied(place: Place, fault: str):
    """Login, our own address, a mail that is not delivered: nothing happened, the effect stays ready."""
    place.sandbox.faults(mail={fault: 1})
    assert place.go(place.mailing())[0] is Stand.REFUSED
    assert place.state() == "ready"
    assert place.mails() == []


def test_a_recipient_that_does_not_exist_is_a_refusal(place: Place):
    """550 to RCPT: the request is over, a new plan is needed."""
    place.sandbox.faults(mail={"recipient_550": 1})
    stand, detail = place.go(place.mailing())
    assert (stand, place.state()) == (Stand.REFUSED, "rejected")
    assert "550 no such mailbox" in detail


def test_a_server_without_starttls_gets_neither_login_nor_mail(place: Place):
    """TLS is not given up silently."""
    reply = place.mailing(tls="starttls").create(WANTED)
    assert reply.outcome is Outcome.DENIED
    assert "no STARTTLS" in reply.detail
    assert place.mails() == []


def test_partial_acceptance_counts_line_by_line(place: Place):
    """The clerk sends one piece less of the first line."""
    place.go(place.mailing())
    place.clerk("partial")
    assert place.go(place.mailing())[0] is Stand.DONE
    assert place.lines() == [("SKU-1", 10, 9), ("SKU-3", 6, 6)]


def test_a_refusal_is_final(place: Place):
    """The reason is kept; nothing stands."""
    place.go(place.mailing())
    place.clerk("refuse")
    assert place.go(place.mailing()) == (Stand.REFUSED, "Склад закрыт на инвентаризацию")
    assert place.state() == "rejected"
    assert place.lines() == []


def test_two_different_answers_take_a_person(place: Place):
    """Neither is taken for the truth."""
    place.go(place.mailing())
    place.clerk("twice")
    stand, detail = place.go(place.mailing())
    assert stand is Stand.ESCALATED
    assert "RR-000001" in detail
    assert "RR-000001-B" in detail
    assert place.lines() == []


def test_a_refusal_beside_an_acceptance_takes_a_person(place: Place):
    """The warehouse contradicts itself."""
    place.go(place.desk())
    place.answer_file("1.csv", "{ref},R-1,SKU-1,sellable,10,", "{ref},R-1,SKU-3,sellable,6,")
    place.answer_file("2.csv", "{ref},,SKU-1,sellable,,closed", "{ref},,SKU-3,sellable,,closed")
    assert place.go(place.desk())[0] is Stand.ESCALATED


def test_the_same_answer_twice_is_one_answer(place: Place):
    """A copy of a file changes nothing."""
    place.go(place.desk())
    for name in ("1.csv", "copy of 1.csv"):
        place.answer_file(name, "{ref},R-1,SKU-1,sellable,10,", "{ref},,SKU-3,sellable,0,")
    assert place.go(place.desk()) == (Stand.DONE, "request R-1")
    assert place.lines() == [("SKU-1", 10, 10), ("SKU-3", 6, 0)]


def test_a_late_answer_still_counts(place: Place):
    """Silence proves nothing, however long."""
    place.go(place.mailing())
    assert place.clerk("late") == []
    assert place.go(place.mailing())[0] is Stand.WITH_PERSON
    place.clerk()
    assert place.go(place.mailing())[0] is Stand.DONE


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["{ref},R-1,SKU-1,sellable,10,"], "has no row, column sku, for SKU-3 (sellable); add it"),
        (
            ["{ref},R-1,SKU-1,sellable,11,", "{ref},R-1,SKU-3,sellable,6,"],
            "row 2, column accepted_qty: 11 of 10 asked for; give 0 to 10",
        ),
        (
            ["{ref},R-1,SKU-1,sellable,,", "{ref},R-1,SKU-3,sellable,6,"],
            "row 2, column accepted_qty: empty; write the pieces",
        ),
        (
            ["{ref},R-1,SKU-1,sellable,1,", "{ref},R-2,SKU-3,sellable,6,"],
            "row 3, column request_no: 'R-2' differs from 'R-1' in row 2",
        ),
        (
            ["{ref},,SKU-1,sellable,1,", "{ref},,SKU-3,sellable,6,"],
            "row 2, columns request_no and refusal: give the warehouse's number",
        ),
        (["{ref},R-1,SKU-9,sellable,1,"], "row 2, column sku: 'SKU-9' (sellable) was not asked for"),
        (["{ref},R-1,SKU-1,sellable,-1,"], "row 2, column 'accepted_qty', value '-1': R_QTY"),
        (["{ref},R-1,SKU-1,fine,1,"], "row 2, column 'condition', value 'fine': R_CODE"),
    ],
)
def test_a_wrong_file_is_no_answer_and_says_where(place: Place, rows: list[str], words: str):
    """File, row, column and what to write; the request goes on waiting."""
    place.go(place.desk())
    place.answer_file(f"answer-{KEY[:12]}.csv", *rows)
    assert place.go(place.desk())[0] is Stand.WITH_PERSON
    refused = place.desk().handed(WANTED).refused
    assert len(refused) == 1
    assert f"answer-{KEY[:12]}.csv" in refused[0]
    assert words in refused[0]


def test_a_file_that_nobody_can_read_stops_only_what_it_names(place: Place):
    """A broken file with another name keeps no answer back."""
    place.go(place.desk())
    place.answer_file("1.csv", "{ref},R-1,SKU-1,sellable,10,", "{ref},,SKU-3,sellable,6,")
    (place.inbox / "answers" / "2.xlsx").write_bytes(b"no workbook")
    assert place.desk().handed(WANTED).refused == ()
    assert place.go(place.desk())[0] is Stand.DONE


def test_a_request_that_is_not_in_the_ledger_is_not_sent(place: Place):
    """Without an intent there is no sheet."""
    from dataclasses import replace

    reply = place.mailing().create(replace(WANTED, client_reference="f" * 64))
    assert reply.outcome is Outcome.NOT_SENT
    assert place.mails() == []


def test_the_workbook_has_no_formula_and_no_link(place: Place):
    """Whatever a name holds, the sheet shows it letter by letter."""
    place.desk().create(WANTED)
    content = (place.papers / KEY / SHEET).read_bytes()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = b"".join(archive.read(name) for name in archive.namelist() if "worksheets" in name)
    assert b"<f>" not in sheets
    assert b"hyperlink" not in sheets
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == ["Request", "Answer"]
    assert [cell.value for cell in book["Answer"][2]][:5] == [KEY, None, "SKU-1", "sellable", 10]
    assert SHIPMENT in [row[1].value for row in book["Request"].iter_rows(max_row=12)]


def test_a_shipping_report_with_a_bad_row_is_refused_as_a_whole(place: Place):
    """A row that is left out would read as not shipped."""
    from include.winddown.domain.errors import FileRefused

    folder = place.inbox / "shipped"
    folder.mkdir(parents=True)
    head = "request_no,sku,condition,quantity,date,carton,tracking\n"
    (folder / "a.csv").write_text(
        head + "R-1,SKU-1,sellable,3,2026-11-20,C-1,\nR-1,SKU-1,sellable,3,2026-11-20,C-1,\n"
    )
    events = list(place.desk().events())
    assert [event.qty for event in events] == [3, 3]
    assert len({event.event_id for event in events}) == 2
    (folder / "copy.csv").write_bytes((folder / "a.csv").read_bytes())
    assert len(list(place.desk().events())) == 2
    (folder / "b.csv").write_text(head + "R-1,SKU-1,sellable,0,2026-11-20,,\n")
    with pytest.raises(FileRefused, match=r"b\.csv: 1 of 1 rows read are bad.*'quantity'"):
        list(place.desk().events())
